"""培训项目. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class ProjectRow(Synced, Base):
    """培训项目; money in 分, ``hours`` in 课时."""

    __tablename__ = "project"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    code: Mapped[str | None] = mapped_column(index=True)
    name: Mapped[str | None]
    trade: Mapped[str | None]
    level: Mapped[str | None]
    organisation: Mapped[str | None]
    audience: Mapped[str | None]
    hours: Mapped[int | None]
    form: Mapped[str | None]
    content: Mapped[str | None]
    fee_fen: Mapped[int | None]
    subsidy_fen: Mapped[int | None]
    origin: Mapped[str | None]
    area: Mapped[str | None]
    published_on: Mapped[str | None]
    version: Mapped[int | None]
