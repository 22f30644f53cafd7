"""Tables in HTML and SpreadsheetML, which many systems save under the name .xls."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser

from desktop_app.excel.cells import Cell
from desktop_app.excel.delimited import decode_text
from desktop_app.excel.unusable_file import UnusableFile

_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n]+")
_MAX_SPAN = 200

Rows = list[tuple[Cell, ...]]


def decode_markup(data: bytes) -> str:
    """Text of an HTML or XML file by its declared character set, else as ``decode_text`` finds it."""
    declared = _CHARSET.search(data[:4096])
    if declared and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        name = declared.group(1).decode().lower()
        name = "gb18030" if name in ("gb2312", "gbk", "gb18030") else name
        try:
            codecs.lookup(name)
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_text(data)


def read_markup(text: str, limit: int) -> Rows:
    """Rows of all tables of the page, one below the other; every cell is text, spans are kept apart.

    A cell that spans rows is repeated in each, as merged cells of a workbook are.
    Raises WORKBOOK_TOO_LARGE beyond ``limit`` rows, WORKBOOK_NOT_A_TABLE where there is no table.
    """
    parser = _TableParser(limit)
    parser.feed(text)
    parser.close()
    parser.finish_row()
    if not parser.seen_table:
        raise UnusableFile("WORKBOOK_NOT_A_TABLE")
    return parser.rows


class _TableParser(HTMLParser):
    """Collects ``tr``/``td`` of HTML and ``Row``/``Cell`` of SpreadsheetML."""

    def __init__(self, limit: int) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: Rows = []
        self.seen_table = False
        self._limit = limit
        self._cells: dict[int, str] | None = None
        self._text: list[str] | None = None
        self._place = 0
        self._span = (1, 1)
        self._carried: dict[int, tuple[int, str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.seen_table = True
        elif tag in ("tr", "row"):
            self.finish_row()
            self._start_row(given)
        elif tag in ("td", "th", "cell") and self._cells is not None:
            self._finish_cell()
            self._start_cell(given)
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "cell"):
            self._finish_cell()
        elif tag in ("tr", "row", "table"):
            self.finish_row()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(_SPACE.sub(" ", data))

    def _start_row(self, given: dict[str, str]) -> None:
        self._cells = {}
        self._place = 0
        index = given.get("ss:index", "")
        if index.isdecimal() and int(index) <= self._limit:
            self.rows.extend([()] * (int(index) - 1 - len(self.rows)))

    def _start_cell(self, given: dict[str, str]) -> None:
        index = given.get("ss:index", "")
        if index.isdecimal() and 0 < int(index) <= _MAX_SPAN:
            self._place = int(index) - 1
        while self._place in self._carried:
            self._place += 1
        across = _number(given.get("colspan")) or _number(given.get("ss:mergeacross")) + 1
        down = _number(given.get("rowspan")) or _number(given.get("ss:mergedown")) + 1
        self._span = (min(across, _MAX_SPAN), min(down, self._limit))
        self._text = []

    def _finish_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        text = "".join(self._text).strip(" ")
        across, down = self._span
        self._cells[self._place] = text
        if down > 1:
            self._carried[self._place] = (down, text)
        self._place += across
        self._text = None

    def finish_row(self) -> None:
        """Close the row that is open, if any."""
        self._finish_cell()
        if self._cells is None:
            return
        for place, (left, text) in list(self._carried.items()):
            self._cells.setdefault(place, text)
            if left <= 1:
                del self._carried[place]
            else:
                self._carried[place] = (left - 1, text)
        if len(self.rows) >= self._limit:
            raise UnusableFile("WORKBOOK_TOO_LARGE", limit=self._limit, found=len(self.rows) + 1)
        width = max(self._cells, default=-1) + 1
        self.rows.append(tuple(self._cells.get(place, "") for place in range(width)))
        self._cells = None


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else 0
