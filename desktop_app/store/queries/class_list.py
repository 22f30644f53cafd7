"""The list of classes, window by window, and the search over it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from desktop_app.domain.classes import STATES as CLASS_STATES
from desktop_app.domain.listings.training import ClassFacts, ClassListItem, ClassPhase, ClassQuery, ClassSort
from desktop_app.store.queries.classes import class_items

_FROM = """
FROM training_class c LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0
LEFT JOIN class_tally t ON t.class_id = c.id
"""
# Sessions to come are counted only where an order or a filter asks for those past.
_TO_COME = """
LEFT JOIN (SELECT class_id, count(*) AS sessions FROM session_tally WHERE counts AND held_on > ? GROUP BY +class_id) f
ON f.class_id = c.id
"""
_PAST = "(coalesce(t.sessions, 0) - coalesce(f.sessions, 0))"
_MARKED = "coalesce(t.complete, 0)"
_ADVISERS = """
(SELECT group_concat(coalesce(u.display, u.login), '、') FROM json_each(c.advisers) a
 JOIN user u ON u.id = unhex(json_extract(a.value, '$[0]')) WHERE json_extract(a.value, '$[2]') IS NULL)
"""
_ORGANISATION = "coalesce(c.organisation, p.organisation)"
_STATE = "coalesce(c.state, 'running')"
_IN_ORDER = " ".join(f"WHEN '{state}' THEN {place}" for place, state in enumerate(CLASS_STATES))
_SORTS = {
    ClassSort.CODE: ("c.code",),
    ClassSort.PROJECT: ("p.name",),
    ClassSort.TRADE: ("p.trade", "p.level"),
    ClassSort.SPAN: ("c.start_on",),
    ClassSort.PEOPLE: ("coalesce(t.people, 0)",),
    ClassSort.SESSIONS: (_PAST,),
    ClassSort.MARKED: (_MARKED,),
    ClassSort.STATE: (f"CASE {_STATE} {_IN_ORDER} END",),
    ClassSort.ADVISER: (_ADVISERS,),
    ClassSort.PLACE: ("c.place",),
    ClassSort.ORGANISATION: (_ORGANISATION,),
}
_BY_PAST = frozenset({ClassSort.SESSIONS})
_SEARCHED = ("c.code", "p.name", "p.trade", _ORGANISATION, _ADVISERS)


def class_page(
    sql: Connection,
    today: date,
    query: ClassQuery,
    only: Collection[bytes] | None,
    offset: int = 0,
    limit: int | None = None,
) -> list[ClassListItem]:
    """Return a window of the classes that a query shows; ``only`` limits them to some ids."""
    selection = _select(query, today, only)
    statement = f"SELECT c.id {selection.text} ORDER BY {_order(query)} LIMIT ? OFFSET ?"
    window = (-1 if limit is None else limit, offset)
    ids = [row[0] for row in sql.exec_driver_sql(statement, (*selection.values, *window))]
    found = {item.id: item for item in class_items(sql, today, only=ids)}
    return [found[key] for key in ids]


def class_count(sql: Connection, today: date, query: ClassQuery, only: Collection[bytes] | None) -> int:
    """Return how many classes a query shows."""
    selection = _select(query, today, only)
    return int(sql.exec_driver_sql(f"SELECT count(*) {selection.text}", tuple(selection.values)).scalar_one())


def class_place(
    sql: Connection, today: date, query: ClassQuery, only: Collection[bytes] | None, class_id: bytes
) -> int | None:
    """Return at which place, from 0, a query shows a class; None where it does not."""
    selection = _select(query, today, only)
    numbered = f"SELECT c.id, row_number() OVER (ORDER BY {_order(query)}) - 1 AS place {selection.text}"
    row = sql.exec_driver_sql(
        f"SELECT place FROM ({numbered}) WHERE id = ?", (*selection.values, class_id)
    ).first()
    return None if row is None else int(row[0])


def class_facts(sql: Connection, today: date, only: Collection[bytes] | None) -> ClassFacts:
    """Return what the head of the list says of all classes that a user may see."""
    selection = _select(ClassQuery(sort=ClassSort.SESSIONS), today, only)
    row = sql.exec_driver_sql(
        f"SELECT count(*), coalesce(sum(t.people), 0), coalesce(sum(max(0, {_PAST} - {_MARKED})), 0) {selection.text}",
        tuple(selection.values),
    ).one()
    return ClassFacts(*(int(value) for value in row))


@dataclass(slots=True)
class _Selection:
    """FROM and WHERE of a statement over ``training_class c`` with its values."""

    source: str = _FROM
    conditions: list[str] = field(default_factory=lambda: ["c.gone = 0"])
    values: list[object] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return it as SQL."""
        return f"{self.source} WHERE {' AND '.join(self.conditions)}"

    def add(self, condition: str, *values: object) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values += values


def _select(query: ClassQuery, today: date, only: Collection[bytes] | None) -> _Selection:
    selection, day = _Selection(), today.isoformat()
    if query.phase is ClassPhase.TO_MARK or query.sort in _BY_PAST:
        selection.source += _TO_COME
        selection.values.append(day)
    if query.phase is ClassPhase.RUNNING:
        selection.add("(c.end_on IS NULL OR c.end_on >= ?)", day)
    elif query.phase is ClassPhase.ENDED:
        selection.add("c.end_on < ?", day)
    elif query.phase is ClassPhase.TO_MARK:
        selection.add(f"{_MARKED} < {_PAST}")
    if query.state is not None:
        selection.add(f"{_STATE} = ?", query.state)
    if query.text:
        part = query.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        some = " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in _SEARCHED)
        selection.add(f"({some})", *([f"%{part}%"] * len(_SEARCHED)))
    if only is not None:
        selection.add(f"c.id IN ({', '.join('?' * len(only))})", *sorted(only))
    return selection


def _order(query: ClassQuery) -> str:
    """Return the order; equal ones by code, whoever lacks what is sorted by comes last either way."""
    direction = "DESC" if query.descending else "ASC"
    columns = [f"{column} {direction} NULLS LAST" for column in _SORTS[query.sort]]
    if query.sort is ClassSort.CODE:
        return f"c.code {direction}, c.id {direction}"
    return ", ".join([*columns, "c.code", "c.id"])
