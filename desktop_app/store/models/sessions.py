"""课次, 考勤 and 过程检查. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class SessionRow(Synced, Base):
    """课次; ``hours`` in 课时, times as HH:MM, ``teachers`` a JSON list of teacher ids as hex, 主讲 first.

    ``makes_up`` is the session that a 补课 names, ``makes_up_for`` a JSON list of trainee ids as hex (NULL: the class);
    ``substituted`` lists the teachers whom others stand in for; ``shares`` the 课时 of each teacher, in their order
    (NULL: each the whole session); ``site_id`` its own 教学点 (NULL: the class's); ``online_minutes`` in minutes.
    """

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
    makes_up: Mapped[bytes | None] = mapped_column(LargeBinary)
    makes_up_for: Mapped[str | None]
    online_platform: Mapped[str | None]
    online_minutes: Mapped[int | None]
    identity_checks: Mapped[int | None]
    substituted: Mapped[str | None]
    shares: Mapped[str | None]
    site_id: Mapped[bytes | None] = mapped_column(LargeBinary)

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


class InspectionRow(Synced, Base):
    """过程检查; ``marked`` and ``expected`` are 实到 and 应到 by the marks when the note was written, in people."""

    __tablename__ = "inspection"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    session_id: Mapped[bytes | None] = mapped_column(LargeBinary)
    visited_on: Mapped[str | None]
    visited_at: Mapped[str | None]
    inspector: Mapped[str | None]
    head_count: Mapped[int | None]
    marked: Mapped[int | None]
    expected: Mapped[int | None]
    findings: Mapped[str | None]
