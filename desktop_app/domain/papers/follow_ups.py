"""就业跟踪表 of a class (六.3, 四.4) and 整改回复 to an order (六.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_app.domain.papers.figures import FigureTable


@dataclass(frozen=True, slots=True)
class EmploymentTable(FigureTable):
    """就业跟踪表: what became of each person of a class, the rates with their base below."""

    kind: ClassVar[str] = "employment"
    landscape: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class RectificationTable(FigureTable):
    """整改回复: what was ordered, what was done, by whom."""

    kind: ClassVar[str] = "rectification"
