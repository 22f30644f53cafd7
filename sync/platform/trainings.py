"""Who is trained where, over all institutions, and what each is told of it (六.3, R37).

The platform keeps people by a keyed hash alone. Once a roster is accepted, what two institutions hold of one person is
compared by the rules that each follows within itself; both are told of their own enrolment, and neither of the other's
name: that is for the department.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from msgspec import Raw
from sqlalchemy import ColumnElement, Connection, delete, select

from desktop_app.domain.clock import Clock
from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.risk.duplicates import Training, repeats
from sync.contract.claim_records import DuplicateCause, DuplicateTrainingFields
from sync.contract.kinds import RecordKind, ReportKind
from sync.contract.records import ClassFields, EnrolmentFields, TraineeFields
from sync.contract.shape import read_body
from sync.contract.wire import Record, encode, left
from sync.platform.claims import person_hash
from sync.platform.database import take_turns
from sync.platform.identity import PlatformIdentity
from sync.platform.schema import PROVINCE, duplicate, training
from sync.platform.statements import StoredStatements
from sync.platform.streams import INSTITUTION_STREAM, publish

_LOOKUP = 400
_ROSTER = (RecordKind.CLASS, RecordKind.TRAINEE, RecordKind.ENROLMENT)


@dataclass(frozen=True, slots=True)
class Place:
    """A person in a class of an institution; ``whole``: did not leave before the end."""

    person: bytes
    owner: int
    enrolment: bytes
    trade: str
    level: str
    begins: str
    ends: str
    whole: int

    def as_training(self) -> Training:
        """Return it as the rules of one institution see it."""
        first, last = date.fromisoformat(self.begins), date.fromisoformat(self.ends)
        class_id = self.enrolment[:ID_BYTES]
        return Training(self.person, "", class_id, "", first, last, self.trade, self.level, bool(self.whole))


_COLUMNS = tuple(training.c[name] for name in Place.__slots__)


def note_rosters(
    connection: Connection,
    clock: Clock,
    platform: PlatformIdentity,
    institution_id: int,
    subjects: Collection[str],
) -> None:
    """Keep who is in the accepted rosters of some classes (ids in hexadecimal), and tell who is elsewhere too."""
    if not subjects:
        return
    statements = StoredStatements(connection, institution_id, b"")
    former: list[Place] = []
    present: list[Place] = []
    for subject in sorted(subjects):
        held, now = (
            _held(connection, institution_id, subject),
            _read(statements, platform.person_secret, institution_id, subject),
        )
        if set(held) != set(now):
            former += held
            present += now
    people = {one.person for one in (*former, *present)}
    take_turns(connection, people)  # two institutions that report one person at once must see each other
    _replace(connection, former, present)
    _tell(connection, clock, people, former)


def _of_class(institution_id: int, subject: str) -> tuple[ColumnElement[bool], ...]:
    first = bytes.fromhex(subject)
    return (
        training.c.institution_id == PROVINCE,
        training.c.owner == institution_id,
        training.c.enrolment.between(first, first + b"\xff" * ID_BYTES),
    )


def _held(connection: Connection, institution_id: int, subject: str) -> list[Place]:
    rows = connection.execute(select(*_COLUMNS).where(*_of_class(institution_id, subject)))
    return [Place(*row) for row in rows]


def _read(statements: StoredStatements, secret: bytes, institution_id: int, subject: str) -> list[Place]:
    """Return the places that an accepted roster gives."""
    training_class: ClassFields | None = None
    people: dict[bytes, bytes] = {}
    enrolments: dict[bytes, EnrolmentFields] = {}
    for kind, key, body in statements.records(ReportKind.ROSTER, subject, _ROSTER):
        fields = read_body(kind, body)
        if isinstance(fields, ClassFields):
            training_class = fields
        elif isinstance(fields, TraineeFields):
            people[key] = person_hash(secret, fields.document_type, fields.document_number)
        elif isinstance(fields, EnrolmentFields):
            enrolments[key] = fields
    if training_class is None:
        return []
    return [
        Place(
            people[key[ID_BYTES:]],
            institution_id,
            key,
            training_class.trade or "",
            training_class.level or "",
            min(period[0] for period in fields.periods).isoformat(),
            max(period[1] or training_class.end for period in fields.periods).isoformat(),
            int(fields.state == "attending"),
        )
        for key, fields in enrolments.items()
        if key[ID_BYTES:] in people
    ]


def _replace(connection: Connection, former: Sequence[Place], present: Sequence[Place]) -> None:
    kept = set(former) & set(present)
    gone = [one for one in former if one not in kept]
    for one in gone:
        where = (training.c.person == one.person, training.c.owner == one.owner)
        connection.execute(
            delete(training).where(
                training.c.institution_id == PROVINCE, *where, training.c.enrolment == one.enrolment
            )
        )
    new = [one for one in present if one not in kept]
    if new:
        rows = [{"institution_id": PROVINCE} | {n: getattr(one, n) for n in Place.__slots__} for one in new]
        connection.execute(training.insert(), rows)


def _tell(connection: Connection, clock: Clock, people: Collection[bytes], former: Sequence[Place]) -> None:
    """Publish to each institution what has changed in what it was told of these people."""
    wanted: dict[int, dict[bytes, bytes | None]] = defaultdict(dict)
    for one in former:
        wanted[one.owner][one.enrolment] = None
    for of_person in _places(connection, people):
        for one in of_person:
            finding = _finding(one, of_person)
            wanted[one.owner][one.enrolment] = None if finding is None else encode(finding)
    for owner, enrolments in sorted(wanted.items()):
        told = _told(connection, owner, enrolments)
        changed = {key: body for key, body in sorted(enrolments.items()) if told.get(key) != body}
        for key, body in changed.items():
            _note(connection, owner, key, body)
        if changed:
            items = [_item(key, body) for key, body in changed.items()]
            publish(connection, clock, INSTITUTION_STREAM, owner, items)


def _places(connection: Connection, people: Collection[bytes]) -> Iterable[list[Place]]:
    """Return the places of each person who has any."""
    wanted = sorted(people)
    for start in range(0, len(wanted), _LOOKUP):
        some = wanted[start : start + _LOOKUP]
        where = (training.c.institution_id == PROVINCE, training.c.person.in_(some))
        rows = connection.execute(select(*_COLUMNS).where(*where).order_by(training.c.person))
        places = [Place(*row) for row in rows]
        yield from (list(own) for _, own in groupby(places, key=lambda one: one.person))


def _finding(one: Place, of_person: Sequence[Place]) -> DuplicateTrainingFields | None:
    """Return what an institution is told of an enrolment: an overlap before a repetition, the latest of its kind."""
    own = one.as_training()
    foreign = [other for other in of_person if other.owner != one.owner]
    causes: Mapping[DuplicateCause, list[Place]] = {
        "overlapping": [other for other in foreign if own.days_with(other.as_training()) > 1],
        "repeated": [other for other in foreign if _repeats(own, other.as_training())],
    }
    for cause, found in causes.items():
        if found:
            latest = max(found, key=lambda other: (other.begins, other.enrolment))
            return DuplicateTrainingFields(
                cause=cause,
                first=date.fromisoformat(latest.begins),
                last=date.fromisoformat(latest.ends),
                institutions=len({other.owner for other in found}),
                trade=latest.trade or None,
                level=latest.level or None,
            )
    return None


def _repeats(own: Training, other: Training) -> bool:
    earlier, later = sorted((own, other), key=lambda one: (one.first, one.class_id))
    return earlier.completed and repeats(earlier, later)


def _told(connection: Connection, owner: int, enrolments: Collection[bytes]) -> dict[bytes, bytes]:
    told: dict[bytes, bytes] = {}
    wanted = sorted(enrolments)
    for start in range(0, len(wanted), _LOOKUP):
        rows = connection.execute(
            select(duplicate.c.enrolment, duplicate.c.fields).where(
                duplicate.c.institution_id == owner,
                duplicate.c.enrolment.in_(wanted[start : start + _LOOKUP]),
            )
        )
        told |= {row.enrolment: row.fields for row in rows}
    return told


def _note(connection: Connection, owner: int, enrolment: bytes, body: bytes | None) -> None:
    """Keep what an institution is told of an enrolment; None: nothing any more."""
    where = (duplicate.c.institution_id == owner, duplicate.c.enrolment == enrolment)
    connection.execute(delete(duplicate).where(*where))
    if body is not None:
        row = {"institution_id": owner, "enrolment": enrolment, "fields": body}
        connection.execute(duplicate.insert().values(**row))


def _item(enrolment: bytes, body: bytes | None) -> Record:
    if body is None:
        return left(RecordKind.DUPLICATE_TRAINING, enrolment)
    return Record(RecordKind.DUPLICATE_TRAINING, enrolment, Raw(body))
