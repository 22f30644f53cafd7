"""Acts behind a person of a claim beside the marks: enrolment, scores and certificates as the journal has them.

The accepted scores and certificates are in the proof as statements. The roster is not, for it holds documents and
phones: what was accepted of each enrolment the platform tells, and it must have been written as it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.proven_groups import ACTS
from desktop_app.domain.records import BY_NUMBER
from sync.contract.kinds import RecordKind
from sync.contract.proof import EntryHeader, ProvenEnrolment, read_leaf
from sync.contract.records import CertificateFields, RecordFields, ScoreFields

_NAMES = {
    number: {BY_NUMBER[number].by_name[name].number: name for name in names} for number, names in ACTS.items()
}
_PERSON = slice(ID_BYTES, 2 * ID_BYTES)
"""Where an enrolment, a score and a certificate have the trainee in their key."""
Facts = tuple[str, bytes, str, datetime, bytes, str]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something: command, account and its name, when (UTC), workstation and its name."""

    command: str
    user: bytes
    by: str
    at: datetime
    device: bytes
    workstation: str


@dataclass(frozen=True, slots=True)
class Act(Author):
    """What one entry wrote of an enrolment, a score or a certificate: values by group of fields."""

    kind: str
    key: bytes
    values: Mapping[str, object]

    @property
    def trainee(self) -> bytes:
        """Return whose record it is."""
        return self.key[_PERSON]


def read_acts(
    entries: Iterable[tuple[EntryHeader, Iterable[bytes]]], facts: Callable[[EntryHeader], Facts]
) -> tuple[Act, ...]:
    """Return the acts in some entries' shown leaves, oldest first; AppError CLAIM_PROOF_MALFORMED."""
    found: list[tuple[tuple[int, int, bytes], Act]] = []
    for header, bodies in entries:
        for body in bodies:
            number, records = read_leaf(body)
            for key, groups in records if number in _NAMES else ():
                values = {name: groups[group][2] for group, name in _NAMES[number].items() if group in groups}
                if values:
                    found.append((header.stamp, Act(*facts(header), BY_NUMBER[number].name, key, values)))
    return tuple(act for _, act in sorted(found, key=lambda one: (one[0], one[1].kind, one[1].key)))


def check_acts(
    acts: Iterable[Act],
    accepted: Mapping[tuple[str, bytes], RecordFields],
    enrolments: Iterable[ProvenEnrolment],
    people: Collection[bytes],
) -> int:
    """Check that what is accepted of some people was written as it stands; return how many records that were.

    ``accepted``: scores and certificates by (kind, key). Everybody must be enrolled.
    Raises AppError CLAIM_PROOF_RECORD_MISSING (``kind``, ``trainee``).
    """
    wrote: dict[tuple[str, bytes], set[tuple[str, object]]] = {}
    for act in acts:
        told = wrote.setdefault((act.kind, act.key), set())
        told |= {(name, _settled(value)) for name, value in act.values.items()}
    asked = {("enrolment", one.key): _of_enrolment(one) for one in enrolments if one.key[_PERSON] in people}
    for (kind, key), fields in accepted.items():
        if key[_PERSON] in people and isinstance(fields, ScoreFields | CertificateFields):
            asked[kind, key] = _of_result(fields)
    for (kind, key), wanted in sorted(asked.items()):
        if not wanted <= wrote.get((kind, key), set()):
            raise AppError("CLAIM_PROOF_RECORD_MISSING", kind=kind, trainee=key[_PERSON].hex())
    enrolled = {key[_PERSON] for kind, key in asked if kind == RecordKind.ENROLMENT}
    for trainee in sorted(set(people) - enrolled):
        raise AppError("CLAIM_PROOF_RECORD_MISSING", kind=RecordKind.ENROLMENT.value, trainee=trainee.hex())
    return len(asked)


def _of_enrolment(one: ProvenEnrolment) -> set[tuple[str, object]]:
    return {
        ("number", one.number),
        ("funding", (one.category, one.key_group, one.enrolled_on.isoformat())),
    }


def _of_result(fields: ScoreFields | CertificateFields) -> set[tuple[str, object]]:
    """Return what must have been written: each component's state and tenths; number, kind, day and issuer."""
    if isinstance(fields, ScoreFields):
        return {(code, _settled(list(entry))) for code, entry in fields.components.items()}
    return {
        ("number", (fields.number, fields.kind)),
        ("issue", (fields.issued_on.isoformat(), fields.issuer)),
    }


def _settled(value: object) -> object:
    """Return a value that can be compared and kept in a set: lists become tuples, what cannot be is None."""
    if isinstance(value, list):
        return tuple(_settled(one) for one in value)
    return value if isinstance(value, str | int | bytes) else None
