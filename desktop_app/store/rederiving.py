"""What is derived from the records and kept beside them, derived anew in a folded store and compared.

A list that shows what no record holds, or a statement that no receipt has accepted, is named as a row is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Table

from desktop_app.domain.records import BY_NUMBER
from desktop_app.store import projections
from desktop_app.store.folding import Record
from desktop_app.store.record_tables import known_table

# Numbers that a store gives by itself, equal nowhere.
_OWN_NUMBERS = {("trainee_list", "number")}
_INDEX = "trainee_term"
_SHADOWS = ("data", "idx", "docsize")


@dataclass(frozen=True, slots=True)
class Derivation:
    """Something derived outside of the store's own lists.

    ``derive(stored, fresh)`` makes it anew in a folded store; ``queries``: by table, what must then be equal.
    """

    derive: Callable[[Connection, Connection], object]
    queries: Mapping[str, str]


def differences(
    stored: Connection, fresh: Connection, unproved: Collection[Record], derivations: Collection[Derivation]
) -> Iterator[tuple[str, str]]:
    """Yield table and key (hex) of what is not as it comes out anew; ``fresh`` holds the records and nothing derived.

    ``unproved``: records whose leaves were erased, which are taken as they are.
    """
    _take_as_they_are(stored, fresh, unproved)
    fresh.exec_driver_sql(_index_statement(stored))  # which no model declares
    projections.rebuild(fresh)
    queries = {table.name: _query(table) for table in _lists()}
    for derivation in derivations:
        derivation.derive(stored, fresh)
        queries |= derivation.queries
    for name, query in sorted(queries.items()):
        yield from _compare(name, _rows(stored, query), _rows(fresh, query))
    yield from _compare(_INDEX, _stored_terms(stored, fresh), _terms(fresh, _INDEX, fresh))


def _take_as_they_are(stored: Connection, fresh: Connection, records: Collection[Record]) -> None:
    for number, key in records:
        table = known_table(BY_NUMBER[number])
        record = table.fetch(stored, key)
        if record is not None:
            names = [name for group in table.entity.groups for name in group.fields]
            table.update(fresh, key, record, names)
            table.set_gone(fresh, [(key, record.gone)])


def _lists() -> list[Table]:
    """Return the tables of all lists."""
    from desktop_app.store.models import Base, lists  # noqa: PLC0415 - loaded only when there is work for it

    rows = (mapper.class_ for mapper in Base.registry.mappers)
    return [row.__table__ for row in rows if row.__module__ == lists.__name__]


def _query(table: Table) -> str:
    named = [column.name for column in table.columns if (table.name, column.name) not in _OWN_NUMBERS]
    return f"SELECT {', '.join(named)} FROM {table.name}"


def _rows(sql: Connection, query: str) -> set[tuple[object, ...]]:
    return {tuple(row) for row in sql.exec_driver_sql(query)}


def _compare(
    name: str, stored: set[tuple[object, ...]], fresh: set[tuple[object, ...]]
) -> Iterator[tuple[str, str]]:
    keys = {next((value.hex() for value in row if isinstance(value, bytes)), "") for row in stored ^ fresh}
    for key in sorted(keys):
        yield name, key


def _index_statement(stored: Connection) -> str:
    return str(stored.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (_INDEX,)).scalar_one())


def _stored_terms(stored: Connection, fresh: Connection) -> set[tuple[object, ...]]:
    """Return the terms of the stored index, read from a copy: a reading connection may not make the table to ask."""
    copy = f"stored_{_INDEX}"
    fresh.exec_driver_sql(_index_statement(stored).replace(_INDEX, copy, 1))
    for shadow in _SHADOWS:
        fresh.exec_driver_sql(f"DELETE FROM {copy}_{shadow}")
        rows = [tuple(row) for row in stored.exec_driver_sql(f"SELECT * FROM {_INDEX}_{shadow}")]
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            fresh.exec_driver_sql(f"INSERT INTO {copy}_{shadow} VALUES ({marks})", rows)
    return _terms(fresh, copy, stored)


def _terms(fresh: Connection, index: str, listed: Connection) -> set[tuple[object, ...]]:
    """Return trainee, place and term of everything in an index; ``listed`` knows whose row a number is."""
    people = {row[0]: row[1] for row in listed.exec_driver_sql("SELECT number, trainee_id FROM trainee_list")}
    fresh.exec_driver_sql(f"CREATE VIRTUAL TABLE {index}_words USING fts5vocab('{index}', 'instance')")
    found = fresh.exec_driver_sql(f"SELECT doc, offset, term FROM {index}_words")
    return {(people.get(number, b""), place, term) for number, place, term in found}
