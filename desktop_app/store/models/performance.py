"""Income, 绩效总量, allocation, sent figures. Column meanings: ``domain/records``."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desktop_app.store.models.base import Base, Synced


class PerformancePoolRow(Synced, Base):
    """绩效总量 of a year; ``ratio`` in 万分比, ``approved_fen`` what 人社财政 fixed, in 分."""

    __tablename__ = "performance_pool"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ratio: Mapped[int | None]
    ratio_document: Mapped[str | None]
    approved_fen: Mapped[int | None]
    approved_on: Mapped[str | None]
    document: Mapped[str | None]

    __table_args__ = ({"sqlite_with_rowid": False},)


class AllocationRow(Synced, Base):
    """分 to a teacher (``kind`` teacher) or another colleague (``kind`` user) for a year."""

    __tablename__ = "allocation"
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person_id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str | None]
    fen: Mapped[int | None]

    __table_args__ = ({"sqlite_with_rowid": False},)


class IncomeRow(Synced, Base):
    """A line of income of a class, in 分; ``on_day`` the day the money came."""

    __tablename__ = "income"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    class_id: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("training_class.id"), index=True)
    kind: Mapped[str | None]
    fen: Mapped[int | None]
    on_day: Mapped[str | None]
    document: Mapped[str | None]


class FigureReportRow(Synced, Base):
    """``figures`` is a JSON list of figures (``domain/statistics.py``) as they were sent."""

    __tablename__ = "figure_report"
    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    kind: Mapped[str | None]
    first_day: Mapped[str | None]
    last_day: Mapped[str | None]
    as_of: Mapped[str | None]
    sent_on: Mapped[str | None]
    sent_to: Mapped[str | None]
    figures: Mapped[str | None]
