"""The journal window by window: by number, by who acted, by what was done."""

from __future__ import annotations

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.services.attendance import NewMark
from desktop_app.services.history import HistoryService
from tests.factories.offices import Office
from tests.services.store_facts import refusal


def _journal(office: Office) -> HistoryService:
    """Let office and teacher act, and return what the auditor reads."""
    for role, session in (("office", 1), ("teacher", 0)):
        services = office.as_role(role)
        new = [NewMark(office.people[0], Mark(MarkStatus.LATE))]
        services.attendance.mark(office.sessions[session], new, "核对签到表")
    return office.as_role("auditor").history


def test_every_number_gives_its_command_in_the_order_asked(office: Office) -> None:
    """Newest first, oldest first, and in any other order."""
    history = _journal(office)
    whole = history.list_journal(10_000)
    numbers = history.journal_numbers()
    assert [item.seq for item in whole] == list(numbers)
    assert numbers[-1] == 1
    assert history.journal_entries(numbers[:7]) == whole[:7]
    assert history.journal_entries(numbers[::-1][:7]) == whole[::-1][:7]
    assert history.journal_entries([3, 10**9, 1]) == [whole[-3], whole[-1]]
    assert history.journal_entries([]) == []


def test_who_and_what_are_found_in_the_headers(office: Office) -> None:
    """Exactly those that the list shows of them; the workstation itself is nobody."""
    history = _journal(office)
    whole = history.list_journal(10_000)
    people = history.journal_users()
    assert len({name for _, name in people}) == len(people) > 3
    for key, name in (*people, (b"", "")):
        assert list(history.journal_numbers(key)) == [item.seq for item in whole if item.user == name]
    for code in {item.command for item in whole}:
        assert list(history.journal_numbers(None, code)) == [
            item.seq for item in whole if item.command == code
        ]
    marks = [item for item in whole if item.command == "mark_one"]
    assert len({item.user for item in marks}) == 2
    teacher = next(key for key, name in people if name == marks[0].user)
    assert list(history.journal_numbers(teacher, "mark_one")) == [marks[0].seq]
    assert list(history.journal_numbers(teacher, "mark_on")) == []


def test_the_journal_is_closed_to_the_office(office: Office) -> None:
    """As a list, by numbers, and who acted."""
    history = office.as_role("office").history
    for read in (history.journal_numbers, lambda: history.journal_entries([1]), history.journal_users):
        assert refusal(read) == "NOT_PERMITTED"
