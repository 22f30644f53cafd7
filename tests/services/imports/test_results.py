"""Result and certificate files of the 评价组织, and the teacher's own scores from a sheet."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.matching import SameNames
from desktop_app.services.certificate_steps import Issued
from desktop_app.services.imports.plan import ImportOptions, RowState
from tests.factories.profiles import OFFICE, TEACHER
from tests.factories.workbooks import STUDENTS, WELDERS, sheet_rows, write_csv

ORGANISATION = "湖北省机械行业职业技能评价中心"


def take_in(desk, sample):
    for kind, name in ((WorkbookKind.ROSTER, "花名册"), (WorkbookKind.TIMETABLE, "课程表")):
        desk.services.imports.apply(desk.services.imports.plan(kind, sample.file(name), sample.code))
    return desk.services.classes.class_by_code(sample.code).id


@pytest.fixture
def welders(desk):
    return take_in(desk, WELDERS)


def plan(desk, path, workbook=WorkbookKind.SCORES, code=WELDERS.code, **options):
    return desk.services.imports.plan(workbook, path, code, ImportOptions(**options))


def results(folder, change=None, name="results.csv", head=("准考证号", "理论", "实操")):
    rows = [list(row) for row in sheet_rows(WELDERS.file("成绩"))[2:]]
    rows[0][3:] = head
    if change is not None:
        change(rows)
    return write_csv(folder / name, rows)


def counts(planned):
    return {state.value: planned.count(state) for state in RowState if planned.count(state)}


def codes(planned):
    return [problem.code for problem in planned.problems]


def refused(call, *args, **kwargs):
    with pytest.raises(AppError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_the_assessment_keeps_the_name_and_hash_of_its_file(desk, welders):
    desk.services.imports.apply(plan(desk, WELDERS.file("成绩"), organisation=ORGANISATION))
    (assessment,) = desk.services.assessments.list_assessments(welders)
    assert (assessment.held_on, assessment.organisation) == (date(2020, 12, 9), ORGANISATION)
    assert assessment.file_name == WELDERS.file("成绩").name
    with desk.services.context.read() as sql:
        stored = sql.exec_driver_sql("SELECT file_hash FROM assessment").scalar()
    assert stored == hashlib.sha256(WELDERS.file("成绩").read_bytes()).hexdigest()


def test_an_unknown_organisation_warns_until_it_is_stated(desk, welders):
    assert codes(plan(desk, WELDERS.file("成绩"))) == ["ORGANISATION_UNKNOWN"]
    desk.services.imports.apply(plan(desk, WELDERS.file("成绩"), organisation=ORGANISATION))
    assert codes(plan(desk, WELDERS.file("成绩"))) == []


def test_the_organisation_of_the_class_is_taken(desk, welders):
    desk.services.classes.edit_class(welders, {"organisation": ORGANISATION})
    planned = plan(desk, WELDERS.file("成绩"))
    assert (planned.facts.organisation, codes(planned)) == (ORGANISATION, [])


def test_the_assessment_is_not_before_the_last_session(desk, welders):
    assert refused(plan, desk, WELDERS.file("成绩"), held_on=date(2020, 12, 8)) == "ASSESSMENT_TOO_EARLY"
    assert plan(desk, WELDERS.file("成绩"), held_on=date(2020, 12, 9)).facts.held_on == date(2020, 12, 9)


def test_a_date_to_come_is_said(desk, welders):
    planned = plan(desk, WELDERS.file("成绩"), organisation=ORGANISATION, held_on=date(2020, 12, 29))
    assert codes(planned) == ["ASSESSMENT_IN_FUTURE"]


def test_without_sessions_the_date_must_be_stated(desk):
    desk.services.imports.apply(
        desk.services.imports.plan(WorkbookKind.ROSTER, WELDERS.file("花名册"), WELDERS.code)
    )
    assert refused(plan, desk, WELDERS.file("成绩")) == "ASSESSMENT_DATE_MISSING"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("101", "SCORE_RANGE"), ("-1", "SCORE_RANGE"), ("八十", "SCORE_UNKNOWN"), ("80.55", "SCORE_DECIMALS")],
)
def test_a_wrong_score_keeps_its_row_out(desk, welders, tmp_path, typed, code):
    path = results(tmp_path, lambda rows: rows[1].__setitem__(4, typed))
    planned = plan(desk, path, organisation=ORGANISATION)
    assert counts(planned) == {"new": 47, "bad": 1}
    assert [(one.row, one.column, one.code) for one in planned.errors] == [(2, "E", code)]


@pytest.mark.parametrize("typed", ["0", "100", "缺考", "违纪", "缓考", "85.5分"])
def test_what_a_result_may_be_is_taken(desk, welders, tmp_path, typed):
    path = results(tmp_path, lambda rows: rows[1].__setitem__(4, typed))
    assert counts(plan(desk, path, organisation=ORGANISATION)) == {"new": 48}


def test_a_blank_result_is_said_and_leaves_the_conclusion_open(desk, welders, tmp_path):
    def wipe(rows):
        rows[1][4] = None

    planned = plan(desk, results(tmp_path, wipe), organisation=ORGANISATION)
    assert codes(planned) == ["SCORE_MISSING"]
    desk.services.imports.apply(planned)
    (assessment,) = desk.services.assessments.list_assessments(welders)
    assert desk.services.assessments.sheet(assessment.id).rows[0].conclusion == "none"


def test_a_conclusion_on_the_sheet_is_checked_against_the_scores(desk, welders, tmp_path):
    def conclude(rows):
        rows[0].append("结论")
        rows[1].append("不合格")

    planned = plan(desk, results(tmp_path, conclude), organisation=ORGANISATION)
    assert counts(planned) == {"new": 48}
    assert codes(planned) == ["STATED_CONCLUSION_DIFFERS"]


def test_a_corrected_file_changes_the_person_and_the_conclusion(desk, welders, tmp_path):
    desk.services.imports.apply(plan(desk, WELDERS.file("成绩"), organisation=ORGANISATION))
    planned = plan(desk, results(tmp_path, lambda rows: rows[2].__setitem__(5, 60)))
    assert counts(planned) == {"changed": 1, "same": 47}
    assert planned.facts.passed == WELDERS.passed + 1
    desk.services.imports.apply(planned)
    (assessment,) = desk.services.assessments.list_assessments(welders)
    assert assessment.file_name == "results.csv"


def own_assessment(desk):
    take_in(desk, STUDENTS)
    class_id = desk.services.classes.class_by_code(STUDENTS.code).id
    services = desk.sit(TEACHER)
    return services.assessments.create(class_id, AssessmentKind.COMPLETION, held_on=date(2020, 11, 26))


def test_a_teacher_takes_own_scores_from_a_sheet(desk):
    assessment = own_assessment(desk)
    planned = plan(desk, STUDENTS.file("成绩"), code=STUDENTS.code, kind=AssessmentKind.COMPLETION)
    assert counts(planned) == {"new": 45}
    desk.services.imports.apply(planned)
    desk.services.assessments.lock(assessment)
    again = (desk, STUDENTS.file("成绩"))
    assert refused(plan, *again, code=STUDENTS.code, kind=AssessmentKind.COMPLETION) == "SCORES_LOCKED"


def test_the_office_does_not_take_in_a_teachers_scores(desk):
    own_assessment(desk)
    desk.sit(OFFICE)
    code = refused(plan, desk, STUDENTS.file("成绩"), code=STUDENTS.code, kind=AssessmentKind.COMPLETION)
    assert code == "NOT_PERMITTED"


def test_a_teacher_does_not_take_in_the_results_of_the_organisation(desk):
    take_in(desk, STUDENTS)
    desk.sit(TEACHER)
    assert refused(plan, desk, STUDENTS.file("成绩"), code=STUDENTS.code) == "NOT_PERMITTED"


# -- certificates --------------------------------------------------------------------------------------------------

HEAD = ["序号", "姓名", "准考证号", "证书编号", "发证日期"]


def number(place):
    return f"S0000420130002042{place:05d}"


@pytest.fixture
def passed(desk, welders):
    """Rows of a certificate file for everybody who passed."""
    desk.services.imports.apply(plan(desk, WELDERS.file("成绩"), organisation=ORGANISATION))
    (assessment,) = desk.services.assessments.list_assessments(welders)
    rows = desk.services.assessments.sheet(assessment.id).rows
    return [
        [row.number, row.name, row.ticket, number(row.number), "2020-12-25"]
        for row in rows
        if row.conclusion == "passed"
    ]


def certificates(desk, folder, rows, head=HEAD):
    return plan(desk, write_csv(folder / "certificates.csv", [head, *rows]), WorkbookKind.CERTIFICATES)


def test_everybody_who_passed_gets_a_number_and_the_namesakes_are_told_apart(desk, welders, passed, tmp_path):
    planned = certificates(desk, tmp_path, passed)
    assert counts(planned) == {"new": WELDERS.passed}
    assert codes(planned) == []
    desk.services.imports.apply(planned)
    items = desk.services.certificates.list_certificates(welders)
    assert {(item.kind, item.issuer, item.state) for item in items} == {("level", ORGANISATION, "issued")}
    assert all(item.number == number(item.person_number) for item in items)
    assert counts(certificates(desk, tmp_path, passed)) == {"same": WELDERS.passed}
    before = desk.services.history.state_hash(values=True)
    desk.services.history.undo()
    assert desk.services.certificates.list_certificates(welders) == []
    desk.services.history.redo()
    assert desk.services.history.state_hash(values=True) == before


def test_without_ticket_and_document_namesakes_are_asked(desk, passed, tmp_path):
    rows = [[row[0], row[1], *row[3:]] for row in passed]
    planned = certificates(desk, tmp_path, rows, head=[HEAD[0], HEAD[1], *HEAD[3:]])
    namesakes = [row for row in passed if row[1] == "卢军"]
    assert planned.count(RowState.BAD) == len(namesakes) > 0
    path = tmp_path / "certificates.csv"
    answered = plan(desk, path, WorkbookKind.CERTIFICATES, same_names=SameNames.NUMBER)
    assert counts(answered) == {"new": WELDERS.passed}


def test_who_has_not_passed_gets_no_certificate(desk, welders, passed, tmp_path):
    numbers = {row[0] for row in passed}
    failed = next(item for item in desk.services.classes.list_members(welders) if item.number not in numbers)
    with_number = [failed.number, failed.name, "", number(900), "2020-12-25"]
    planned = certificates(desk, tmp_path, [*passed, with_number])
    assert counts(planned) == {"new": WELDERS.passed, "bad": 1}
    assert codes(planned) == ["CERTIFICATE_NOT_PASSED"]
    without_number = [failed.number, failed.name, "", "", ""]
    assert counts(certificates(desk, tmp_path, [*passed, without_number])) == {
        "new": WELDERS.passed,
        "same": 1,
    }


def test_a_number_in_use_is_bad(desk, passed, tmp_path):
    desk.services.imports.apply(certificates(desk, tmp_path, passed[:1]))
    taken = [*passed[1][:3], number(passed[0][0]), "2020-12-25"]
    planned = certificates(desk, tmp_path, [taken])
    assert codes(planned) == ["CERTIFICATE_TAKEN"]
    twice = certificates(desk, tmp_path, [passed[1], [*passed[2][:3], passed[1][3], "2020-12-25"]])
    assert counts(twice) == {"new": 1, "bad": 1}
    assert codes(twice) == ["CERTIFICATE_NUMBER_TWICE"]


def test_lists_before_and_after_a_reissue_change_nothing_and_a_new_number_is_that_of_the_present_issue(
    desk, welders, passed, tmp_path
):
    row, other = list(passed[0]), number(900)
    desk.services.imports.apply(certificates(desk, tmp_path, [row]))
    (item,) = desk.services.certificates.list_certificates(welders)
    key = numbered(item.assessment_id + item.trainee_id, 1)
    desk.services.certificate_steps.reissue(key, Issued(other, date(2020, 12, 26)), "遗失")
    for told in (row[3], other):
        assert counts(certificates(desk, tmp_path, [[*row[:3], told, "2020-12-26"]])) == {"same": 1}
    again = number(901)
    desk.services.imports.apply(certificates(desk, tmp_path, [[*row[:3], again, "2020-12-26"]]))
    assert [one.number for one in desk.services.certificates.list_certificates(welders)] == [row[3], again]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({3: "S1"}, "CERTIFICATE_SHAPE"),
        ({3: ""}, "CERTIFICATE_NUMBER_MISSING"),
        ({4: ""}, "ISSUE_DATE_MISSING"),
        ({4: "2020-12-08"}, "CERTIFICATE_BEFORE_ASSESSMENT"),
    ],
)
def test_doubts_about_a_certificate_do_not_hold_it(desk, passed, tmp_path, changes, code):
    row = list(passed[0])
    for place, value in changes.items():
        row[place] = value
    planned = certificates(desk, tmp_path, [row])
    assert planned.count(RowState.BAD) == 0
    assert codes(planned) == [code]


def test_certificates_need_an_assessment(desk, welders, tmp_path):
    path = write_csv(tmp_path / "c.csv", [HEAD, [1, "袁玲子", "", number(1), "2020-12-25"]])
    assert refused(plan, desk, path, WorkbookKind.CERTIFICATES) == "ASSESSMENT_MISSING"
