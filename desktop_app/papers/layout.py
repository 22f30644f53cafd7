"""The page of every paper: 表号, title, head lines, table, signatures and 盖章 place, foot with page x/y, code and QR.

A paper is a list of ``Section``s; each begins a page. Pages are counted before they are drawn. The bytes depend on
the content and its data time only. Lengths are points.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import resources
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.papers import PaperContent, PaperHead, PaperResult, content_code
from desktop_app.papers.columns import Column
from desktop_app.papers.fonts import BODY, font
from desktop_app.papers.foot import FOOT_HEIGHT, Foot, draw_foot
from desktop_app.papers.tables import Row, Table, TableLayout, draw, lay_out, paginate
from desktop_app.papers.typesetting import Face, Typesetter
from desktop_app.papers.watching import Watched, look

MM = 72 / 25.4
_SIDE, _TOP, _BOTTOM = 12 * MM, 8 * MM, 7.5 * MM
_TITLE = Face(22, bold=True)  # 二号
_CONTINUED = Face(11, bold=True)
_META = Face(10)
_NOTE = Face(8.5)
_SIGN = Face(10)
_TAG = Face(9, bold=True)
_ROW_STEP = 0.5
_META_GAP = 14.0
_SIGN_LINE = 24.0
_STAMP_HEIGHT = 18 * MM
_PHOTO = (25 * MM, 35 * MM)  # 一寸
_HAIRLINE = 0.35
_LOGO = 9 * MM


@dataclass(frozen=True, slots=True)
class Section:
    """A run of pages with one title, head lines, table and closing; a column None in ``table`` cells as there.

    ``meta`` are whole phrases (承训机构：…) set in a grid; ``signatures`` are labels followed by room to sign;
    ``stamp`` leaves the 盖章 place under the table, else the caller names it in ``meta``; ``session`` is the number of
    the 课次 that the pages are for; ``photo`` the JPEG at the upper right (b"": its empty place, None: no place).
    """

    title: str
    meta: tuple[str, ...]
    table: Table
    notes: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ()
    stamp: bool = True
    session: int | None = None
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    section: Section
    layout: TableLayout
    rows: tuple[Row, ...]
    first: bool
    last: bool


class PageFrame:
    """The measures of a page: what is left for a table on first and later pages of a section."""

    def __init__(self, setter: Typesetter, *, landscape: bool) -> None:
        self.setter = setter
        width, height = A4
        self.width, self.height = (height, width) if landscape else (width, height)
        self.room = self.width - 2 * _SIDE
        self.left, self.top = _SIDE, self.height - _TOP
        self.meta_slots = 3 if landscape else 2

    def first_room(self, section: Section) -> float:
        """Height for head and rows of the table on the section's first page."""
        return self._body() - self.title_height() - self.meta_height(section)

    def later_room(self) -> float:
        """The same on its later pages."""
        return self._body() - 20

    def closing_height(self, section: Section) -> float:
        """Height of notes, signatures and the 盖章 place under the last row."""
        notes = sum(len(lines) for lines in self.note_lines(section)) * _NOTE.leading
        signatures = _SIGN_LINE if section.signatures else 0
        return (notes + 4 if notes else 0) + signatures + (_STAMP_HEIGHT if section.stamp else 0)

    def title_height(self) -> float:
        """Height of the title line with 表号 above it."""
        return _TITLE.size + 12

    def meta_height(self, section: Section) -> float:
        """Height of the head lines, and of the photo beside them."""
        lines = len(self.meta_lines(section)) * _META.leading
        return max(lines, 0 if section.photo is None else _PHOTO[1] + 4) + 5

    def meta_lines(self, section: Section) -> list[list[tuple[float, str]]]:
        """Return lines of (x offset, text): phrases stand in a grid, a long one takes several places or lines."""
        # beside a photo the phrases stand one under the other
        places = self.meta_slots if section.photo is None else 1
        slot = (self.room if section.photo is None else self.room - _PHOTO[0] - 8) / places
        lines: list[list[tuple[float, str]]] = []
        used = places
        for phrase in section.meta:
            for part in self.setter.wrap(self.setter.clean(phrase), slot * places, _META):
                width = self.setter.width(part, _META) + _META_GAP
                slots = min(places, max(1, -int(-width // slot)))
                if used + slots > places:
                    lines.append([])
                    used = 0
                lines[-1].append((used * slot, part))
                used += slots
        return lines

    def note_lines(self, section: Section) -> list[list[str]]:
        """Return the wrapped lines of each note."""
        return [self.setter.wrap(self.setter.clean(note), self.room, _NOTE) for note in section.notes]

    def _body(self) -> float:
        return self.height - _TOP - _BOTTOM - FOOT_HEIGHT


def class_meta(head: PaperHead) -> tuple[str, ...]:
    """Return the phrases that name institution, class, project, occupation and dates; empty ones left out."""
    dates = "—".join(day.isoformat() for day in (head.starts_on, head.ends_on) if day)
    named = (
        ("institution", head.institution),
        ("class", "　".join(part for part in (head.class_code, head.class_name) if part)),
        ("project", head.project),
        ("occupation", "　".join(part for part in (head.occupation, head.level) if part)),
        ("dates", dates),
    )
    return tuple(resources.text(f"papers.meta.{key}", value=value) for key, value in named if value)


def review_signature(head: PaperHead) -> str:
    """Return the label of the reviewer's signature, or 经办、审核同一人 where one person runs the class."""
    return resources.text("papers.note.solo" if head.solo else "papers.sign.reviewer")


def build_paper(
    out: BinaryIO, content: PaperContent, sections: Sequence[Section], setter: Typesetter, *, landscape: bool
) -> PaperResult:
    """Write the PDF of a paper to ``out`` and return its pages, lacking glyphs and content code."""
    frame = PageFrame(setter, landscape=landscape)
    pages = [page for section in sections for page in _pages(frame, section)]
    head, code = content.head, content_code(content, look)
    foot = Foot.of(setter, content.kind, head, code, len(pages))
    canvas = Canvas(
        out,
        pagesize=(frame.width, frame.height),
        invariant=1,
        pageCompression=1,
        lang="zh-CN",
        # else an unembedded Helvetica is named in the file; the stubs take this name for a number
        initialFontName=font(BODY).fontName,  # type: ignore[arg-type]
    )
    moment = head.data_time.astimezone(SHANGHAI).strftime("D:%Y%m%d%H%M%S+08'00'")
    canvas.setDateFormatter(lambda *_: moment)
    canvas.setTitle(setter.clean(f"{sections[0].title} {head.class_code}"))
    canvas.setAuthor(setter.clean(head.institution))
    canvas.setSubject(code)
    canvas.setCreator(resources.text("papers.creator"))
    for number, page in enumerate(pages, start=1):
        look(number, len(pages))
        _draw_page(canvas, frame, page, head)
        session = page.section.session
        draw_foot(canvas, setter, foot, number, (frame.left, _BOTTOM), frame.room, session)
        canvas.showPage()
    document: Any = canvas._doc  # type: ignore[attr-defined] # save() takes seconds for a thousand pages and asks nobody
    document.numberToId = Watched(document.numberToId)  # in which it looks for each object that it writes
    canvas.save()
    return PaperResult(len(pages), setter.missing, code)


def _pages(frame: PageFrame, section: Section) -> list[_Page]:
    table = section.table
    if not table.rows:
        empty = (resources.text("papers.note.empty"), *(None for _ in table.columns[1:]))
        table = replace(table, rows=(empty,))
    natural = lay_out(frame.setter, table, frame.room)
    first = frame.first_room(section) - natural.head_height
    later = frame.later_room() - natural.head_height
    closing = frame.closing_height(section)
    tries = []
    for height in _heights(table):
        layout = natural.spread(height)
        look()
        tries.append((layout, paginate(layout, first, later, closing)))
        look()
    layout, shares = min(tries, key=lambda one: len(one[1]))  # the airiest of those with the fewest pages
    count = len(shares)
    return [_Page(section, layout, rows, i == 0, i == count - 1) for i, rows in enumerate(shares)]


def _heights(table: Table) -> list[float]:
    least = table.row_least or table.row_height
    steps = int((table.row_height - least) / _ROW_STEP)
    return [table.row_height - _ROW_STEP * step for step in range(steps + 1)]


def _draw_page(canvas: Canvas, frame: PageFrame, page: _Page, head: PaperHead) -> None:
    y = frame.top
    _draw_corners(canvas, frame, head)
    if page.first:
        _draw_letterhead(canvas, frame, head)
        y = _draw_title(canvas, frame, page.section, y)
    else:
        text = frame.setter.clean(
            resources.text("papers.continued", title=page.section.title, code=head.class_code)
        )
        _centred(canvas, frame, text, y - 12, _CONTINUED)
        y -= 20
    y = draw(canvas, frame.setter, page.layout, page.rows, frame.left, y)
    if page.last:
        _draw_closing(canvas, frame, page.section, y)


def _draw_corners(canvas: Canvas, frame: PageFrame, head: PaperHead) -> None:
    setter, y = frame.setter, frame.top - 8
    if head.demo:
        tag = resources.text("papers.note.demo")
        setter.draw(canvas, frame.left + 4, y, tag, _TAG)
        canvas.setLineWidth(0.6)
        canvas.rect(frame.left, y - 3.5, setter.width(tag, _TAG) + 8, 13.5)
    if head.paper_number:
        text = setter.clean(resources.text("papers.number", value=head.paper_number))
        setter.draw(canvas, frame.left + frame.room - setter.width(text, _NOTE), y, text, _NOTE)


def _draw_letterhead(canvas: Canvas, frame: PageFrame, head: PaperHead) -> None:
    """Draw the institution's logo and the words beside it at the upper left, beside the mark of a demo."""
    mark = frame.setter.width(resources.text("papers.note.demo"), _TAG) + 14 if head.demo else 0
    x, y = frame.left + mark, frame.top - _LOGO
    if head.logo:
        image = ImageReader(io.BytesIO(head.logo))
        across, down = image.getSize()
        width = min(_LOGO * across / down, frame.room / 5)
        canvas.drawImage(image, x, y, width, _LOGO, preserveAspectRatio=True, anchor="w")
        x += width + 5
    if head.letterhead:
        room = frame.room / 3 - (x - frame.left)
        lines = frame.setter.wrap(frame.setter.clean(head.letterhead), room, _NOTE)[:2]
        base = y + _LOGO / 2 + (len(lines) - 1) * _NOTE.leading / 2 - _NOTE.size / 3
        for line in lines:
            frame.setter.draw(canvas, x, base, line, _NOTE)
            base -= _NOTE.leading


def _draw_title(canvas: Canvas, frame: PageFrame, section: Section, y: float) -> float:
    title = frame.setter.clean(section.title)
    _centred(canvas, frame, title, y - _TITLE.size, _TITLE)
    y -= frame.title_height()
    below = y - frame.meta_height(section)
    if section.photo is not None:
        _draw_photo(canvas, frame, section.photo, y)
    for line in frame.meta_lines(section):
        for offset, text in line:
            frame.setter.draw(canvas, frame.left + offset, y - _META.size, text, _META)
        y -= _META.leading
    return below


def _draw_photo(canvas: Canvas, frame: PageFrame, photo: bytes, y: float) -> None:
    """Draw a photo, or the place where it is glued."""
    width, height = _PHOTO
    x = frame.left + frame.room - width
    if photo:
        canvas.drawImage(
            ImageReader(io.BytesIO(photo)), x, y - height, width, height, preserveAspectRatio=True
        )
    else:
        text = resources.text("papers.column.photo")
        middle = x + (width - frame.setter.width(text, _META)) / 2
        frame.setter.draw(canvas, middle, y - height / 2, text, _META)
    canvas.setLineWidth(_HAIRLINE)
    canvas.rect(x, y - height, width, height)


def _draw_closing(canvas: Canvas, frame: PageFrame, section: Section, y: float) -> None:
    y -= 4
    for lines in frame.note_lines(section):
        for line in lines:
            frame.setter.draw(canvas, frame.left, y - _NOTE.size, line, _NOTE)
            y -= _NOTE.leading
    labels = [frame.setter.clean(label) for label in section.signatures]
    stamp = frame.setter.clean(resources.text("papers.sign.stamp")) if section.stamp else ""
    places = [*labels, *([stamp] if stamp else [])]
    slot = frame.room / max(1, len(places))
    for index, label in enumerate(places):
        frame.setter.draw(canvas, frame.left + index * slot, y - 16, label, _SIGN)
    if stamp:
        x = frame.left + (len(places) - 1) * slot
        frame.setter.draw(canvas, x, y - 16 - 12 * MM, resources.text("papers.sign.date"), _SIGN)


def _centred(canvas: Canvas, frame: PageFrame, text: str, y: float, face: Face) -> None:
    frame.setter.draw(canvas, (frame.width - frame.setter.width(text, face)) / 2, y, text, face)


def columns(keys: Sequence[tuple[str, Column]]) -> tuple[Column, ...]:
    """Return columns whose heads are looked up: (key under papers.column, Column with an empty head)."""
    return tuple(
        Column(
            resources.text(f"papers.column.{key}"), one.align, one.least, one.most, one.tabular, one.stretch
        )
        for key, one in keys
    )
