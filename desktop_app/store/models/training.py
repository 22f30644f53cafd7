"""Projects, classes, sessions, enrolments and attendance marks. Column meanings: ``domain/merge.py``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
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


class EnrolmentRow(Synced, Base):
    """报名; ``periods`` is a JSON list of [first day, last day or null]."""

    __tablename__ = "enrolment"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    number: Mapped[int | None]
    periods: Mapped[str | None]
    category: Mapped[str | None]
    key_group: Mapped[str | None]
    enrolled_on: Mapped[str | None]
    evidence_kind: Mapped[str | None]
    evidence_number: Mapped[str | None]
    employer: Mapped[str | None]
    post: Mapped[str | None]
    student_number: Mapped[str | None]
    major: Mapped[str | None]
    state: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), {"sqlite_with_rowid": False})


class MarkRow(Synced, Base):
    """考勤; a row without status is 未登记. ``lost_hours`` in 课时."""

    __tablename__ = "mark"
    session_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("session.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    status: Mapped[str | None]
    lost_hours: Mapped[int | None]
    reason: Mapped[str | None]

    __table_args__ = ({"sqlite_with_rowid": False},)
