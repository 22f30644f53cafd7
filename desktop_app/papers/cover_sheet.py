"""佐证封面: one sheet a person with a code, laid before that person's papers in the scanner's tray.

Everything that follows a sheet up to the next belongs to whom the code names. The code holds keys, nothing personal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

import resources
from desktop_app.domain.evidence import Cover, cover_text, kind_name
from desktop_app.papers.fonts import BODY, font
from desktop_app.papers.foot import draw_qr
from desktop_app.papers.layout import MM
from desktop_app.papers.typesetting import Face, Typesetter

_TITLE, _NAME, _FACT, _NOTE = Face(22, bold=True), Face(34, bold=True), Face(14), Face(11)
_CODE_SIZE = 80 * MM
_EDGE = 22 * MM


@dataclass(frozen=True, slots=True)
class CoverSheet:
    """One sheet: the code's content, and what people read; ``document`` is masked."""

    cover: Cover
    number: int | None
    name: str
    document: str


def build(
    out: BinaryIO, institution: str, class_code: str, sheets: Sequence[CoverSheet], *, demo: bool
) -> tuple[str, ...]:
    """Write the sheets as PDF, A4 portrait, one a page; return the characters that no font has."""
    setter = Typesetter()
    font(BODY)
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setTitle(resources.text("evidence.cover.title"))
    for sheet in sheets:
        _draw(canvas, setter, (institution, class_code), sheet, demo=demo)
        canvas.showPage()
    canvas.save()
    return setter.missing


def _draw(
    canvas: Canvas, setter: Typesetter, head: tuple[str, str], sheet: CoverSheet, *, demo: bool
) -> None:
    width, height = A4
    y = height - _EDGE
    _centred(canvas, setter, resources.text("evidence.cover.title"), y - _TITLE.size, _TITLE)
    y -= _TITLE.size + 14 * MM
    name = f"{sheet.number}　{sheet.name}" if sheet.number is not None else sheet.name
    _centred(canvas, setter, name, y - _NAME.size, _NAME)
    y -= _NAME.size + 10 * MM
    kind = sheet.cover.kind
    facts = [
        sheet.document,
        resources.text("evidence.cover.class", institution=head[0], class_code=head[1]),
        resources.text("evidence.cover.kind", kind=kind_name(kind)) if kind else "",
        resources.text("papers.note.demo") if demo else "",
    ]
    for fact in filter(None, facts):
        _centred(canvas, setter, fact, y - _FACT.size, _FACT)
        y -= _FACT.size + 4 * MM
    y -= 6 * MM + _CODE_SIZE
    draw_qr(canvas, cover_text(sheet.cover), (width - _CODE_SIZE) / 2, y, _CODE_SIZE)
    y -= 12 * MM
    note = setter.clean(resources.text("evidence.cover.note"))
    for line in setter.wrap(note, width - 2 * _EDGE, _NOTE):
        setter.draw(canvas, _EDGE, y, line, _NOTE)
        y -= _NOTE.leading


def _centred(canvas: Canvas, setter: Typesetter, text: str, y: float, face: Face) -> None:
    clean = setter.clean(text)
    setter.draw(canvas, (A4[0] - setter.width(clean, face)) / 2, y, clean, face)
