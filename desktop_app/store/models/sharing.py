"""Sharing with other workstations: local, never in the journal. What a shelf is: ``sync/contract/sharing.py``."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base


class InstitutionKeyRow(Base):
    """A key of the institution; the one of the highest epoch seals new pages, the former ones open old pages.

    ``device``: who made it when the key was changed; None for the first key.
    """

    __tablename__ = "institution_key"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    epoch: Mapped[int]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    device: Mapped[bytes | None] = mapped_column(LargeBinary)


class KeyChangeRow(Base):
    """A page that changes the institution key to ``key``, kept to be put on every shelf."""

    __tablename__ = "key_change"
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    page: Mapped[bytes] = mapped_column(LargeBinary)


class KeyChangeSentRow(Base):
    """A page that changes the key is on a shelf, in that life of it."""

    __tablename__ = "key_change_sent"
    shelf: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    epoch: Mapped[bytes] = mapped_column(LargeBinary)


class ShelfRow(Base):
    """How far this workstation is with a shelf: its cursor there, and that all entries up to ``sent`` are on it."""

    __tablename__ = "shelf"
    shelf: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    epoch: Mapped[bytes] = mapped_column(LargeBinary)
    number: Mapped[int]
    sent: Mapped[int]
    contact: Mapped[str | None]
    problem: Mapped[str | None]


class ShelfRunRow(Base):
    """Entries beyond ``ShelfRow.sent`` that are on a shelf too: numbers here, from ``first`` to ``last``."""

    __tablename__ = "shelf_run"
    shelf: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    first: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class ShelfPageRow(Base):
    """A page on a shelf that cannot count (a folder): dealt with here already."""

    __tablename__ = "shelf_page"
    shelf: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    page: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)

    __table_args__ = ({"sqlite_with_rowid": False},)


class OutgoingPageRow(Base):
    """A page that is cut for a shelf and not known to be on it: entries by their numbers here, whole ones.

    Of one entry that fills several pages: leaves from ``leaf`` up to before ``leaf_end``.
    """

    __tablename__ = "outgoing_page"
    shelf: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[bytes] = mapped_column(LargeBinary)
    first: Mapped[int]
    last: Mapped[int]
    leaf: Mapped[int | None]
    leaf_end: Mapped[int | None]


class TroubledPageRow(Base):
    """A page of a shelf that could not be taken yet, and why; it is asked for again."""

    __tablename__ = "troubled_page"
    shelf: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    page: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    code: Mapped[str]
    tries: Mapped[int]
