"""States of candidates, what a 补考 carries, and the edges of R14."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.assessments import (
    THEORY_AND_PRACTICE,
    ComponentCode,
    PassRule,
    Score,
    ScoreState,
    conclude,
)
from desktop_app.domain.candidates import (
    candidate_state,
    carried,
    check_correction,
    check_level_exam,
    merge_sittings,
    results_of,
)

THEORY, PRACTICE = ComponentCode.THEORY, ComponentCode.PRACTICE
LAST = date(2020, 11, 25)
GOOD, BAD = Score(ScoreState.SCORED, 600), Score(ScoreState.SCORED, 599)
MISSED, LATER, CHEATED = (
    Score(state) for state in (ScoreState.ABSENT, ScoreState.DEFERRED, ScoreState.VIOLATION)
)


@pytest.mark.parametrize(
    ("held_on", "codes"),
    [(date(2020, 11, 24), ["ASSESSMENT_TOO_EARLY"]), (LAST, []), (date(2020, 11, 26), [])],
)
def test_a_level_exam_is_on_the_day_of_the_last_session_at_the_earliest(held_on, codes):
    assert [one.error.code for one in check_level_exam("一班", held_on, LAST, "评价中心")] == codes


def test_a_level_exam_names_its_organisation_and_a_class_without_sessions_may_sit():
    assert [one.error.code for one in check_level_exam("一班", LAST, None, "  ")] == ["EVALUATOR_UNNAMED"]


@pytest.mark.parametrize(("changed", "digest", "refused"), [(0, "a", False), (1, "a", True), (1, "b", False)])
def test_results_change_by_a_new_file_only(changed, digest, refused):
    assert bool(check_correction("一班", changed, digest, ("a",))) is refused


@pytest.mark.parametrize(
    ("stored", "scores", "state"),
    [
        (None, {}, "registered"),
        ("scheduled", {}, "scheduled"),
        ("scheduled", {THEORY: GOOD}, "scored"),
        (None, {THEORY: GOOD, PRACTICE: MISSED}, "absent"),
        (None, {THEORY: LATER}, "deferred"),
        (None, {THEORY: CHEATED}, "disqualified"),
        ("resitting", {THEORY: BAD}, "resitting"),
        ("disqualified", {}, "disqualified"),
    ],
)
def test_a_candidate_stands_where_the_components_say_unless_closed(stored, scores, state):
    assert candidate_state(stored, scores) == state


def test_absence_leaves_what_was_sat_and_disqualification_takes_all():
    assert results_of("miss", THEORY_AND_PRACTICE, {THEORY: GOOD}) == {PRACTICE: MISSED}
    assert results_of("disqualify", THEORY_AND_PRACTICE, {THEORY: GOOD}) == {
        THEORY: CHEATED,
        PRACTICE: CHEATED,
    }


def test_a_resit_carries_what_was_passed():
    for other in (BAD, MISSED, LATER):
        scores = {THEORY: GOOD, PRACTICE: other}
        outcome = conclude(THEORY_AND_PRACTICE, PassRule.EACH, scores)
        assert carried(THEORY_AND_PRACTICE, scores, outcome) == {THEORY: GOOD}


@pytest.mark.parametrize(
    ("stored", "scores", "state"),
    [
        ("registered", {THEORY: GOOD}, "registered"),
        ("scheduled", {THEORY: GOOD}, "scheduled"),
        ("scheduled", {THEORY: GOOD, PRACTICE: BAD}, "scored"),
        ("scheduled", {THEORY: GOOD, PRACTICE: MISSED}, "absent"),
        (None, {THEORY: GOOD}, "scored"),
    ],
)
def test_who_carries_a_component_still_waits_for_the_others(stored, scores, state):
    assert candidate_state(stored, scores, THEORY_AND_PRACTICE) == state


SEVENTY = Score(ScoreState.SCORED, 700)


@pytest.mark.parametrize(
    ("sittings", "repeated", "conclusion", "total"),
    [
        ([{THEORY: GOOD, PRACTICE: GOOD}], {}, "passed", 600),
        (
            [{THEORY: GOOD, PRACTICE: BAD}, {THEORY: GOOD, PRACTICE: SEVENTY}],
            {PRACTICE: SEVENTY},
            "passed",
            650,
        ),
        ([{THEORY: GOOD, PRACTICE: LATER}, {THEORY: GOOD, PRACTICE: BAD}], {PRACTICE: BAD}, "failed", 599),
        ([{THEORY: GOOD, PRACTICE: BAD}, {THEORY: GOOD}], {}, "failed", 599),
        (
            [
                {THEORY: BAD, PRACTICE: MISSED},
                {THEORY: GOOD, PRACTICE: BAD},
                {THEORY: GOOD, PRACTICE: SEVENTY},
            ],
            {THEORY: GOOD, PRACTICE: SEVENTY},
            "passed",
            650,
        ),
        ([{THEORY: BAD, PRACTICE: GOOD}, {THEORY: MISSED, PRACTICE: GOOD}], {THEORY: MISSED}, "failed", None),
    ],
)
def test_a_resit_is_merged_component_by_component(sittings, repeated, conclusion, total):
    merged = merge_sittings(THEORY_AND_PRACTICE, PassRule.EACH, sittings)
    assert merged.repeated == repeated
    assert (merged.outcome.conclusion, merged.outcome.total) == (conclusion, total)


def test_nothing_is_merged_without_a_first_sitting():
    with pytest.raises(ValueError, match="first"):
        merge_sittings(THEORY_AND_PRACTICE, PassRule.EACH, [])
