"""花名册: who is in the class, with what evidence (§二)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import PaperResult, Roster, RosterLine
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("number", Column("", tabular=True, stretch=0)),
    ("name", Column("", most=110, stretch=0.6)),
    ("sex", Column("", stretch=0)),
    ("ethnicity", Column("", stretch=0.2)),
    ("document_number", Column("", tabular=True, stretch=0.2)),
    ("age", Column("", align="right", tabular=True, stretch=0)),
    ("education", Column("", stretch=0.3)),
    ("category", Column("", stretch=0.4)),
    ("key_group", Column("", align="left")),
    ("student_major", Column("", align="left", tabular=True)),
    ("employer_post", Column("", align="left")),
    ("household", Column("", align="left")),
    ("phone", Column("", tabular=True, stretch=0.2)),
    ("evidence", Column("", align="left", tabular=True)),
)


def build(out: BinaryIO, content: Roster) -> PaperResult:
    """Write the 花名册 as PDF, A4 landscape."""
    head = content.head
    table = Table(
        columns(_COLUMNS),
        tuple(_cells(line) for line in content.lines),
        row_height=18.5,
        row_least=14.5,
        size=8.5,
    )
    section = Section(
        title=resources.text("papers.title.roster"),
        meta=(*class_meta(head), resources.text("papers.meta.people", count=len(content.lines))),
        table=table,
        signatures=(
            resources.text("papers.sign.preparer"),
            resources.text("papers.sign.adviser"),
            review_signature(head),
        ),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=True)


def _cells(line: RosterLine) -> Cells:
    return (
        str(line.number),
        line.name,
        line.sex,
        line.ethnicity,
        line.document_number,
        "" if line.age is None else str(line.age),
        line.education,
        line.category,
        line.key_group,
        _pair(line.student_number, line.major),
        _pair(line.employer, line.post),
        line.household,
        line.phone,
        line.evidence,
    )


def _pair(first: str, second: str) -> str:
    return "/".join(part for part in (first, second) if part)
