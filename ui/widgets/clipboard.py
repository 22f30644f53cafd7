"""Blocks of cells on the clipboard, as Excel and WPS put and take them: tab-separated text, and an HTML table."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Sequence
from html.parser import HTMLParser

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

Block = list[list[str]]
_HEADINGS = frozenset({"姓名", "学员姓名", "公民身份号码", "身份证号", "证件号码", "日期", "授课内容"})
_HEAD_ROWS = 4
_MOST_SPAN = 500
_TEXT = "mso-number-format:'\\@'"  # Excel keeps such a cell as text: numbers of documents, leading zeros


def put(block: Sequence[Sequence[str]]) -> str:
    """Put a block on the clipboard in both flavours; return the text one.

    Numbers stay numbers; what is longer than Excel's numbers or begins with 0 is marked as text.
    """
    text = as_text(block)
    data = QMimeData()
    data.setText(text)
    data.setHtml(as_html(block))
    QGuiApplication.clipboard().setMimeData(data)
    return text


def take() -> Block:
    """Return the block on the clipboard, [] where there is none; the table of a page where the text knows none."""
    data = QGuiApplication.clipboard().mimeData()
    block = from_text(data.text()) if data.hasText() else []
    if data.hasHtml() and all(len(row) < 2 for row in block):
        found = from_html(data.html())
        if any(len(row) > 1 for row in found):
            return found
    return block


def looks_like_sheet(block: Block) -> bool:
    """Tell whether a block brings its own head, so that it is to be read like a file and not cell by cell."""
    return any(cell.strip() in _HEADINGS for row in block[:_HEAD_ROWS] for cell in row)


def as_text(block: Sequence[Sequence[str]]) -> str:
    """Return a block as tab-separated lines; a cell with line breaks, tabs or quotes stands in quotes."""
    return "\n".join("\t".join(_quoted(cell) for cell in row) for row in block)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(one in cell for one in '\t\n\r"') else cell


def as_html(block: Sequence[Sequence[str]]) -> str:
    """Return a block as an HTML table."""
    rows = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in block)
    return f'<html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'


def _cell(cell: str) -> str:
    digits = cell.strip()
    kept = digits.isascii() and any(map(str.isdigit, digits)) and (len(digits) > 11 or digits[0] in "0=+-@")
    style = f' style="{_TEXT}"' if kept or cell[:1] in {"=", "+", "@"} else ""
    return f"<td{style}>{html.escape(cell).replace(chr(10), '<br>')}</td>"


def from_text(text: str) -> Block:
    """Return the block of tab-separated lines, quoted cells put together again."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.removesuffix("\n")
    if not plain:
        return []
    return [list(row) for row in csv.reader(io.StringIO(plain, newline=""), delimiter="\t")]


def from_html(page: str) -> Block:
    """Return the cells of the first table of a page; a cell over several places stands in the first of them."""
    reader = _Table()
    reader.feed(page)
    return reader.rows


class _Table(HTMLParser):
    """Collects the cells of the first table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: Block = []
        self._waiting: dict[int, int] = {}  # column → rows below that a cell above still covers
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._done = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._done:
            return
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self._close()
            given = dict(attrs)
            self._span = (_count(given.get("colspan")), _count(given.get("rowspan")))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr"}:
            self._close()
        elif tag == "table":
            self._close()
            self._done = bool(self.rows)

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(" ".join(data.split()) if data.strip() else "")

    def _close(self) -> None:
        if self._cell is None:
            return
        row = self.rows[-1]
        while self._waiting.get(len(row), 0):
            self._waiting[len(row)] -= 1
            row.append("")
        across, down = self._span
        for place in range(across):
            self._waiting[len(row)] = down - 1
            row.append("".join(self._cell).strip() if place == 0 else "")
        self._cell = None


def _count(text: str | None) -> int:
    return min(_MOST_SPAN, int(text)) if text and text.isdigit() and int(text) else 1
