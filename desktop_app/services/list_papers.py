"""Papers of the institution's lists: 项目目录表, 愿训未训名单; each shows what its page shows."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.enrolment import WishListItem
from desktop_app.domain.listings.projects import CatalogueLine
from desktop_app.domain.money import format_fen
from desktop_app.domain.papers.figures import FigureColumn
from desktop_app.domain.papers.lists import CatalogueTable, UnmetTable
from desktop_app.domain.regions import region_name
from desktop_app.services.context import Service
from desktop_app.services.figure_papers import paper_head
from desktop_app.services.papers import WrittenPaper, write_institution_paper
from desktop_app.services.projects import ProjectService
from desktop_app.services.willingness import WillingnessService

_CATALOGUE = (
    "code",
    "name*",
    "audience",
    "institution*",
    "content*",
    "form",
    "hours>",
    "schedule",
    "certificate",
    "fee>",
    "subsidy>",
    "areas",
)
_UNMET = ("number>", "person", "document", "phone", "trade", "noted", "state", "class", "reason*")


class ListPaperService(Service):
    """PDF or Excel by the file's ending."""

    def catalogue(self, path: Path) -> WrittenPaper:
        """Write the 项目目录表; AppError NOT_PERMITTED, CATALOGUE_EMPTY, PAPER_FORMAT, FILE_NOT_WRITABLE."""
        self.context.require("make_paper")
        lines = ProjectService(self.context).catalogue()
        if not lines:
            raise AppError("CATALOGUE_EMPTY")
        table = CatalogueTable(
            paper_head(self.context),
            resources.text("papers.title.catalogue"),
            (resources.text("lists.count", count=len(lines)),),
            _columns(*_CATALOGUE),
            tuple(_catalogue_row(one) for one in lines),
            notes=(resources.text("lists.note.catalogue"),),
        )
        return write_institution_paper(table, path)

    def unmet(self, path: Path) -> WrittenPaper:
        """Write the 愿训未训名单, masked; AppError NOT_PERMITTED, UNMET_NONE, PAPER_FORMAT, FILE_NOT_WRITABLE."""
        self.context.require("make_paper")
        wishes = WillingnessService(self.context).list_wishes(unmet=True)
        if not wishes:
            raise AppError("UNMET_NONE")
        people = len({one.trainee_id for one in wishes})
        table = UnmetTable(
            paper_head(self.context),
            resources.text("papers.title.unmet"),
            (resources.text("lists.people", people=people, times=len(wishes)),),
            _columns(*_UNMET),
            tuple(_unmet_row(number, one) for number, one in enumerate(wishes, 1)),
            notes=(resources.text("lists.note.unmet"),),
        )
        return write_institution_paper(table, path)


def _columns(*names: str) -> tuple[FigureColumn, ...]:
    """Return columns by key; ``>`` sets it right, ``*`` gives it the room that is left."""
    return tuple(
        FigureColumn(
            resources.text(f"lists.column.{name.rstrip('>*')}"),
            "right" if ">" in name else "left",
            "*" in name,
        )
        for name in names
    )


def _catalogue_row(line: CatalogueLine) -> tuple[str, ...]:
    audience = [resources.text(f"projects.audience.{one}") for one in (line.audience or "").split(",") if one]
    level = codes.level_name(line.level) if line.level else ""
    certificate = "，".join(
        part for part in (" ".join(word for word in (line.trade, level) if word), line.organisation) if part
    )
    return (
        line.code,
        line.name or "",
        "、".join(audience),
        line.institution or "",
        line.content or "",
        line.form or "",
        str(line.hours or ""),
        line.schedule or "",
        certificate,
        "" if line.fee_fen is None else format_fen(line.fee_fen),
        "" if line.subsidy_fen is None else format_fen(line.subsidy_fen),
        "、".join(region_name(area) or area for area in line.areas),
    )


def _unmet_row(number: int, wish: WishListItem) -> tuple[str, ...]:
    trade = wish.trade or resources.text("wishes.any_trade")
    return (
        str(number),
        wish.name,
        wish.document_number,
        wish.phone,
        f"{trade} {codes.level_name(wish.level)}" if wish.level else trade,
        "" if wish.noted_on is None else wish.noted_on.isoformat(),
        resources.text(f"wish.{wish.state.value}"),
        wish.class_code or "",
        wish.reason,
    )
