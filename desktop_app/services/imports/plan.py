"""What an import is told, what it found and would write, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import resources
from desktop_app.domain.assessments import AssessmentKind
from desktop_app.domain.records import Entity
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.matching import SameNames
from desktop_app.excel.problems import Normalisation, Problem, Severity
from desktop_app.store.database import Connection


class BlankMeaning(StrEnum):
    """What an empty cell among the marks says; ``ask``: nobody has answered yet."""

    ASK = "ask"
    PRESENT = "present"
    ABSENT = "absent"
    UNMARKED = "unmarked"


class Question(StrEnum):
    """What the user must decide before the rows concerned can go in; the code of their problem."""

    SAME_NAME = "SAME_NAME"
    BLANK_MEANING = "BLANK_MEANING"
    REASON = "MARK_REASON_MISSING"


class DateSource(StrEnum):
    """Where the enrolment dates of a roster come from."""

    COLUMN = "column"
    FILLED_ON = "filled_on"
    CLASS_START = "class_start"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """The user's answers. ``mapping`` is column letter → field (or ``ignore``); None: the one remembered, if any.

    ``reason``: why marks that are there change after the day of their session (R34).
    """

    mapping: Mapping[str, str] | None = None
    sheet: str | None = None
    same_names: SameNames = SameNames.ASK
    blank: BlankMeaning = BlankMeaning.ASK
    kind: AssessmentKind = AssessmentKind.LEVEL
    held_on: date | None = None
    organisation: str | None = None
    reason: str = ""


class RowState(StrEnum):
    """What happens to a row: new, changed, already there as it is, or left out."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A data row by the spreadsheet's number, whom or what it is about, and what happens to it."""

    row: int
    label: str
    state: RowState


@dataclass(frozen=True, slots=True)
class Facts:
    """What the dry run shows beside the rows; each None or empty where it does not apply.

    ``enrolled_on``/``enrolled_from``: the date used where the row states none. ``blank``: what a blank means, with
    ``blanks`` how many there are. ``stated``/``counted``: sessions attended by the sheet's own totals and by its
    marks. ``held_on``/``organisation``: of the assessment. ``people``/``sessions``: of the class after the import.
    """

    creates_class: bool = False
    people: int | None = None
    sessions: int | None = None
    enrolled_on: date | None = None
    enrolled_from: DateSource | None = None
    blank: BlankMeaning | None = None
    blanks: int = 0
    stated: int | None = None
    counted: int | None = None
    held_on: date | None = None
    organisation: str | None = None
    passed: int | None = None


Writes = Sequence[tuple[Entity, Sequence[tuple[bytes, Mapping[str, object]]]]]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """A dry run. ``mapping`` is column letter → field, ``headings`` letter → text of every column.

    ``reload`` reads anew what the plan relied on, so that applying can see whether it still holds. ``kept`` is the
    SHA-256 of the workbook where it is to be kept as evidence.
    """

    kind: WorkbookKind
    command: str
    path: Path
    options: ImportOptions
    class_code: str | None
    sheet: str
    title: str
    signature: str
    mapping: Mapping[str, str]
    headings: Mapping[str, str]
    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]
    normalised: tuple[Normalisation, ...]
    facts: Facts
    writes: Writes = field(repr=False)
    relied_on: object = field(repr=False)
    reload: Callable[[Connection], object] = field(repr=False)
    kept: bytes | None = None

    def count(self, state: RowState) -> int:
        """Count the rows of one fate."""
        return sum(1 for row in self.rows if row.state is state)

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return what is still to be answered."""
        found = {problem.code for problem in self.problems if problem.severity is Severity.ERROR}
        return tuple(question for question in Question if question.value in found)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Return what is doubtful but does not hold a row."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return what keeps a row, or a column, out."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)

    @property
    def writes_anything(self) -> bool:
        """Tell whether applying would change the store."""
        return any(rows for _, rows in self.writes)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import, or its dry run, came to."""

    plan: ImportPlan
    applied: bool

    def to_json(self, language: str = "zh") -> dict[str, Any]:
        """Return the ``import`` object of the command line; texts in a language."""
        plan = self.plan
        return {
            "rows": len(plan.rows),
            "new": plan.count(RowState.NEW),
            "changed": plan.count(RowState.CHANGED),
            "same": plan.count(RowState.SAME),
            "bad": plan.count(RowState.BAD),
            "problems": [_problem_json(problem, language) for problem in plan.problems],
            "normalised": [
                {"row": one.row, "column": one.column, "from": one.before, "to": one.after}
                for one in plan.normalised
            ],
            "mapping": dict(plan.mapping),
        }


def _problem_json(problem: Problem, language: str) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "code": problem.code,
        "message": message(problem, language),
        "hint": hint(problem, language),
    }


def message(problem: Problem, language: str = "zh") -> str:
    """Return the sentence of a problem."""
    return resources.text(f"error.{problem.code}", language, **_params(problem))


def hint(problem: Problem, language: str = "zh") -> str:
    """Return what to do about a problem."""
    return resources.text(f"hint.{problem.code}", language, **_params(problem))


def _params(problem: Problem) -> dict[str, object]:
    return {"value": problem.value, "row": problem.row, "column": problem.column, **problem.params}
