"""补贴申报. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class ClaimRow(Synced, Base):
    """A claim; ``channel`` and ``period`` are numbers (``domain/claims/keys.py``), ``reviewed_by`` a user."""

    __tablename__ = "claim"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str | None]
    state_on: Mapped[str | None]
    made_on: Mapped[str | None]
    department: Mapped[str | None]
    reviewed_by: Mapped[bytes | None] = mapped_column(LargeBinary)
    reviewed_on: Mapped[str | None]
    solo: Mapped[int | None]
    publisher: Mapped[str | None]
    place: Mapped[str | None]
    notice_from: Mapped[str | None]
    notice_until: Mapped[str | None]
    phone: Mapped[str | None]
    payee_kind: Mapped[str | None]
    holder: Mapped[str | None]
    bank: Mapped[str | None]
    account: Mapped[str | None]
    paper: Mapped[str | None]

    __table_args__ = ({"sqlite_with_rowid": False},)


class ClaimLineRow(Synced, Base):
    """A person of a claim with the 分 claimed; ``certified`` 1 where a certificate is the ground."""

    __tablename__ = "claim_line"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    chosen_group: Mapped[str | None]
    fen: Mapped[int | None]
    standard_fen: Mapped[int | None]
    document: Mapped[str | None]
    certified: Mapped[int | None]
    holder: Mapped[str | None]
    bank: Mapped[str | None]
    account: Mapped[str | None]
    paper: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), Index(None, "account"), {"sqlite_with_rowid": False})


class ClaimObjectionRow(Synced, Base):
    """异议 during the 公示; ``upheld`` 1 or 0 once it is answered."""

    __tablename__ = "claim_objection"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    channel: Mapped[int | None]
    period: Mapped[int | None]
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    raised_on: Mapped[str | None]
    raised_by: Mapped[str | None]
    content: Mapped[str | None]
    answered_on: Mapped[str | None]
    upheld: Mapped[int | None]
    answer: Mapped[str | None]


class ClaimDecisionRow(Synced, Base):
    """What a department decided on a person: 全额, 核减, 不予."""

    __tablename__ = "claim_decision"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    channel: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    decision: Mapped[str | None]
    fen: Mapped[int | None]
    decided_on: Mapped[str | None]
    reason: Mapped[str | None]
    document: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), {"sqlite_with_rowid": False})


class ClaimPaymentRow(Synced, Base):
    """拨付, or 追回 with 分 below zero."""

    __tablename__ = "claim_payment"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    channel: Mapped[int | None]
    period: Mapped[int | None]
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    fen: Mapped[int | None]
    paid_on: Mapped[str | None]
    document: Mapped[str | None]


class StudentChargeRow(Synced, Base):
    """What a person of a class was charged, in 分 (R17)."""

    __tablename__ = "student_charge"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), index=True)
    kind: Mapped[str | None]
    fen: Mapped[int | None]
    on_day: Mapped[str | None]
    document: Mapped[str | None]
