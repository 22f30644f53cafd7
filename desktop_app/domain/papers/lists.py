"""Papers that list what the institution has: 项目目录表 (三.2) and 愿训未训 (一.3, 四.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_app.domain.papers.figures import FigureTable


@dataclass(frozen=True, slots=True)
class CatalogueTable(FigureTable):
    """项目目录表: the nine fields of each project that is passed or published."""

    kind: ClassVar[str] = "catalogue"
    landscape: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class UnmetTable(FigureTable):
    """愿训未训名单: who wants to train and is in no class, documents and phones masked."""

    kind: ClassVar[str] = "unmet"
