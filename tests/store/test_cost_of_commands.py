"""What a command or the first screen reads does not grow with the store: nothing walks a table that gets longer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.users import Role
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services
from tests.factories.offices import Office, OfficeTemplate

GROWING = (
    "accepted_record batch batch_page certificate enrolment journal_entry journal_leaf mark platform_page score"
    " session signature trainee undo_step"
)
_NAMED = re.compile(rf"\b(?:FROM|JOIN)\s+\"?({'|'.join(GROWING.split())})\"?(?:\s+(?:AS\s+)?([a-z]\w*))?\b")


@pytest.fixture
def office(tmp_path) -> Iterator[Office]:
    template = OfficeTemplate(tmp_path / "template")
    copy = template.copy(tmp_path / "office")
    yield copy
    copy.profile.close()


@contextmanager
def statements(services: Services) -> Iterator[list[str]]:
    """Note every statement of the writing connection, values filled in."""
    with services.context.workstation.database.writer() as connection:
        raw = connection.connection.driver_connection
    with traced(raw) as noted:
        yield noted


@contextmanager
def traced(*connections: Any) -> Iterator[list[str]]:
    noted: list[str] = []
    for one in connections:
        one.set_trace_callback(noted.append)
    try:
        yield noted
    finally:
        for one in connections:
            one.set_trace_callback(None)


def walks(services: Services, noted: list[str]) -> dict[str, list[str]]:
    """Return what each statement's plan says of tables that it would walk from end to end."""
    found = {}
    with services.context.workstation.database.writer() as connection:
        for statement in dict.fromkeys(noted):
            if statement.split()[0] in {"SELECT", "UPDATE", "DELETE", "INSERT"}:
                plan = connection.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}")
                # A plan names a table as the statement does.
                names = {alias or table for table, alias in _NAMED.findall(statement)}
                steps = [row[3] for row in plan if row[3].startswith("SCAN ") and row[3].split()[1] in names]
                if steps:
                    found[statement] = steps
    return found


def mark_one(office: Office, services: Services) -> None:
    services.attendance.mark(office.sessions[0], [NewMark(office.people[2], Mark(MarkStatus.LATE, 1))])


def mark_class(office: Office, services: Services) -> None:
    services.attendance.mark_class(office.sessions[1])


def create_trainee(_office: Office, services: Services) -> None:
    services.trainees.create(
        {"name": "王小明", "document_number": "420106198811072613", "phone": "13800002222"}
    )


def edit_trainee(office: Office, services: Services) -> None:
    services.trainees.edit(office.people[0], {"phone": "13900003333"})


def undo(office: Office, services: Services) -> None:
    mark_one(office, services)
    services.history.undo()


@pytest.mark.parametrize("act", [mark_one, mark_class, create_trainee, edit_trainee, undo])
def test_a_command_walks_no_table_that_grows(office, act: Callable[[Office, Services], None]):
    services = office.as_role(Role.OFFICE)
    with statements(services) as noted:
        act(office, services)
    assert any("journal_entry" in one for one in noted)
    assert walks(services, noted) == {}


def test_the_first_screen_walks_no_table_that_grows(office):
    services = office.as_role(Role.OFFICE)
    database = services.context.workstation.database
    with database.reader() as first, database.reader() as second:
        readers = [one.connection.driver_connection for one in (first, second)]
    with traced(*readers) as noted:
        services.dashboard.today()
        services.assessments.list_unlocked()
        services.claims.waiting()
    assert any("issued_on BETWEEN" in one for one in noted)
    assert walks(services, noted) == {}


def test_a_form_writes_the_columns_of_the_list_that_change_and_no_index_of_others(office):
    services = office.as_role(Role.OFFICE)
    with statements(services) as noted:
        edit_trainee(office, services)
    written = [one for one in noted if re.match(r"(INSERT INTO|UPDATE|DELETE FROM) trainee_list\b", one)]
    assert [one.split(" WHERE ")[0] for one in written] == ["UPDATE trainee_list SET phone = '13900003333'"]
