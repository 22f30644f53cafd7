"""What is made of other papers: contents of a class's archive, and the 更正表 to a stamped copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_app.domain.papers.figures import FigureTable


@dataclass(frozen=True, slots=True)
class ArchiveContents(FigureTable):
    """目录 of the archive of a class."""

    kind: ClassVar[str] = "archive-contents"


@dataclass(frozen=True, slots=True)
class Corrections(FigureTable):
    """更正表: what a stamped copy says and what is so now."""

    kind: ClassVar[str] = "corrections"
    landscape: ClassVar[bool] = True
