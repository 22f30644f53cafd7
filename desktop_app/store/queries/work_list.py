"""What a merge may have broken although each side was right, worked out from the present rows when it is asked for.

Nothing of it is stored: an item is gone once its records are mended. Who is in two places and which certificate number
is there twice the risk flags know already, kept up with every change.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from desktop_app.domain.listings.work_list import WorkItem, WorkKind, Writing
from desktop_app.domain.records import ASSESSMENT, BY_NUMBER, DELETED, DELETED_VALUE, SCORE, SESSION, TRAINEE
from desktop_app.store import aliases
from desktop_app.store.database import driver_of
from desktop_app.store.enrolment_states import LEFT, OUTSIDE
from desktop_app.store.journal import JournalStore
from desktop_app.store.queries.columns import day
from desktop_app.store.queries.journal import subject as subject_of
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.queries.turnout import taught_at
from desktop_app.store.record_tables import known_table
from desktop_app.store.sight import saw
from desktop_app.store.waiting import STAMP_AHEAD

_FLAGGED = (WorkKind.CERTIFICATE_TWICE, WorkKind.PERSON_TWICE, WorkKind.TEACHER_TWICE)
_TWICE = {
    WorkKind.CLASS_CODE_TWICE: (
        "training_class",
        (
            "SELECT code, id, code, base FROM training_class WHERE gone = 0 AND code IN"
            " (SELECT code FROM training_class WHERE gone = 0 AND code <> '' GROUP BY code HAVING count(*) > 1)"
            " ORDER BY code, id"
        ),
    ),
    WorkKind.LOGIN_TWICE: (
        "user",
        (
            "SELECT login, id, login, base FROM user WHERE gone = 0 AND coalesce(disabled, 0) = 0 AND login IN"
            " (SELECT login FROM user WHERE gone = 0 AND coalesce(disabled, 0) = 0"
            "  GROUP BY login HAVING count(*) > 1) ORDER BY login, id"
        ),
    ),
    WorkKind.SESSION_NUMBER_TWICE: (
        "session",
        (
            "SELECT hex(s.class_id) || s.number, s.id, coalesce(c.code, '') || ' ' || s.number, s.base FROM session s"
            " JOIN training_class c ON c.id = s.class_id AND c.gone = 0 WHERE s.gone = 0 AND (s.class_id, s.number) IN"
            " (SELECT class_id, number FROM session WHERE gone = 0 AND number IS NOT NULL"
            "  GROUP BY class_id, number HAVING count(*) > 1) ORDER BY s.class_id, s.number, s.id"
        ),
    ),
}
_ROOMS = """
SELECT held_on || ' ' || place, id, starts_at, ends_at, place, held_on FROM session
WHERE gone = 0 AND place <> '' AND coalesce(mode, '') <> 'online' AND coalesce(state, '') <> 'cancelled'
  AND (held_on, place) IN (SELECT held_on, place FROM session WHERE gone = 0 AND place <> ''
                           GROUP BY held_on, place HAVING count(*) > 1)
ORDER BY held_on, place, starts_at, id
"""
_CLASSES_NOW = """
SELECT c.id, coalesce(c.code, ''), t.people, c.start_on FROM class_tally t JOIN training_class c ON c.id = t.class_id
WHERE c.gone = 0 AND coalesce(c.state, 'running') NOT IN ('completed', 'archived', 'cancelled') AND t.people > 0
"""
_ENROLLED_BY = f"""
SELECT base FROM enrolment WHERE class_id = ? AND gone = 0 AND state NOT IN {OUTSIDE} AND state NOT IN {LEFT}
ORDER BY base
"""


class _Authors:
    """Reads who wrote an entry, each once."""

    def __init__(self, sql: Connection) -> None:
        self._driver = driver_of(sql)
        self.journal = JournalStore(sql)
        self._users = dict(self._driver.execute("SELECT id, coalesce(display, login) FROM user").fetchall())
        self._devices = dict(self._driver.execute("SELECT id, coalesce(name, '') FROM device").fetchall())

    def of(self, seq: int) -> Writing:
        """Return who wrote an entry."""
        header = self.journal.header_of(seq)[1]
        return self.named(header.user, header.device, header.stamp.ms)

    def named(self, user: bytes, device: bytes, ms: int) -> Writing:
        """Return a user and a workstation by their names, at a time in ms since 1970."""
        at = datetime.fromtimestamp(ms / 1000, UTC)
        return Writing(self._users.get(user, ""), self._devices.get(device) or device.hex()[:8], at)


def work_items(sql: Connection) -> list[WorkItem]:
    """Return everything that waits for somebody, what was refused first."""
    authors = _Authors(sql)
    return [
        *_judged(sql, authors),
        *_ahead(sql, authors),
        *_twice(sql, authors),
        *_flagged(sql, authors),
        *_rooms(sql, authors),
        *_over_limit(sql, authors),
        *_late_scores(sql, authors),
        *_deleted_and_edited(sql, authors),
        *_people(sql, authors),
    ]


def _item(
    kind: WorkKind, entity: str, keys: Iterable[bytes], named: tuple[str, str], writings: Iterable[Writing]
) -> WorkItem:
    listed = tuple(keys)
    digest = hashlib.sha256(b"\0".join([kind.value.encode(), *sorted(listed)])).hexdigest()[:16]
    ordered = tuple(sorted(writings, key=lambda one: one.at, reverse=True))
    return WorkItem(f"{kind.value}-{digest}", kind, entity, listed, *named, ordered)


def _judged(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    """What was refused, and what is in force although its author had lost the right to it."""
    rows = driver_of(sql).execute("SELECT seq, reason FROM refused_entry ORDER BY seq DESC").fetchall()
    for seq, reason in rows:
        name, header = authors.journal.header_of(seq)
        named = (header.command, reason)
        yield _item(WorkKind.REFUSED, "", [name], named, [authors.of(seq)])
    for (seq,) in driver_of(sql).execute("SELECT seq FROM overruled_entry ORDER BY seq DESC").fetchall():
        name, header = authors.journal.header_of(seq)
        named = (header.command, subject_of(sql, seq))
        yield _item(WorkKind.OVERRULED, "", [name], named, [authors.of(seq)])


def _ahead(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    """Workstations whose clock runs more than seven days ahead; their entries come in by themselves."""
    query = "SELECT device, count(*), max(ms) FROM waiting_entry WHERE reason = ? GROUP BY device"
    for device, count, ms in driver_of(sql).execute(query, (STAMP_AHEAD,)).fetchall():
        name = authors.named(b"", device, ms).device
        yield _item(WorkKind.CLOCK_AHEAD, "device", [device], (name, str(count)), [])


def _twice(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    for kind, (entity, query) in _TWICE.items():
        groups: dict[str, list[tuple[bytes, str, int]]] = defaultdict(list)
        for value, key, name, base in driver_of(sql).execute(query).fetchall():
            groups[value].append((key, name, base))
        for same in groups.values():
            keys, name = [key for key, _, _ in same], same[0][1]
            yield _item(kind, entity, keys, (name, str(len(keys))), [authors.of(base) for _, _, base in same])


def _flagged(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    query = (
        "SELECT f.id, f.facts, s.entity, s.key FROM risk_flag f JOIN risk_subject s ON s.flag_id = f.id"
        " WHERE f.kind = ? ORDER BY f.id, s.entity, s.key"
    )
    for kind in _FLAGGED:
        found: dict[bytes, list[tuple[int, bytes]]] = defaultdict(list)
        facts: dict[bytes, str] = {}
        for flag, told, entity, key in driver_of(sql).execute(query, (kind.value,)).fetchall():
            found[flag].append((entity, key))
            facts[flag] = " ".join(str(text) for _, text in json.loads(told))
        for flag, records in found.items():
            number = max(entity for entity, _ in records)
            keys = [key for entity, key in records if entity == number]
            writings = [authors.of(base) for base in _bases(sql, number, keys)]
            yield _item(kind, BY_NUMBER[number].name, keys, (facts[flag], str(len(keys))), writings)


def _bases(sql: Connection, number: int, keys: list[bytes]) -> list[int]:
    table = known_table(BY_NUMBER[number])
    return [max(record.base, *record.later.values(), 0) for record in table.fetch_many(sql, keys).values()]


def _rooms(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    """Sessions of one room whose times meet; a place that several classes may use at once (可共用) is left out."""
    shared = {
        place
        for (listed,) in driver_of(sql).execute(
            "SELECT shareable FROM site WHERE gone = 0 AND shareable <> ''"
        )
        for place in json.loads(listed)
    }
    before: dict[str, tuple[bytes, str]] = {}
    for slot, key, starts, ends, place, held_on in driver_of(sql).execute(_ROOMS).fetchall():
        if place in shared or not starts or not ends:
            continue
        former = before.get(slot)
        if former is not None and starts < former[1]:
            writings = [authors.of(base) for base in _bases(sql, SESSION.number, [former[0], key])]
            yield _item(
                WorkKind.ROOM_TWICE, "session", [former[0], key], (place, f"{held_on} {starts}"), writings
            )
        if former is None or ends > former[1]:
            before[slot] = (key, ends)


def _over_limit(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    """Classes above the 班额 whose people several workstations enrolled, each of which may have seen room left."""
    book = policy_book(sql)
    limits: dict[tuple[str | None, str | None], int] = {}
    for class_id, code, people, start in driver_of(sql).execute(_CLASSES_NOW).fetchall():
        place = (start, taught_at(sql, class_id, None).region)
        if place not in limits:
            limits[place] = int(book.get("class_size", day(start) or date.max, region=place[1]).number())
        if not 0 < limits[place] < people:
            continue
        last: dict[bytes, int] = {}
        for (base,) in driver_of(sql).execute(_ENROLLED_BY, (class_id,)).fetchall():
            last[authors.journal.header_of(base)[1].device] = base
        if len(last) > 1:
            named = (code, f"{people}/{limits[place]}")
            writings = [authors.of(base) for base in last.values()]
            yield _item(WorkKind.CLASS_OVER_LIMIT, "training_class", [class_id], named, writings)


def _late_scores(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    """Scores that whoever locked their assessment had not seen, whatever the clocks say."""
    assessment, score = known_table(ASSESSMENT), known_table(SCORE)
    locked = [
        row[0] for row in driver_of(sql).execute("SELECT id FROM assessment WHERE gone = 0 AND locked = 1")
    ]
    group = assessment.entity.group_of_field["locked"]
    for key, record in assessment.fetch_many(sql, locked).items():
        seq = record.head_seq(group)
        if seq is None:
            continue
        locked_at = authors.journal.header_of(seq)[1].device
        seen: dict[int, bool] = {}
        rows = driver_of(sql).execute(
            "SELECT s.trainee_id, coalesce(t.name, '') FROM score s JOIN trainee t ON t.id = s.trainee_id"
            " WHERE s.assessment_id = ? AND s.gone = 0", (key,),
        ).fetchall()  # fmt: skip
        names = {key + trainee: name for trainee, name in rows}
        for score_key, one in score.fetch_many(sql, list(names)).items():
            last = max((one.base, *one.later.values()), key=authors.journal.stamp)
            if last not in seen:
                own = last < seq and authors.journal.header_of(last)[1].device == locked_at
                seen[last] = own or saw(sql, seq, last)
            if not seen[last]:
                writings = [authors.of(last), authors.of(seq)]
                yield _item(WorkKind.SCORE_AFTER_LOCK, "score", [score_key], (names[score_key], ""), writings)


def _deleted_and_edited(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    """Records that somebody deleted and that are shown, for somebody else changed them or hung something on them."""
    rows = (
        driver_of(sql)
        .execute("SELECT entity, key, max(seq) FROM deletion_sight GROUP BY entity, key ORDER BY entity, key")
        .fetchall()
    )
    wanted: dict[int, dict[bytes, int]] = defaultdict(dict)
    for number, key, seq in rows:
        wanted[number][key] = seq
    for number, deleted in wanted.items():
        entity = BY_NUMBER.get(number)
        if entity is None:
            continue
        for key, record in known_table(entity).fetch_many(sql, list(deleted)).items():
            if record.gone or record.fields.get("deleted") != DELETED_VALUE:
                continue
            kept = [seq for group, seq in record.later.items() if group != DELETED]
            seqs = {deleted[key], max([record.base, *kept])}
            named = (subject_of(sql, deleted[key]), entity.name)
            writings = [authors.of(seq) for seq in seqs]
            yield _item(WorkKind.DELETED_AND_EDITED, entity.name, [key], named, writings)


def _people(sql: Connection, authors: _Authors) -> Iterator[WorkItem]:
    """People of one document number: joined where the name is the same too, else somebody must say."""
    joined, asked = aliases.same_number(sql)
    for kind, pairs in ((WorkKind.NAMES_DIFFER, asked), (WorkKind.JOINED, joined)):
        for pair in pairs:
            rows = known_table(TRAINEE).fetch_many(sql, list(pair))
            names = " / ".join(dict.fromkeys(str(row.fields["name"] or "") for row in rows.values()))
            yield _item(
                kind, TRAINEE.name, pair, (names, ""), [authors.of(row.base) for row in rows.values()]
            )


_CLASS_OF = {
    "session": "SELECT class_id FROM session WHERE id = ?",
    "score": "SELECT class_id FROM assessment WHERE id = ?",
    "certificate": "SELECT class_id FROM assessment WHERE id = ?",
}


def class_of(sql: Connection, entity: str, key: bytes) -> bytes | None:
    """Return the class that a record belongs to, None where it belongs to none."""
    if entity in {"training_class", "enrolment"}:
        return key[:16]
    query = _CLASS_OF.get(entity)
    row = None if query is None else driver_of(sql).execute(query, (key[:16],)).fetchone()
    return None if row is None else bytes(row[0])
