"""Scores that were under way when the program ended."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.assessments import Score, ScoreState
from desktop_app.domain.listings.results import AssessmentItem
from ui.i18n import tr
from ui.pages.scores.presenter import ScoreKey, ScorePresenter
from ui.unsaved import Unsaved
from ui.widgets.mark_grid_model import Place


def unsaved_scores(assessment: AssessmentItem, scores: Mapping[ScoreKey, Score | None]) -> Unsaved:
    """Return scores of one assessment as something unsaved."""
    cells = [
        [trainee, code.value, *([None, None] if score is None else [score.state.value, score.value])]
        for (trainee, code), score in scores.items()
    ]
    title = tr(f"assessment.{assessment.kind}")
    return Unsaved(assessment.id.hex(), title, {"cells": cells}, len(cells), {"assessment_id": assessment.id})


def scores_again(presenter: ScorePresenter, unsaved: Unsaved) -> dict[Place, Score | None]:
    """Return the scores that were under way; people who are gone meanwhile are left out."""
    rows = {item.trainee_id: row for row, item in enumerate(presenter.rows)}
    columns = {part.code.value: column for column, part in enumerate(presenter.components)}
    return {
        (rows[trainee], columns[code]): None if state is None else Score(ScoreState(state), value)
        for trainee, code, state, value in unsaved.values["cells"]
        if trainee in rows and code in columns
    }
