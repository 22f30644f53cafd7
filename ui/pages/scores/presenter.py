"""What the score grid shows: scores as stored and as typed, total and conclusion computed live, counts to lock by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desktop_app.domain.assessments import (
    Component,
    ComponentCode,
    Conclusion,
    Outcome,
    Score,
    ScoreState,
    conclude,
    describe,
    parse_score,
    score_text,
)
from desktop_app.domain.candidates import DISQUALIFIED, RESITTING, SCHEDULED
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.results import AssessmentItem, ScoreRowItem, ScoreSheet
from ui.i18n import tr
from ui.messages import describe as describe_error
from ui.reported_tab import RANK, ReportMarks
from ui.widgets.cell_states import CellState, Tone
from ui.widgets.mark_grid_model import FrozenCell, FrozenColumn, GridCell, GridColumn, GridRow, Place
from ui.widgets.pending import PendingValues

ScoreKey = tuple[bytes, ComponentCode]
"""(trainee id, component)."""
_CONCLUSION_TONES = {Conclusion.PASSED: Tone.DONE, Conclusion.FAILED: Tone.WRONG, Conclusion.NONE: Tone.QUIET}
SHOWN_STATES = frozenset({DISQUALIFIED, RESITTING, SCHEDULED})
"""States of a candidate that the scores themselves do not say."""


@dataclass(frozen=True, slots=True)
class ScoreCounts:
    """People of an assessment: all, those passed, failed, with 缺考 or 违纪 among the failed, and not complete."""

    people: int
    passed: int
    failed: int
    absent: int
    missing: int


class ScorePresenter:
    """Holds a sheet and the scores under way over it; rows are people, columns components, total, conclusion."""

    def __init__(self) -> None:
        self.sheet: ScoreSheet | None = None
        self.reported: ReportMarks[ScoreRowItem] = ReportMarks(
            lambda row: (("score", self.assessment.id + row.trainee_id),)
        )
        self._only = ""
        self._shown: tuple[ScoreRowItem, ...] = ()
        self._stored: dict[ScoreKey, Score | None] = {}
        self._pending: PendingValues[ScoreKey, Score | None] = PendingValues()
        self._writes: dict[int, Mapping[ScoreKey, Score | None]] = {}

    def load(self, sheet: ScoreSheet) -> bool:
        """Take a sheet; tell whether it has other people or columns than the one that was shown."""
        before = self.sheet
        self.sheet = sheet
        self._stored = {
            (row.trainee_id, code): score for row in sheet.rows for code, score in row.scores.items()
        }
        if before is None or before.assessment.id != sheet.assessment.id:
            self._pending.forget()
            self._writes.clear()
            self.keep("")
            return True
        shown = {row.trainee_id for row in self._shown}
        if _people(before) != _people(sheet):
            self.keep(self._only)
        else:  # who was chosen stays, whatever the mark has become by a new score
            self._shown = tuple(row for row in sheet.rows if row.trainee_id in shown)
        return (before.assessment.components, before.editable, _people(before)) != (
            sheet.assessment.components,
            sheet.editable,
            _people(sheet),
        )

    def keep(self, mark: str) -> None:
        """Show only the people whose scores the province has not got so; "" shows all."""
        self._only = mark
        rows = () if self.sheet is None else self.sheet.rows
        self._shown = tuple(row for row in rows if not mark or self.reported.of(row) == mark)

    @property
    def kept(self) -> str:
        """Return the mark that is shown alone, "" where all are."""
        return self._only

    def marks(self) -> dict[str, int]:
        """Count the people of each mark, the most pressing first."""
        found = [self.reported.of(row) for row in (() if self.sheet is None else self.sheet.rows)]
        return {mark: found.count(mark) for mark in RANK if mark in found}

    @property
    def assessment(self) -> AssessmentItem:
        """Return the assessment shown."""
        assert self.sheet is not None
        return self.sheet.assessment

    @property
    def rows(self) -> tuple[ScoreRowItem, ...]:
        """Return the people shown in the order of the rows."""
        return self._shown

    @property
    def components(self) -> tuple[Component, ...]:
        """Return the components in the order of the columns."""
        return () if self.sheet is None else self.assessment.components

    def key(self, place: Place) -> ScoreKey:
        """Return person and component of a cell that can hold a score."""
        return self.rows[place[0]].trainee_id, self.components[place[1]].code

    def score(self, place: Place) -> Score | None:
        """Return the score shown in a cell: as typed, else as stored."""
        key = self.key(place)
        return self._pending.value(key, self._stored.get(key))

    def problem(self, place: Place, text: str) -> str:
        """Say what is wrong with a typed text, "" where nothing is."""
        try:
            self.parse(place, text)
        except AppError as error:
            return describe_error(error).text
        return ""

    def parse(self, place: Place, text: str) -> Score | None:
        """Return the score that a text means; AppError SCORE_UNKNOWN, SCORE_RANGE, SCORE_DECIMALS."""
        return parse_score(text, self.components[place[1]])

    def takes(self, place: Place) -> bool:
        """Tell whether a cell can be typed over."""
        return self.sheet is not None and self.sheet.editable and place[1] < len(self.components)

    def begin(self, scores: Mapping[ScoreKey, Score | None]) -> int:
        """Show typed scores; return the number that ``stored`` or ``refused`` settles."""
        number = self._pending.begin(scores)
        self._writes[number] = dict(scores)
        return number

    def stored(self, number: int) -> list[int]:
        """The command came back: its scores are the stored ones; return the rows."""
        self._stored.update(self._writes.pop(number, {}))
        return self._rows_of(self._pending.settle(number))

    def refused(self, number: int) -> list[int]:
        """The command was refused: return the rows that show the former scores again."""
        self._writes.pop(number, None)
        return self._rows_of(self._pending.settle(number))

    def outcome(self, row: int) -> Outcome:
        """Return one person's total and conclusion, scores under way included."""
        return self._outcome(self.rows[row])

    def _outcome(self, item: ScoreRowItem) -> Outcome:
        return conclude(self.components, self.assessment.rule, self._scores(item))

    def _scores(self, item: ScoreRowItem) -> dict[ComponentCode, Score | None]:
        keys = [(item.trainee_id, part.code) for part in self.components]
        return {key[1]: self._pending.value(key, self._stored.get(key)) for key in keys}

    def conclusion(self, row: int) -> Conclusion:
        """Return the conclusion: as locked, else as computed."""
        return self._conclusion(self.rows[row])

    def _conclusion(self, item: ScoreRowItem) -> Conclusion:
        return item.conclusion if self.assessment.locked else self._outcome(item).conclusion

    def counts(self) -> ScoreCounts:
        """Count the whole assessment, whoever is shown of it."""
        everybody = () if self.sheet is None else self.sheet.rows
        found = [self._conclusion(item) for item in everybody]
        scores = [self._scores(item).values() for item in everybody]
        gone = {ScoreState.ABSENT, ScoreState.VIOLATION}
        return ScoreCounts(
            len(found),
            sum(one is Conclusion.PASSED for one in found),
            sum(one is Conclusion.FAILED for one in found),
            sum(any(score is not None and score.state in gone for score in own) for own in scores),
            sum(any(score is None for score in own) for own in scores),
        )

    def first_place(self) -> Place | None:
        """Return where the work is: the first missing score, person by person; None where there is nobody."""
        for row in range(len(self.rows)):
            for column in range(len(self.components)):
                if self.score((row, column)) is None:
                    return row, column
        return (0, 0) if self.rows and self.components else None

    def frozen_columns(self) -> list[FrozenColumn]:
        """Return the columns at the left; 准考证号 only where somebody has one."""
        found = [FrozenColumn(tr("scores.number"), 44, "right"), FrozenColumn(tr("scores.name"), 120)]
        if self._has_tickets():
            found.append(FrozenColumn(tr("scores.ticket"), 140))
        return [*found, FrozenColumn(tr("report_mark.title"), 112)]

    def columns(self) -> list[GridColumn]:
        """Return the components, the total and the conclusion."""
        parts = [
            GridColumn(
                part.code,
                tr(f"component.{part.code.value}"),
                tr("scores.marks", full=score_text(part.full), passing=score_text(part.pass_mark)),
                120,
            )
            for part in self.components
        ]
        return [
            *parts,
            GridColumn("total", tr("scores.total"), tr(f"scores.rule.{self.assessment.rule.value}"), 120),
            GridColumn("conclusion", tr("scores.conclusion"), "", 120),
        ]

    def grid_rows(self) -> list[GridRow]:
        """Return every row of the grid."""
        return [
            GridRow(
                item.trainee_id,
                self._frozen(item),
                tuple(self.cell((row, column)) for column in range(len(self.components) + 2)),
            )
            for row, item in enumerate(self.rows)
        ]

    def cell(self, place: Place) -> GridCell:
        """Return one cell as it stands."""
        row, column = place
        if column == len(self.components):
            total = self.outcome(row).total
            text = "" if total is None else score_text(total)
            return GridCell(text, tooltip=tr("scores.computed"), editable=False)
        if column > len(self.components):
            conclusion = self.conclusion(row)
            candidate = self.rows[row].candidate
            text = tr(f"conclusion.{conclusion.value}")
            if candidate in SHOWN_STATES:
                state = tr(f"state.candidate.{candidate}")
                is_open = conclusion is Conclusion.NONE
                text = state if is_open else tr("scores.standing", conclusion=text, state=state)
            return GridCell(
                text, tone=_CONCLUSION_TONES[conclusion], tooltip=tr("scores.computed"), editable=False
            )
        return self._score_cell(place)

    def _has_tickets(self) -> bool:
        return self.sheet is not None and any(item.ticket for item in self.sheet.rows)

    def _frozen(self, item: ScoreRowItem) -> tuple[FrozenCell, ...]:
        number = FrozenCell("" if item.number is None else str(item.number), Tone.QUIET)
        found = [number, FrozenCell(item.name)]
        if self._has_tickets():
            found.append(FrozenCell(item.ticket or "", Tone.QUIET))
        return (*found, self.reported_cell(item))

    def reported_cell(self, item: ScoreRowItem) -> FrozenCell:
        """Return the last frozen cell of a row: what the province has not got yet of the scores."""
        return FrozenCell(*self.reported.words(item))

    def _score_cell(self, place: Place) -> GridCell:
        part, score, key = self.components[place[1]], self.score(place), self.key(place)
        tone, note = Tone.PLAIN, ""
        if score is not None and score.state is not ScoreState.SCORED:
            tone = Tone.WAITING
        elif score is not None and score.value is not None and score.value < part.pass_mark:
            tone, note = Tone.WRONG, tr("scores.below", passing=score_text(part.pass_mark))
        state = CellState.SAVED
        if self._pending.holds(key):
            state, note = CellState.WAITING, tr("scores.saving")
        elif part.code in self.rows[place[0]].conflicts:
            state, note = CellState.CONFLICT, tr("scores.conflict")
        elif self.assessment.locked:
            state = CellState.LOCKED
        closed = self.closed_text()
        tooltip = " · ".join(text for text in (note, closed) if text)
        return GridCell(describe(score), state, tone, tooltip, self.takes(place), score)

    def closed_text(self) -> str:
        """Say why nothing can be typed, "" where something can."""
        reason = None if self.sheet is None else self.sheet.closed_reason
        if reason is None:
            return ""
        if reason.code == "SCORES_BY_FILE":
            name = self.assessment.file_name
            return tr("scores.by_file", file=name) if name else tr("scores.by_file_unnamed")
        return describe_error(reason).text

    def _rows_of(self, keys: Iterable[ScoreKey]) -> list[int]:
        rows = {item.trainee_id: number for number, item in enumerate(self.rows)}
        return sorted({rows[trainee] for trainee, _code in keys if trainee in rows})


def _people(sheet: ScoreSheet) -> list[tuple[bytes, int | None, str, str | None]]:
    return [(row.trainee_id, row.number, row.name, row.ticket) for row in sheet.rows]
