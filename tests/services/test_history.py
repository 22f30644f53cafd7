"""Undo and redo: every command goes back and comes again, in order, and never over somebody else's change."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from desktop_app.domain.assessments import ComponentCode, Score, ScoreState
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.users import Role
from desktop_app.services.assessments import NewScore
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services, build_services
from desktop_app.services.profile import Profile
from tests.factories.offices import CHEAP, PASSWORD, Office, TestClock
from tests.services import permissions
from tests.services.evidence_attempts import ON_PRESENT_EVIDENCE
from tests.services.import_attempts import CLASS
from tests.services.store_facts import entries, refusal, values
from tests.services.test_permission_matrix import ATTEMPTS, EXPECTED

NOT_UNDOABLE = {
    "add_user", "change_roles", "disable_user", "link_teacher", "reveal_personal", "export_unmasked",
    "lock_scores", "unlock_scores", "seal_batch", "dissolve_batch", "backup", "undo", "redo", "answer_conflict",
    "settle_account", "join_platform",
    "open_evidence", *permissions.NOT_UNDOABLE,
}  # fmt: skip
PREPARED = ON_PRESENT_EVIDENCE | permissions.PREPARED
UNDOABLE = sorted(set(EXPECTED) - NOT_UNDOABLE)


def _mark(services: Services, office: Office, status: MarkStatus, person: int = 0) -> None:
    services.attendance.mark(office.sessions[0], [NewMark(office.people[person], Mark(status))], "核对签到表")


@pytest.mark.parametrize("command", UNDOABLE)
def test_every_command_goes_back_and_comes_again(office: Office, command: str) -> None:
    """Undo gives the former values, redo the later ones, twice over."""
    roles = EXPECTED[command].split()
    services = office.as_role("office" if "office" in roles else roles[0])
    if command == "edit_certificate":
        ATTEMPTS["import_certificates"](services, office)
        level = services.assessments.list_assessments(office.class_id)[0].id
        before = values(office)
        services.certificates.correct_number(level, office.people[0], "S000042013000204200009", "更正函")
    elif command in PREPARED:
        act = PREPARED[command](services, office)
        before = values(office)
        act()
    else:
        before = values(office)
        ATTEMPTS[command](services, office)
    after = values(office)
    assert after != before
    label = services.history.next_undo()
    assert label is not None
    assert label.command == command
    for _ in range(2):
        services.history.undo()
        assert values(office) == before
        services.history.redo()
        assert values(office) == after
    assert services.history.verify().ok


def test_steps_in_the_same_cell_go_back_one_after_another(office: Office) -> None:
    """迟到, then 请假, then 缺勤: three undos lead to the first mark, three redos to the last."""
    services = office.as_role("office")
    stages = [values(office)]
    for status in (MarkStatus.LATE, MarkStatus.LEAVE, MarkStatus.ABSENT):
        _mark(services, office, status)
        stages.append(values(office))
    for _ in range(2):
        for expected in reversed(stages[:-1]):
            services.history.undo()
            assert values(office) == expected
        for expected in stages[1:]:
            services.history.redo()
            assert values(office) == expected


def test_a_record_made_and_then_edited_goes_back_to_nothing(office: Office) -> None:
    """Edit undone, then creation undone, then both redone and undone again."""
    services = office.as_role("office")
    before = values(office)
    class_id = services.classes.create_class("钳工01班")
    services.classes.edit_class(class_id, {"place": "三号楼"})
    after = values(office)
    for _ in range(2):
        services.history.undo()
        services.history.undo()
        assert values(office) == before
        services.history.redo()
        services.history.redo()
        assert values(office) == after


def test_a_later_change_by_somebody_else_stands_in_the_way(office: Office) -> None:
    """The adviser corrects what the office marked; the office cannot take that away."""
    _mark(office.as_role("office"), office, MarkStatus.LATE)
    _mark(office.as_role("adviser"), office, MarkStatus.PRESENT)
    services = office.as_role("office")
    before = values(office), entries(office)
    assert refusal(services.history.undo) == "UNDO_CHANGED_LATER"
    assert (values(office), entries(office)) == before


def test_a_change_of_another_field_by_somebody_else_does_not(office: Office) -> None:
    """Groups are independent: two edits of one class touch nothing in common."""
    services = office.as_role("office")
    services.classes.edit_class(office.class_id, {"place": "二号楼"})
    services.classes.edit_class(office.other_class_id, {"place": "四号楼"})
    services.history.undo()
    services.history.undo()
    assert services.classes.get_class(office.class_id).place is None


def test_a_record_that_came_back_is_not_hidden_with_anothers_edit_in_it(office: Office) -> None:
    """Create, undo, redo; then a colleague edits; the creation can no longer be taken back."""
    admin = office.as_role("admin")
    admin.accounts.add_user("office2", "李老师", [Role.OFFICE], PASSWORD)
    services = office.as_role("office")
    class_id = services.classes.create_class("钳工01班")
    services.history.undo()
    services.history.redo()
    office.as_role("office2").classes.edit_class(class_id, {"place": "三号楼"})
    assert refusal(office.as_role("office").history.undo) == "UNDO_CHANGED_LATER"


@pytest.mark.parametrize("twice", [False, True])
def test_a_record_with_somebody_elses_child_stays(office: Office, twice: bool) -> None:
    """A class that a colleague enrolled somebody in is not undone, even after undo and redo."""
    office.as_role("admin").accounts.add_user("office2", "李老师", [Role.OFFICE], PASSWORD)
    services = office.as_role("office")
    class_id = services.classes.create_class("钳工01班")
    if twice:
        services.history.undo()
        services.history.redo()
    office.as_role("office2").trainees.enrol(class_id, office.people[:1], None)
    assert refusal(office.as_role("office").history.undo) == "UNDO_CHANGED_LATER"


def test_locked_scores_are_not_taken_back(office: Office) -> None:
    """The reason says lock, not later change."""
    services = office.as_role("teacher")
    services.assessments.lock(office.assessment_id)
    assert refusal(services.history.undo) == "UNDO_LOCKED"


def test_scores_corrected_after_an_unlock_go_back(office: Office) -> None:
    """An undo after unlocking takes back the last correction."""
    office.as_role("teacher").assessments.lock(office.assessment_id)
    office.as_role("admin").assessments.unlock(office.assessment_id, "录入有误")
    services = office.as_role("teacher")
    before = values(office)
    score = {ComponentCode.THEORY: Score(ScoreState.SCORED, 600)}
    services.assessments.enter(office.assessment_id, [NewScore(office.people[0], score)])
    services.history.undo()
    assert values(office) == before


def test_the_label_names_class_session_and_person(office: Office) -> None:
    """撤销：逐人登记考勤（电工01班 第1课次 范雨）."""
    services = office.as_role("office")
    _mark(services, office, MarkStatus.LATE)
    label = services.history.next_undo()
    assert label is not None
    assert (label.command, label.subject) == ("mark_one", f"{CLASS} #1 范雨")
    services.attendance.mark_class(office.sessions[1])
    label = services.history.undo()
    assert (label.command, label.subject) == ("mark_class", f"{CLASS} #2")


def test_a_new_command_drops_what_could_be_redone(office: Office) -> None:
    """After an undo the user goes another way."""
    services = office.as_role("office")
    _mark(services, office, MarkStatus.LATE)
    services.history.undo()
    assert services.history.next_redo() is not None
    services.classes.edit_class(office.class_id, {"place": "一号楼"})
    assert services.history.next_redo() is None
    assert refusal(services.history.redo) == "NOTHING_TO_REDO"


def test_each_user_takes_back_own_commands_only(office: Office) -> None:
    """The adviser's undo does not touch what the office did last."""
    _mark(office.as_role("adviser"), office, MarkStatus.LATE, person=1)
    _mark(office.as_role("office"), office, MarkStatus.LATE, person=0)
    services = office.as_role("adviser")
    label = services.history.undo()
    assert label.subject.endswith("苏国")
    assert refusal(services.history.undo) == "NOTHING_TO_UNDO"


@pytest.mark.parametrize(("role", "code"), [(Role.HEAD, "NOT_PERMITTED"), (Role.TEACHER, "NOT_YOUR_SESSION")])
def test_a_role_taken_away_takes_its_undo_away(office: Office, role: Role, code: str) -> None:
    """Who may no longer mark cannot change marks through undo."""
    _mark(office.as_role("adviser"), office, MarkStatus.LATE)
    admin = office.as_role("admin")
    adviser = next(user.id for user in admin.accounts.list_users() if user.login == "adviser")
    admin.accounts.change_roles(adviser, [role])
    assert refusal(office.as_role("adviser").history.undo) == code


def test_undo_and_redo_work_in_a_new_process(office: Office, tmp_path: Path) -> None:
    """What can be taken back is kept in the store, not in memory."""
    services = office.as_role("office")
    before = values(office)
    _mark(services, office, MarkStatus.LATE)
    after = values(office)
    for expected, step in ((before, "undo"), (after, "redo"), (before, "undo")):
        office.profile.close()
        office.profile = Profile(tmp_path / "profile", cost=CHEAP, clock=TestClock(date(2020, 11, 11)))
        office.profile.log_in("office", PASSWORD)
        getattr(build_services(office.profile).history, step)()
        assert values(office) == expected


def test_the_journal_says_who_did_what_to_whom_and_why(office: Office) -> None:
    """Newest first; an undo is a command of its own; the office does not read it."""
    services = office.as_role("office")
    _mark(services, office, MarkStatus.LATE)
    services.history.undo()
    undone, marked = office.as_role("head").history.list_journal(2)
    assert (undone.command, undone.user, undone.subject) == ("undo", "office 账号", f"{CLASS} #1 范雨")
    assert (marked.command, marked.records, marked.reason) == ("mark_one", 1, "核对签到表")
    assert undone.at > marked.at
    assert len(office.as_role("auditor").history.list_journal(3)) == 3
    assert refusal(office.as_role("office").history.list_journal) == "NOT_PERMITTED"
