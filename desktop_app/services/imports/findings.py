"""Collects what is wrong, doubtful or put right while the rows of one sheet are judged, and each row's fate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict

from desktop_app.domain.errors import AppError
from desktop_app.excel.matching import Match
from desktop_app.excel.people import PersonKey
from desktop_app.excel.problems import Normalisation, Problem, Severity
from desktop_app.services.imports.plan import PlannedRow, RowState


class Settled(TypedDict):
    """The fields of an ImportPlan that say what becomes of the rows."""

    rows: tuple[PlannedRow, ...]
    problems: tuple[Problem, ...]
    normalised: tuple[Normalisation, ...]


class Findings:
    """The problems and row states of one sheet, begun with what its reader had to say."""

    def __init__(self, sheet: str, problems: Iterable[Problem], normalised: Iterable[Normalisation]) -> None:
        self._sheet = sheet
        self.problems = list(problems)
        self.normalised = list(normalised)
        self.rows: list[PlannedRow] = []
        self._bad = {problem.row for problem in self.problems if problem.severity is Severity.ERROR}

    def error(self, row: int, column: str, value: str, error: AppError) -> None:
        """Note what keeps a row out."""
        self._add(row, column, value, error, Severity.ERROR)
        self._bad.add(row)

    def warn(self, row: int, column: str, value: str, error: AppError) -> None:
        """Note what is doubtful; ``row`` 0 is the sheet as a whole."""
        self._add(row, column, value, error, Severity.WARNING)

    def _add(self, row: int, column: str, value: str, error: AppError, severity: Severity) -> None:
        self.problems.append(Problem(self._sheet, row, column, value, error.code, severity, error.params))

    def unmatched(self, match: Match) -> None:
        """Note why a row's person was not found, or is doubtful."""
        if not match.code:
            return
        key = match.key
        value = key.document_number if match.field == "document_number" else key.name
        column = key.columns.get(match.field) or key.columns.get("name", "")
        note = self.warn if match.severity is Severity.WARNING else self.error
        note(key.row, column, value, AppError(match.code))

    def is_bad(self, row: int) -> bool:
        """Tell whether something keeps a row out."""
        return row in self._bad

    def settle(self, row: int, label: str, state: RowState) -> None:
        """Give a row its fate; a bad one stays bad."""
        self.rows.append(PlannedRow(row, label, RowState.BAD if self.is_bad(row) else state))

    def settle_person(self, key: PersonKey, state: RowState) -> None:
        """Give the row of a person its fate."""
        self.settle(key.row, key.name or key.document_number, state)

    def settled(self) -> Settled:
        """Return what a plan says of its rows, from the top of the sheet down."""
        return Settled(
            rows=tuple(sorted(self.rows, key=lambda one: one.row)),
            problems=self.ordered(),
            normalised=tuple(self.normalised),
        )

    def ordered(self) -> tuple[Problem, ...]:
        """Return the problems from the top of the sheet down, errors of a row before its warnings."""
        return tuple(
            sorted(self.problems, key=lambda one: (one.row, one.severity is Severity.WARNING, one.column))
        )


def state_of(fields: Mapping[str, object], present: Mapping[str, object] | None) -> RowState:
    """Tell what writing some fields over a record would be."""
    if present is None:
        return RowState.NEW
    return RowState.CHANGED if changes(fields, present) else RowState.SAME


def changes(fields: Mapping[str, object], present: Mapping[str, object] | None) -> dict[str, object]:
    """Return the fields that differ from a record; all of them where there is none."""
    if present is None:
        return dict(fields)
    return {name: value for name, value in fields.items() if present.get(name) != value}


def worst(states: Iterable[RowState]) -> RowState:
    """Return the fate of a row that writes several records: new before changed before same."""
    found = set(states)
    return next((state for state in (RowState.NEW, RowState.CHANGED) if state in found), RowState.SAME)
