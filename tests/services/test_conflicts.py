"""Two workstations change one thing without knowing of each other: who sees that, who settles it, and with what."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_app.domain.assessments import ComponentCode, Score, ScoreState
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.records import MARK
from desktop_app.services.assessments import NewScore
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services, build_services
from desktop_app.services.profile import Profile
from desktop_app.store.journal import JournalStore, pack_entry, unpack_entry
from tests.factories.offices import CHEAP, PASSWORD, Office, TestClock
from tests.factories.workstations import become_another
from tests.services.store_facts import entries, newest, refusal, values
from tests.services.test_permission_matrix import ATTEMPTS

MINE, THEIRS = "13900000001", "13900000002"


def _diverge(
    office: Office, folder: Path, here: Callable[[Services], object], there: Callable[[Services], object]
) -> None:
    """Change something here and on a second workstation, then hand over what the second wrote."""
    office.profile.close()
    shutil.copytree(folder / "profile", folder / "second")
    second = Profile(folder / "second", cost=CHEAP, clock=TestClock())
    context = second.log_in("office", PASSWORD)
    become_another(context.workstation)
    there(build_services(second))
    with context.read() as sql:
        journal = JournalStore(sql)
        foreign = [unpack_entry(pack_entry(journal.entry(seq))) for seq in journal.sequence()]
    second.close()
    office.profile = Profile(folder / "profile", cost=CHEAP, clock=TestClock())
    here(office.as_role("office"))
    office.as_role("office").context.workstation.receive(foreign)


def _phone(office: Office, number: str) -> Callable[[Services], object]:
    return lambda services: services.trainees.edit(office.people[0], {"phone": number})


def _mark(office: Office, session: int, status: MarkStatus) -> Callable[[Services], object]:
    new = [NewMark(office.people[0], Mark(status))]
    return lambda services: services.attendance.mark(office.sessions[session], new, "核对")


def _score(office: Office, tenths: int) -> Callable[[Services], object]:
    """Let the teacher enter a score: the acting user of either workstation is the office's."""

    def enter(services: Services) -> None:
        services.profile.log_in("teacher", PASSWORD)
        score = {ComponentCode.THEORY: Score(ScoreState.SCORED, tenths)}
        services.assessments.enter(office.assessment_id, [NewScore(office.people[0], score)])

    return enter


def _only(services: Services) -> ConflictListItem:
    (item,) = services.history.list_conflicts()
    return item


@pytest.fixture
def phones(office: Office, tmp_path: Path) -> Office:
    """Return an office where one phone number differs on two workstations."""
    _diverge(office, tmp_path, _phone(office, MINE), _phone(office, THEIRS))
    return office


def test_the_office_sees_both_values_and_settles_with_one(phones: Office) -> None:
    """Then nothing is left to settle."""
    services = phones.as_role("office")
    item = _only(services)
    assert {value for value, _, _, _ in item.values} == {MINE, THEIRS}
    assert services.dashboard.today().conflicts == 1
    services.history.answer_conflict(item.id, THEIRS)
    assert newest(phones).command == "answer_conflict"
    assert services.history.list_conflicts() == []
    assert services.trainees.reveal(phones.people[0]).fields["phone"] == THEIRS
    assert refusal(services.history.answer_conflict, item.id, MINE) == "CONFLICT_UNKNOWN"


@pytest.mark.parametrize(
    ("value", "code"), [("123", "PHONE_INVALID"), (5, "CONFLICT_VALUE"), (["a", "b"], "CONFLICT_VALUE")]
)
def test_another_value_is_checked_as_if_it_were_typed(phones: Office, value: object, code: str) -> None:
    """A good one is taken, put right as the form would."""
    services = phones.as_role("office")
    item = _only(services)
    before = entries(phones)
    assert refusal(services.history.answer_conflict, item.id, value) == code
    assert entries(phones) == before
    services.history.answer_conflict(item.id, "139 0000 0003")
    assert services.trainees.reveal(phones.people[0]).fields["phone"] == "13900000003"


def test_personal_values_are_masked_for_those_who_only_look(phones: Office) -> None:
    """Head, administrator and auditor; teachers and advisers, who cannot settle it, do not see it."""
    for role in ("head", "admin", "auditor"):
        shown = {value for value, _, _, _ in _only(phones.as_role(role)).values}
        assert shown == {"139****0001", "139****0002"}
    for role in ("teacher", "adviser"):
        services = phones.as_role(role)
        assert services.history.list_conflicts() == []
        assert services.dashboard.today().conflicts == 0
    item = _only(phones.as_role("office"))
    assert refusal(phones.as_role("teacher").history.answer_conflict, item.id, MINE) == "NOT_PERMITTED"
    assert refusal(phones.as_role("adviser").history.answer_conflict, item.id, MINE) == "NOT_PERMITTED"


@pytest.mark.parametrize(("session", "sees"), [(0, {"teacher", "adviser"}), (1, {"adviser"})])
def test_marks_are_settled_by_those_who_may_make_them(
    office: Office, tmp_path: Path, session: int, sees: set[str]
) -> None:
    """The teacher in own sessions, the adviser in assigned classes; with one of the marks, nothing else."""
    _diverge(
        office, tmp_path, _mark(office, session, MarkStatus.LATE), _mark(office, session, MarkStatus.ABSENT)
    )
    item = _only(office.as_role("office"))
    assert item.entity == MARK.name
    for role in ("teacher", "adviser"):
        services = office.as_role(role)
        assert bool(services.history.list_conflicts()) is (role in sees)
        if role not in sees:
            assert refusal(services.history.answer_conflict, item.id, item.values[0][0]) == "NOT_YOUR_SESSION"
    services = office.as_role("adviser")
    assert refusal(services.history.answer_conflict, item.id, ["nowhere", 0, None]) == "CONFLICT_VALUE"
    cell = office.sessions[session], office.people[0]
    assert services.attendance.sheet(office.class_id).marks[cell].conflict
    services.history.answer_conflict(item.id, ["absent", 0, None])
    found = services.attendance.sheet(office.class_id).marks[cell]
    assert (found.mark.status, found.conflict) == (MarkStatus.ABSENT, False)
    before = values(office)
    services.attendance.mark(office.sessions[session], [NewMark(office.people[0], None)], "误登")
    services.history.undo()
    assert values(office) == before


def test_the_same_mark_on_two_workstations_is_no_conflict(office: Office, tmp_path: Path) -> None:
    """Both are right; neither the grid nor the list says otherwise."""
    _diverge(office, tmp_path, _mark(office, 1, MarkStatus.LATE), _mark(office, 1, MarkStatus.LATE))
    services = office.as_role("office")
    assert services.history.list_conflicts() == []
    cell = office.sessions[1], office.people[0]
    assert not services.attendance.sheet(office.class_id).marks[cell].conflict


def test_scores_that_differ_are_the_teachers_to_settle(office: Office, tmp_path: Path) -> None:
    """Not the office's; the sheet marks the component, and nothing is locked over it."""
    _diverge(office, tmp_path, _score(office, 700), _score(office, 710))
    services = office.as_role("teacher")
    item = _only(services)
    row = services.assessments.sheet(office.assessment_id).rows[0]
    assert row.conflicts == {ComponentCode.THEORY}
    assert refusal(services.assessments.lock, office.assessment_id) == "SCORES_IN_CONFLICT"
    assert (
        refusal(office.as_role("office").history.answer_conflict, item.id, ["scored", 700]) == "NOT_PERMITTED"
    )
    services = office.as_role("teacher")
    services.history.answer_conflict(item.id, ["scored", 700])
    assert services.assessments.sheet(office.assessment_id).rows[0].conflicts == frozenset()
    services.assessments.lock(office.assessment_id)


def test_locked_scores_are_not_changed_by_settling(office: Office, tmp_path: Path) -> None:
    """The other value came after the lock: first unlock, with a reason."""

    def enter_and_lock(services: Services) -> None:
        _score(office, 700)(services)
        services.assessments.lock(office.assessment_id)

    _diverge(office, tmp_path, enter_and_lock, _score(office, 710))
    item = _only(office.as_role("head"))
    teacher = office.as_role("teacher")
    assert teacher.history.list_conflicts() == []
    assert refusal(teacher.history.answer_conflict, item.id, ["scored", 700]) == "SCORES_LOCKED"
    office.as_role("admin").assessments.unlock(office.assessment_id, "两处不一致")
    office.as_role("teacher").history.answer_conflict(item.id, ["scored", 700])


def test_what_differs_is_not_undone_before_it_is_settled(phones: Office) -> None:
    """Taking one's own value back would settle it unseen."""
    assert refusal(phones.as_role("office").history.undo) == "UNDO_CHANGED_LATER"
    with pytest.raises(AppError):
        phones.as_role("office").history.undo()


def test_undo_after_redo_does_not_hide_what_a_colleague_edited_meanwhile(
    office: Office, tmp_path: Path
) -> None:
    """Created, taken back, edited by a colleague who did not know: brought back it stays, whatever is undone."""
    made = office.as_role("office").trainees.create(
        {"name": "肖兰芳", "document_number": "42062519970427945X"}
    )
    _diverge(
        office,
        tmp_path,
        lambda services: services.history.undo(),
        lambda services: services.trainees.edit(made, {"phone": THEIRS}),
    )
    services = office.as_role("office")
    assert made in {item.id for item in services.trainees.list_trainees()}
    services.history.redo()
    assert refusal(services.history.undo) == "UNDO_CHANGED_LATER"
    assert made in {item.id for item in services.trainees.list_trainees()}


def test_an_answer_reaches_everyone_and_all_agree(phones: Office, tmp_path: Path) -> None:
    services = phones.as_role("office")
    services.history.answer_conflict(_only(services).id, "13900000003")
    answered = services.history.state_hash()
    with services.context.read() as sql:
        journal = JournalStore(sql)
        sent = [unpack_entry(pack_entry(journal.entry(seq))) for seq in journal.sequence()]
    second = Profile(tmp_path / "second", cost=CHEAP, clock=TestClock())
    second.log_in("office", PASSWORD)
    other = build_services(second)
    other.context.workstation.receive(sent)
    assert other.history.list_conflicts() == []
    assert other.history.state_hash() == answered
    second.close()


def test_an_import_is_not_undone_whose_people_a_colleague_has_enrolled_meanwhile(
    office: Office, tmp_path: Path
) -> None:
    services = office.as_role("office")
    before = {item.id for item in services.trainees.list_trainees()}
    ATTEMPTS["import_roster"](services, office)
    came = {item.id for item in services.trainees.list_trainees()} - before
    assert came
    _diverge(
        office,
        tmp_path,
        lambda services: None,
        lambda services: services.trainees.enrol(office.other_class_id, sorted(came)[:1], "employee"),
    )
    services = office.as_role("office")
    assert refusal(services.history.undo) == "UNDO_CHANGED_LATER"
    assert came <= {item.id for item in services.trainees.list_trainees()}, "nothing of it was taken back"
