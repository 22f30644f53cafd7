"""开班申请表 and 退训/转班单 as workbooks."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import (
    DepartureSlips,
    OpeningApplication,
    application_rows,
    departure_text,
)
from desktop_app.excel.paper_heads import column, head_meta, signatures
from desktop_app.excel.paper_styles import PaperSheet, Value, write_sheet


def write_opening(out: BinaryIO, content: OpeningApplication) -> str:
    """Write the 开班申请表."""
    sheet = PaperSheet(
        title=resources.text("papers.title.opening"),
        meta=(),
        columns=(column("asked", least=20), column("said", align="left", least=60, most=60)),
        rows=application_rows(content),
        signatures=signatures(content.head, "preparer", "in_charge"),
        landscape=False,
        row_height=24,
        frozen=1,
    )
    return write_sheet(out, content, sheet)


def write_departures(out: BinaryIO, content: DepartureSlips) -> str:
    """Write 退训/转班 of a class, a row for each person who left."""
    columns = (
        column("number"),
        column("name", most=20),
        column("document", least=21),
        column("departure", least=8),
        column("moved_to"),
        column("last_day", least=12),
        column("attended_hours", align="right"),
        column("reason", align="left", most=30),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            one.number,
            one.name,
            one.document_number,
            departure_text(one),
            one.moved_to,
            one.last_day.isoformat() if one.last_day else "",
            one.attended_hours,
            one.reason,
        )
        for one in content.people
    )
    sheet = PaperSheet(
        title=resources.text("papers.title.departures"),
        meta=head_meta(content.head, resources.text("papers.meta.people", count=len(rows))),
        columns=columns,
        rows=rows,
        signatures=signatures(content.head, "preparer", "adviser"),
        row_height=20,
    )
    return write_sheet(out, content, sheet)
