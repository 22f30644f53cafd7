"""Looks at a workbook before it is loaded, so that a hostile one cannot fill the memory.

The loader lays every sheet out as a full rectangle and gives each cell its own copy of its text: two cells at
opposite corners, a repeated row or one long text shared by many cells would be enough to end the process. So the
rectangle and texts are measured before: by a quick look where the sheet is written as every program writes it,
else by walking through its XML.
"""

from __future__ import annotations

import copy
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.parsers import expat

from desktop_app.excel.cells import column_index
from desktop_app.excel.unusable_file import UnusableFile

CELL_LIMIT = 5_000_000  # of one sheet, blank ones within its rectangle included
TEXT_LIMIT = 256 << 20  # characters of one sheet, a shared text counted for each cell that shows it
UNPACKED_LIMIT = 512 << 20  # bytes; a workbook that unpacks to more is an attack or a mistake
FILE_LIMIT = 128 << 20  # bytes of a file as it lies on the disk
TEXT_FILE_LIMIT = 32 << 20  # of a text, which takes up to eight times its bytes while it is read
MARKUP_FILE_LIMIT = 64 << 20  # of HTML and SpreadsheetML, whose tags take more room than what they hold

_OPENING = 4096  # bytes of a part within which its root element stands
_SHEET = re.compile(rb"<(?:\w+:)?worksheet\b")
_STRINGS = re.compile(r"xl/sharedStrings\.xml", re.IGNORECASE)
_BOOK = re.compile(r"xl/workbook[0-9]*\.xml", re.IGNORECASE)
_FROM_1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)[\"']")
_ODS_CONTENT = "content.xml"
_ODS_CELLS = ("table-cell", "covered-table-cell")
_ODS_VALUES = ("office:value", "office:date", "office:time", "office:boolean", "office:string")
_REPEAT_DIGITS = 9
_BEYOND = re.compile(rb'<c(?![A-Za-z])(?! r="[A-Z][0-9]{1,5}")')
"""A cell outside A1:Z99999."""

_ODD = re.compile(rb'<c(?![A-Za-z])(?! r="[A-Z]{1,3}[0-9]{1,7}")')
"""A cell that is not written as every program writes it."""

_COLUMNS, _ROWS = re.compile(rb'<c r="([A-Z]+)'), re.compile(rb'<c r="[A-Z]+([0-9]+)')

_REFERENCE, _ROW_NUMBER = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})"), re.compile(r"[0-9]{1,7}")
DAMAGES = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, ValueError, LookupError, NotImplementedError,
    RuntimeError, EOFError,
)  # fmt: skip
"""What opening and walking through a damaged package raises."""


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What the look at a package tells by the way.

    ``from_1904``: its days count from 1904; ``with_errors``: parts of sheets that hold error cells (#N/A).
    """

    from_1904: bool = False
    with_errors: tuple[str, ...] = ()


def check_package(data: bytes) -> PackageFacts:
    """Measure the sheets of an .xlsx or .ods.

    Raises WORKBOOK_UNPACKS_TOO_LARGE (megabytes), WORKBOOK_TOO_MANY_CELLS (limit) and WORKBOOK_UNREADABLE.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _check_parts(archive)
    except DAMAGES as error:
        raise UnusableFile("WORKBOOK_UNREADABLE") from error


def too_many_cells() -> UnusableFile:
    """Return the refusal of a sheet beyond CELL_LIMIT."""
    return UnusableFile("WORKBOOK_TOO_MANY_CELLS", limit=CELL_LIMIT)


def _check_parts(archive: zipfile.ZipFile) -> PackageFacts:
    left = UNPACKED_LIMIT
    strings, longest = b"", 0
    from_1904, with_errors = False, []
    infos = [info for info in archive.infolist() if info.filename.lower().endswith(".xml")]
    for info in sorted(infos, key=lambda one: not _STRINGS.fullmatch(one.filename)):
        part = _unpacked(archive, info, left)
        left -= len(part)
        if _STRINGS.fullmatch(info.filename):
            strings = part
            longest = max(map(len, part.split(b"<si")))
        elif info.filename == _ODS_CONTENT:
            _OdsMeasure().take(part)
        elif _SHEET.search(part[:_OPENING]):
            _check_sheet(part, strings, longest)
            if b't="e"' in part or b"t='e'" in part:
                with_errors.append(info.filename)
        elif _BOOK.fullmatch(info.filename):
            from_1904 = _FROM_1904.search(part) is not None
    return PackageFacts(from_1904, tuple(with_errors))


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    """Unpack one part, whatever size its entry declares."""
    honest = copy.copy(info)
    honest.file_size = limit + 2  # never reached, so that no checksum of a part is compared
    with archive.open(honest) as stream:
        part = stream.read(limit + 1)
    if len(part) > limit:
        raise UnusableFile("WORKBOOK_UNPACKS_TOO_LARGE", megabytes=UNPACKED_LIMIT >> 20)
    return part


def _check_sheet(part: bytes, strings: bytes, longest: int) -> None:
    cells = part.count(b"<c") + part.count(b":c")
    if cells * longest <= TEXT_LIMIT and b":c" not in part and (not _BEYOND.search(part) or _fits(part)):
        return
    lengths = _StringLengths().take(strings) if strings else []
    _SheetMeasure(lengths).take(part)


def _fits(part: bytes) -> bool:
    """Tell whether a sheet is within the limit, blank cells that are only formatted included."""
    if _ODD.search(part):
        return False
    width = max(column_index(letters.decode()) + 1 for letters in set(_COLUMNS.findall(part)))
    return width * max(map(int, set(_ROWS.findall(part)))) <= CELL_LIMIT


class _Measure:
    """Walks through XML once; prefixes of names are left out."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = lambda name, given: self.start(name.rpartition(":")[2], given)
        self._parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        self._parser.CharacterDataHandler = self.text
        self._height = self._width = self._characters = 0

    def walk(self, part: bytes) -> None:
        """Feed the whole part."""
        self._parser.Parse(part, True)

    def start(self, name: str, given: dict[str, str], /) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def text(self, data: str) -> None:
        """Take a piece of text."""

    def grow(self, height: int, width: int, characters: int) -> None:
        """Let the sheet reach this far and show so many characters more; refuse what is too much."""
        self._height, self._width = max(self._height, height), max(self._width, width)
        self._characters += characters
        if self._height * self._width > CELL_LIMIT:
            raise too_many_cells()
        if self._characters > TEXT_LIMIT:
            raise UnusableFile("WORKBOOK_UNPACKS_TOO_LARGE", megabytes=UNPACKED_LIMIT >> 20)


class _StringLengths(_Measure):
    """Lengths of the texts that the cells of an .xlsx share."""

    def take(self, part: bytes) -> list[int]:
        """Return the length of each text, by its number."""
        self._lengths: list[int] = []
        self.walk(part)
        return self._lengths

    def start(self, name: str, _given: dict[str, str]) -> None:
        if name == "si":
            self._lengths.append(0)

    def text(self, data: str) -> None:
        if self._lengths:
            self._lengths[-1] += len(data)


class _SheetMeasure(_Measure):
    """Rectangle and texts of the cells of an .xlsx that hold a value; formatted blank ones cost nothing."""

    def __init__(self, lengths: list[int]) -> None:
        super().__init__()
        self._lengths = lengths
        self._row = self._column = 0
        self._shared = False
        self._value: list[str] | None = None

    def take(self, part: bytes) -> None:
        """Measure a sheet."""
        self.walk(part)

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self._row = self._row + 1 if "r" not in given else int(_exactly(_ROW_NUMBER, given["r"])[0])
            self._column = 0
        elif name == "c":
            place = _exactly(_REFERENCE, given["r"]) if "r" in given else None
            self._column = column_index(place[1]) + 1 if place else self._column + 1
            self._row = int(place[2]) if place else self._row
            self._shared = given.get("t") == "s"
        elif name in ("v", "is"):
            self._value = []

    def end(self, name: str) -> None:
        if name in ("v", "is") and self._value is not None:
            number = "".join(self._value) if self._shared else ""
            known = number.isdecimal() and int(number) < len(self._lengths)
            self.grow(self._row, self._column, self._lengths[int(number)] if known else 0)
            self._value = None

    def text(self, data: str) -> None:
        if self._value is not None and self._shared:
            self._value.append(data)


class _OdsMeasure(_Measure):
    """Rectangles and texts of all tables of an .ods, whose rows and cells may be repeated by a number.

    Blank rows and cells are counted once something follows them, as the loader does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows = self._columns = self._repeat = self._row_repeat = self._used = 0
        self._filled = False
        self._row_characters = self._cell_characters = 0

    def take(self, part: bytes) -> None:
        """Measure the tables."""
        self.walk(part)

    def start(self, name: str, given: dict[str, str]) -> None:
        if name == "table":
            self._rows = self._height = self._width = 0
        elif name == "table-row":
            self._row_repeat = _times(given, "table:number-rows-repeated")
            self._columns = self._used = self._row_characters = 0
        elif name in _ODS_CELLS:
            self._repeat = _times(given, "table:number-columns-repeated")
            self._filled = any(key.startswith(_ODS_VALUES) for key in given)
            self._cell_characters = 0

    def end(self, name: str) -> None:
        if name in _ODS_CELLS:
            self._columns += self._repeat
            if self._filled:
                self._used = self._columns
                self._row_characters += self._cell_characters * self._repeat
        elif name == "table-row":
            self._rows += self._row_repeat
            if self._used:
                self.grow(self._rows, self._used, self._row_characters * self._row_repeat)

    def text(self, data: str) -> None:
        self._filled = self._filled or not data.isspace()
        self._cell_characters += len(data)


def _times(given: dict[str, str], name: str) -> int:
    number = given.get(name, "")
    return int(number) if number.isdecimal() and len(number) <= _REPEAT_DIGITS else 1


def _exactly(form: re.Pattern[str], place: str) -> re.Match[str]:
    """Match a place as programs write it; what the loader makes of another is not known, so the file is refused."""
    match = form.fullmatch(place)
    if match is None:
        raise UnusableFile("WORKBOOK_UNREADABLE")
    return match
