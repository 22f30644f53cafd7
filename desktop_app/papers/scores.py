"""成绩登记册: components, total, 缺考/缓考/违纪 (never a 0), 补考 and conclusion (§四.3)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import (
    PaperResult,
    ScoreLine,
    ScoreRegister,
    component_text,
    conclusion_text,
    distinct_names,
    score_tally,
    score_text,
    states_text,
    used_components,
)
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_SCORE = Column("", align="right", tabular=True, least=34, stretch=0.2)


def build(out: BinaryIO, content: ScoreRegister) -> PaperResult:
    """Write the 成绩登记册 as PDF, A4 landscape."""
    head, components = content.head, used_components(content)
    keys = (
        ("number", Column("", tabular=True, stretch=0)),
        ("name", Column("", most=110, stretch=0.4)),
        ("ticket", Column("", tabular=True, stretch=0.3)),
        *((name, _SCORE) for name in components),
        ("total", _SCORE),
        ("states", Column("", most=120, stretch=0.4)),
        ("resit", Column("", stretch=0.2)),
        ("conclusion", Column("", stretch=0.2)),
        ("exam_date", Column("", tabular=True, stretch=0.2)),
        ("organisation", Column("", align="left", stretch=0.3)),
        ("examiner", Column("", least=58, stretch=1)),
    )
    names = distinct_names(content.lines)
    rows = tuple(_cells(line, name, components) for line, name in zip(content.lines, names, strict=True))
    section = Section(
        title=resources.text("papers.title.scores"),
        meta=(*class_meta(head), resources.text("papers.meta.people", count=len(content.lines))),
        table=Table(columns(keys), rows, row_height=20, row_least=14.5, size=9),
        notes=(score_tally(content),),
        signatures=(
            resources.text("papers.sign.preparer"),
            resources.text("papers.sign.examiner"),
            review_signature(head),
        ),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=True)


def _cells(line: ScoreLine, name: str, components: tuple[str, ...]) -> Cells:
    return (
        str(line.number),
        name,
        line.ticket,
        *(component_text(getattr(line, component)) for component in components),
        score_text(line.total),
        states_text(line),
        line.resit,
        conclusion_text(line),
        line.exam_date.isoformat() if line.exam_date else "",
        line.organisation,
        "",
    )
