"""One import from the file to its undo: what is known so far, what is still asked, and what would be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.excel.cells import cell_text, column_index, column_letter
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.headers import IGNORED
from desktop_app.excel.matching import SameNames
from desktop_app.excel.problems import Problem
from desktop_app.excel.sheets import Sheet
from desktop_app.services.imports.plan import BlankMeaning, ImportOptions, ImportPlan, Question, RowState

FILE, TARGET, COLUMNS, CHECK, DONE = range(5)
_HEAD_ERRORS = frozenset({"HEADER_NOT_FOUND", "MAPPING_INVALID", "SHEET_NOT_FOUND"})
ANSWERS: Mapping[Question, tuple[str, ...]] = {
    Question.SAME_NAME: (SameNames.NUMBER.value, SameNames.SKIP.value),
    Question.BLANK_MEANING: tuple(one.value for one in BlankMeaning if one is not BlankMeaning.ASK),
}


@dataclass(slots=True)
class ImportFlow:
    """State of the page. ``kinds`` are those that the user may import; ``plan`` is the newest dry run."""

    kinds: tuple[WorkbookKind, ...]
    path: Path | None = None
    sheets: tuple[Sheet, ...] = ()
    kind: WorkbookKind | None = None
    class_code: str = ""
    options: ImportOptions = field(default_factory=ImportOptions)
    plan: ImportPlan | None = None
    error: AppError | None = None
    applied: bool = False

    def take_file(self, path: Path, sheets: Sequence[Sheet]) -> None:
        """Begin with another file; what was answered for the former one is forgotten."""
        self.path, self.sheets = path, tuple(sheets)
        self.options, self.plan, self.error, self.applied = ImportOptions(), None, None, False

    def set_kind(self, kind: WorkbookKind | None) -> None:
        """Say what the file is; a mapping made for another kind is forgotten."""
        if kind is not self.kind:
            self.kind = kind
            self.options = replace(self.options, mapping=None)
            self.plan, self.error = None, None

    @property
    def needs_class(self) -> bool:
        """Tell whether a class must be named: people alone may come without one."""
        return self.kind is not None and self.kind is not WorkbookKind.ROSTER

    @property
    def can_plan(self) -> bool:
        """Tell whether enough is known for a dry run."""
        return (
            self.path is not None and self.kind is not None and bool(self.class_code or not self.needs_class)
        )

    @property
    def step(self) -> int:
        """Return the present step, from 0: file, kind and class, columns, check; 5 once it is imported."""
        if self.applied:
            return DONE + 1
        if self.path is None:
            return FILE
        if not self.can_plan:
            return TARGET
        if self.plan is None:
            return COLUMNS if self.error is not None and self.error.code in _HEAD_ERRORS else TARGET
        return CHECK if self.blocked_rows or not self.writes else DONE

    @property
    def blocked_rows(self) -> bool:
        """Tell whether a question is open."""
        return self.plan is not None and bool(self.plan.questions)

    @property
    def writes(self) -> int:
        """Return how many rows the last button would write."""
        if self.plan is None or self.applied or not self.plan.writes_anything:
            return 0
        return self.plan.count(RowState.NEW) + self.plan.count(RowState.CHANGED)

    def set_field(self, letter: str, name: str | None) -> None:
        """Map a column to a field (None: leave it out); the field's former column is left out."""
        present = dict(self.options.mapping if self.options.mapping is not None else self.mapping())
        if name is not None:
            for other, own in list(present.items()):
                if own == name and other != letter:
                    present[other] = IGNORED
        present[letter] = IGNORED if name is None else name
        self.options = replace(self.options, mapping=present)

    def mapping(self) -> dict[str, str]:
        """Return column letter → field as the dry run has it, or as the user chose where there is none."""
        if self.plan is not None:
            return dict(self.plan.mapping)
        return {letter: name for letter, name in (self.options.mapping or {}).items() if name != IGNORED}

    def answer(self, question: Question, value: str) -> None:
        """Answer a question for the whole file: by a code, or in words where it asks for a reason."""
        if question is Question.SAME_NAME:
            self.options = replace(self.options, same_names=SameNames(value))
        elif question is Question.REASON:
            self.options = replace(self.options, reason=value)
        else:
            self.options = replace(self.options, blank=BlankMeaning(value))

    def answered(self, question: Question) -> str:
        """Return the answer given, "" where it is still open."""
        if question is Question.REASON:
            return self.options.reason
        value = self.options.same_names if question is Question.SAME_NAME else self.options.blank
        return "" if value.value == "ask" else value.value

    def asked(self) -> dict[Question, int]:
        """Return the questions of this file with how many cells or rows they are about, answered ones too."""
        if self.plan is None:
            return {}
        found = Counter(problem.code for problem in self.plan.problems)
        asked: dict[Question, int] = {}
        same = found[Question.SAME_NAME.value] + found["SAME_NAME_SKIPPED"]
        if same or self.answered(Question.SAME_NAME):
            asked[Question.SAME_NAME] = same
        changed = found[Question.REASON.value]
        if changed or self.options.reason:
            asked[Question.REASON] = changed
        blanks = self.plan.facts.blanks
        if blanks or found[Question.BLANK_MEANING.value]:
            asked[Question.BLANK_MEANING] = blanks or found[Question.BLANK_MEANING.value]
        return asked

    def sheet(self) -> Sheet | None:
        """Return the sheet that is shown: the one of the dry run, else the first."""
        name = self.plan.sheet if self.plan is not None else self.options.sheet
        return next((one for one in self.sheets if one.name == name), self.sheets[0] if self.sheets else None)


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One line of the preview: the spreadsheet's row, what happens to it (None before a dry run), its cells."""

    row: int
    state: RowState | None
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The sheet as the preview shows it; problems and normalised values by (row, column index)."""

    headings: tuple[str, ...]
    rows: tuple[PreviewRow, ...]
    problems: Mapping[tuple[int, int], tuple[Problem, ...]]
    normalised: Mapping[tuple[int, int], str]
    of_sheet: tuple[Problem, ...]


BEFORE_PLAN = 200


def preview_of(flow: ImportFlow) -> Preview:
    """Return what the preview shows of a flow: the rows of the dry run, before it the first rows of the sheet."""
    sheet, plan = flow.sheet(), flow.plan
    if sheet is None:
        return Preview((), (), {}, {}, ())
    if plan is None:
        rows = [
            PreviewRow(n + 1, None, _texts(sheet, n + 1)) for n in range(min(len(sheet.rows), BEFORE_PLAN))
        ]
        return Preview(tuple(column_letter(n) for n in range(sheet.width)), tuple(rows), {}, {}, ())
    rows = [PreviewRow(one.row, one.state, _texts(sheet, one.row)) for one in plan.rows]
    first = min((one.row for one in plan.rows), default=1)
    by_cell: dict[tuple[int, int], tuple[Problem, ...]] = {}
    for problem in plan.problems:
        if problem.row:
            place = (problem.row, column_index(problem.column) if problem.column else -1)
            by_cell[place] = (*by_cell.get(place, ()), problem)
    return Preview(
        tuple(_heading(sheet, first, column) for column in range(sheet.width)),
        tuple(rows),
        by_cell,
        {(one.row, column_index(one.column)): one.after for one in plan.normalised if one.column},
        tuple(problem for problem in plan.problems if not problem.row),
    )


def with_problems(preview: Preview) -> Iterable[PreviewRow]:
    """Yield the rows that have something wrong or doubtful."""
    touched = {row for row, _column in preview.problems}
    return (row for row in preview.rows if row.row in touched)


def _texts(sheet: Sheet, row: int) -> tuple[str, ...]:
    return tuple(cell_text(sheet.cell(row, column)) for column in range(sheet.width))


def _heading(sheet: Sheet, first: int, column: int) -> str:
    """Return the words above a column's first data row, its letter where there are none."""
    for row in range(first - 1, max(0, first - 3), -1):
        text = cell_text(sheet.cell(row, column)).strip()
        if text:
            return " ".join(text.split())
    return column_letter(column)
