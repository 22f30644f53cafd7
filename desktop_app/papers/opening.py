"""开班申请表: what is applied for with the 开班备案 of a class (§四.2, 五.三, 六.2)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import OpeningApplication, PaperResult, application_rows
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, columns, review_signature
from desktop_app.papers.tables import Table
from desktop_app.papers.typesetting import Typesetter

FORM = (
    ("asked", Column("", least=110, stretch=0)),
    ("said", Column("", align="left")),
)


def build(out: BinaryIO, content: OpeningApplication) -> PaperResult:
    """Write the 开班申请表 as PDF, A4 portrait."""
    section = Section(
        title=resources.text("papers.title.opening"),
        meta=(),
        table=Table(columns(FORM), application_rows(content), row_height=32, row_least=22, size=11),
        signatures=(
            resources.text("papers.sign.preparer"),
            resources.text("papers.sign.in_charge"),
            review_signature(content.head),
        ),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=False)
