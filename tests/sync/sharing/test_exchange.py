"""One exchange: what goes out, what comes in, what it costs, and what is told apart."""

from __future__ import annotations

import threading

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from desktop_app.services import sharing
from desktop_app.services.erasures import put_erasure
from desktop_app.store import shelf_cargo
from desktop_app.store.sharing_keys import InstitutionKey
from sync.contract.sharing import key_id, read_page
from sync.sharing.files import read_file, write_file
from tests.factories.workstations import CLERK, session_fields, session_key
from tests.sync.sharing.desks import CLASS, assert_agree


class After:
    """Wants to stop after it was asked so often."""

    def __init__(self, times: int) -> None:
        self.left = times

    def is_cancelled(self) -> bool:
        self.left -= 1
        return self.left < 0


def bound_slices(monkeypatch, size):
    """Let slices have so many bytes, as on a slow machine."""
    first = dict.fromkeys(sharing._FIRST_SLICE, size)
    monkeypatch.setattr(sharing, "_FIRST_SLICE", first)
    monkeypatch.setattr(sharing, "_MOST_SLICE", size)


def test_both_sides_end_with_all_entries_and_the_same_state(two, shelf):
    left, right = two
    people = left.open_class()
    left.share(shelf)
    assert right.share(shelf).received == 3
    right.mark(people[0])
    left.mark(people[1], "absent")
    assert left.share(shelf).sent == 1
    outcome = right.share(shelf)
    assert (outcome.sent, outcome.received, outcome.waiting, outcome.conflicts) == (1, 1, 0, 0)
    assert left.share(shelf).received == 1
    assert_agree(left, right)


def test_nothing_to_do_is_one_request_of_less_than_a_kilobyte(two, shelf):
    left, right = two
    left.open_class()
    left.share(shelf)
    right.share(shelf)
    right.reopen()
    shelf.requests.clear()
    before = right.rows("SELECT * FROM shelf")
    right.share(shelf)
    assert len(shelf.requests) == 1
    assert len(shelf.requests[0]) < 1024
    assert right.rows("SELECT * FROM shelf") == before


def test_a_thousand_changed_rows_go_in_one_request_and_few_bytes(two, shelf):
    left, right = two
    people = left.open_class(50)
    left.share(shelf)
    right.share(shelf)
    shelf.requests.clear()
    for day in range(10, 30):
        session = session_key(CLASS, day)
        with left.workstation.unit_of_work("import_timetable", CLERK) as work:
            work.put(m.SESSION, session, session_fields(CLASS, day))
            work.put_many(m.MARK, [(session + key, {"status": "present", "lost_hours": 0}) for key in people])
    outcome = left.share(shelf)
    assert len(shelf.requests) == 1
    assert outcome.bytes_sent / 1000 <= 30
    assert right.share(shelf).received == 20
    assert len(shelf.requests) == 2
    assert_agree(left, right)


def test_marks_made_singly_take_little_on_the_wire(two, shelf):
    left, right = two
    people = left.open_class(50)
    left.share(shelf)
    for key in people:
        left.mark(key)
    assert left.share(shelf).bytes_sent / 50 <= 120
    right.share(shelf)
    assert_agree(left, right)


def test_what_is_sent_is_never_sent_again(two, shelf):
    left, right = two
    people = left.open_class()
    for desk in (left, right, left, right):
        desk.mark(people[0]) if desk is left else desk.share(shelf)
        desk.share(shelf)
    for desk in (left, right):
        desk.reopen()
        desk.share(shelf)
    entries = [read_page(body).head.entries for _, body in shelf.pages]
    assert sum(entries) == len(left.entries())
    assert shelf.arrivals == len(shelf.pages)


def test_entries_of_others_reach_a_shelf_that_their_workstation_never_sees(open_desk, shelf, tmp_path):
    left, middle, right = open_desk(0), open_desk(1), open_desk(2)
    people = left.open_class()
    left.share(left.by_folder(tmp_path))
    middle.share(middle.by_folder(tmp_path))
    middle.share(shelf)
    right.share(shelf)
    right.mark(people[0])
    right.share(shelf)
    middle.share(shelf)
    middle.share(middle.by_folder(tmp_path))
    left.share(left.by_folder(tmp_path))
    assert_agree(left, middle, right)


def test_a_folder_is_a_shelf_for_several_workstations(open_desk, tmp_path):
    desks = [open_desk(n) for n in range(3)]
    people = desks[0].open_class()
    for _ in range(2):
        for desk, person in zip(desks, people, strict=True):
            desk.share(desk.by_folder(tmp_path))
            if desk.fields(m.TRAINEE, person):
                desk.mark(person)
            desk.share(desk.by_folder(tmp_path))
    for desk in desks:
        desk.share(desk.by_folder(tmp_path))
        assert desk.share(desk.by_folder(tmp_path)).bytes_received == 0
    assert_agree(*desks)


def test_half_a_file_in_a_folder_is_named_and_taken_once_it_is_whole(two, tmp_path):
    left, right = two
    left.open_class()
    left.share(left.by_folder(tmp_path))
    (page,) = tmp_path.rglob("*.page")
    whole = page.read_bytes()
    page.write_bytes(whole[:-7])
    page.with_name(f".{page.name}.0a1b2c3d.part").write_bytes(b"half")
    assert right.share(right.by_folder(tmp_path)).problems == {"SHARE_PAGE_TRUNCATED": 1}
    page.write_bytes(whole)
    assert right.share(right.by_folder(tmp_path)).problems == {}
    assert_agree(left, right)


def test_a_folder_that_is_gone_is_named_by_its_last_part_alone(two, tmp_path):
    with pytest.raises(AppError) as refused:
        two[0].by_folder(tmp_path / "stick")
    assert (refused.value.code, refused.value.params) == ("SHELF_UNREACHABLE", {"detail": "stick"})


def test_by_file_there_and_back_only_what_the_other_lacks(two, tmp_path):
    left, right = two
    people = left.open_class()
    there, back = tmp_path / "there", tmp_path / "back"
    assert write_file(left.sharing, there)[0] == 4
    assert read_file(right.sharing, there).received == 3
    right.mark(people[0])
    assert write_file(right.sharing, back, left.workstation.device)[0] == 1
    assert read_file(left.sharing, back).received == 1
    assert read_file(left.sharing, back).received == 0
    left.mark(people[1])
    assert write_file(left.sharing, there, right.workstation.device)[0] == 1
    read_file(right.sharing, there)
    assert_agree(left, right)


def test_a_file_that_breaks_off_or_is_none_is_refused_whole(two, tmp_path):
    left, right = two
    left.open_class()
    file = tmp_path / "file"
    write_file(left.sharing, file)
    whole = file.read_bytes()
    before = right.state()
    for content, code in (
        (whole[:-1], "SHARE_PAGE_TRUNCATED"),
        (b"%PDF-1.7", "SHARE_PAGE_UNKNOWN"),
        (b"", "SHARE_PAGE_UNKNOWN"),
    ):
        file.write_bytes(content)
        with pytest.raises(AppError) as refused:
            read_file(right.sharing, file)
        assert refused.value.code == code
    assert right.state() == before


def test_pages_that_cannot_be_taken_are_told_apart_and_harmless(two, shelf):
    left, right = two
    left.open_class()
    left.share(shelf)
    ((name, whole),) = shelf.pages
    altered = bytearray(whole)
    altered[-100] ^= 1
    before = right.state()
    for body, code in (
        (whole[:-1], "SHARE_PAGE_TRUNCATED"),
        (bytes(altered), "SHARE_PAGE_ALTERED"),
        (whole + b"x", "SHARE_PAGE_ALTERED"),
        (b"<html>", "SHARE_PAGE_UNKNOWN"),
        (whole[:4] + b"\x09" + whole[5:], "SHARE_PAGE_NEWER"),
    ):
        shelf.pages[0] = (name, body)
        assert right.share(shelf).problems == {code: 1}
        assert right.state() == before
    shelf.pages[0] = (name, whole)
    assert right.share(shelf).problems == {}
    assert_agree(left, right)


def test_a_page_of_another_office_changes_nothing(two, shelf):
    left, right = two
    left.sharing.join_office(b"another office!!")
    left.open_class()
    left.share(shelf)
    assert right.share(shelf).problems == {"SHARE_PAGE_FOREIGN": 1}
    assert right.rows("SELECT count(*) FROM training_class") == [(0,)]


def test_a_page_waits_for_its_key_and_is_taken_when_that_has_come(two, shelf):
    left, right = two
    key = bytes(32)
    left.sharing.add_key(InstitutionKey(key_id(key), 2, key))
    left.open_class()
    left.share(shelf)
    assert right.share(shelf).problems == {"SHARE_KEY_MISSING": 1}
    right.sharing.add_key(InstitutionKey(key_id(key), 2, key))
    assert right.share(shelf).problems == {}
    assert_agree(left, right)


def test_one_exchange_at_a_time(two, shelf):
    left, _ = two
    codes: list[str] = []

    def second() -> None:
        with pytest.raises(AppError) as refused:
            left.share(shelf)
        codes.append(refused.value.code)

    def from_elsewhere() -> None:
        shelf.before = None
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    shelf.before = from_elsewhere
    left.share(shelf)
    assert codes == ["SHARING_BUSY"]


def test_stopping_keeps_what_was_applied_and_goes_on_from_there(two, shelf, monkeypatch):
    left, right = two
    people = left.open_class(40)
    for key in people:
        left.mark(key)
    left.share(shelf)
    bound_slices(monkeypatch, 300)
    right.reopen()
    told: list[tuple[int, int]] = []
    with pytest.raises(AppError) as stopped:
        right.engine.share(shelf, lambda done, total, _="": told.append((done, total)), After(12))
    assert stopped.value.code == "CANCELLED"
    assert 0 < told[-1][0] < told[-1][1] == 44
    assert right.share(shelf).received == 43 - (told[-1][0] - 1)
    assert_agree(left, right)


def test_a_command_gets_its_turn_between_two_slices(two, shelf, monkeypatch):
    left, right = two
    people = left.open_class(40)
    left.share(shelf)
    right.share(shelf)
    for key in people:
        left.mark(key)
    left.share(shelf)
    bound_slices(monkeypatch, 300)
    right.reopen()
    done: list[bytes | None] = []

    def work(so_far: int, total: int, _: str = "") -> None:
        if so_far < total and not done:
            thread = threading.Thread(
                target=lambda: done.append(right.write(m.TRAINEE, people[0], "edit_trainee", name="改名"))
            )
            thread.start()
            thread.join(10)

    right.engine.share(shelf, work)
    left.share(shelf)
    assert done
    assert left.fields(m.TRAINEE, people[0])["name"] == "改名"
    assert_agree(left, right)


def test_an_entry_larger_than_a_page_spans_several_and_is_applied_leaf_by_leaf(two, shelf, monkeypatch):
    left, right = two
    monkeypatch.setattr(shelf_cargo, "PAGE_BYTES", 1000)
    bound_slices(monkeypatch, 500)
    left.open_class(60)
    left.share(shelf)
    assert len(shelf.pages) > 4
    right.reopen()
    right.share(shelf)
    assert_agree(left, right)


def test_an_entry_half_here_is_not_sent_on_until_it_is_whole(open_desk, shelf, tmp_path, monkeypatch):
    left, middle, right = (open_desk(n) for n in range(3))
    monkeypatch.setattr(shelf_cargo, "PAGE_BYTES", 1000)
    left.open_class(60)
    left.share(shelf)
    kept = shelf.pages
    shelf.pages = kept[:2]
    middle.share(shelf)
    middle.share(middle.by_folder(tmp_path))
    right.share(right.by_folder(tmp_path))
    assert right.rows("SELECT count(*) FROM trainee") == [(0,)]
    shelf.pages = kept
    middle.share(shelf)
    middle.share(middle.by_folder(tmp_path))
    right.share(right.by_folder(tmp_path))
    assert_agree(left, middle, right)


def test_a_leaf_altered_behind_the_stores_back_is_not_passed_on(two, shelf):
    left, right = two
    left.open_class()
    sound = left.back_up()
    left.execute("UPDATE journal_leaf SET body = CAST(x'00' || zeroblob(40) AS BLOB) WHERE seq = 2")
    left.share(shelf)
    right.share(shelf)
    assert right.rows("SELECT count(*) FROM journal_entry WHERE state = 1") == [(1,)]
    left.restore(sound)
    shelf.empty()
    left.share(shelf)
    right.share(shelf)
    assert_agree(left, right)


def test_an_erasure_names_what_lost_its_bytes_after_it_before_it_is_shared(two, shelf, open_desk):
    """The decision itself is personal too: it is dropped as it is made, and nobody waits for it."""
    left, right = two
    person = left.open_class()[0]
    left.share(shelf)
    right.share(shelf)
    right.write(m.TRAINEE, person, "edit_trainee", phone="13900002222")
    with left.workstation.unit_of_work("confirm_deletion", CLERK) as work:
        work.put(m.DELETION_PROPOSAL, person, {"state": "confirmed"})
        put_erasure(work, person, None, left.clock.today(), "删除〔2030〕1号")
    for _ in range(3):
        left.share(shelf)
        right.share(shelf)
    third = open_desk(2)
    third.share(shelf)
    assert_agree(left, right, third)
    assert third.rows("SELECT count(*) FROM journal_entry WHERE state <> 0") == [(0,)]
    before = len(left.entries())
    left.share(shelf)
    assert len(left.entries()) == before
