"""Sample rows, columns and pages for tests of the window."""

from __future__ import annotations

from dataclasses import dataclass

from ui.widgets.cell_states import CellState, Tone
from ui.widgets.list_model import Column, ListTableModel


@dataclass(frozen=True)
class Person:
    """A synthetic row."""

    key: int
    name: str
    rate: float | None
    phone: str = "138****0000"


PEOPLE = (
    Person(1, "王建国", 100.0),
    Person(2, "李春梅", 93.3),
    Person(3, "卢军", 77.8),
    Person(4, "卢军", None),
)


def people_model():
    """A model of Person with a sort key, a tone, a state and a column that is off at first."""
    return ListTableModel(
        [
            Column("name", "sample.name", lambda person: person.name, 100, stretch=True),
            Column(
                "rate",
                "sample.rate",
                lambda person: "" if person.rate is None else f"{person.rate:.1f}%",
                80,
                "right",
                sort=lambda person: person.rate,
                tone=lambda person: Tone.WRONG if (person.rate or 0) < 80 else Tone.PLAIN,
                state=lambda person: CellState.NOTED if person.rate is None else CellState.SAVED,
                tooltip=lambda person: "还没有考勤" if person.rate is None else "",
            ),
            Column("phone", "sample.phone", lambda person: person.phone, 120, hidden=True),
        ],
        lambda person: person.key,
    )
