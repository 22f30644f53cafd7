"""教学计划/课程表: every 课次 with its 课时, content, mode, place and teacher (§四.2)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import PaperResult, Timetable, TimetableLine, content_text, day_text
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("session", Column("", tabular=True, stretch=0.2)),
    ("date", Column("", tabular=True, stretch=0.3)),
    ("time", Column("", tabular=True, stretch=0.3)),
    ("hours", Column("", align="right", tabular=True, stretch=0)),
    ("content", Column("", align="left")),
    ("mode", Column("", stretch=0.3)),
    ("place", Column("", stretch=0.6)),
    ("teacher", Column("", stretch=0.4)),
)


def build(out: BinaryIO, content: Timetable) -> PaperResult:
    """Write the 课程表 as PDF, A4 portrait."""
    head = content.head
    total: Cells = (
        resources.text("papers.total"),
        None,
        None,
        str(content.total_hours),
        "",
        None,
        None,
        None,
    )
    table = Table(
        columns(_COLUMNS),
        tuple(_cells(line) for line in content.lines),
        totals=(total,) if content.lines else (),
        row_height=21,
        row_least=18,
        size=9.5,
    )
    section = Section(
        title=resources.text("papers.title.timetable"),
        meta=(*class_meta(head), resources.text("papers.meta.sessions", count=len(content.lines))),
        table=table,
        signatures=(resources.text("papers.sign.preparer"), review_signature(head)),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=False)


def _cells(line: TimetableLine) -> Cells:
    return (
        str(line.number),
        day_text(line),
        f"{line.start}—{line.end}",
        str(line.hours),
        content_text(line),
        line.mode,
        line.place,
        line.teacher,
    )
