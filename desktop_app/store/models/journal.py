"""The journal and what merging needs beside the rows; all of it local in form, equal in content."""

from __future__ import annotations

from sqlalchemy import Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base


class JournalEntryRow(Base):
    """An entry as its author made it; ``seq`` is its number here and stands for its stamp in the rows.

    ``state``: applied, partial (leaves missing), refused.
    """

    __tablename__ = "journal_entry"
    seq: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    header: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hashes: Mapped[bytes] = mapped_column(LargeBinary)
    ms: Mapped[int]
    counter: Mapped[int]
    opening: Mapped[int]
    state: Mapped[int]

    __table_args__ = (
        Index(None, "ms", "counter", "opening", unique=True),
        Index("ix_journal_entry_partial", "seq", sqlite_where=text("state = 1")),
    )


class JournalLeafRow(Base):
    """Payload of an entry: salt and bytes, zstd-compressed where that is shorter; NULL once erased."""

    __tablename__ = "journal_leaf"
    seq: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)


class OpeningRow(Base):
    """Openings interned to small numbers."""

    __tablename__ = "opening"
    number: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class FrontierRow(Base):
    """Entries that are not yet a parent of any stored entry: the parents of what is written next."""

    __tablename__ = "frontier"
    seq: Mapped[int] = mapped_column(primary_key=True)


class SignatureRow(Base):
    """A device's signature over a tip; it covers all ancestors of the entry."""

    __tablename__ = "signature"
    entry_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    device: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class WaitingEntryRow(Base):
    """A foreign entry that cannot be stored yet, as one blob.

    ``reason``: a parent is not here, its stamp lies too far ahead of this clock, or its stamp is another entry's.
    ``parents`` are the ids of its parents, joined.
    """

    __tablename__ = "waiting_entry"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    reason: Mapped[str]
    device: Mapped[bytes] = mapped_column(LargeBinary)
    ms: Mapped[int]
    parents: Mapped[bytes] = mapped_column(LargeBinary)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class ParkedChangeRow(Base):
    """A change that cannot be applied yet: its record or parent record is missing, or it makes no sense here.

    ``groups`` are its writes as on the wire. A leaf that cannot be read at all is kept as entity 0 with its number.
    """

    __tablename__ = "parked_change"
    seq: Mapped[int] = mapped_column(primary_key=True)
    entity: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    groups: Mapped[bytes] = mapped_column(LargeBinary)
    reason: Mapped[str]


class HeadRow(Base):
    """Heads beyond the first of a group, and all heads of groups or entities unknown to this version."""

    __tablename__ = "head"
    entity: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    grp: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)


class DeletionSightRow(Base):
    """What the author of a deletion had seen: the stamps of all heads of the record, its own among them."""

    __tablename__ = "deletion_sight"
    entity: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    seen: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)


class EarlySightRow(Base):
    """A write that was seen by one already applied here while it is itself late, parked or unknown.

    When it comes it is no head any more. Nearly always empty.
    """

    __tablename__ = "early_sight"
    entity: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    grp: Mapped[int] = mapped_column(primary_key=True)
    stamp: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class AccountEntryRow(Base):
    """What an entry in force says of accounts, packed: entity, key, group, stamps seen and value of each write."""

    __tablename__ = "account_entry"
    seq: Mapped[int] = mapped_column(primary_key=True)
    facts: Mapped[bytes] = mapped_column(LargeBinary)


class AccountSetRow(Base):
    """Sets of account entries, numbered; ``members`` are their numbers here, ascending, packed."""

    __tablename__ = "account_set"
    number: Mapped[int] = mapped_column(primary_key=True)
    members: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class AccountViewRow(Base):
    """Which account entries are among the ancestors of an entry and of those after it, up to the next row."""

    __tablename__ = "account_view"
    seq: Mapped[int] = mapped_column(primary_key=True)
    view: Mapped[int]


class RefusedEntryRow(Base):
    """An entry that its author was not permitted, or, where it is not ``whole``, some changes of it."""

    __tablename__ = "refused_entry"
    seq: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    whole: Mapped[int]


class OverruledEntryRow(Base):
    """An entry in force whose author had lost the right to it without knowing of that."""

    __tablename__ = "overruled_entry"
    seq: Mapped[int] = mapped_column(primary_key=True)


class UndoStepRow(Base):
    """Local: what this workstation's users can take back; ``undone`` is the entry that took it back."""

    __tablename__ = "undo_step"
    seq: Mapped[int] = mapped_column(primary_key=True)
    user: Mapped[bytes] = mapped_column(LargeBinary)
    command: Mapped[str]
    undone: Mapped[int | None]

    __table_args__ = (Index(None, "user", "undone", "seq"),)


class SettingRow(Base):
    """Local settings and secrets of this workstation (inside the encrypted file): key and value."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
