"""Assessments, locks and certificates."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from desktop_app.domain.assessments import (
    AssessmentKind,
    Component,
    ComponentCode,
    Conclusion,
    Score,
    ScoreState,
)
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.rules import Finding
from desktop_app.domain.users import Role
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.assessments import NewScore
from desktop_app.services.certificate_steps import Issued
from desktop_app.services.certificates import NewCertificate, write_certificates
from desktop_app.services.container import Services
from desktop_app.services.exam_steps import Sitting
from desktop_app.services.imports.plan import ImportOptions
from tests.factories.offices import TODAY, Office
from tests.services.import_attempts import CLASS
from tests.services.store_facts import ask, entries, newest, refusal, values

THEORY, PRACTICE, REVIEW = ComponentCode.THEORY, ComponentCode.PRACTICE, ComponentCode.REVIEW
NUMBER = "S000042013000204200001"
OTHER = "S000042013000204200002"


def _scored(tenths: int) -> Score:
    return Score(ScoreState.SCORED, tenths)


def _enter(
    services: Services, office: Office, person: int, score: Score | None, code: ComponentCode = THEORY
) -> int:
    return services.assessments.enter(office.assessment_id, [NewScore(office.people[person], {code: score})])


def _level(services: Services, office: Office) -> bytes:
    items = services.assessments.list_assessments(office.class_id)
    return next(item.id for item in items if item.kind == AssessmentKind.LEVEL)


@pytest.mark.parametrize(
    ("score", "shown"), [(_scored(1001), "100.1"), (_scored(-5), "-0.5"), (Score(ScoreState.SCORED), "")]
)
def test_a_score_outside_its_range_is_refused_in_points(office: Office, score: Score, shown: str) -> None:
    """The message says 100.1 of 100, not tenths."""
    services = office.as_role("teacher")
    with pytest.raises(AppError) as wrong:
        _enter(services, office, 0, score)
    assert (wrong.value.code, wrong.value.params) == ("SCORE_RANGE", {"value": shown, "full": "100"})


def test_both_ends_of_the_range_are_scores(office: Office) -> None:
    """0 and full marks; a mark of somebody absent is not kept."""
    services = office.as_role("teacher")
    _enter(services, office, 0, _scored(0))
    _enter(services, office, 1, _scored(1000))
    _enter(services, office, 2, Score(ScoreState.ABSENT, 500))
    rows = services.assessments.sheet(office.assessment_id).rows
    assert [row.scores[THEORY] for row in rows] == [_scored(0), _scored(1000), Score(ScoreState.ABSENT)]
    assert [row.conclusion for row in rows] == [Conclusion.FAILED, Conclusion.PASSED, Conclusion.FAILED]


def test_only_components_and_members_take_scores(office: Office) -> None:
    """Nothing of a refused call is written."""
    services = office.as_role("teacher")
    before = entries(office)
    assert refusal(_enter, services, office, 0, _scored(1), REVIEW) == "COMPONENT_UNKNOWN"
    stranger = [NewScore(office.people[0], {THEORY: _scored(1)}), NewScore(b"\7" * 16, {THEORY: _scored(1)})]
    assert refusal(services.assessments.enter, office.assessment_id, stranger) == "NOT_A_MEMBER"
    assert refusal(services.assessments.enter, b"\7" * 16, stranger) == "ASSESSMENT_UNKNOWN"
    assert entries(office) == before


def test_a_teacher_enters_own_scores_only(office: Office) -> None:
    """Another teacher's assessment of the same class is read, not written."""
    office.as_role("office").teachers.add_teacher("李红梅")
    office.as_role("admin").accounts.add_user("teacher2", "李红梅", [Role.TEACHER], "Xuexiao-2021")
    services = office.as_role("office")
    others = next(item.id for item in services.teachers.list_teachers() if item.name == "李红梅")
    theirs = services.assessments.create(office.class_id, AssessmentKind.PROCESS, teacher_ids=[others])
    services = office.as_role("teacher")
    sheet = services.assessments.sheet(theirs)
    assert not sheet.editable
    assert sheet.closed_reason is not None
    assert sheet.closed_reason.code == "NOT_YOUR_ASSESSMENT"
    score = [NewScore(office.people[0], {THEORY: _scored(1)})]
    assert refusal(services.assessments.enter, theirs, score) == "NOT_YOUR_ASSESSMENT"
    assert refusal(services.assessments.lock, theirs) == "NOT_YOUR_ASSESSMENT"


def test_an_assessment_needs_somebody_who_can_score_it(office: Office) -> None:
    """Known teachers, of the timetable by default."""
    services = office.as_role("office")
    create = services.assessments.create
    assert refusal(create, office.class_id, AssessmentKind.LEVEL) == "ASSESSMENT_KIND"
    assert refusal(create, office.other_class_id, AssessmentKind.COMPLETION) == "ASSESSMENT_WITHOUT_TEACHER"
    assert refusal(create, b"\7" * 16, AssessmentKind.COMPLETION) == "CLASS_UNKNOWN"
    with pytest.raises(AppError) as unknown:
        create(office.class_id, AssessmentKind.COMPLETION, teacher_ids=[b"\7" * 16])
    assert unknown.value.code == "TEACHER_UNKNOWN"
    teacher = office.as_role("teacher")
    assert (
        refusal(teacher.assessments.create, office.other_class_id, AssessmentKind.PROCESS) == "NOT_YOUR_CLASS"
    )


def test_locking_writes_every_conclusion(office: Office) -> None:
    """Only once all are there; then nothing is typed over them, and the sheet says who locked."""
    services = office.as_role("teacher")
    _enter(services, office, 2, None)
    with pytest.raises(AppError) as incomplete:
        services.assessments.lock(office.assessment_id)
    assert (incomplete.value.code, incomplete.value.params["count"]) == ("SCORES_INCOMPLETE", 1)
    _enter(services, office, 2, Score(ScoreState.VIOLATION))
    _enter(services, office, 1, _scored(599))
    level = _level(office.as_role("office"), office)
    listed = {item.id: item for item in services.assessments.list_assessments()}
    assert level in listed
    services = office.as_role("teacher")
    assert services.assessments.list_unlocked() == [listed[office.assessment_id]]
    services.assessments.lock(office.assessment_id)
    assert services.assessments.list_unlocked() == []
    stored = [
        ask(
            office,
            "SELECT conclusion FROM score WHERE assessment_id = ? AND trainee_id = ?",
            office.assessment_id,
            key,
        )
        for key in office.people
    ]
    assert stored == ["passed", "failed", "failed"]
    before = entries(office)
    assert refusal(_enter, services, office, 0, _scored(1)) == "SCORES_LOCKED"
    assert refusal(services.assessments.lock, office.assessment_id) == "SCORES_LOCKED"
    assert entries(office) == before
    sheet = services.assessments.sheet(office.assessment_id)
    assert (sheet.editable, sheet.assessment.locked_by) == (False, "teacher 账号")


def test_an_administrator_unlocks_with_a_reason(office: Office) -> None:
    """Then the teacher may type again; the reason stays in the journal."""
    office.as_role("teacher").assessments.lock(office.assessment_id)
    admin = office.as_role("admin").assessments
    assert refusal(admin.unlock, office.assessment_id, " ") == "REASON_MISSING"
    admin.unlock(office.assessment_id, "漏录一人")
    assert newest(office).reason == "漏录一人"
    assert refusal(admin.unlock, office.assessment_id, "再一次") == "SCORES_NOT_LOCKED"
    assert _enter(office.as_role("teacher"), office, 0, _scored(700)) == 1


@pytest.mark.parametrize("role", [Role.OFFICE, Role.TEACHER, Role.ADMIN])
def test_results_of_the_organisation_come_by_file_only(office: Office, role: Role) -> None:
    """R14: nobody types over them, whoever asks."""
    level = _level(office.as_role("office"), office)
    services = office.as_role(role)
    before = values(office)
    score = [NewScore(office.people[0], {THEORY: _scored(1)})]
    expected = "SCORES_BY_FILE" if role is Role.TEACHER else "NOT_PERMITTED"
    assert refusal(services.assessments.enter, level, score) == expected
    assert refusal(services.assessments.lock, level) == expected
    closed = services.assessments.sheet(level).closed_reason
    assert closed is not None
    assert closed.code == "SCORES_BY_FILE"
    assert values(office) == before


def test_components_may_have_another_full_mark(office: Office) -> None:
    """The range is the component's own."""
    services = office.as_role("teacher")
    key = services.assessments.create(
        office.class_id,
        AssessmentKind.PROCESS,
        components=[Component(THEORY, full=505, pass_mark=300, weight=100)],
    )
    services.assessments.enter(key, [NewScore(office.people[0], {THEORY: _scored(505)})])
    with pytest.raises(AppError) as wrong:
        services.assessments.enter(key, [NewScore(office.people[0], {THEORY: _scored(506)})])
    assert wrong.value.params["full"] == "50.5"


def _write(services: Services, level: bytes, *new: NewCertificate) -> int:
    with services.context.unit_of_work("import_certificates") as work:
        return write_certificates(work, level, new)


def test_a_certificate_is_for_a_pass_and_its_number_for_one_person(office: Office) -> None:
    """R15; the same once more changes nothing."""
    services = office.as_role("office")
    path = office.profile.files.folder / "failed.csv"
    path.write_text("序号,姓名,准考证号,理论,实操\n3,戚刚,420103,80,59.9\n", encoding="utf-8-sig")
    options = ImportOptions(held_on=date(2020, 11, 12))
    services.imports.apply(services.imports.plan(WorkbookKind.SCORES, path, CLASS, options))
    level = _level(services, office)
    day = date(2020, 11, 20)
    assert (
        refusal(_write, services, level, NewCertificate(office.people[2], NUMBER, day))
        == "CERTIFICATE_NOT_PASSED"
    )
    assert (
        refusal(_write, services, level, NewCertificate(b"\7" * 16, NUMBER, day)) == "CERTIFICATE_NOT_PASSED"
    )
    assert _write(services, level, NewCertificate(office.people[0], "s0000 4201 3000 2042 00001", day)) == 1
    before = entries(office)
    assert _write(services, level, NewCertificate(office.people[0], NUMBER, day)) == 0
    assert (
        refusal(_write, services, level, NewCertificate(office.people[1], NUMBER, day)) == "CERTIFICATE_TAKEN"
    )
    assert refusal(_write, services, level, NewCertificate(office.people[1], " ", day)) == "CERTIFICATE_EMPTY"
    both = [NewCertificate(one, OTHER, day) for one in office.people[:2]]
    assert refusal(_write, services, level, *both) == "CERTIFICATE_TAKEN"
    assert entries(office) == before
    passed_on = [NewCertificate(office.people[0], OTHER, day), NewCertificate(office.people[1], NUMBER, day)]
    assert _write(services, level, *passed_on) == 2


def test_a_number_is_corrected_with_a_reason(office: Office) -> None:
    """Never to another's."""
    services = office.as_role("office")
    level, day = _level(services, office), date(2020, 11, 20)
    _write(
        services,
        level,
        NewCertificate(office.people[0], NUMBER, day),
        NewCertificate(office.people[1], OTHER, day),
    )
    correct = services.certificates.correct_number
    assert refusal(correct, level, office.people[0], NUMBER, " ") == "REASON_MISSING"
    assert refusal(correct, level, office.people[0], OTHER, "更正函") == "CERTIFICATE_TAKEN"
    assert refusal(correct, level, office.people[2], OTHER, "更正函") == "CERTIFICATE_UNKNOWN"
    correct(level, office.people[0], NUMBER[:-1] + "9", "更正函")
    assert newest(office).reason == "更正函"
    numbers = [item.number for item in services.certificates.list_certificates(office.class_id)]
    assert numbers == [NUMBER[:-1] + "9", OTHER]


def test_the_number_of_the_present_issue_is_corrected(office: Office) -> None:
    """One that was replaced or void keeps the number under which people know it."""
    services = office.as_role("office")
    level, day, person = _level(services, office), services.context.today(), office.people[0]
    _write(services, level, NewCertificate(person, NUMBER, day))
    services.certificate_steps.reissue(numbered(level + person, 1), Issued(NUMBER, day), "遗失")
    correct = services.certificates.correct_number
    before = entries(office)
    assert refusal(correct, level, person, OTHER, "更正函", 1) == "CERTIFICATE_REPLACED"
    assert entries(office) == before
    correct(level, person, OTHER, "更正函")
    assert [item.number for item in services.certificates.list_certificates(office.class_id)] == [
        NUMBER,
        OTHER,
    ]
    correct(level, person, NUMBER, "更正函", 2)
    services.certificate_steps.void(numbered(level + person, 2), "误发")
    assert refusal(correct, level, person, OTHER, "更正函") == "CERTIFICATE_REPLACED"


def test_certificates_of_other_classes_are_not_listed(office: Office) -> None:
    """With or without naming the class; documents are masked."""
    services = office.as_role("office")
    _write(services, _level(services, office), NewCertificate(office.people[0], NUMBER, None))
    assert "*" in services.certificates.list_certificates()[0].document_number
    assert len(office.as_role("adviser").certificates.list_certificates()) == 1
    office.as_role("office").classes.set_adviser(office.class_id, None)
    adviser = office.as_role("adviser").certificates
    assert adviser.list_certificates() == []
    assert refusal(adviser.list_certificates, office.class_id) == "NOT_YOUR_CLASS"


def test_an_absence_recorded_by_mistake_is_taken_back(office: Office) -> None:
    """What was sat stays, what was not waits again, with the 准考证号 that was given."""
    services = office.as_role("office")
    told: list[Finding] = []
    services.context.advice_listeners.append(told.extend)
    person, class_id = office.people[0], office.other_class_id
    services.trainees.enrol(class_id, [person], "key_group")
    exam = services.exams.open_exam(class_id, Sitting(date(2020, 11, 20)), "湖北省电力行业协会")
    services.exams.schedule(exam, Sitting(date(2020, 11, 20)))
    assert [one.error.code for one in told] == ["PHOTO_MISSING"]
    recall = partial(services.exams.recall, exam, person, TODAY)
    assert refusal(partial(recall, "已到考")) == "WRONG_STEP"
    for act in (services.exams.record_absence, services.exams.defer):
        act(exam, person, TODAY, "交通事故")
        assert refusal(partial(recall, " ")) == "REASON_MISSING"
        recall("已到考，监考记错")
        (row,) = services.assessments.sheet(exam).rows
        assert (row.candidate, dict(row.scores), row.conclusion) == ("scheduled", {}, Conclusion.NONE)
        assert row.ticket
