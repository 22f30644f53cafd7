"""Tables in HTML and SpreadsheetML, which many systems save under the name .xls."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator

from desktop_app.excel.bounds import CELL_LIMIT, too_many_cells
from desktop_app.excel.cells import Cell
from desktop_app.excel.delimited import decode_text
from desktop_app.excel.unusable_file import UnusableFile

_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n]+")
_MAX_SPAN = 200
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w:.-]*)(?P<given>[^<>]*)>")
_GIVEN = re.compile(r"""([\w:-]{1,60})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_LONGEST_TAG = 4000  # characters; what is longer holds nothing that a table needs
_UNSEEN = {"!--": "-->", "style": "</style", "script": "</script"}
_UNSEEN_BEGIN = re.compile(r"<(!--|style\b|script\b)", re.IGNORECASE)
_SPANNING = frozenset({"tr", "row", "td", "th", "cell"})
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")

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
    Raises WORKBOOK_TOO_LARGE beyond ``limit`` rows, WORKBOOK_TOO_MANY_CELLS, WORKBOOK_NOT_A_TABLE where there is no
    table. The time is in proportion to the length of the text, whatever stands in it: the library's parser needs
    the square of it where tags are never closed.
    """
    parser = _TableParser(limit)
    for seen in _seen(text):
        parser.feed(seen)
    parser.finish_row()
    if not parser.seen_table:
        raise UnusableFile("WORKBOOK_NOT_A_TABLE")
    return parser.rows


def _seen(text: str) -> Iterator[str]:
    """Yield the text without comments, styles and scripts."""
    place = 0
    lower = text.lower() if len(text.lower()) == len(text) else text
    while begin := _UNSEEN_BEGIN.search(text, place):
        yield text[place : begin.start()]
        place = lower.find(_UNSEEN[begin[1].lower()], begin.end())
        if place < 0:
            return
        place += len("-->") if begin[1] == "!--" else 0
    yield text[place:]


class _TableParser:
    """Collects ``tr``/``td`` of HTML and ``Row``/``Cell`` of SpreadsheetML."""

    def __init__(self, limit: int) -> None:
        self.rows: Rows = []
        self.seen_table = False
        self._limit = limit
        self._room = CELL_LIMIT
        self._cells: dict[int, str] | None = None
        self._text: list[str] | None = None
        self._place = 0
        self._span = (1, 1)
        self._carried: dict[int, tuple[int, str]] = {}

    def feed(self, text: str) -> None:
        """Take a piece of the page that begins and ends outside a tag."""
        place = 0
        for tag in _TAG.finditer(text):
            self._take_text(text[place : tag.start()])
            place = tag.end()
            name = tag["name"].lower().removeprefix("ss:")
            if tag["close"]:
                self._end(name)
            else:
                self._start(name, tag["given"])
        self._take_text(text[place:])

    def _start(self, tag: str, attributes: str) -> None:
        given: dict[str, str] = {}
        if tag in _SPANNING and len(attributes) <= _LONGEST_TAG:
            for name, *values in _GIVEN.findall(attributes):
                given.setdefault(name.lower(), "".join(values))
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

    def _end(self, tag: str) -> None:
        if tag in ("td", "th", "cell"):
            self._finish_cell()
        elif tag in ("tr", "row", "table"):
            self.finish_row()

    def _take_text(self, data: str) -> None:
        if self._text is not None and data:
            self._text.append(_SPACE.sub(" ", html.unescape(_CDATA.sub("", data))))

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
        self._room -= max(width, 1)
        if self._room < 0:
            raise too_many_cells()
        self.rows.append(tuple(self._cells.get(place, "") for place in range(width)))
        self._cells = None


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else 0
