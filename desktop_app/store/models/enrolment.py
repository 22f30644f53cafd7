"""学员 and 报名. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class TraineeRow(Synced, Base):
    """学员; ``studying`` is 1 for 在读, ``birth`` an ISO date."""

    __tablename__ = "trainee"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    name: Mapped[str | None]
    document_type: Mapped[str | None]
    document_number: Mapped[str | None]
    birth: Mapped[str | None]
    sex: Mapped[str | None]
    ethnicity: Mapped[str | None]
    education: Mapped[str | None]
    studying: Mapped[int | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    household_region: Mapped[str | None]

    __table_args__ = (Index(None, "document_number"),)


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
