"""The pack of a claim as one PDF: contents, own papers and scans, every page numbered 第 x 页 共 y 页."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

import resources
from desktop_app.papers import scans
from desktop_app.papers.fonts import BODY, font

_MARGIN, _SIZE, _FROM_TOP = 36.0, 9.0, 24.0


@dataclass(frozen=True, slots=True)
class PackPart:
    """An item of the pack: its title, and its documents, PDF or JPEG."""

    title: str
    documents: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class BoundPack:
    """The pack as bytes, its pages, and on which page each part begins (from 1)."""

    content: bytes
    pages: int
    starts: tuple[int, ...]


def bind(parts: Sequence[PackPart], contents: Callable[[list[int], int], bytes]) -> BoundPack:
    """Bind parts behind their contents; ``contents`` makes those from where each part begins and all pages.

    AppError PDF_UNREADABLE, PDF_LOCKED.
    """
    bodies = [
        [data if scans.is_pdf(data) else _sheet(data, part.title) for data in part.documents]
        for part in parts
    ]
    lengths = [sum(scans.count_pages(data) for data in body) for body in bodies]
    front = scans.count_pages(contents([0] * len(parts), 0))
    starts, page = [], front + 1
    for length in lengths:
        starts.append(page)
        page += length
    first = contents(starts, page - 1)
    content = scans.join([first, *(data for body in bodies for data in body)], _numbers)
    return BoundPack(content, page - 1, tuple(starts))


def _sheet(picture: bytes, title: str) -> bytes:
    """Return an A4 page with a picture as large as it goes, its title on top."""
    buffer = io.BytesIO()
    canvas = _canvas(buffer, A4)
    width, height = A4
    image = ImageReader(io.BytesIO(picture))
    across, down = image.getSize()
    room = (width - 2 * _MARGIN, height - 3 * _MARGIN)
    scale = min(room[0] / across, room[1] / down)
    canvas.setFont(font(BODY).fontName, _SIZE)
    canvas.drawString(_MARGIN, height - _FROM_TOP, title)
    size = (across * scale, down * scale)
    canvas.drawImage(image, (width - size[0]) / 2, height - _MARGIN - 4 - size[1], *size)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _numbers(sizes: list[tuple[float, float]]) -> bytes:
    """Return a PDF of pages of some sizes that hold nothing but their number, at the top right."""
    buffer = io.BytesIO()
    canvas = _canvas(buffer, sizes[0])
    for number, size in enumerate(sizes, 1):
        canvas.setPageSize(size)
        canvas.setFont(font(BODY).fontName, _SIZE)
        text = resources.text("claims.paper.page", number=number, pages=len(sizes))
        canvas.drawRightString(size[0] - _MARGIN, size[1] - _FROM_TOP, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _canvas(buffer: io.BytesIO, size: tuple[float, float]) -> Canvas:
    return Canvas(
        buffer,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        lang="zh-CN",
        # the stubs take this name for a number
        initialFontName=font(BODY).fontName,  # type: ignore[arg-type]
    )
