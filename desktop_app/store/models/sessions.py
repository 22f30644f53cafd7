"""课次 and 考勤. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class SessionRow(Synced, Base):
    """课次; ``hours`` in 课时, times as HH:MM, ``teachers`` a JSON list of teacher ids as hex."""

    __tablename__ = "session"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"))
    planned_on: Mapped[str | None]
    planned_start: Mapped[str | None]
    number: Mapped[int | None]
    held_on: Mapped[str | None]
    starts_at: Mapped[str | None]
    ends_at: Mapped[str | None]
    hours: Mapped[int | None]
    mode: Mapped[str | None]
    place: Mapped[str | None]
    teachers: Mapped[str | None]
    content: Mapped[str | None]
    state: Mapped[str | None]

    __table_args__ = (Index(None, "class_id"), Index(None, "held_on"))


class MarkRow(Synced, Base):
    """考勤; a row without status is 未登记. ``lost_hours`` in 课时."""

    __tablename__ = "mark"
    session_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("session.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    status: Mapped[str | None]
    lost_hours: Mapped[int | None]
    reason: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), {"sqlite_with_rowid": False})
