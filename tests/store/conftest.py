"""Machines with real stores for every test of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from desktop_app.domain import records as m
from tests.factories.workstations import CLERK, Machine, session_fields, session_key

CLASS, TRAINEE = b"class 000000001.", b"trainee 0000001."
SESSION = session_key(CLASS)


@pytest.fixture
def machine_of(tmp_path) -> Iterator[Callable[[int], Machine]]:
    made: dict[int, Machine] = {}

    def of(number: int) -> Machine:
        if number not in made:
            made[number] = Machine(tmp_path, number)
        return made[number]

    yield of
    for machine in made.values():
        machine.close()


@pytest.fixture
def machine(machine_of) -> Machine:
    return machine_of(0)


@pytest.fixture
def pair(machine_of) -> tuple[Machine, Machine]:
    """Two machines that share a class with one trainee and one session."""
    left, right = machine_of(0), machine_of(1)
    with left.workstation.unit_of_work("import_roster", CLERK) as work:
        work.put(m.TRAINING_CLASS, CLASS, {"code": "2020-01"})
        work.put(m.SESSION, SESSION, session_fields(CLASS, number=1))
        work.put(m.TRAINEE, TRAINEE, {"name": "王小明", "sex": "male"})
        work.put(m.ENROLMENT, CLASS + TRAINEE, {"number": 1})
    left.send(right)
    return left, right
