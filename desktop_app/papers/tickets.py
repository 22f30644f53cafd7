"""准考证: one row a candidate, high enough to be cut apart, with room for the photo (§四.3)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import AdmissionTickets, ExamPerson, PaperResult
from desktop_app.papers.columns import Column
from desktop_app.papers.exam_heads import exam_meta, exam_time, exam_title
from desktop_app.papers.layout import MM, Section, build_paper, columns
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("number", Column("", tabular=True, stretch=0)),
    ("name", Column("", most=80, stretch=0.4)),
    ("document", Column("", tabular=True, stretch=0)),
    ("ticket", Column("", tabular=True, stretch=0)),
    ("occupation_level", Column("", stretch=0.4)),
    ("exam_time", Column("", tabular=True, least=56, most=64, stretch=0)),
    ("exam_place", Column("", stretch=0.5)),
    ("components", Column("", stretch=0.5)),
    ("photo", Column("", least=22 * MM, stretch=0)),
)
_HEIGHT = 30 * MM
"""Height of a row: a photo of 一寸 (25 × 35 mm trimmed) stands in it."""


def build(out: BinaryIO, content: AdmissionTickets) -> PaperResult:
    """Write the 准考证 as PDF, A4 portrait."""
    sitting = content.sitting
    head, moment = content.head, exam_time(sitting)
    trade = " ".join(part for part in (head.occupation, head.level) if part)
    section = Section(
        title=exam_title(content.kind, sitting),
        meta=exam_meta(head, sitting, len(content.people)),
        table=Table(
            columns(_COLUMNS),
            tuple(_cells(one, trade, moment, sitting.place) for one in content.people),
            row_height=_HEIGHT,
            size=9,
        ),
        notes=(resources.text("papers.note.tickets"),),
        signatures=(resources.text("papers.sign.preparer"),),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=False)


def _cells(person: ExamPerson, trade: str, moment: str, place: str) -> Cells:
    return (
        str(person.number),
        person.name,
        person.document_number,
        person.ticket,
        trade,
        moment,
        place,
        person.components,
        "",
    )
