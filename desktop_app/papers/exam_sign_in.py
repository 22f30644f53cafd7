"""考场签到表: who sits an exam, for signing by hand; rows ≥ 8 mm (§四.3)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import ExamPerson, ExamSignIn, PaperResult
from desktop_app.papers.columns import Column
from desktop_app.papers.exam_heads import exam_meta, exam_title
from desktop_app.papers.layout import MM, Section, build_paper, columns
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    ("number", Column("", tabular=True, stretch=0)),
    ("name", Column("", most=90, stretch=0.3)),
    ("document", Column("", tabular=True, stretch=0)),
    ("ticket", Column("", tabular=True, stretch=0)),
    ("components", Column("", stretch=0.3)),
    ("signed", Column("", least=80, stretch=1)),
    ("note", Column("", least=50, stretch=0.4)),
)


def build(out: BinaryIO, content: ExamSignIn) -> PaperResult:
    """Write the 考场签到表 as PDF, A4 portrait."""
    section = Section(
        title=exam_title(content.kind, content.sitting),
        meta=exam_meta(content.head, content.sitting, len(content.people)),
        table=Table(
            columns(_COLUMNS),
            tuple(_cells(one) for one in content.people),
            row_height=8.5 * MM,
            row_least=8 * MM,
            size=9.5,
        ),
        notes=(resources.text("papers.note.exam_sign_in"),),
        signatures=(resources.text("papers.sign.invigilator"), resources.text("papers.sign.examiner")),
    )
    return build_paper(out, content, [section], Typesetter(), landscape=False)


def _cells(person: ExamPerson) -> Cells:
    return (
        str(person.number),
        person.name,
        person.document_number,
        person.ticket,
        person.components,
        "",
        "",
    )
