"""Papers of figures as workbooks: the same texts as the PDF of the same content."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers.archives import Corrections
from desktop_app.domain.papers.claims import ClaimLacks, ClaimNoticeTable, ClaimPeople, ClaimSummary
from desktop_app.domain.papers.figures import (
    AnnualTable,
    FigureTable,
    MondayTable,
    PersonTable,
    PoolTable,
    StatisticsTable,
    TeacherHoursTable,
)
from desktop_app.domain.papers.follow_ups import EmploymentTable, RectificationTable
from desktop_app.domain.papers.lists import CatalogueTable, UnmetTable
from desktop_app.excel.paper_styles import PaperSheet, SheetColumn, Value, write_sheet

FIGURE_KINDS = tuple(
    one.kind
    for one in (
        StatisticsTable,
        TeacherHoursTable,
        AnnualTable,
        PoolTable,
        MondayTable,
        PersonTable,
        ClaimSummary,
        ClaimPeople,
        ClaimNoticeTable,
        ClaimLacks,
        CatalogueTable,
        UnmetTable,
        EmploymentTable,
        RectificationTable,
        Corrections,
    )
)


def write_figures(out: BinaryIO, content: FigureTable) -> str:
    """Write a table of figures."""
    head = content.head
    reviewer = resources.text("papers.note.solo" if head.solo else "papers.sign.reviewer")
    labels = tuple(resources.text(f"papers.sign.{key}") for key in content.signatures)
    institution = resources.text("papers.meta.institution", value=head.institution)
    sheet = PaperSheet(
        title=content.title,
        meta=(institution, *content.meta),
        columns=tuple(
            SheetColumn(one.head, align=one.align, most=60 if one.wide else 30) for one in content.columns
        ),
        rows=tuple(_row(row) for row in content.rows),
        totals=tuple(_row(row) for row in content.totals),
        notes=content.notes,
        signatures=(*labels, reviewer) if labels else (),
        landscape=False,
        row_height=20,
        frozen=1,
    )
    return write_sheet(out, content, sheet)


def _row(cells: tuple[str | None, ...]) -> tuple[Value, ...]:
    return cells
