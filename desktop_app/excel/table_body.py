"""The rows below a head: data rows, and the titles, notes, signatures and totals around them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from desktop_app.domain.identity import is_rounded_by_spreadsheet
from desktop_app.excel.cells import (
    Cell,
    cell_text,
    column_letter,
    is_blank,
    is_error,
    is_rounded_number,
)
from desktop_app.excel.column_names import WorkbookKind, normal_heading
from desktop_app.excel.dates import dates_in, parse_date
from desktop_app.excel.headers import Head
from desktop_app.excel.normalising import normal_text
from desktop_app.excel.problems import Normalisation, Problem, Severity
from desktop_app.excel.sheets import Sheet

_SIGNATURE = re.compile(
    r"(班主任|教师|老师|填表|制表|审核|经办|负责人|主管|校长|院长|单位|机构|评价组织|考评员|监考|督导|复核|日期|联系人|"
    r"承训|培训办|教务|记录人|统计人)[^:：]{0,12}[:：]|签字|签名|盖章|（章）|\(章\)"
)
_NOTE = re.compile(
    r"^(说明|备注|注|附注|注意|填表说明|图例|符号说明|附)\s*\d*\s*[:：.、]|^(注|说明)\d*[:：]|^[※*]|^以下空白|^以上"
)
_TOTAL = re.compile(
    r"^(合计|总计|小计|共计|本页小计|平均|平均分|平均成绩|及格率|合格率|优秀率|最高分|最低分|实到|应到|实到人数|应到人数|"
    r"出勤人数|缺勤人数|出勤率|到课率|人数|总人数|以下空白)[:：]?$|^(共|合计|总计|小计)\s*[:：]?\s*\d+"
)
_FULL_MARKS = re.compile(r"(满分|权重|占比)?[:：]?\s*\d+(\.\d+)?\s*(分|%|％)?|满分|权重|占比")
_FILLED_ON = re.compile(r"(?:填表|填报|制表|填写|报送|编制)(?:日期|时间)\s*[:：]?\s*(?P<rest>.{6,20})")
_INSTITUTION = re.compile(
    r"(?:承训机构|培训机构|承训单位|培训单位|机构名称|填报单位|举办单位)(?:名称)?\s*(?:[（(]\s*(?:盖章|公章|章)\s*[）)])?\s*[:：]\s*(?P<name>[^\s:：]{4,50})"
)
_COUNT_DIGITS = 6  # a longer number counts nothing
_NOTE_CELLS = 6  # a line of notes or signatures has no more cells than that
_LONG_NOTE = 20  # characters; a row that is one text of this length is a note
_SHORTEST_DOCUMENT = 8
_RESIDENT_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}")  # GB 11643, and the number before it
_KNOWN_TEXTS = 5_000  # texts of a sheet whose normal form is kept at hand
_PREPARED = ("number", "total", "rate", "age")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a table: its title, the 填表日期 and the institution, each if found."""

    title: str
    filled_on: dt.date | None
    institution: str | None


def surroundings(head: Head) -> Surroundings:
    """Read title, 填表日期 and 承训机构 from the rows above the head, the last two also from below it."""
    above = [_row_text(row) for row in head.sheet.rows[: head.first - 1]]
    lines = [text for text in above if text]
    title = next(
        (text for text in lines if not _FILLED_ON.search(text) and not _INSTITUTION.search(text)), ""
    )
    lines += [text for row in head.sheet.rows[head.last :] if (text := _note_text(row))]
    filled_on: dt.date | None = None
    institution: str | None = None
    for text in lines:
        date_match, name_match = _FILLED_ON.search(text), _INSTITUTION.search(text)
        if date_match and filled_on is None:
            filled_on = next(dates_in(date_match["rest"]), None)
        if name_match and institution is None:
            institution = name_match["name"]
    return Surroundings(title, filled_on, institution)


def _row_text(row: tuple[Cell, ...]) -> str:
    """A line outside the table as one text; cells that a merge repeats count once."""
    return "  ".join(dict.fromkeys(normal_text(cell_text(cell)) for cell in row if not is_blank(cell)))


def _note_text(row: tuple[Cell, ...]) -> str:
    filled = [cell for cell in row if not is_blank(cell)]
    return (
        _row_text(row)
        if 0 < len(filled) <= _NOTE_CELLS and any(isinstance(cell, str) for cell in filled)
        else ""
    )


def note_lines(head: Head) -> Iterator[str]:
    """Texts above and below the table in which a legend may stand."""
    for number, row in enumerate(head.sheet.rows, start=1):
        if number < head.first or (number > head.last and _is_note(row)):
            yield from (cell_text(cell) for cell in row if isinstance(cell, str) and cell.strip())


def data_rows(head: Head, keys: tuple[str, ...]) -> Iterator[int]:
    """Numbers of the data rows under ``head``.

    ``keys`` are the fields that make a row one of the table (name, document; date). Blank rows, totals, notes,
    signatures and a head repeated on each printed page are left out. After the first note or signature only
    rows that have all present keys count, so a statistics block below is not taken for people.
    """
    present = [head.columns[name] for name in keys if name in head.columns]
    headings = [frozenset(normal_heading(cell_text(part)) for part in parts) for parts in head.cells]
    ended = False
    for number in range(head.last + 1, len(head.sheet.rows) + 1):
        row = head.sheet.rows[number - 1]
        filled = [index for index in present if index < len(row) and _says(row[index])]
        if all(is_blank(cell) for cell in row):
            continue
        if _repeats_head(headings, row):
            ended = False
        elif number == head.last + 1 and not filled and _says_full_marks(row):
            continue
        elif _is_note(row) or (not filled and _is_lone_number(row)):
            ended = ended or not _is_lone_number(row)
        elif ended:
            if len(filled) == len(present) and _like_first(head, number):
                yield number
        elif filled or _fills_mapped(head, number):
            yield number


def ends_table(sheet: Sheet, row: int) -> bool:
    """Whether a row is a total, a note or a signature rather than one of a table."""
    return 1 <= row <= len(sheet.rows) and _is_note(sheet.rows[row - 1])


def _is_note(row: tuple[Cell, ...]) -> bool:
    first = next((normal_text(cell_text(cell)) for cell in row if not is_blank(cell)), "")
    if not first or whole_number(first) is not None:
        return False
    if any(pattern.search(first) for pattern in (_TOTAL, _NOTE, _SIGNATURE)):
        return True
    alone = len({cell_text(cell) for cell in row if not is_blank(cell)}) == 1
    return alone and len(first) > _LONG_NOTE and not first.isascii()


def _says_full_marks(row: tuple[Cell, ...]) -> bool:
    """A row under the head that states full marks or weights: 满分100, 100分, 40%."""
    return all(_FULL_MARKS.fullmatch(normal_text(cell_text(cell))) for cell in row if not is_blank(cell))


def _is_lone_number(row: tuple[Cell, ...]) -> bool:
    """A numbered but otherwise empty line, printed in advance for late comers."""
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) == 1 and whole_number(filled[0]) is not None


def _repeats_head(headings: Sequence[frozenset[str]], row: tuple[Cell, ...]) -> bool:
    same = 0
    for texts, cell in zip(headings, row, strict=False):
        if texts and not is_blank(cell):
            if normal_heading(cell_text(cell)) not in texts:
                return False
            same += 1
    return same > 1


def _like_first(head: Head, number: int) -> bool:
    """Beyond the end a row counts if its number is a number, or its document looks like one."""
    index = head.columns.get("number")
    if index is not None and cell_text(head.sheet.cell(number, index)).strip().isdecimal():
        return True
    document = head.columns.get("document_number")
    return (
        document is not None
        and len(cell_text(head.sheet.cell(number, document)).strip()) >= _SHORTEST_DOCUMENT
    )


def _fills_mapped(head: Head, number: int) -> bool:
    """A row without name and document still is one if something was typed into it.

    The number, totals, rate and age do not count: sheets carry them in advance, by formula.
    """
    typed = [index for name, index in head.columns.items() if not name.startswith(_PREPARED)]
    return any(_says(head.sheet.cell(number, index)) for index in (*typed, *head.extras))


def _says(cell: Cell) -> bool:
    """Whether a cell holds something; a formula copied down into rows that nobody filled fails there."""
    return not is_blank(cell) and not is_error(cell)


class RawRow(Mapping[str, str]):
    """The mapped cells of a row as they stand, by field; made into text when they are asked for."""

    __slots__ = ("_cells", "_columns")

    def __init__(self, cells: tuple[Cell, ...], columns: Mapping[str, int]) -> None:
        self._cells = cells
        self._columns = columns

    def __getitem__(self, field: str) -> str:
        index = self._columns[field]
        return cell_text(self._cells[index]) if index < len(self._cells) else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class RowReader:
    """Takes the fields of one row as text, noting what it normalises and what Excel has rounded.

    It appends to the lists it is given; one reader serves a whole sheet.
    """

    def __init__(self, head: Head, problems: list[Problem], normalised: list[Normalisation]) -> None:
        self.head = head
        self._problems = problems
        self._normalised = normalised
        self._letters = head.letters
        self._columns = head.columns
        self._rows = head.sheet.rows
        self._known: dict[tuple[Callable[[str], str], str], str] = {}

    @property
    def letters(self) -> Mapping[str, str]:
        """Field → column letter."""
        return self._letters

    def cell(self, row: int, field: str) -> Cell:
        """The cell of a field; None where the sheet has no such column."""
        index = self._columns.get(field)
        if index is None:
            return None
        cells = self._rows[row - 1]
        return cells[index] if index < len(cells) else None

    def raw(self, row: int) -> RawRow:
        """The text of every mapped field as it stands."""
        return RawRow(self._rows[row - 1], self._columns)

    def text(self, row: int, field: str, normalise: Callable[[str], str] = normal_text) -> str:
        """The normalised text of a field."""
        index = self._columns.get(field)
        if index is None:
            return ""
        cells = self._rows[row - 1]
        cell = cells[index] if index < len(cells) else None
        if cell is None or cell == "" or self.failed(row, field, cell):
            return ""
        before = cell if type(cell) is str else cell_text(cell)
        after = self._normal(normalise, before)
        if before != after and after:
            self._normalised.append(Normalisation(row, self._letters[field], before, after))
        return after

    def _normal(self, normalise: Callable[[str], str], before: str) -> str:
        """Normalise a text; many cells of a column say the same."""
        key = (normalise, before)
        after = self._known.get(key)
        if after is None:
            after = normalise(before)
            if len(self._known) < _KNOWN_TEXTS:
                self._known[key] = after
        return after

    def identifier(self, row: int, field: str, normalise: Callable[[str], str]) -> tuple[str, bool]:
        """The normalised text of a number that must be exact, and whether Excel has rounded it.

        That is a problem (ID_ROUNDED, or NUMBER_ROUNDED in other columns); a warning for the document of a person
        whom the name may tell too. A document typed into two cells is put together.
        """
        cell = self.cell(row, field)
        is_document = field == "document_number"
        if is_document and (joined := self._joined(row, cell)):
            before, after = joined, normalise(joined.replace(" ", ""))
            self._normalised.append(Normalisation(row, self._letters[field], before, after))
            return after, False
        if is_rounded_number(cell) or (is_document and is_rounded_by_spreadsheet(cell_text(cell))):
            has_name = self.head.kind is not WorkbookKind.ROSTER and not is_blank(self.cell(row, "name"))
            severity = Severity.WARNING if is_document and has_name else Severity.ERROR
            self.report(row, field, "ID_ROUNDED" if is_document else "NUMBER_ROUNDED", severity)
            return normalise(cell_text(cell)), True
        return self.text(row, field, normalise), False

    def _joined(self, row: int, cell: Cell) -> str:
        """A resident's number typed into this cell and those right of it that have no heading; "" if it is none.

        The parts stand with spaces between them. A part that Excel took for a number has lost its first zeros; then
        the parts do not make up a number, and the row is judged by the first as it stands.
        """
        if is_blank(cell):
            return ""
        parts, mapped = [cell_text(cell).strip()], set(self.head.columns.values())
        for index in range(self.head.columns["document_number"] + 1, len(self.head.cells)):
            text = cell_text(self.head.sheet.cell(row, index)).strip()
            if index in mapped or self.head.cells[index] or not text:
                break
            parts.append(text)
            if _RESIDENT_NUMBER.fullmatch("".join(parts)):
                return " ".join(parts)
        return ""

    def date(self, row: int, field: str) -> dt.date | None:
        """The full date in a field; a filled cell that holds none is a problem (DATE_UNREADABLE)."""
        cell = self.cell(row, field)
        if cell is None or cell == "" or self.failed(row, field, cell):
            return None
        found = parse_date(self.head.sheet.dated(cell))
        if isinstance(found, dt.date):
            return found
        if not is_blank(cell):
            self.report(row, field, "DATE_UNREADABLE")
        return None

    def failed(self, row: int, field: str, cell: Cell) -> bool:
        """Report a cell whose formula failed (CELL_ERROR); tell whether it did. A remark is not needed."""
        if type(cell) is not str or cell[:1] != "#" or not is_error(cell):
            return False
        self.report(row, field, "CELL_ERROR", Severity.WARNING if field == "remark" else Severity.ERROR)
        return True

    def report(
        self,
        row: int,
        field: str,
        code: str,
        severity: Severity = Severity.ERROR,
        params: Mapping[str, object] | None = None,
    ) -> None:
        """Add a problem at the cell of a field."""
        letter = self._letters.get(field, "")
        value = cell_text(self.cell(row, field))
        self._problems.append(Problem(self.head.sheet.name, row, letter, value, code, severity, params or {}))


def sheet_problems(head: Head) -> list[Problem]:
    """Warnings about what was not read: OTHER_SHEETS_IGNORED (sheets), COLUMN_TWICE at its heading."""
    sheet, warning = head.sheet.name, Severity.WARNING
    found = [
        Problem(sheet, head.last, column_letter(index), head.text(index), "COLUMN_TWICE", warning)
        for index in head.repeated
    ]
    if head.others:
        names = "、".join(head.others)
        found.append(Problem(sheet, 0, "", "", "OTHER_SHEETS_IGNORED", warning, {"sheets": names}))
    return found


def whole_number(cell: Cell, suffixes: str = ".、") -> int | None:
    """A cell that counts something (序号, 出勤) as a number, without ``suffixes``; None where there is none."""
    text = normal_text(cell_text(cell)).rstrip(suffixes)
    return int(text) if text.isdecimal() and len(text) <= _COUNT_DIGITS else None
