"""Groups, heads and merge: what a record consists of and how concurrent writes of it meet.

The unit of merge, stamp and conflict is the *group*: fields that mean something only together. A write replaces
the values that its author had seen; writes that no known write has seen are *heads*; the head with the highest
stamp is the value; more than one head with different values is a conflict. Group 0 of every entity says whether
the record is deleted; writing it without having seen anything is what creates a record.

Entity and group numbers are wire names: never reused, never given another meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from desktop_app.domain.stamps import Stamp

DELETED = 0
ALIVE_VALUE = 0
DELETED_VALUE = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are written, stamped and merged together; ``packed`` fields hold lists."""

    number: int
    name: str
    fields: tuple[str, ...]
    personal: bool = False
    packed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KeyPart:
    """A column of the primary key and its length in bytes; 2 bytes are a number."""

    name: str
    size: int = 16


@dataclass(frozen=True)
class Entity:
    """A kind of synced record: its key, its groups and the records it hangs from.

    ``parents`` maps a column (key part or field) to the entity whose record must exist first.
    """

    number: int
    name: str
    key: tuple[KeyPart, ...]
    groups: tuple[Group, ...]
    parents: dict[str, str] = field(default_factory=dict)

    @cached_property
    def by_number(self) -> dict[int, Group]:
        """Return the groups by wire number."""
        return {group.number: group for group in self.groups}

    @cached_property
    def by_name(self) -> dict[str, Group]:
        """Return the groups by name."""
        return {group.name: group for group in self.groups}

    @cached_property
    def group_of_field(self) -> dict[str, Group]:
        """Return the group that holds each field."""
        return {name: group for group in self.groups for name in group.fields}

    @cached_property
    def has_personal(self) -> bool:
        """Tell whether a record of this kind must have a leaf of its own."""
        return any(group.personal for group in self.groups)

    @cached_property
    def key_slices(self) -> dict[str, tuple[int, int, bool]]:
        """Return by key column where its piece starts and stops and whether it is a number."""
        slices: dict[str, tuple[int, int, bool]] = {}
        start = 0
        for part in self.key:
            slices[part.name] = (start, start + part.size, part.size == 2)  # noqa: PLR2004 - see KeyPart
            start += part.size
        return slices

    @cached_property
    def key_size(self) -> int:
        """Return the length of the whole key in bytes."""
        return sum(part.size for part in self.key)

    def split_key(self, key: bytes) -> tuple[bytes | int, ...]:
        """Cut a key into the values of its columns."""
        return tuple(
            int.from_bytes(key[start:stop], "big") if is_number else key[start:stop]
            for start, stop, is_number in self.key_slices.values()
        )

    def join_key(self, values: Iterable[bytes | int]) -> bytes:
        """Join the values of the key columns."""
        return b"".join(
            value if isinstance(value, bytes) else value.to_bytes(part.size, "big")
            for part, value in zip(self.key, values, strict=True)
        )


def _entity(
    number: int,
    name: str,
    groups: str,
    key: tuple[KeyPart, ...] = (KeyPart("id"),),
    parents: dict[str, str] | None = None,
) -> Entity:
    """Declare an entity; a line of ``groups`` is ``number name: field, field*`` with ``*`` packed, ``!`` personal."""
    declared = [Group(DELETED, "deleted", ("deleted",))]
    for line in filter(None, (text.strip() for text in groups.splitlines())):
        head, _, tail = line.partition(":")
        group_number, group_name = head.split()
        personal = group_name.endswith("!")
        fields = [text.strip() for text in tail.split(",")] if tail else [group_name.rstrip("!*")]
        if not tail and group_name.endswith("*"):
            fields = [group_name]
        packed = frozenset(text.rstrip("*") for text in fields if text.endswith("*"))
        names = tuple(text.rstrip("*") for text in fields)
        declared.append(Group(int(group_number), group_name.rstrip("!*"), names, personal, packed))
    return Entity(number, name, key, tuple(declared), parents or {})


_ID = KeyPart("id")
INSTITUTION = _entity(
    1,
    "institution",
    """
    1 profile: name, uscc, region, kind
    2 mode: solo, demo
    """,
)
SITE = _entity(
    2,
    "site",
    """
    1 name
    2 place: region, address
    """,
)
DEVICE = _entity(
    3,
    "device",
    """
    1 identity: name, public_key
    2 admission: admitted_by
    3 revoked
    """,
)
USER = _entity(
    4,
    "user",
    """
    1 login
    2 display
    3 roles*
    4 disabled
    """,
)
TEACHER = _entity(
    5,
    "teacher",
    """
    1 name!
    2 kind: employment, qualities*
    3 user: user_id
    4 phone!
    """,
)
PROJECT = _entity(
    6,
    "project",
    """
    1 identity: code, name
    2 certificate: trade, level, organisation
    3 audience
    4 plan: hours, form, content
    5 money: fee_fen, subsidy_fen
    6 publication: origin, area, published_on, version
    """,
)
TRAINING_CLASS = _entity(
    7,
    "training_class",
    """
    1 code
    2 project: project_id, catalogue_version
    3 dates: start_on, end_on
    4 advisers*
    5 state
    6 place: site_id, place
    7 organisation
    """,
)
SESSION = _entity(
    8,
    "session",
    """
    1 origin: class_id, planned_on, planned_start
    2 number
    3 place: held_on, starts_at, ends_at, hours, mode, place, teachers*
    4 content
    5 state
    """,
    parents={"class_id": "training_class"},
)
TRAINEE = _entity(
    9,
    "trainee",
    """
    1 name!
    2 document!: document_type, document_number
    3 birth!
    4 sex
    5 ethnicity
    6 education: education, studying
    7 phone!
    8 address!
    9 household!: household_region
    """,
)
ENROLMENT = _entity(
    10,
    "enrolment",
    """
    1 number
    2 periods*
    3 funding: category, key_group, enrolled_on
    4 evidence!: evidence_kind, evidence_number
    5 employment!: employer, post
    6 school!: student_number, major
    7 state
    """,
    key=(KeyPart("class_id"), KeyPart("trainee_id")),
    parents={"class_id": "training_class", "trainee_id": "trainee"},
)
MARK = _entity(
    11,
    "mark",
    """
    1 mark: status, lost_hours, reason
    """,
    key=(KeyPart("session_id"), KeyPart("trainee_id")),
    parents={"session_id": "session", "trainee_id": "trainee"},
)
ASSESSMENT = _entity(
    12,
    "assessment",
    """
    1 origin: class_id, kind
    2 date: held_on, organisation
    3 scheme: components*, rule
    4 lock: locked, locked_by
    5 teachers*
    6 source: file_name, file_hash
    """,
    parents={"class_id": "training_class"},
)
SCORE = _entity(
    13,
    "score",
    """
    1 ticket
    2 theory: theory_state, theory
    3 practice: practice_state, practice
    4 review: review_state, review
    5 process: process_state, process
    6 conclusion
    """,
    key=(KeyPart("assessment_id"), KeyPart("trainee_id")),
    parents={"assessment_id": "assessment", "trainee_id": "trainee"},
)
CERTIFICATE = _entity(
    14,
    "certificate",
    """
    1 number: number, kind
    2 issue: issued_on, issuer
    3 state
    """,
    key=(KeyPart("assessment_id"), KeyPart("trainee_id"), KeyPart("issue", 2)),
    parents={"assessment_id": "assessment", "trainee_id": "trainee"},
)
BATCH = _entity(
    16,
    "batch",
    """
    1 manifest: manifest, signature
    2 dissolved
    """,
)
BATCH_PAGE = _entity(
    17,
    "batch_page",
    """
    1 body!
    """,
    key=(KeyPart("batch_id"), KeyPart("page", 2)),
    parents={"batch_id": "batch"},
)
PLATFORM_PAGE = _entity(
    18,
    "platform_page",
    """
    1 page: stream, version, body
    """,
)

ENTITIES: tuple[Entity, ...] = (
    INSTITUTION,
    SITE,
    DEVICE,
    USER,
    TEACHER,
    PROJECT,
    TRAINING_CLASS,
    SESSION,
    TRAINEE,
    ENROLMENT,
    MARK,
    ASSESSMENT,
    SCORE,
    CERTIFICATE,
    BATCH,
    BATCH_PAGE,
    PLATFORM_PAGE,
)
BY_NUMBER: dict[int, Entity] = {entity.number: entity for entity in ENTITIES}
BY_NAME: dict[str, Entity] = {entity.name: entity for entity in ENTITIES}


@dataclass(frozen=True, slots=True)
class Head:
    """A write that no known write has seen."""

    stamp: Stamp
    value: object


def merge_heads(heads: Iterable[Head], seen: Iterable[Stamp], write: Head) -> tuple[Head, ...]:
    """Return the heads after a write arrives, the value first (highest stamp).

    ``heads`` are those before it; a head that the author of ``write`` had seen is replaced. Given causal order the
    result does not depend on the order, repetition or route of arrival.
    """
    replaced = set(seen)
    kept = {head.stamp: head for head in heads if head.stamp not in replaced}
    kept[write.stamp] = write
    return tuple(sorted(kept.values(), key=lambda head: head.stamp, reverse=True))


def is_conflict(heads: Iterable[Head]) -> bool:
    """Tell whether heads disagree."""
    values = [head.value for head in heads]
    return any(value != values[0] for value in values[1:])


def counts_as_deleted(
    deletions: Iterable[tuple[object, frozenset[Stamp]]],
    other_heads: Iterable[Stamp],
    *,
    has_live_child: bool,
) -> bool:
    """Tell whether a record is hidden.

    ``deletions``: value and seen stamps of each head of the group *deleted*. A record counts as deleted only while
    every such head says so, each head of its other groups was seen by one of them, and no live child points to it.
    """
    pairs = list(deletions)
    if not pairs or has_live_child or any(value != DELETED_VALUE for value, _ in pairs):
        return False
    seen = frozenset().union(*(stamps for _, stamps in pairs))
    return all(stamp in seen for stamp in other_heads)
