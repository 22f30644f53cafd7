"""Assessments, scores and certificates. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class AssessmentRow(Synced, Base):
    """考核; ``components`` is a JSON list of [code, full mark, pass mark, weight], marks in tenths."""

    __tablename__ = "assessment"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    kind: Mapped[str | None]
    held_on: Mapped[str | None]
    organisation: Mapped[str | None]
    components: Mapped[str | None]
    rule: Mapped[str | None]
    locked: Mapped[int | None]
    locked_by: Mapped[bytes | None] = mapped_column(LargeBinary)
    teachers: Mapped[str | None]
    file_name: Mapped[str | None]
    file_hash: Mapped[str | None]


class ScoreRow(Synced, Base):
    """成绩; each component has a state and a score in tenths of a point."""

    __tablename__ = "score"
    assessment_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("assessment.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    ticket: Mapped[str | None]
    theory_state: Mapped[str | None]
    theory: Mapped[int | None]
    practice_state: Mapped[str | None]
    practice: Mapped[int | None]
    review_state: Mapped[str | None]
    review: Mapped[int | None]
    process_state: Mapped[str | None]
    process: Mapped[int | None]
    conclusion: Mapped[str | None]

    __table_args__ = (Index(None, "trainee_id"), {"sqlite_with_rowid": False})


class CertificateRow(Synced, Base):
    """职业技能等级证书; ``issue`` counts 更正 and 补发 from 1."""

    __tablename__ = "certificate"
    assessment_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("assessment.id"), primary_key=True)
    trainee_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("trainee.id"), primary_key=True)
    issue: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[str | None]
    kind: Mapped[str | None]
    issued_on: Mapped[str | None]
    issuer: Mapped[str | None]
    state: Mapped[str | None]

    __table_args__ = (Index(None, "number"), Index(None, "trainee_id"), {"sqlite_with_rowid": False})
