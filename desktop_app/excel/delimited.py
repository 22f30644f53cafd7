"""CSV and tab text, as Excel, WPS and other systems save them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from desktop_app.excel.bounds import CELL_LIMIT, too_many_cells
from desktop_app.excel.cells import Cell
from desktop_app.excel.unusable_file import UnusableFile

_KEPT_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAMPLE_ROWS = 50
_SAMPLE_BYTES = 4096
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffe\uffff]")


def utf16_of(data: bytes) -> str:
    """Name of the UTF-16 that a text is in, "" where it is in none; without a mark the zeros of its ASCII tell."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    sample = data[:_SAMPLE_BYTES]
    zeros = [sample[place::2].count(0) for place in (0, 1)]
    if len(data) % 2 or not any(zeros) or all(zeros):
        return ""
    name = "utf-16-le" if zeros[1] else "utf-16-be"
    text = sample[: len(sample) & ~1].decode(name, errors="ignore")
    return "" if _NOT_TEXT.search(text) or "\n" not in text else name


def decode_text(data: bytes) -> str:
    """Text of a file in UTF-8 (with or without mark), UTF-16 (the same), or GB18030.

    Raises WORKBOOK_UNREADABLE where it is none of these.
    """
    utf16 = utf16_of(data)
    encodings = [utf16] if utf16 else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnusableFile("WORKBOOK_UNREADABLE")


def read_delimited(text: str, limit: int) -> list[tuple[Cell, ...]]:
    """Rows of a delimited text; every cell is text. ``="0012"``, a trick to keep zeros, is unwrapped.

    Raises WORKBOOK_TOO_LARGE beyond ``limit`` rows, WORKBOOK_TOO_MANY_CELLS, and WORKBOOK_UNREADABLE on a broken
    quotation.
    """
    declared = _SEPARATOR_LINE.match(text)
    if declared:
        text = "\n" + text[declared.end() :]  # the line keeps its number
    delimiter = declared.group(1) if declared else _delimiter(text)
    rows: list[tuple[Cell, ...]] = []
    room = CELL_LIMIT
    try:
        for record in csv.reader(_lines(text), delimiter=delimiter):
            if len(rows) >= limit and any(record):
                raise UnusableFile("WORKBOOK_TOO_LARGE", limit=limit, found=len(rows) + 1)
            room -= len(record)
            if room < 0:
                raise too_many_cells()
            rows.append(tuple(_unwrapped(cell) for cell in record))
    except csv.Error as error:
        raise UnusableFile("WORKBOOK_UNREADABLE") from error
    return rows


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends, as they stand; the text is not held a second time."""
    place = 0
    for end in _LINE_END.finditer(text):
        yield text[place : end.end()]
        place = end.end()
    if place < len(text):
        yield text[place:]


def _unwrapped(cell: str) -> str:
    match = _KEPT_AS_TEXT.fullmatch(cell.strip())
    return match.group(1) if match else cell


def _delimiter(text: str) -> str:
    """The separator that cuts the sample into the most columns, comma where none does."""
    sample = "\n".join(text[:65536].splitlines()[:_SAMPLE_ROWS])
    best, most = ",", 0
    for candidate in ",\t;|":
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=candidate)]
        except csv.Error:
            continue
        cuts = sum(width - 1 for width in widths if width > 1)
        if cuts > most:
            best, most = candidate, cuts
    return best
