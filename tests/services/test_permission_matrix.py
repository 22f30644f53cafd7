"""Role × command on a real store: commands from the services, expectations from requirements §1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, time
from pathlib import Path

import pytest

from desktop_app.domain.assessments import AssessmentKind, ComponentCode, Score, ScoreState
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from desktop_app.services.assessments import NewScore
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services, load_services
from desktop_app.services.context import COMMANDS
from desktop_app.services.timetable import PlannedSession
from desktop_app.store.state_hash import state_hash
from tests.factories.offices import PASSWORD, Office, OfficeTemplate
from tests.services import permissions
from tests.services.evidence_attempts import EVIDENCE
from tests.services.import_attempts import IMPORTS

Attempt = Callable[[Services, Office], object]

# Who may, from requirements §1; every role that is not named must be refused.
# 培训办: trainees, classes, timetable, enrolment, attendance, certificates. 班主任: assigned classes' attendance,
# phones. 教师: own sessions' attendance, own scores. 管理员: users, seals, unlocks; never scores or attendance.
EXPECTED: dict[str, str] = {
    "add_user": "admin",
    "change_roles": "admin",
    "disable_user": "admin",
    "link_teacher": "admin",
    "add_teacher": "office",
    "edit_teacher": "office",
    "add_site": "office",
    "edit_site": "office",
    "create_class": "office",
    "edit_class": "office",
    "add_session": "office",
    "edit_session": "office",
    "create_trainee": "office",
    "edit_trainee": "office",
    "enrol_trainee": "office",
    "reveal_personal": "office adviser",
    "export_unmasked": "office admin",
    "mark_one": "office adviser teacher",
    "mark_class": "office adviser teacher",
    "mark_from_sheet": "office adviser teacher",
    "add_evidence": "office adviser",
    "import_evidence": "office adviser",
    "open_evidence": "office adviser head",
    "review_evidence": "office head",
    "edit_evidence": "office adviser",
    "remove_evidence": "office adviser",
    "create_assessment": "office teacher",
    "enter_scores": "teacher",
    "lock_scores": "teacher",
    "unlock_scores": "admin",
    "edit_certificate": "office",
    "seal_batch": "admin",
    "dissolve_batch": "admin",
    "backup": "admin",
    "undo": "office adviser teacher admin",
    "redo": "office adviser teacher admin",
    "answer_conflict": "office adviser teacher admin",
    "settle_account": "admin",
    "join_platform": "admin",
    "import_roster": "office",
    "import_timetable": "office",
    "import_attendance": "office adviser teacher",
    "import_scores": "office",
    "import_certificates": "office",
    "import_employment": "office adviser",
    **permissions.EXPECTED,
}
# What a permitted attempt may answer instead of doing it: there is nothing to undo, no such thing to act on.
NOTHING_THERE = {
    "undo": {"NOTHING_TO_UNDO"},
    "redo": {"NOTHING_TO_REDO"},
    "answer_conflict": {"CONFLICT_UNKNOWN"},
    "settle_account": {"CONFLICT_UNKNOWN"},
    "edit_certificate": {"CERTIFICATE_UNKNOWN"},
    "open_evidence": {"EVIDENCE_GONE"},
    "review_evidence": {"EVIDENCE_GONE"},
    "edit_evidence": {"EVIDENCE_GONE"},
    "remove_evidence": {"EVIDENCE_GONE"},
    "dissolve_batch": {"BATCH_UNKNOWN"},
    "unlock_scores": {"SCORES_NOT_LOCKED"},
    **permissions.NOTHING_THERE,
}
FULL = Score(ScoreState.SCORED, 905)
ATTEMPTS: dict[str, Attempt] = {
    "add_user": lambda s, o: s.accounts.add_user("newcomer", "新人", [Role.OFFICE], PASSWORD),
    "change_roles": lambda s, o: s.accounts.change_roles(_user(o, "head"), [Role.AUDITOR]),
    "disable_user": lambda s, o: s.accounts.disable("auditor"),
    "link_teacher": lambda s, o: s.teachers.link(o.teacher_id, None),
    "add_teacher": lambda s, o: s.teachers.add_teacher("李红梅"),
    "edit_teacher": lambda s, o: s.teachers.edit_teacher(o.teacher_id, {"employment": "part_time"}),
    "add_site": lambda s, o: s.sites.add_site("沌口校区", "420113", "东风大道1号"),
    "edit_site": lambda s, o: s.sites.edit_site(o.site_id, {"address": "珞喻路2号"}),
    "create_class": lambda s, o: s.classes.create_class("新班"),
    "edit_class": lambda s, o: s.classes.edit_class(o.class_id, {"place": "一号楼"}),
    "add_session": lambda s, o: s.timetable.add_session(
        o.class_id,
        PlannedSession(date(2020, 11, 12), time(8), time(11), 4, "照明", "offline", "B203", ("周敏",)),
    ),
    "edit_session": lambda s, o: s.timetable.edit_session(o.sessions[2], {"place": "B204"}, "换教室"),
    "create_trainee": lambda s, o: s.trainees.create(
        {"name": "肖兰芳", "document_number": "42062519970427945X"}
    ),
    "edit_trainee": lambda s, o: s.trainees.edit(o.people[0], {"phone": "13900002222"}),
    "enrol_trainee": lambda s, o: s.trainees.enrol(o.other_class_id, o.people[:1], "employee"),
    "reveal_personal": lambda s, o: s.trainees.reveal(o.people[0]),
    "export_unmasked": lambda s, o: s.papers.export_unmasked(o.class_id, "报送"),
    "mark_one": lambda s, o: s.attendance.mark(
        o.sessions[0], [NewMark(o.people[0], Mark(MarkStatus.LATE))], "核对签到表"
    ),
    "mark_class": lambda s, o: s.attendance.mark_class(o.sessions[0]),
    "create_assessment": lambda s, o: s.assessments.create(o.class_id, AssessmentKind.PROCESS),
    "enter_scores": lambda s, o: s.assessments.enter(
        o.assessment_id, [NewScore(o.people[0], {ComponentCode.THEORY: FULL})]
    ),
    "lock_scores": lambda s, o: s.assessments.lock(o.assessment_id),
    "unlock_scores": lambda s, o: s.assessments.unlock(o.assessment_id, "录入有误"),
    "edit_certificate": lambda s, o: s.certificates.correct_number(
        o.assessment_id, o.people[0], "S000042013000204200001", "更正函"
    ),
    "seal_batch": lambda s, o: s.batches.seal(b"\1" * 16, b"manifest", b"signature", [b"page"], None),
    "dissolve_batch": lambda s, o: s.batches.dissolve(b"\2" * 16),
    "backup": lambda s, o: s.backup.write(o.profile.files.folder / "by-hand.backup"),
    "undo": lambda s, o: s.history.undo(),
    "redo": lambda s, o: s.history.redo(),
    "answer_conflict": lambda s, o: s.history.answer_conflict("9-00-1", "x"),
    "settle_account": lambda s, o: s.history.answer_conflict("4-00-1", "x"),
    "join_platform": lambda s, o: s.batches.publish_platform(bytes(32), bytes(16)),
    **IMPORTS,
    **EVIDENCE,
    **permissions.ATTEMPTS,
}


def _traces(office: Office) -> tuple[str, int]:
    """Return the state and the length of the journal."""
    context = office.profile.context
    assert context is not None
    with context.read() as sql:
        entries = sql.exec_driver_sql("SELECT count(*) FROM journal_entry").scalar_one()
        return state_hash(sql).digest, entries


def _user(office: Office, login: str) -> bytes:
    context = office.profile.context
    assert context is not None
    with context.read() as sql:
        row = sql.exec_driver_sql("SELECT id FROM user WHERE login = ?", (login,)).one()
    return bytes(row[0])


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> OfficeTemplate:
    """Return an office that is set up once."""
    return OfficeTemplate(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(template: OfficeTemplate, tmp_path: Path) -> Iterator[Office]:
    """Return a copy of the office."""
    copy = template.copy(tmp_path / "profile")
    yield copy
    copy.profile.close()


def test_every_command_of_the_services_is_in_the_table_and_tried() -> None:
    """A new command cannot be forgotten here."""
    load_services()
    assert set(COMMANDS) == set(EXPECTED) == set(ATTEMPTS)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("command", sorted(EXPECTED))
def test_only_the_named_roles_may(office: Office, role: Role, command: str) -> None:
    """A permitted role succeeds; any other is refused and nothing has changed."""
    services = office.as_role(role)
    before = _traces(office)
    refused: str | None = None
    try:
        ATTEMPTS[command](services, office)
    except AppError as error:
        refused = error.code
    if role.value in EXPECTED[command].split():
        assert refused is None or refused in NOTHING_THERE.get(command, set())
        assert refused is not None or _traces(office) != before
    else:
        assert refused == "NOT_PERMITTED"
        assert _traces(office) == before


def test_a_teacher_marks_own_sessions_only(office: Office) -> None:
    """周敏's session is not 陈志强's."""
    services = office.as_role(Role.TEACHER)
    with pytest.raises(AppError) as refused:
        services.attendance.mark_class(office.sessions[1])
    assert refused.value.code == "NOT_YOUR_SESSION"


def test_an_adviser_sees_assigned_classes_only(office: Office) -> None:
    """焊工01班 has no adviser."""
    services = office.as_role(Role.ADVISER)
    assert [item.code for item in services.classes.list_classes()] == ["电工01班"]
    with pytest.raises(AppError) as refused:
        services.attendance.sheet(office.other_class_id)
    assert refused.value.code == "NOT_YOUR_CLASS"


@pytest.mark.parametrize("role", list(Role))
def test_personal_numbers_are_masked_for_every_role(office: Office, role: Role) -> None:
    """No list shows a whole document number, whoever asks."""
    services = office.as_role(role)
    if not services.context.may("view_trainees"):
        with pytest.raises(AppError):
            services.trainees.list_trainees()
        return
    shown = {item.document_number for item in services.trainees.list_trainees()}
    assert shown
    assert all("*" in number for number in shown)
