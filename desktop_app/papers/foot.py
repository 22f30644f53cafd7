"""The foot of every page: data time, content code, notes, page x/y and the QR that says the same to a scanner."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.pdfgen.canvas import Canvas

import resources
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.papers import PaperHead
from desktop_app.domain.papers.codes import PrintedCode
from desktop_app.papers.fonts import SUBSTITUTE
from desktop_app.papers.typesetting import Face, Typesetter

FOOT_HEIGHT = 41.0
_QR_SIZE = 38.0
_QR_FORM = "code"
_TEXT = Face(7.5)
_PAGE = Face(9)


@dataclass(frozen=True, slots=True)
class Foot:
    """What the foot says; page numbers are added page by page."""

    lines: tuple[str, ...]
    code: PrintedCode
    pages: int

    @classmethod
    def of(cls, setter: Typesetter, kind: str, head: PaperHead, code: str, pages: int) -> Foot:
        """Make the foot of a paper; called when every text has been cleaned, so that lacking glyphs are known."""
        moment = head.data_time.astimezone(SHANGHAI)
        facts = [
            resources.text("papers.foot.data_time", value=f"{moment:%Y-%m-%d %H:%M}"),
            resources.text("papers.foot.code", value=code),
        ]
        if head.printed_by:
            facts.append(resources.text("papers.foot.printed_by", value=head.printed_by))
        notes = [resources.text("papers.note.demo_long")] if head.demo else []
        notes += [resources.text("papers.note.solo")] if head.solo else []
        lines = [setter.clean("　".join(facts)), setter.clean("　".join(notes))]
        if setter.missing:
            codes = "、".join(f"U+{ord(one):04X}" for one in setter.missing)
            lines.append(resources.text("papers.note.missing", sign=SUBSTITUTE, codes=codes))
        printed = PrintedCode(kind, head.class_code, head.paper_number, head.data_time, code)
        return cls(tuple(line for line in lines if line), printed, pages)


def draw_foot(
    canvas: Canvas,
    setter: Typesetter,
    foot: Foot,
    number: int,
    at: tuple[float, float],
    room: float,
    session: int | None = None,
) -> None:
    """Draw the foot of page ``number`` with its lower left corner ``at``; ``session`` is the 课次 that it is for."""
    x, y = at
    form = _QR_FORM if session is None else f"{_QR_FORM}{session}"
    if not canvas.hasForm(form):  # the same on many pages: drawn once
        canvas.beginForm(form, 0, 0, _QR_SIZE, _QR_SIZE)
        draw_qr(canvas, replace(foot.code, session=session).text(), 0, 0, _QR_SIZE)
        canvas.endForm()
    canvas.saveState()
    canvas.translate(x + room - _QR_SIZE, y)
    canvas.doForm(form)
    canvas.restoreState()
    page = resources.text("papers.foot.page", number=number, pages=foot.pages)
    setter.draw(canvas, x + (room - setter.width(page, _PAGE)) / 2, y + 2, page, _PAGE)
    base = y + FOOT_HEIGHT - 16
    for line in foot.lines:
        for part in setter.wrap(line, room - _QR_SIZE - 8, _TEXT)[:3]:
            setter.draw(canvas, x, base, part, _TEXT)
            base -= _TEXT.size * 1.25


def draw_qr(canvas: Canvas, text: str, x: float, y: float, size: float) -> None:
    """Draw a QR code ``size`` points wide with its lower left corner at (x, y)."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    modules = code.modules
    cell = size / len(modules)
    for row, line in enumerate(modules):
        column = 0
        while column < len(line):
            run = column
            while run < len(line) and line[run]:
                run += 1
            if run > column:
                top = y + size - (row + 1) * cell
                canvas.rect(x + column * cell, top, (run - column) * cell, cell * 1.02, stroke=0, fill=1)
            column = max(run, column + 1)
