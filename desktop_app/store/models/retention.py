"""Proposed deletions and erasures. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class DeletionProposalRow(Synced, Base):
    """A person to be erased; ``state`` proposed, confirmed or kept; ``due_on`` the day the time of keeping ended."""

    __tablename__ = "deletion_proposal"
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    basis: Mapped[str | None]
    due_on: Mapped[str | None]
    proposed_on: Mapped[str | None]
    state: Mapped[str | None]
    decided_on: Mapped[str | None]
    decision_reason: Mapped[str | None]

    __table_args__ = ({"sqlite_with_rowid": False},)


class ErasureRow(Synced, Base):
    """A person was erased; ``certificate`` is its number, ``records`` and ``files`` how many were concerned.

    ``leaves`` is a JSON list of leaf hashes as hex, ``remains`` msgpack (``store/erasing.py``).
    """

    __tablename__ = "erasure"
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    basis: Mapped[str | None]
    erased_on: Mapped[str | None]
    certificate: Mapped[str | None]
    records: Mapped[int | None]
    files: Mapped[int | None]
    leaves: Mapped[str | None]
    remains: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = ({"sqlite_with_rowid": False},)
