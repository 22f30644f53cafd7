"""The accidents that cost users of other programs their data: each ends with equal states and nothing lost."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from desktop_app.services.sharing import SharingService
from desktop_app.store import shelf_cargo
from desktop_app.store.folding import RecordFolder
from desktop_app.store.waiting import STAMP_AHEAD, WaitingCount, count_pending
from sync.contract.sharing import read_page
from tests.factories.workstations import CLERK, session_fields, session_key
from tests.sync.sharing.desks import CLASS, SESSION, assert_agree


def unreachable():
    raise AppError("SHELF_UNREACHABLE", detail="relay")


def fails(desk, shelf):
    with pytest.raises(AppError) as failed:
        desk.share(shelf)
    assert failed.value.code == "SHELF_UNREACHABLE"


def status(desk, person):
    fields = desk.fields(m.MARK, SESSION + person)
    return None if fields is None else fields["status"]


@pytest.fixture
def working(two, shelf):
    """Two workstations that have shared a class; its people."""
    left, right = two
    people = left.open_class()
    left.share(shelf)
    right.share(shelf)
    return left, right, people


def test_time_out_after_the_shelf_had_committed(working, shelf):
    left, right, people = working
    left.mark(people[0])
    shelf.after = unreachable
    fails(left, shelf)
    pages = len(shelf.pages)
    shelf.after = None
    left.reopen()
    left.share(shelf)
    assert len(shelf.pages) == pages
    right.share(shelf)
    assert status(right, people[0]) == "present"
    assert_agree(left, right)


def test_the_same_page_twice_at_once(working, shelf):
    left, right, people = working
    left.mark(people[0])
    answer = shelf.exchange

    def twice(request, cancel):
        answer(request, cancel)
        return answer(request, cancel)

    shelf.exchange = twice
    left.share(shelf)
    right.share(shelf)
    assert sum(read_page(body).head.entries for _, body in shelf.pages) == len(left.entries())
    assert_agree(left, right)


def test_an_edit_during_the_exchange_goes_along(working, shelf):
    left, right, people = working
    left.mark(people[0])

    def edit():
        shelf.before = None
        left.mark(people[1], "late")

    shelf.before = edit
    assert left.share(shelf).sent == 2
    right.share(shelf)
    assert status(right, people[1]) == "late"
    assert_agree(left, right)


def test_pages_in_every_order(open_desk, shelf, monkeypatch):
    monkeypatch.setattr(shelf_cargo, "PAGE_ENTRIES", 2)
    left = open_desk(0)
    people = left.open_class()
    left.mark(people[0])
    left.mark(people[0], "absent")
    left.share(shelf)
    pages = list(shelf.pages)
    assert len(pages) == 3
    for order in permutations(pages):
        shelf.put_back(list(order))
        shelf.keeps_heads = False
        right = open_desk(1)
        right.share(shelf)
        assert right.sharing.troubled(shelf.shelf) == {}
        assert_agree(left, right)


def test_a_restored_workstation_gets_back_what_it_had_sent_and_keeps_what_is_new(working, shelf):
    left, right, people = working
    backup = left.back_up()
    left.mark(people[0])
    left.share(shelf)
    left.restore(backup)
    left.mark(people[1], "late")
    left.share(shelf)
    right.share(shelf)
    assert [status(right, person) for person in people[:2]] == ["present", "late"]
    assert sum(read_page(body).head.entries for _, body in shelf.pages) == len(left.entries())
    assert_agree(left, right)


def test_two_workstations_cloned_from_one_profile(working, open_desk, shelf):
    left, right, people = working
    clone = open_desk(0, left.back_up())
    left.mark(people[0])
    clone.mark(people[1], "late")
    clone.mark(people[2], "absent")
    for desk in (left, clone, left, right, clone):
        desk.share(shelf)
    assert [status(right, person) for person in people] == ["present", "late", "absent"]
    assert_agree(left, clone, right)


def test_clones_that_change_one_value_have_a_conflict_and_not_a_stamp_twice(working, open_desk, shelf):
    left, right, people = working
    clone = open_desk(0, left.back_up())
    left.mark(people[0])
    clone.mark(people[0], "absent")
    for desk in (left, clone, left):
        desk.share(shelf)
    assert right.share(shelf).conflicts == 1
    assert_agree(left, clone, right)


@pytest.mark.parametrize("keeps_heads", [True, False])
def test_an_emptied_shelf_gets_everything_again_once(working, shelf, keeps_heads):
    left, right, people = working
    shelf.keeps_heads = keeps_heads
    left.mark(people[0])
    shelf.empty()
    right.share(shelf)
    left.share(shelf)
    right.share(shelf)
    assert status(right, people[0]) == "present"
    assert sum(read_page(body).head.entries for _, body in shelf.pages) == len(left.entries())
    assert_agree(left, right)


@pytest.mark.parametrize("keeps_heads", [True, False])
def test_a_shelf_put_back_gets_what_it_lost(working, open_desk, shelf, keeps_heads):
    left, right, people = working
    shelf.keeps_heads = keeps_heads
    backup = list(shelf.pages)
    left.mark(people[0])
    left.share(shelf)
    right.share(shelf)
    right.mark(people[1], "late")
    shelf.put_back(backup)
    right.share(shelf)
    left.share(shelf)
    third = open_desk(2)
    third.share(shelf)
    assert sum(read_page(body).head.entries for _, body in shelf.pages) == len(left.entries())
    assert_agree(left, right, third)


def test_who_dies_at_the_end_of_a_page_has_no_entry_without_its_signature_though_the_shelf_is_emptied(
    working, shelf, monkeypatch
):
    left, right, people = working
    left.mark(people[0])
    left.share(shelf)
    with monkeypatch.context() as death:
        death.setattr(SharingService, "_finish", lambda *_: unreachable())
        fails(right, shelf)
    assert right.verify().ok
    shelf.empty()
    left.share(shelf)
    right.reopen()
    right.share(shelf)
    assert_agree(left, right)


def test_a_folder_that_was_emptied_or_put_back_is_noticed(working, tmp_path):
    left, right, people = working
    left.share(left.by_folder(tmp_path))
    right.share(right.by_folder(tmp_path))
    left.mark(people[0])
    left.share(left.by_folder(tmp_path))
    for page in sorted(tmp_path.rglob("*.page"))[1:]:
        page.unlink()
    left.share(left.by_folder(tmp_path))
    right.share(right.by_folder(tmp_path))
    assert_agree(left, right)


def test_a_hundred_aborted_exchanges_leave_the_store_as_it_was(working, shelf):
    left, right, people = working
    for person in people:
        left.mark(person)
    shelf.before = unreachable
    fails(left, shelf)
    fails(right, shelf)
    before = [desk.rows("PRAGMA page_count") for desk in (left, right)]
    rows = left.rows("SELECT * FROM outgoing_page")
    for _ in range(50):
        fails(left, shelf)
        fails(right, shelf)
    assert [desk.rows("PRAGMA page_count") for desk in (left, right)] == before
    assert left.rows("SELECT * FROM outgoing_page") == rows
    shelf.before = None
    left.share(shelf)
    right.share(shelf)
    assert_agree(left, right)


def test_one_poisoned_change_among_a_thousand_waits_alone(two, shelf, monkeypatch):
    left, right = two
    people = left.open_class(50)
    days = [session_key(CLASS, day) for day in range(10, 30)]
    for day, session in enumerate(days, 10):
        with left.workstation.unit_of_work("import_timetable", CLERK) as work:
            work.put(m.SESSION, session, session_fields(CLASS, day))
            work.put_many(m.MARK, [(session + key, {"status": "present", "lost_hours": 0}) for key in people])
    left.share(shelf)
    poisoned = days[7] + people[3]
    fold = RecordFolder.fold

    def stumble(self, seq, changes, touched):
        changes = list(changes)
        if any(change.key == poisoned for change in changes):
            raise ValueError
        return fold(self, seq, changes, touched)

    with monkeypatch.context() as bug:
        bug.setattr(RecordFolder, "fold", stumble)
        right.share(shelf)
        assert right.rows("SELECT count(*) FROM mark") == [(999,)]
        assert right.rows("SELECT key, reason FROM parked_change") == [(poisoned, "INAPPLICABLE")]
    left.mark(people[0])
    left.share(shelf)
    right.share(shelf)
    assert right.rows("SELECT count(*) FROM mark") == [(1001,)]
    assert_agree(left, right)


def test_a_clock_of_2099_passed_on_by_stick_holds_up_nobody_else(open_desk, tmp_path):
    left, middle, right = (open_desk(n) for n in range(3))
    people = left.open_class()
    for desk in (left, middle, right):
        desk.share(desk.by_folder(tmp_path))
    left.clock.moment = datetime(2099, 1, 1, tzinfo=UTC)
    left.reopen()
    left.mark(people[0])
    left.share(left.by_folder(tmp_path))
    outcome = middle.share(middle.by_folder(tmp_path))
    assert (outcome.waiting, status(middle, people[0])) == (1, None)
    with middle.workstation.read() as sql:
        assert count_pending(sql).waiting == (WaitingCount(STAMP_AHEAD, left.workstation.device, 1),)
    middle.mark(people[1])
    assert middle.workstation.stamps.tick().ms < datetime(2021, 1, 1, tzinfo=UTC).timestamp() * 1000
    middle.share(middle.by_folder(tmp_path))
    right.share(right.by_folder(tmp_path))
    assert status(right, people[1]) == "present"
    for desk in (middle, right):
        desk.clock.moment = left.clock.moment
    left.share(left.by_folder(tmp_path))
    for desk in (left, middle, right):
        desk.share(desk.by_folder(tmp_path))
    assert_agree(left, middle, right)


@pytest.mark.parametrize(("left_days", "right_days"), [(1, -1), (-1, 1)])
def test_clocks_a_day_off_that_go_backwards_make_no_conflict_between_who_had_seen(
    working, shelf, left_days, right_days
):
    left, right, people = working
    left.clock.forward(days=left_days)
    right.clock.forward(days=right_days)
    for turn, desk in enumerate((left, right) * 2):
        desk.clock.forward(hours=-3)
        assert desk.share(shelf).conflicts == 0
        desk.mark(people[0], ("late", "absent")[turn % 2])
        desk.clock.forward(hours=-3)
        desk.mark(people[1], ("absent", "late")[turn % 2])
        desk.share(shelf)
    assert (left.share(shelf).conflicts, right.share(shelf).conflicts) == (0, 0)
    assert [status(left, person) for person in people[:2]] == ["absent", "late"]
    assert_agree(left, right)


def test_a_class_code_given_twice_meets_and_both_classes_stay(working, shelf):
    left, right, _ = working
    for desk, key in ((left, b"class of left..."), (right, b"class of right..")):
        desk.write(m.TRAINING_CLASS, key, "create_class", code="焊工02")
    for desk in (left, right, left):
        desk.share(shelf)
    for desk in (left, right):
        assert desk.rows("SELECT count(*) FROM training_class WHERE code = '焊工02'") == [(2,)]
    assert_agree(left, right)


def test_a_person_enrolled_anew_on_one_side_and_elsewhere_left(working, shelf):
    left, right, people = working
    key = CLASS + people[0]
    left.write(m.ENROLMENT, key, "enrol_trainee", periods=[["2020-11-02", None]])
    left.share(shelf)
    right.share(shelf)
    left.write(m.ENROLMENT, key, "withdraw_trainee", periods=[["2020-11-02", "2020-11-05"]])
    right.write(
        m.ENROLMENT, key, "return_trainee", periods=[["2020-11-02", "2020-11-05"], ["2020-11-09", None]]
    )
    for desk in (left, right, left):
        outcome = desk.share(shelf)
    assert outcome.conflicts == 1
    assert_agree(left, right)


def test_a_deletion_against_an_edit_keeps_the_record_on_both_sides(working, shelf):
    left, right, people = working
    with left.workstation.unit_of_work("undo", CLERK) as work:
        work.delete(m.TRAINEE, people[0])
    right.write(m.TRAINEE, people[0], "edit_trainee", name="学员零")
    for desk in (left, right, left):
        desk.share(shelf)
    for desk in (left, right):
        assert desk.fields(m.TRAINEE, people[0])["name"] == "学员零"
    assert_agree(left, right)


def test_of_a_revoked_workstation_that_is_taken_which_others_had_accepted(open_desk, shelf):
    lost, middle, right = (open_desk(n) for n in range(3))
    people = lost.open_class()
    for desk in (lost, middle, right):
        desk.share(shelf)
    lost.mark(people[0])
    lost.share(shelf)
    middle.share(shelf)
    middle.mark(people[1])
    right.write(m.DEVICE, lost.workstation.device, "revoke_device", revoked=1)
    lost.mark(people[2])
    lost.share(shelf)
    middle.share(shelf)
    outcome = right.share(shelf)
    assert [status(right, person) for person in people] == ["present", "present", None]
    assert outcome.problems["SHARE_DEVICE_REVOKED"] > 0
    assert outcome.waiting == 0
