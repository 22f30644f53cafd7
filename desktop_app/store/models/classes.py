"""班级. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class TrainingClassRow(Synced, Base):
    """班级; ``advisers`` is a JSON list of [user id as hex, from, to], ``state_on`` the day of the last step.

    ``completed_on`` is the day of 结业, which stays when the class is put away.
    """

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
    state_on: Mapped[str | None]
    completed_on: Mapped[str | None]


class ClassOpeningRow(Synced, Base):
    """What a class must have before it opens; ``staff`` is a JSON list of [name, duty, 1 where 专职]."""

    __tablename__ = "class_opening"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    channel: Mapped[str | None]
    enterprise: Mapped[str | None]
    local_pool: Mapped[int | None]
    staff: Mapped[str | None]
    filed_on: Mapped[str | None]
    receipt: Mapped[str | None]
    head: Mapped[str | None]
    contact: Mapped[str | None]
    phone: Mapped[str | None]


class SessionClassRow(Synced, Base):
    """合班: the session of one class that another class holds too."""

    __tablename__ = "session_class"
    session_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("session.id"), primary_key=True)
    class_id: Mapped[bytes] = mapped_column(
        LargeBinary, ForeignKey("training_class.id"), primary_key=True, index=True
    )
    joined_on: Mapped[str | None]

    __table_args__ = ({"sqlite_with_rowid": False},)
