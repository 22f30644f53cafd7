"""The list of trainees, window by window, and the search over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain import masking
from desktop_app.domain.listings.people import TraineeFacts, TraineeListItem, TraineeQuery, TraineeSort
from desktop_app.domain.names import check_name
from desktop_app.store import aliases
from desktop_app.store.aliases import PERSON
from desktop_app.store.database import driver_of
from desktop_app.store.queries.columns import day
from desktop_app.store.search_terms import NAMESAKES, expression, searched_number

DENSE = 20_000
_COLUMNS = """
l.trainee_id, l.name, l.document_type, l.document, l.sex, l.birth, l.ethnicity, l.education, l.studying, l.phone,
l.classes, l.category, l.key_group
"""
_LIST = "trainee_list l"
_INDEX = "trainee_term"
_MATCH = "trainee_term MATCH ?"
_FOUND = "trainee_term CROSS JOIN trainee_list l ON l.number = trainee_term.rowid"
_OF_CODE = (
    f"{PERSON.format(id='e.trainee_id')} AS trainee_id FROM training_class c JOIN enrolment e ON e.class_id = c.id"
    " WHERE c.gone = 0 AND e.gone = 0 AND c.code = ?"
)
_OF_CLASSES = (
    f"{PERSON.format(id='e.trainee_id')} AS trainee_id FROM enrolment e WHERE e.gone = 0 AND e.class_id IN"
)
_SORTS = {
    TraineeSort.SEX: "l.sex",
    TraineeSort.AGE: "l.birth",
    TraineeSort.DOCUMENT: "l.document",
    TraineeSort.PHONE: "l.phone",
    TraineeSort.CATEGORY: "l.category",
    TraineeSort.GROUP: "l.key_group",
    TraineeSort.CLASSES: "l.classes",
    TraineeSort.EDUCATION: "l.education",
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What the asking user may see: people of some classes (None: all), and numbers by their parts or whole only."""

    class_ids: frozenset[bytes] | None = None
    by_parts: bool = True


def trainee_page(
    sql: Connection, query: TraineeQuery, sight: Sight, offset: int = 0, limit: int | None = None
) -> list[TraineeListItem]:
    """Return a window of the trainees that a query shows."""
    walked = limit is not None and query.sort is TraineeSort.NAME
    selection = _select(sql, query, sight, walked=walked)
    order = _order(query)
    if limit is not None and walked and selection.is_search:
        _stop_walking(sql, selection, offset + limit, falling=query.descending)
    if limit is None:
        statement = f"SELECT {_COLUMNS} {selection.text} ORDER BY {order} LIMIT ? OFFSET ?"
    else:
        statement = (
            f"SELECT {_COLUMNS} FROM (SELECT l.name, l.trainee_id {selection.text} ORDER BY {order} LIMIT ? OFFSET ?) w"
            f" CROSS JOIN trainee_list l ON l.name = w.name AND l.trainee_id = w.trainee_id ORDER BY {order}"
        )
    window = (-1 if limit is None else limit, offset)
    return [_item(row) for row in driver_of(sql).execute(statement, (*selection.values, *window))]


def trainee_count(sql: Connection, query: TraineeQuery, sight: Sight) -> int:
    """Return how many trainees a query shows."""
    selection = _select(sql, query, sight, walked=True)
    if selection.is_search:
        selection.source = _INDEX
    return int(sql.exec_driver_sql(f"SELECT count(*) {selection.text}", tuple(selection.values)).scalar_one())


def _stop_walking(sql: Connection, selection: _Selection, rows: int, *, falling: bool) -> None:
    """Let a search end where the rows wanted are found: rows of the index lie in the order of names.

    Those of the same first characters lie together in any order; all of them are looked at.
    """
    direction, sign = ("DESC", ">=") if falling else ("ASC", "<=")
    found = (
        driver_of(sql)
        .execute(
            f"SELECT rowid FROM {_INDEX} WHERE {_MATCH} ORDER BY rowid {direction} LIMIT 1 OFFSET ?",
            (*selection.values, rows - 1),
        )
        .fetchone()
    )
    if found is not None:
        first = found[0] // NAMESAKES * NAMESAKES
        selection.add(f"{_INDEX}.rowid {sign} ?", first if falling else first + NAMESAKES - 1)


def trainee_place(sql: Connection, query: TraineeQuery, sight: Sight, trainee_id: bytes) -> int | None:
    """Return at which place, from 0, a query shows a trainee, by any id of the person; None where it does not."""
    trainee_id = aliases.ids_of(sql, [trainee_id]).get(trainee_id, trainee_id)
    selection = _select(sql, query, sight)
    selection.add("l.trainee_id = ?", trainee_id)
    column = _SORTS.get(query.sort)
    found = sql.exec_driver_sql(
        f"SELECT l.name, l.trainee_id, {column or 'NULL'} {selection.text}", tuple(selection.values)
    ).first()
    if found is None:
        return None
    selection = _select(sql, query, sight)
    sign = ">" if _is_falling(query) else "<"
    among_equals = f"(l.name, l.trainee_id) {sign} (?, ?)"
    if column is None:
        selection.add(among_equals, *found[:2])
    elif found[2] is None:
        selection.add(f"({column} IS NOT NULL OR {among_equals})", *found[:2])
    else:
        selection.add(f"({column} {sign} ? OR ({column} = ? AND {among_equals}))", *found[2:] * 2, *found[:2])
    return int(sql.exec_driver_sql(f"SELECT count(*) {selection.text}", tuple(selection.values)).scalar_one())


def trainee_facts(sql: Connection, sight: Sight) -> TraineeFacts:
    """Return what the head of the list says of all trainees that a user may see."""
    selection = _select(sql, TraineeQuery(), sight)
    values = tuple(selection.values)
    by_category: dict[str | None, int] = dict(
        sql.exec_driver_sql(f"SELECT l.category, count(*) {selection.text} GROUP BY 1", values).all()
    )
    alone = _select(sql, TraineeQuery(without_class=True), sight)
    without = sql.exec_driver_sql(f"SELECT count(*) {alone.text}", tuple(alone.values)).scalar_one()
    codes = sql.exec_driver_sql("SELECT DISTINCT id, code FROM training_class WHERE gone = 0 AND code <> ''")
    seen = {row[1] for row in codes if sight.class_ids is None or row[0] in sight.class_ids}
    named = {code: people for code, people in by_category.items() if code is not None}
    return TraineeFacts(sum(by_category.values()), named, int(without), tuple(sorted(seen)))


@dataclass(slots=True)
class _Selection:
    """FROM and WHERE of a statement over ``trainee_list l`` with its values."""

    source: str = _LIST
    conditions: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    @property
    def is_search(self) -> bool:
        """Tell whether the index alone decides who is in it."""
        return self.conditions == [_MATCH]

    @property
    def text(self) -> str:
        """Return it as SQL."""
        return f"FROM {self.source}" + (" WHERE " + " AND ".join(self.conditions) if self.conditions else "")

    def add(self, condition: str, *values: object) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values += values

    def narrow(self, people: str, *values: object) -> None:
        """Keep to the people of a statement: they are few, so that the list is looked up for each, not walked."""
        if self.source == _LIST:
            self.source = (
                f"(SELECT DISTINCT {people}) few CROSS JOIN {_LIST} ON l.trainee_id = few.trainee_id"
            )
            self.values = [*values, *self.values]
        else:
            self.add(f"l.trainee_id IN (SELECT {people})", *values)


def _select(sql: Connection, query: TraineeQuery, sight: Sight, *, walked: bool = False) -> _Selection:
    """``walked``: a search of which nothing else is asked is read in the order of the index, or counted."""
    selection = _Selection()
    asked = (query.category, query.class_code, sight.class_ids)
    alone = walked and not query.without_class and all(one is None for one in asked)
    if check_name(query.text).value:
        _add_search(sql, selection, query.text, by_parts=sight.by_parts, alone=alone)
    if query.category is not None:
        selection.add("l.category = ?", query.category)
    if query.without_class:
        selection.add("l.classes IS NULL")
    if query.class_code is not None:
        selection.narrow(_OF_CODE, query.class_code)
    if sight.class_ids is not None:
        marks = ", ".join("?" * len(sight.class_ids))
        selection.narrow(f"{_OF_CLASSES} ({marks})", *sorted(sight.class_ids))
    return selection


def _add_search(sql: Connection, selection: _Selection, text: str, *, by_parts: bool, alone: bool) -> None:
    """Search through the index, or along the list where the index cannot tell or nearly everybody fits.

    A number so common lies all over the list, so that a window of it is soon full.
    """
    found = expression(text)
    number = searched_number(text)
    if found is not None and (alone or not number or not _is_dense(sql, found)):
        selection.source = _FOUND
        selection.add(_MATCH, found)
        if by_parts or not number:
            return
    numbers = f"%{_escaped(number)}%" if by_parts else _escaped(number)
    name = f"%{_escaped(check_name(text).value)}%"
    former = name if not number else numbers if by_parts else f"%\t{numbers}\n%"
    selection.add(
        "(l.name LIKE ? ESCAPE '\\' OR l.document LIKE ? ESCAPE '\\' OR l.phone LIKE ? ESCAPE '\\'"
        " OR l.former LIKE ? ESCAPE '\\')",
        name,
        numbers,
        numbers,
        former,
    )


def _is_dense(sql: Connection, found: str) -> bool:
    row = sql.exec_driver_sql(
        "SELECT 1 FROM trainee_term WHERE trainee_term MATCH ? LIMIT 1 OFFSET ?", (found, DENSE)
    ).first()
    return row is not None


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _order(query: TraineeQuery) -> str:
    direction = "DESC" if _is_falling(query) else "ASC"
    columns = [f"l.name {direction}", f"l.trainee_id {direction}"]
    if query.sort in _SORTS:
        columns.insert(0, f"{_SORTS[query.sort]} {direction} NULLS LAST")
    return ", ".join(columns)


def _is_falling(query: TraineeQuery) -> bool:
    """Tell whether the column falls: who is younger was born later."""
    return query.descending != (query.sort is TraineeSort.AGE)


def _item(row: Sequence[Any]) -> TraineeListItem:
    key, name, kind, number, sex, birth, ethnicity, education, studying, phone, classes, category, group = row
    return TraineeListItem(
        key,
        name,
        kind or "",
        masking.mask_document(number or ""),
        sex,
        day(birth),
        ethnicity,
        education,
        bool(studying),
        masking.mask_phone(phone or ""),
        tuple(classes.split("\n")) if classes else (),
        category,
        group,
    )
