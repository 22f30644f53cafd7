"""The list of trainees and the index over it, kept beside the records in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.records import ENROLMENT, FORMER_IDENTITY, TRAINEE, TRAINING_CLASS
from desktop_app.store import aliases
from desktop_app.store.aliases import TWIN
from desktop_app.store.database import driver_of
from desktop_app.store.folding import Touched
from desktop_app.store.search_terms import NAMESAKES, row_of, terms_of

_MOST_KEYS = 500
_COLUMNS = (
    "name, trainee_id, document_type, document, sex, birth, ethnicity, education, studying, phone, classes, category,"
    " key_group, former, number"
)
_NAMES = tuple(_COLUMNS.split(", "))
_SEARCHED = (0, 3, 9, 13)
_TRAINEES = """
SELECT coalesce(name, ''), id, document_type, document_number, sex, birth, ethnicity, education, coalesce(studying, 0),
       phone,
       (SELECT group_concat(
           char(10) || coalesce(f.name, '') || char(9) || coalesce(f.document_number, '') || char(10), '')
        FROM former_identity f WHERE f.trainee_id = trainee.id AND f.gone = 0)
FROM trainee WHERE gone = 0 AND NOT EXISTS (SELECT 1 FROM erasure x WHERE x.trainee_id = trainee.id) AND id IN
"""
_ENROLMENTS = f"""
SELECT e.trainee_id, c.code, e.category, e.key_group
FROM enrolment e JOIN training_class c ON c.id = e.class_id AND c.gone = 0
WHERE e.gone = 0 AND NOT {TWIN} AND e.trainee_id IN
"""
_OTHER_NAMES = "SELECT name, document_number FROM trainee WHERE id IN"
_INSERT = f"INSERT INTO trainee_list ({_COLUMNS}) VALUES ({', '.join('?' * 15)})"
Row = tuple[Any, ...]


def follow(sql: Connection, touched: Touched) -> None:
    """Bring the list up to records that were written, hidden or shown."""
    keys = set(touched.get(TRAINEE.number, ()))
    keys.update(key[16:] for key in touched.get(ENROLMENT.number, ()))
    for identity in touched.get(FORMER_IDENTITY.number, ()):
        rows = sql.exec_driver_sql("SELECT trainee_id FROM former_identity WHERE id = ?", (identity,))
        keys.update(row[0] for row in rows)
    for class_id in touched.get(TRAINING_CLASS.number, ()):
        rows = sql.exec_driver_sql("SELECT trainee_id FROM enrolment WHERE class_id = ?", (class_id,))
        keys.update(row[0] for row in rows)
    keys.update(aliases.ids_of(sql, keys).values())
    if keys:
        _refresh(sql, sorted(keys))


def rebuild(sql: Connection) -> None:
    """Make list and index anew from the records."""
    sql.exec_driver_sql("DELETE FROM trainee_list")
    sql.exec_driver_sql("INSERT INTO trainee_term (trainee_term) VALUES ('delete-all')")
    _refresh(sql, [row[0] for row in sql.exec_driver_sql("SELECT id FROM trainee ORDER BY name, id")])


def _refresh(sql: Connection, keys: Sequence[bytes]) -> None:
    """Write the rows of some trainees anew where they differ."""
    for start in range(0, len(keys), _MOST_KEYS):
        part = tuple(keys[start : start + _MOST_KEYS])
        former = {
            row[1]: tuple(row)
            for row in _rows(sql, f"SELECT {_COLUMNS} FROM trainee_list WHERE trainee_id IN", part)
        }
        step = _Step(_Numbers(sql))
        present = dict(_present(sql, part))
        for key in part:
            step.compare(former.get(key), present.get(key))
        step.write(sql)


def _present(sql: Connection, keys: tuple[bytes, ...]) -> Iterator[tuple[bytes, Row]]:
    """Yield the rows of those of some trainees that do not count as deleted, without their number.

    Somebody with several records is listed once, under the canonical id, with the classes and names of all.
    """
    canonical = aliases.ids_of(sql, keys)
    others = [one for one in canonical if one != canonical[one]]
    asked = tuple(dict.fromkeys([*keys, *others])) if others else keys
    enrolments: dict[object, list[Row]] = {}
    for row in _rows(sql, _ENROLMENTS, asked, " ORDER BY e.trainee_id, e.class_id"):
        enrolments.setdefault(canonical.get(row[0], row[0]), []).append(tuple(row))
    names = _names_under_other_ids(sql, canonical, others)
    for row in _rows(sql, _TRAINEES, keys):
        if canonical.get(row[1], row[1]) != row[1]:
            continue
        classes = enrolments.get(row[1], [])
        former = "".join(text for text in names.get(row[1], ()) if text != _named(row[0], row[3]))
        codes = "\n".join(code or "" for _, code, _, _ in classes)
        last = classes[-1] if classes else (None,) * 4
        yield row[1], (*row[:-1], codes or None, last[2], last[3], (row[-1] or "") + former or None)


def _names_under_other_ids(
    sql: Connection, canonical: Mapping[bytes, bytes], others: Sequence[bytes]
) -> dict[bytes, list[str]]:
    """Return by canonical id the names and numbers of the person's other records, written like former ones."""
    found: dict[bytes, list[str]] = {}
    for one in sorted(others):
        for name, number in _rows(sql, _OTHER_NAMES, (one,)):
            found.setdefault(canonical[one], []).append(_named(name, number))
    return found


def _named(name: str | None, number: str | None) -> str:
    return f"\n{name or ''}\t{number or ''}\n"


def _rows(sql: Connection, query: str, keys: tuple[bytes, ...], order: str = "") -> Iterable[Row]:
    return driver_of(sql).execute(f"{query} ({', '.join('?' * len(keys))}){order}", keys)  # type: ignore[no-any-return]


class _Numbers:
    """Gives numbers to new rows: the next of those that people of the same first characters have."""

    def __init__(self, sql: Connection) -> None:
        self._sql = sql
        self._last: dict[int, int] = {}

    def next(self, name: str) -> int:
        """Return a number for a row of a name."""
        first = row_of(name)
        last = self._last.get(first)
        if last is None:
            last = self._ask(
                "SELECT coalesce(max(number), ?) FROM trainee_list WHERE number BETWEEN ? AND ?",
                (first - 1, first, first + NAMESAKES - 1),
            )
        if last >= first + NAMESAKES - 1:
            return self._out_of_order()
        self._last[first] = last + 1
        return last + 1

    def _out_of_order(self) -> int:
        """Return a number behind all others: there are more namesakes than numbers for them."""
        last = max([self._ask("SELECT coalesce(max(number), 0) FROM trainee_list", ()), *self._last.values()])
        self._last[(last + 1) // NAMESAKES * NAMESAKES] = last + 1
        return last + 1

    def _ask(self, query: str, values: tuple[int, ...]) -> int:
        return int(driver_of(self._sql).execute(query, values).fetchone()[0])


@dataclass(slots=True)
class _Step:
    """What some trainees change in list and index."""

    numbers: _Numbers
    altered: dict[tuple[int, ...], list[Row]] = field(default_factory=dict)
    stale: list[Row] = field(default_factory=list)
    fresh: list[Row] = field(default_factory=list)
    stale_terms: list[Row] = field(default_factory=list)
    fresh_terms: list[Row] = field(default_factory=list)

    def compare(self, former: Row | None, present: Row | None) -> None:
        """Take in how a trainee was and is listed; None where not at all. What is equal stays untouched."""
        if former is not None and former[:-1] == present:
            return
        was = None if former is None else [former[place] or "" for place in _SEARCHED]
        now = None if present is None else [present[place] or "" for place in _SEARCHED]
        if former is not None and was != now:
            self.stale_terms.append(former[-1:])
        if former is not None and (present is None or former[0] != present[0]):
            self.stale.append(former[:2])
        if present is None or now is None:
            return
        if former is not None and former[0] == present[0]:
            number = former[-1]
            self._alter(former, present)
        else:
            number = self.numbers.next(present[0])
            self.fresh.append((*present, number))
        if was != now:
            self.fresh_terms.append((number, terms_of(*now)))

    def _alter(self, former: Row, present: Row) -> None:
        """Note which columns of a row that stays change: the indexes over the others stay untouched."""
        places = tuple(place for place, value in enumerate(present) if former[place] != value)
        values = (*(present[place] for place in places), *present[:2])
        self.altered.setdefault(places, []).append(values)

    def write(self, sql: Connection) -> None:
        """Write the changes: what leaves first, and terms in the order of numbers, which the index takes in one go."""
        for places, rows in self.altered.items():
            sets = ", ".join(f"{_NAMES[place]} = ?" for place in places)
            driver_of(sql).executemany(
                f"UPDATE trainee_list SET {sets} WHERE name = ? AND trainee_id = ?", rows
            )
        for statement, rows in (
            ("DELETE FROM trainee_list WHERE name = ? AND trainee_id = ?", self.stale),
            ("DELETE FROM trainee_term WHERE rowid = ?", sorted(self.stale_terms)),
            (_INSERT, self.fresh),
            ("INSERT INTO trainee_term (rowid, terms) VALUES (?, ?)", sorted(self.fresh_terms)),
        ):
            if rows:
                driver_of(sql).executemany(statement, rows)
