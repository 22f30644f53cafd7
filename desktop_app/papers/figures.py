"""Papers of figures: 统计表, 年度绩效表, 绩效工资核算表, 教师课时统计表, 周一页, certificates of erasure."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import PaperResult
from desktop_app.domain.papers.figures import FigureTable, MondayTable
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, review_signature
from desktop_app.papers.tables import Table
from desktop_app.papers.typesetting import Typesetter


def build(out: BinaryIO, content: FigureTable) -> PaperResult:
    """Write a table of figures as PDF, A4 portrait."""
    columns = tuple(
        Column(
            one.head,
            align=one.align,
            tabular=one.align == "right",
            stretch=1.0 if one.wide else 0.2,
        )
        for one in content.columns
    )
    head = content.head
    signatures = tuple(resources.text(f"papers.sign.{key}") for key in content.signatures)
    section = Section(
        title=content.title,
        meta=(*class_meta(head), *content.meta),
        table=Table(columns, content.rows, totals=content.totals, row_height=20, row_least=14, size=9.5),
        notes=content.notes,
        signatures=(*signatures, review_signature(head)) if signatures else (),
        stamp=not isinstance(content, MondayTable),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=content.landscape)
