"""Papers of figures: a table of texts each, with its basis and cut-off in the notes (requirements §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_app.domain.papers.contents import PaperHead

BAR_STEPS = 24
"""Half blocks that the longest bar of a table has."""


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column: its head, left, right or centre; ``wide`` takes the room that is left over."""

    head: str
    align: str = "left"
    wide: bool = False


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A table whose cells are texts already; a cell None continues its left neighbour.

    ``meta`` are whole phrases under the title, ``signatures`` keys of labels (papers.sign.…).
    """

    kind: ClassVar[str] = "figures"
    landscape: ClassVar[bool] = False
    head: PaperHead
    title: str
    meta: tuple[str, ...]
    columns: tuple[FigureColumn, ...]
    rows: tuple[tuple[str | None, ...], ...]
    totals: tuple[tuple[str | None, ...], ...] = ()
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ("preparer",)


@dataclass(frozen=True, slots=True)
class StatisticsTable(FigureTable):
    """统计表."""

    kind: ClassVar[str] = "statistics"


@dataclass(frozen=True, slots=True)
class TeacherHoursTable(FigureTable):
    """教师课时统计表."""

    kind: ClassVar[str] = "teacher-hours"


@dataclass(frozen=True, slots=True)
class AnnualTable(FigureTable):
    """年度绩效表 (五.二.1)."""

    kind: ClassVar[str] = "annual-performance"


@dataclass(frozen=True, slots=True)
class PoolTable(FigureTable):
    """绩效工资核算表 (五.二.2, 五.二.3)."""

    kind: ClassVar[str] = "performance-pool"


@dataclass(frozen=True, slots=True)
class MondayTable(FigureTable):
    """周一页 for the head: one page."""

    kind: ClassVar[str] = "monday"


@dataclass(frozen=True, slots=True)
class ErasureTable(FigureTable):
    """个人信息删除证明."""

    kind: ClassVar[str] = "erasure"


@dataclass(frozen=True, slots=True)
class PersonTable(FigureTable):
    """个人信息副本: what is kept about one person."""

    kind: ClassVar[str] = "person"


def bar(value: int, most: int) -> str:
    """Return a bar of blocks for a value, the longest for ``most``; a value above 0 has half a block at least."""
    if value <= 0 or most <= 0:
        return ""
    halves = max(1, value * BAR_STEPS // most)
    return "█" * (halves // 2) + "▌" * (halves % 2)
