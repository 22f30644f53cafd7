"""督导 and the 处置 of risk flags. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class FlagDisposalRow(Synced, Base):
    """How a flag was disposed of; ``facts`` a JSON list of [name, text], ``people`` of trainee ids as hex."""

    __tablename__ = "flag_disposal"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str | None]
    class_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    decision: Mapped[str | None]
    disposed_on: Mapped[str | None]
    authority: Mapped[str | None]
    reason: Mapped[str | None]
    facts: Mapped[str | None]
    people: Mapped[str | None]


class SupervisionEventRow(Synced, Base):
    """An act of a department; ``order_id`` is the order that it closes, ``flag_id`` the flag that it disposes of."""

    __tablename__ = "supervision_event"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str | None]
    department: Mapped[str | None]
    document: Mapped[str | None]
    issued_on: Mapped[str | None]
    requirement: Mapped[str | None]
    deadline: Mapped[str | None]
    year: Mapped[int | None]
    quota_classes: Mapped[int | None]
    quota_people: Mapped[int | None]
    order_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    flag_id: Mapped[bytes | None] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "order_id"), Index(None, "flag_id"))


class RectificationRow(Synced, Base):
    """整改回复 to an order."""

    __tablename__ = "rectification"
    order_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("supervision_event.id"), primary_key=True)
    measures: Mapped[str | None]
    responsible: Mapped[str | None]
    replied_on: Mapped[str | None]
