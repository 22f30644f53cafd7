"""课表变更单: what was changed in the 课程表 of a class, by whom, when and why (§四.2, R34)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import ChangeLine, PaperResult, TimetableChanges
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("number", Column("", tabular=True, stretch=0)),
    ("session", Column("", tabular=True, stretch=0)),
    ("change", Column("", stretch=0.2)),
    ("before", Column("", align="left")),
    ("after", Column("", align="left")),
    ("reason", Column("", align="left")),
    ("changed_by", Column("", stretch=0.2)),
    ("changed_at", Column("", tabular=True, stretch=0.1)),
)


def build(out: BinaryIO, content: TimetableChanges) -> PaperResult:
    """Write the 课表变更单 as PDF, A4 landscape."""
    table = Table(
        columns(_COLUMNS),
        tuple(_cells(number, line) for number, line in enumerate(content.lines, 1)),
        row_height=21,
        row_least=18,
        size=9.5,
    )
    section = Section(
        title=resources.text("papers.title.changes"),
        meta=(*class_meta(content.head), resources.text("papers.meta.changes", count=len(content.lines))),
        table=table,
        signatures=(resources.text("papers.sign.preparer"), review_signature(content.head)),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=True)


def _cells(number: int, line: ChangeLine) -> Cells:
    return (
        str(number),
        str(line.session),
        line.change,
        line.before,
        line.after,
        line.reason,
        line.changed_by,
        line.changed_at,
    )
