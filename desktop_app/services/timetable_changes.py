"""The lines of 课表变更单: stored values of sessions in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import resources
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.listings.training import SessionChange
from desktop_app.domain.papers import ChangeLine
from desktop_app.store.database import Connection
from desktop_app.store.queries import record_history

_PEOPLE = frozenset({"teachers", "substituted"})


@dataclass(frozen=True, slots=True)
class _Names:
    """Names by key: teachers, 教学点, and the numbers of the class's sessions."""

    teachers: Mapping[bytes, str]
    sites: Mapping[bytes, str]
    sessions: Mapping[bytes, str]


def change_lines(sql: Connection, class_id: bytes) -> tuple[ChangeLine, ...]:
    """Return what was changed in a class's timetable in words, the earliest first."""
    numbers = sql.exec_driver_sql("SELECT id, number FROM session WHERE class_id = ?", (class_id,))
    names = _Names(
        {row[0]: row[1] or "" for row in sql.exec_driver_sql("SELECT id, name FROM teacher")},
        {row[0]: row[1] or "" for row in sql.exec_driver_sql("SELECT id, name FROM site")},
        {row[0]: str(row[1] or "") for row in numbers},
    )
    return tuple(_line(names, one) for one in record_history.session_changes(sql, class_id))


def _line(names: _Names, change: SessionChange) -> ChangeLine:
    # A session that did not exist before is planned, of course: its first state is no change.
    told = [one for one in change.changes if one[0] != "state" or one[1] is not None]
    before = (_words(names, name, value) for name, value, _after in told)
    after = (_words(names, name, value) for name, _before, value in told)
    return ChangeLine(
        session=change.number,
        change=resources.text(f"command.{change.source.command}"),
        before="；".join(text for text in before if text),
        after="；".join(text for text in after if text),
        reason=change.source.reason or "",
        changed_by=change.source.user,
        changed_at=f"{change.source.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
    )


def _words(names: _Names, name: str, value: object) -> str:
    """Return one value under its field's name, "" where there is none."""
    if value in (None, "", []):
        return ""
    return resources.text(f"papers.change.{name}", value=_value(names, name, value))


def _value(names: _Names, name: str, value: object) -> str:
    if name in {"mode", "state"}:
        return resources.text(f"mode.{value}" if name == "mode" else f"state.session.{value}")
    if name == "site_id":
        return names.sites.get(_key(value), "")
    if name == "makes_up":
        return names.sessions.get(_key(value), "")
    if isinstance(value, list):
        if name == "makes_up_for":
            return str(len(value))
        return "、".join(names.teachers.get(_key(one), "") if name in _PEOPLE else str(one) for one in value)
    return str(value)


def _key(value: object) -> bytes:
    """Return a key as stored: bytes, or hex within a list."""
    return value if isinstance(value, bytes) else bytes.fromhex(str(value))
