"""培训项目, its catalogue versions, answers and selections. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class ProjectRow(Synced, Base):
    """培训项目; money in 分, ``hours`` in 课时; ``audience`` codes joined by commas, file columns JSON lists."""

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
    schedule: Mapped[str | None]
    institution: Mapped[str | None]
    submission: Mapped[int | None]
    submitted_on: Mapped[str | None]
    wanted_level: Mapped[int | None]
    affiliation: Mapped[str | None]
    region: Mapped[str | None]
    withdrawn: Mapped[int | None]
    enterprise: Mapped[str | None]
    planned_on: Mapped[str | None]
    signed: Mapped[int | None]
    survey_files: Mapped[str | None]
    minutes_files: Mapped[str | None]


class ProjectVersionRow(Synced, Base):
    """A catalogue entry as it was at one version; ``entry`` is a JSON list of [field, value]."""

    __tablename__ = "project_version"
    project_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("project.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry: Mapped[str | None]

    __table_args__ = ({"sqlite_with_rowid": False},)


class ProjectAnswerRow(Synced, Base):
    """What a department answered; key derived from project, track, submission and level."""

    __tablename__ = "project_answer"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    project_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("project.id"), index=True)
    track: Mapped[str | None]
    submission: Mapped[int | None]
    level: Mapped[int | None]
    area: Mapped[str | None]
    answer: Mapped[str | None]
    answered_on: Mapped[str | None]
    reason: Mapped[str | None]
    document: Mapped[str | None]


class ClassSelectionRow(Synced, Base):
    """A department's selection of the project for a class (三.3)."""

    __tablename__ = "class_selection"
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), primary_key=True)
    department: Mapped[str | None]
    document: Mapped[str | None]
    fund: Mapped[str | None]
    selected_on: Mapped[str | None]


class ProjectSelectionRow(Synced, Base):
    """部门选用 of a published project, as the platform tells it; key derived from project and department."""

    __tablename__ = "project_selection"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    project_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("project.id"), index=True)
    department: Mapped[str | None]
    document: Mapped[str | None]
    fund: Mapped[str | None]
    selected_on: Mapped[str | None]
