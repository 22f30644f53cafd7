"""The validation that both sides run: every rule at both edges, parents and children, what each side adds."""

from __future__ import annotations

import msgspec
import pytest

from sync.contract.kinds import ReportKind
from sync.contract.records import FIELDS
from sync.contract.shape import FieldProblem, Severity
from sync.contract.validation import Judge
from sync.contract.wire import Record, encode, in_order, left, put
from tests.sync.statements import TODAY, MemoryStatements, SmallClass, new_id

ROSTER, ATTENDANCE = ReportKind.ROSTER, ReportKind.ATTENDANCE
ASSESSMENT, CERTIFICATE = ReportKind.ASSESSMENT, ReportKind.CERTIFICATE
SMALL = SmallClass()


@pytest.fixture
def accepted():
    """Everything of the small class is accepted."""
    memory = MemoryStatements()
    for kind, records in SMALL.everything().items():
        memory.put(kind, SMALL.subject, records)
    return memory


def judge(accepted, report, *records, corrects=True, further=None):
    verdict = Judge(accepted, TODAY, further).judge(
        report, SMALL.subject, in_order(list(records)), corrects=corrects
    )
    assert len(verdict.accepted) + len({(r.record.kind, r.record.key) for r in verdict.rejected}) == len(
        records
    )
    return verdict


def codes(verdict):
    return sorted((told.problem.code, told.problem.field) for told in verdict.rejected)


def test_a_whole_class_passes_in_the_order_of_its_reports():
    one = Judge(MemoryStatements(), TODAY)
    for kind, records in SMALL.everything().items():
        verdict = one.judge(kind, SMALL.subject, in_order(records), corrects=False)
        assert (codes(verdict), verdict.warnings) == ([], [])
        assert verdict.accepted == in_order(records)


@pytest.mark.parametrize(
    ("report", "record", "expected"),
    [
        (ROSTER, SMALL.training_class(end="2020-11-16"), []),
        (ROSTER, SMALL.training_class(end="2020-11-15"), [("CLASS_DATES_REVERSED", "end")]),
        (ROSTER, SMALL.training_class(level="skill9"), [("FIELD_NOT_IN_LIST", "level")]),
        (ROSTER, SmallClass(2).training_class(), [("CLASS_NOT_OF_REPORT", None)]),
        (
            ROSTER,
            SMALL.trainee(0, document_number="420111197111228611"),
            [("ID_CHECK_DIGIT", "document_number")],
        ),
        (
            ROSTER,
            SMALL.trainee(0, document_number="42011119711122861x"),
            [("DOCUMENT_NOT_NORMALISED", "document_number")],
        ),
        (ROSTER, SMALL.trainee(0, sex="2"), [("SEX_DIFFERS", "sex")]),
        (ROSTER, SMALL.trainee(0, sex="9"), []),
        (ROSTER, SMALL.trainee(0, birth="1971-11-21"), [("BIRTH_DIFFERS", "birth")]),
        (ROSTER, SMALL.trainee(0, ethnicity="57"), [("FIELD_NOT_IN_LIST", "ethnicity")]),
        (ROSTER, SMALL.trainee(0, ethnicity="56"), []),
        (ROSTER, SMALL.trainee(0, name="一" * 50), []),
        (ROSTER, SMALL.trainee(0, name="一" * 51), [("FIELD_TOO_LONG", "name")]),
        (ROSTER, SMALL.enrolment(0, key_group=None), [("ENROLMENT_GROUP_MISSING", "key_group")]),
        (ROSTER, SMALL.enrolment(0, category="student", key_group=None), []),
        (ROSTER, SMALL.enrolment(0, periods=[["2020-11-16", "2020-11-16"]]), []),
        (
            ROSTER,
            SMALL.enrolment(0, periods=[["2020-11-16", "2020-11-15"]]),
            [("PERIOD_REVERSED", "periods")],
        ),
        (ROSTER, SMALL.enrolment(0, periods=[["2020-11-16", "2020-11-17"], ["2020-11-18", None]]), []),
        (
            ROSTER,
            SMALL.enrolment(0, periods=[["2020-11-16", "2020-11-18"], ["2020-11-18", None]]),
            [("PERIODS_OVERLAP", "periods")],
        ),
        (
            ROSTER,
            SMALL.enrolment(0, periods=[["2020-11-16", None], ["2020-11-18", None]]),
            [("PERIODS_OVERLAP", "periods")],
        ),
        (
            ROSTER,
            put("enrolment", SMALL.id + new_id(7), {}),
            [("FIELD_MISSING", f) for f in ("category", "enrolled_on", "number", "periods")],
        ),
        (ATTENDANCE, SMALL.session(0, end="14:01"), []),
        (ATTENDANCE, SMALL.session(0, end="14:00"), [("SESSION_TIMES_REVERSED", "end")]),
        (ATTENDANCE, SMALL.session(0, end="24:00"), [("FIELD_WRONG_FORM", "end")]),
        (ATTENDANCE, SMALL.session(0, hours=24), []),
        (ATTENDANCE, SMALL.session(0, hours=25), [("FIELD_OUT_OF_RANGE", "hours")]),
        (ATTENDANCE, SMALL.session(0, class_id=new_id(2)), [("CLASS_NOT_OF_REPORT", "class_id")]),
        (ATTENDANCE, SMALL.mark(0, 0, status="late", lost_hours=4), []),
        (ATTENDANCE, SMALL.mark(0, 0, status="late", lost_hours=5), [("LOST_HOURS_TOO_MANY", "lost_hours")]),
        (ATTENDANCE, SMALL.mark(0, 0, status="slept"), [("FIELD_NOT_IN_LIST", "status")]),
        (ATTENDANCE, SMALL.trainee(0), [("KIND_NOT_IN_REPORT", None)]),
        (ATTENDANCE, put("mark", b"short", {"status": "late"}), [("KEY_WRONG_LENGTH", None)]),
        (
            ATTENDANCE,
            put("mark", new_id(5) + SMALL.trainees[0], {"status": "late"}),
            [("PARENT_MISSING", None)],
        ),
        (
            ATTENDANCE,
            put("mark", SMALL.sessions[0] + new_id(5), {"status": "late"}),
            [("PARENT_MISSING", None)],
        ),
        (
            ASSESSMENT,
            SMALL.assessment_record(components=[["theory", 1000, 1001, 100]]),
            [("PASS_MARK_TOO_HIGH", "components")],
        ),
        (
            ASSESSMENT,
            SMALL.assessment_record(components=[["theory", 1000, 600, 50]] * 2),
            [("COMPONENT_TWICE", "components")],
        ),
        (ASSESSMENT, SMALL.score(0, theory=1000), []),
        (ASSESSMENT, SMALL.score(0, theory=1001), [("SCORE_OUT_OF_RANGE", "components.theory")]),
        (ASSESSMENT, SMALL.score(0, theory=600), []),
        (ASSESSMENT, SMALL.score(0, theory=599), []),
        (
            ASSESSMENT,
            SMALL.score(0, theory=599, conclusion="passed"),
            [("CONCLUSION_NOT_BY_RULE", "conclusion")],
        ),
        (ASSESSMENT, SMALL.score(0, conclusion="none"), [("CONCLUSION_NOT_BY_RULE", "conclusion")]),
        (
            ASSESSMENT,
            SMALL.score(
                0, components={"theory": ["absent", None], "practice": ["scored", 700]}, conclusion="failed"
            ),
            [],
        ),
        (
            ASSESSMENT,
            SMALL.score(
                0, components={"theory": ["absent", 0], "practice": ["scored", 700]}, conclusion="failed"
            ),
            [("SCORE_WITHOUT_VALUE", "components.theory")],
        ),
        (
            ASSESSMENT,
            SMALL.score(0, components={"review": ["scored", 700]}, conclusion="none"),
            [("COMPONENT_NOT_IN_SCHEME", "components.review")],
        ),
        (CERTIFICATE, SMALL.certificate(0, issued_on="2020-12-05"), []),
        (
            CERTIFICATE,
            SMALL.certificate(0, issued_on="2020-12-04"),
            [("CERTIFICATE_TOO_EARLY", "issued_on")],
        ),
        (CERTIFICATE, SMALL.certificate(0, issued_on="2020-12-20"), []),
        (CERTIFICATE, SMALL.certificate(0, issued_on="2020-12-21"), [("CERTIFICATE_IN_FUTURE", "issued_on")]),
        (CERTIFICATE, SMALL.certificate(0, number="s 1"), [("CERTIFICATE_NOT_NORMALISED", "number")]),
        (CERTIFICATE, SMALL.certificate(0, kind="diploma"), [("FIELD_NOT_IN_LIST", "kind")]),
    ],
)
def test_a_rule_at_its_edge(accepted, report, record, expected):
    assert codes(judge(accepted, report, record)) == expected


def test_marks_end_with_the_membership(accepted):
    accepted.put(ROSTER, SMALL.subject, [SMALL.enrolment(0, periods=[["2020-11-17", "2020-11-17"]])])
    verdict = judge(accepted, ATTENDANCE, SMALL.mark(0, 0), SMALL.mark(1, 0))
    assert codes(verdict) == [("MARK_OUTSIDE_MEMBERSHIP", None)]
    assert verdict.rejected[0].record.key == SMALL.mark(0, 0).key


@pytest.mark.parametrize(
    ("day", "expected"), [("2020-12-20", []), ("2020-12-21", [("MARK_BEFORE_SESSION", None)])]
)
def test_no_mark_before_the_day_of_the_session(accepted, day, expected):
    accepted.put(ATTENDANCE, SMALL.subject, [SMALL.session(0, date=day)])
    assert codes(judge(accepted, ATTENDANCE, SMALL.mark(0, 0))) == expected


def test_no_score_before_the_day_of_the_assessment(accepted):
    accepted.put(ASSESSMENT, SMALL.subject, [SMALL.assessment_record(date="2020-12-21")])
    assert codes(judge(accepted, ASSESSMENT, SMALL.score(0))) == [("SCORE_IN_FUTURE", None)]


def test_a_certificate_only_for_a_pass(accepted):
    accepted.put(ASSESSMENT, SMALL.subject, [SMALL.score(0, theory=599)])
    assert codes(judge(accepted, CERTIFICATE, SMALL.certificate(0))) == [("NOT_PASSED", None)]


def test_one_document_stands_once_in_a_class(accepted):
    same = SMALL.trainee(1, document_number="42011119711122861X", sex="1", birth="1971-11-22")
    assert codes(judge(accepted, ROSTER, same)) == [("DOCUMENT_TWICE", "document_number")]


def test_two_people_exchange_their_documents_when_the_first_gives_his_up(accepted):
    moved = SMALL.trainee(0, document_number="110101199003074514", sex="1", birth="1990-03-07")
    taken = SMALL.trainee(1, document_number="42011119711122861X", sex="1", birth="1971-11-22")
    assert codes(judge(accepted, ROSTER, moved, taken)) == []


def test_one_number_stands_once_among_the_certificates(accepted):
    number = "S420000000000000000100"
    assert codes(judge(accepted, CERTIFICATE, SMALL.certificate(1, number=number))) == [
        ("CERTIFICATE_NUMBER_USED", "number")
    ]


def test_an_odd_number_warns_and_passes(accepted):
    verdict = judge(accepted, CERTIFICATE, SMALL.certificate(0, number="S1"))
    assert [(told.problem.code, told.problem.severity) for told in verdict.warnings] == [
        ("CERTIFICATE_SHAPE", Severity.WARNING)
    ]
    assert len(verdict.accepted) == 1


def test_children_follow_a_rejected_parent_but_not_one_with_a_former_value(accepted):
    wrong = SMALL.session(0, end="13:00")
    assert codes(judge(accepted, ATTENDANCE, wrong, SMALL.mark(0, 0))) == [("SESSION_TIMES_REVERSED", "end")]
    empty = MemoryStatements()
    empty.put(ROSTER, SMALL.subject, SMALL.roster())
    assert codes(judge(empty, ATTENDANCE, wrong, SMALL.mark(0, 0))) == [
        ("PARENT_REJECTED", None),
        ("SESSION_TIMES_REVERSED", "end"),
    ]


def test_all_problems_of_a_record_are_told_at_once(accepted):
    verdict = judge(accepted, ROSTER, put("trainee", SMALL.trainees[0], {"name": "", "studying": 3}))
    assert codes(verdict) == [
        ("FIELD_MISSING", "document_number"),
        ("FIELD_MISSING", "document_type"),
        ("FIELD_MISSING", "name"),
        ("FIELD_WRONG_TYPE", "studying"),
    ]


def test_fields_that_are_no_map_are_refused(accepted):
    from msgspec import Raw

    from sync.contract.wire import Record

    verdict = judge(accepted, ATTENDANCE, Record("mark", SMALL.mark(0, 0).key, Raw(encode([1]))))
    assert codes(verdict) == [("FIELD_WRONG_TYPE", None)]


def test_without_a_reason_no_accepted_record_changes_or_leaves(accepted):
    unchanged, changed = SMALL.mark(0, 0), SMALL.mark(0, 1, status="absent")
    gone = left("mark", SMALL.mark(0, 2).key)
    verdict = judge(accepted, ATTENDANCE, unchanged, changed, gone, corrects=False)
    assert codes(verdict) == [("CORRECTION_REASON_MISSING", None)] * 2
    assert verdict.accepted == [unchanged]
    assert codes(judge(accepted, ATTENDANCE, unchanged, changed, gone)) == []


def test_a_new_record_beside_accepted_ones_needs_no_reason(accepted):
    accepted.held[ATTENDANCE, SMALL.subject].pop(("mark", SMALL.mark(0, 0).key))
    assert codes(judge(accepted, ATTENDANCE, SMALL.mark(0, 0), corrects=False)) == []


class RefusesOne:
    def __init__(self, key):
        self.key = key

    def problems(self, report, kind, candidates):
        keys = {candidate.record.key for candidate in candidates}
        return {self.key: FieldProblem("CERTIFICATE_NUMBER_TAKEN", "number")} if self.key in keys else {}


def test_what_one_side_adds_keeps_children_out_too():
    empty = MemoryStatements()
    further = RefusesOne(SMALL.trainees[1])
    verdict = judge(empty, ROSTER, *SMALL.roster(), further=further)
    assert codes(verdict) == [("CERTIFICATE_NUMBER_TAKEN", "number"), ("PARENT_REJECTED", None)]


def test_what_one_side_adds_leaves_a_former_value_in_place(accepted):
    further = RefusesOne(SMALL.trainees[1])
    verdict = judge(accepted, ROSTER, SMALL.trainee(1, name="新名"), SMALL.enrolment(1), further=further)
    assert codes(verdict) == [("CERTIFICATE_NUMBER_TAKEN", "number")]


def test_every_kind_of_a_report_has_fields_and_rules():
    from sync.contract.kinds import FACTS
    from sync.contract.rules import RULES

    assert {kind for kind, facts in FACTS.items() if facts.report} == set(RULES)
    assert set(FACTS) == set(FIELDS)


def test_text_that_is_no_utf8_is_a_problem_of_its_record_alone(accepted):
    (_, trainee, *_) = SMALL.everything()[ROSTER]
    broken = Record(trainee.kind, trainee.key, msgspec.Raw(b"\x81\xa4name\xa2\xc3\x28"))
    assert codes(judge(accepted, ROSTER, broken)) == [("FIELD_WRONG_TYPE", None)]
