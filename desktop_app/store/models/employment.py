"""就业跟踪. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class FollowUpRow(Synced, Base):
    """What became of a person in a month; ``insured`` 社保 and ``matched`` 对口 are 1, 0 or NULL (not known)."""

    __tablename__ = "follow_up"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str | None]
    since: Mapped[str | None]
    employer: Mapped[str | None]
    credit_code: Mapped[str | None]
    post: Mapped[str | None]
    contract_from: Mapped[str | None]
    contract_until: Mapped[str | None]
    insured: Mapped[int | None]
    matched: Mapped[int | None]
    voucher_kind: Mapped[str | None]
    voucher_number: Mapped[str | None]
    voucher_on: Mapped[str | None]
    followed_on: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), Index(None, "month"), {"sqlite_with_rowid": False})
