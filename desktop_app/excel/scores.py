"""Reads a 成绩登记册: people × components, as typed; what a value is worth is the domain's affair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_app.excel.cells import cell_text
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.headers import Wanted, find_head
from desktop_app.excel.normalising import normal_code, normal_text
from desktop_app.excel.people import PersonKey, read_person
from desktop_app.excel.problems import Normalisation
from desktop_app.excel.reading import ROW_LIMIT, read_workbook
from desktop_app.excel.sheet_reading import SheetReading, reading
from desktop_app.excel.table_body import RowReader, data_rows, sheet_problems

COMPONENTS = ("theory", "practice", "review", "process")

_WANTED = Wanted(WorkbookKind.SCORES, (("name", "document_number"), COMPONENTS))
_KEYS = ("name", "document_number")


@dataclass(frozen=True, slots=True)
class SheetScore:
    """One component of one person: the cell as typed ("" = blank), its normalised text and column letter."""

    component: str
    raw: str
    text: str
    column: str


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One person's results; ``exam_date`` only where the sheet has such a column."""

    person: PersonKey
    ticket: str
    scores: tuple[SheetScore, ...]
    total: str
    conclusion: str
    exam_date: dt.date | None
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSheet(SheetReading):
    """A result sheet as read; ``components`` are the columns it has, in the order theory … process."""

    components: tuple[str, ...]
    rows: tuple[ScoreRow, ...]


def read_scores(
    path: Path, mapping: Mapping[str, str] | None = None, sheet: str | None = None, limit: int = ROW_LIMIT
) -> ScoreSheet:
    """Read the result sheet in the file at ``path``.

    Raises what ``read_workbook`` and ``find_head`` raise. Problems of rows: ID_ROUNDED, NUMBER_ROUNDED,
    DATE_UNREADABLE. 缺考 and the like stay text.
    """
    head = find_head(read_workbook(path, limit), _WANTED, mapping, sheet)
    problems, normalised = sheet_problems(head), list[Normalisation]()
    reader = RowReader(head, problems, normalised)
    components = tuple(name for name in COMPONENTS if name in head.columns)
    rows = tuple(_score_row(reader, number, components) for number in data_rows(head, _KEYS))
    return ScoreSheet(components=components, rows=rows, **reading(head, problems, normalised))


def _score_row(reader: RowReader, row: int, components: tuple[str, ...]) -> ScoreRow:
    letters = reader.letters
    scores = tuple(
        SheetScore(name, cell_text(reader.cell(row, name)), _score_text(reader, row, name), letters[name])
        for name in components
    )
    return ScoreRow(
        person=read_person(reader, row),
        ticket=reader.identifier(row, "ticket", normal_code)[0],
        scores=scores,
        total=reader.text(row, "total"),
        conclusion=reader.text(row, "conclusion"),
        exam_date=reader.date(row, "exam_date"),
        remark=reader.text(row, "remark"),
    )


def _score_text(reader: RowReader, row: int, field: str) -> str:
    return reader.text(row, field, lambda text: normal_text(text).replace(" ", "").removesuffix("分"))
