"""结业名册: what became of everybody of a class, as the report of 结业 says it."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import (
    CompletionLine,
    CompletionRegister,
    PaperResult,
    completion_tally,
    conclusion_text,
    outcome_text,
    rate_text,
)
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("number", Column("", tabular=True, stretch=0)),
    ("name", Column("", most=110, stretch=0.4)),
    ("document", Column("", tabular=True, stretch=0)),
    ("outcome", Column("", stretch=0.2)),
    ("planned_hours", Column("", align="right", tabular=True, stretch=0.1)),
    ("attended_hours", Column("", align="right", tabular=True, stretch=0.1)),
    ("rate", Column("", align="right", tabular=True, stretch=0.1)),
    ("conclusion", Column("", stretch=0.2)),
    ("certificate_number", Column("", tabular=True, stretch=0.3)),
)


def build(out: BinaryIO, content: CompletionRegister) -> PaperResult:
    """Write the 结业名册 as PDF, A4 portrait."""
    head, day = content.head, content.completed_on
    completed = () if day is None else (resources.text("papers.meta.completed_on", value=day.isoformat()),)
    section = Section(
        title=resources.text("papers.title.completion"),
        meta=(*class_meta(head), *completed, resources.text("papers.meta.people", count=len(content.lines))),
        table=Table(
            columns(_COLUMNS),
            tuple(_cells(line) for line in content.lines),
            row_height=20,
            row_least=14.5,
            size=9,
        ),
        notes=completion_tally(content),
        signatures=(resources.text("papers.sign.preparer"), review_signature(head)),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=False)


def _cells(line: CompletionLine) -> Cells:
    return (
        str(line.number),
        line.name,
        line.document_number,
        outcome_text(line),
        str(line.planned_hours),
        str(line.attended_hours),
        rate_text(line.rate_permille),
        conclusion_text(line),
        line.certificate_number,
    )
