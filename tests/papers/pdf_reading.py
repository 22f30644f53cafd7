"""Reads papers back with another library than the one that wrote them."""

from __future__ import annotations

import ctypes
import io
import itertools
import re
import zlib
from typing import Any

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


def rules(pdf: bytes, page_number: int) -> tuple[list[float], list[float]]:
    """Return the heights between the lines under a table's rows, and the places of the lines between its cells."""
    with pdfium.PdfDocument(pdf) as document:
        page = document[page_number]
        paths = page.get_objects(filter=[pdfium.raw.FPDF_PAGEOBJ_PATH])
        points = [_points(path.raw) for path in paths]
    lines = [pair for path in points for pair in zip(path[::2], path[1::2], strict=False) if len(path) != 5]
    levels = sorted({round(start[1], 2) for start, end in lines if abs(start[1] - end[1]) < 0.01})
    places = sorted({round(start[0], 2) for start, end in lines if abs(start[0] - end[0]) < 0.01})
    return [above - below for below, above in itertools.pairwise(levels)], places


def _points(path: Any) -> list[tuple[float, float]]:
    """Return the points of a path, a rectangle's five among them."""
    found = []
    for number in range(pdfium.raw.FPDFPath_CountSegments(path)):
        segment = pdfium.raw.FPDFPath_GetPathSegment(path, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.raw.FPDFPathSegment_GetPoint(segment, x, y)
        found.append((x.value, y.value))
    return found
