"""Scans: PDF files are looked into page by page, and cover sheets are found by their code.

pdfium is not made for several threads, so one lock lets in one at a time.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pypdfium2
import zxingcpp
from PIL import Image

from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import Cover, read_cover
from desktop_app.domain.papers.codes import PrintedCode, read_printed
from desktop_app.papers import pictures

PDF = "application/pdf"
MAX_PAGES = 400
_HEAD = b"%PDF-"
_HEAD_WITHIN = 1024
_POINTS = 72
_PAGE_DPI, _CODE_DPI, _FOOT_DPI = 170, 110, 200
_MAX_SIDE = 3000
MOST_PIXELS = 7100
"""The longer side of A4 at 600 dpi."""
_CODE_PIXELS = 1600
_FORMATS = zxingcpp.BarcodeFormat.QRCode
_lock = threading.Lock()


def is_pdf(data: bytes) -> bool:
    """Tell whether bytes begin as a PDF does, junk before the head allowed."""
    return _HEAD in data[:_HEAD_WITHIN]


def count_pages(data: bytes) -> int:
    """Return the pages of a PDF; AppError PDF_UNREADABLE, PDF_LOCKED, PDF_TOO_LONG (over 400 pages)."""
    with _opened(data) as document:
        return _pages(document)


def page_picture(data: bytes, number: int) -> bytes:
    """Return page ``number`` (from 0) as JPEG of at most 300 KB; AppError as ``count_pages``."""
    with _opened(data) as document:
        return pictures.to_jpeg(_rendered(document, number, _PAGE_DPI))


def grey_page(data: bytes, number: int, dpi: int) -> tuple[int, int, bytes]:
    """Return width, height and grey pixels of page ``number`` (from 0); AppError as ``count_pages``."""
    with _opened(data) as document:
        picture = _rendered(document, number, dpi, MOST_PIXELS).convert("L")
    return picture.width, picture.height, picture.tobytes()


def page_covers(data: bytes) -> Iterator[Cover | None]:
    """Yield for each page of a PDF what its cover code says, None where there is none; AppError as ``count_pages``."""
    for number in range(count_pages(data)):
        with _opened(data) as document:
            picture = _rendered(document, number, _CODE_DPI)
        yield _cover_in(picture.convert("L"))


def picture_cover(data: bytes) -> Cover | None:
    """Return what the cover code in a picture says, None where there is none; AppError as ``pictures.take_in``."""
    return _cover_in(pictures.decoded(data, _CODE_PIXELS))


def printed_codes(data: bytes) -> Iterator[PrintedCode | None]:
    """Yield for each page of a PDF, or for a picture, what the code of our own paper says, None where there is none.

    AppError as ``count_pages`` and ``pictures.take_in``.
    """
    if not is_pdf(data):
        yield _printed_in(pictures.decoded(data, _MAX_SIDE))
        return
    for number in range(count_pages(data)):
        with _opened(data) as document:
            picture = _rendered(document, number, _FOOT_DPI)
        yield _printed_in(picture.convert("L"))


def _printed_in(picture: Image.Image) -> PrintedCode | None:
    for found in zxingcpp.read_barcodes(picture, formats=_FORMATS):
        printed = read_printed(found.text)
        if printed is not None:
            return printed
    return None


def _cover_in(picture: Image.Image) -> Cover | None:
    for found in zxingcpp.read_barcodes(picture, formats=_FORMATS):
        cover = read_cover(found.text)
        if cover is not None:
            return cover
    return None


@contextmanager
def _opened(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _lock:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower()
            raise AppError("PDF_LOCKED" if locked else "PDF_UNREADABLE") from error
        try:
            yield document
        except pypdfium2.PdfiumError as error:
            raise AppError("PDF_UNREADABLE") from error
        finally:
            document.close()


def _pages(document: pypdfium2.PdfDocument) -> int:
    count = len(document)
    if count > MAX_PAGES:
        raise AppError("PDF_TOO_LONG", pages=count, limit=MAX_PAGES)
    if not count:
        raise AppError("PDF_UNREADABLE")
    return count


def _rendered(document: pypdfium2.PdfDocument, number: int, dpi: int, most: int = _MAX_SIDE) -> Image.Image:
    """Draw a page; a sheet of any size gives at most ``most`` px a side."""
    page = document[number]
    try:
        longest = max(1.0, *page.get_size())
        scale = min(dpi / _POINTS, most / longest)
        bitmap = page.render(scale=scale)
        picture: Image.Image = bitmap.to_pil().copy()
        bitmap.close()
    finally:
        page.close()
    return picture


def join(documents: Sequence[bytes], overlay: Callable[[list[tuple[float, float]]], bytes]) -> bytes:
    """Join PDFs; ``overlay`` makes of the sizes of all pages, in points, the PDF that is laid over them, page by page.

    AppError PDF_UNREADABLE, PDF_LOCKED.
    """
    with _lock:
        joined = pypdfium2.PdfDocument.new()
        try:
            for data in documents:
                source = pypdfium2.PdfDocument(data)
                joined.import_pages(source)
                source.close()
            over = pypdfium2.PdfDocument(overlay([joined.get_page_size(i) for i in range(len(joined))]))
            for index in range(len(joined)):
                form, page = over.page_as_xobject(index, joined), joined[index]
                page.insert_obj(form.as_pageobject())
                page.gen_content()
                page.close()
                form.close()
            over.close()
            buffer = io.BytesIO()
            joined.save(buffer)
        except pypdfium2.PdfiumError as error:
            locked = "password" in str(error).lower()
            raise AppError("PDF_LOCKED" if locked else "PDF_UNREADABLE") from error
        finally:
            joined.close()
    return buffer.getvalue()
