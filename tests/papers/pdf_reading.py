"""Reads papers back with another library than the one that wrote them."""

from __future__ import annotations

import io
import re
import zlib

import pypdfium2 as pdfium

from desktop_app.domain.papers import PaperContent, PaperResult
from desktop_app.papers import INSTITUTION_PAPERS, PAPERS

_STREAM = re.compile(rb"/Filter \[ /FlateDecode \] /Length (\d+)[^>]*>>\s+stream\r?\n")


def build(content: PaperContent) -> tuple[bytes, PaperResult]:
    out = io.BytesIO()
    result = {**PAPERS, **INSTITUTION_PAPERS}[content.kind].build(out, content)
    return out.getvalue(), result


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page without white space, so that wrapping does not matter."""
    with pdfium.PdfDocument(pdf) as document:
        return ["".join(page.get_textpage().get_text_bounded().split()) for page in document]


def all_text(content: PaperContent) -> str:
    return "".join(page_texts(build(content)[0]))


def page_sizes(pdf: bytes) -> set[tuple[int, int]]:
    with pdfium.PdfDocument(pdf) as document:
        return {(round(page.get_width()), round(page.get_height())) for page in document}


def streams(pdf: bytes) -> list[bytes]:
    """The unpacked streams of fonts and ToUnicode maps."""
    return [zlib.decompress(pdf[one.end() : one.end() + int(one[1])]) for one in _STREAM.finditer(pdf)]


def box_heights(pdf: bytes, page_number: int) -> list[float]:
    """Heights of all rectangles on a page, points."""
    with pdfium.PdfDocument(pdf) as document:
        page = document[page_number]
        paths = page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH])
        bounds = [path.get_bounds() for path in paths]
    return [top - bottom for _, bottom, _, top in bounds]
