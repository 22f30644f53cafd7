"""Costs. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class CostRow(Synced, Base):
    """A line of cost in 分; ``trainee_id`` NULL: of the whole class; ``on_day`` the day the money went."""

    __tablename__ = "cost"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    trainee_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    kind: Mapped[str | None]
    fen: Mapped[int | None]
    on_day: Mapped[str | None]
    document: Mapped[str | None]
    source: Mapped[str | None]
