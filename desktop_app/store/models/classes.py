"""班级. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class TrainingClassRow(Synced, Base):
    """班级; ``advisers`` is a JSON list of [user id as hex, from, to]."""

    __tablename__ = "training_class"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    code: Mapped[str | None] = mapped_column(index=True)
    project_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    catalogue_version: Mapped[int | None]
    start_on: Mapped[str | None]
    end_on: Mapped[str | None]
    advisers: Mapped[str | None]
    state: Mapped[str | None]
    site_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    place: Mapped[str | None]
    organisation: Mapped[str | None]
