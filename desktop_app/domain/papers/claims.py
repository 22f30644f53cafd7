"""Papers of 补贴: 申报汇总表, 人员明细, 公示表, 缺件清单 and the contents of the pack (requirements §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_app.domain.papers.figures import FigureTable


@dataclass(frozen=True, slots=True)
class ClaimSummary(FigureTable):
    """补贴申报汇总表."""

    kind: ClassVar[str] = "claim-summary"
    landscape: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ClaimPeople(FigureTable):
    """补贴人员明细."""

    kind: ClassVar[str] = "claim-people"
    landscape: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ClaimNoticeTable(FigureTable):
    """公示表."""

    kind: ClassVar[str] = "claim-notice"


@dataclass(frozen=True, slots=True)
class ClaimLacks(FigureTable):
    """缺件清单 by person."""

    kind: ClassVar[str] = "claim-lacks"


@dataclass(frozen=True, slots=True)
class PackContents(FigureTable):
    """Contents of the pack."""

    kind: ClassVar[str] = "claim-contents"
