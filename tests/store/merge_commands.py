"""What the users of the merge scenarios write, and the office that each of them sits in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from desktop_app.domain import records as m
from desktop_app.domain.entries import SealedEntry
from desktop_app.store.journal import JournalStore
from desktop_app.store.unit_of_work import UnitOfWork
from tests.factories.workstations import CLERK, Machine
from tests.store.merge_oracle import Record, Slot, ToldEntry

EDITED = (m.TRAINEE, m.TRAINING_CLASS, m.SESSION, m.ENROLMENT)


@dataclass
class Office:
    """One machine and what the oracle knows of it."""

    machine: Machine
    skew: timedelta
    view: int = 0
    waiting: int = 0
    own: list[ToldEntry] = field(default_factory=list)
    backups: list[tuple[Path, int, int]] = field(default_factory=list)
    before: tuple[ToldEntry, str] | None = None


class RunningCommand:
    """A unit of work that remembers what the oracle expects of it."""

    def __init__(self, office: Office, code: str, expected: dict[Slot, object], before: str) -> None:
        self.code, self.expected, self.before = code, expected, before
        self.work: UnitOfWork | None = None
        self._context = office.machine.workstation.unit_of_work(code, CLERK)

    def __enter__(self) -> UnitOfWork:
        self.work = self._context.__enter__()
        return self.work

    def __exit__(self, *error: object) -> bool | None:
        return self._context.__exit__(*error)  # type: ignore[arg-type]


def edit_of(keys: list[bytes], entity: m.Entity, c: int, d: int) -> tuple[m.Entity, bytes, dict[str, object]]:
    """An edit of one or two groups of a record, chosen by two small numbers."""
    key = keys[c % len(keys)]
    choices: dict[str, list[dict[str, object]]] = {
        "trainee": [
            {"name": f"姓名{d}"},
            {"document": ["id_card", f"42{d}"], "phone": None},
            {"phone": f"1{d}"},
        ],
        "training_class": [{"code": f"2020-{d}"}, {"dates": ["2020-11-09", f"2020-12-{d + 1:02}"]}],
        "session": [
            {"place": ["2020-11-10", "08:30", "11:30", d, "offline", "二楼", ["aa", "bb"]]},
            {"content": f"内容{d}"},
        ],
        "enrolment": [{"periods": [["2020-11-09", f"2020-11-{d + 10}"]]}, {"state": None, "number": d}],
    }
    return entity, key, choices[entity.name][d % len(choices[entity.name])]


def session_of(class_id: bytes, day: int, number: int = 1) -> dict[str, object]:
    return {"origin": [class_id, f"2020-11-{day:02}", "08:30"], "number": number}


def as_fields(entity: m.Entity, values: Mapping[str, object]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in values.items():
        columns = entity.by_name[name].fields
        if len(columns) == 1:
            fields[columns[0]] = value
        else:
            fields.update(
                zip(columns, value if isinstance(value, list) else [None] * len(columns), strict=True)
            )
    return fields


def parents_of(entity: m.Entity, key: bytes, values: Mapping[str, object]) -> list[Record]:
    match entity.name:
        case "enrolment":
            return [("training_class", key[:16]), ("trainee", key[16:])]
        case "mark":
            return [("session", key[:16]), ("trainee", key[16:])]
        case "score":
            return [("assessment", key[:16]), ("trainee", key[16:])]
        case "session" | "assessment":
            origin = values.get("origin")
            return [("training_class", origin[0])] if isinstance(origin, list) else []
    return []


def stored_entry(office: Office, name: bytes) -> SealedEntry:
    """An entry as an office has stored it."""
    with office.machine.workstation.read() as sql:
        journal = JournalStore(sql)
        seq = journal.seq_of_id(name)
        assert seq is not None
        return journal.entry(seq)
