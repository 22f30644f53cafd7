"""Components, rules, states and conclusions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.domain.assessments import (
    THEORY_AND_PRACTICE,
    WITH_REVIEW,
    Component,
    ComponentCode,
    Conclusion,
    PassRule,
    Score,
    ScoreState,
    conclude,
    describe,
    parse_score,
    score_text,
)
from desktop_app.domain.errors import AppError

THEORY, PRACTICE, REVIEW = ComponentCode.THEORY, ComponentCode.PRACTICE, ComponentCode.REVIEW
ABSENT = Score(ScoreState.ABSENT)
DEFERRED = Score(ScoreState.DEFERRED)
VIOLATION = Score(ScoreState.VIOLATION)


def scored(points: float) -> Score:
    return Score(ScoreState.SCORED, round(points * 10))


def outcome(
    theory: Score | None, practice: Score | None, rule: PassRule = PassRule.EACH
) -> tuple[Conclusion, int | None]:
    found = conclude(THEORY_AND_PRACTICE, rule, {THEORY: theory, PRACTICE: practice})
    return found.conclusion, found.total


def test_each_component_passes_at_60_and_fails_at_59_9() -> None:
    assert outcome(scored(60), scored(60)) == (Conclusion.PASSED, 600)
    assert outcome(scored(59.9), scored(100))[0] == Conclusion.FAILED


def test_the_weighted_total_decides_alone_where_the_rule_says_so() -> None:
    assert outcome(scored(40), scored(80), PassRule.WEIGHTED) == (Conclusion.PASSED, 600)
    assert outcome(scored(40), scored(79.9), PassRule.WEIGHTED) == (Conclusion.FAILED, 599)


def test_both_asks_for_both() -> None:
    strict = (Component(THEORY, pass_mark=500), Component(PRACTICE, pass_mark=500))
    both = conclude(strict, PassRule.BOTH, {THEORY: scored(50), PRACTICE: scored(70)})
    assert both.conclusion == Conclusion.PASSED
    low = conclude(strict, PassRule.BOTH, {THEORY: scored(50), PRACTICE: scored(69.9)})
    assert low.conclusion == Conclusion.FAILED
    assert low.to_repeat == (THEORY, PRACTICE)
    one = conclude(strict, PassRule.BOTH, {THEORY: scored(49.9), PRACTICE: scored(100)})
    assert one.conclusion == Conclusion.FAILED
    assert one.to_repeat == (THEORY,)


@pytest.mark.parametrize("state", [ABSENT, VIOLATION])
@pytest.mark.parametrize("rule", list(PassRule))
def test_absence_and_violation_fail_and_are_never_zero(state: Score, rule: PassRule) -> None:
    assert outcome(state, scored(100), rule) == (Conclusion.FAILED, None)


def test_what_is_deferred_or_missing_leaves_the_conclusion_open() -> None:
    assert outcome(DEFERRED, scored(90)) == (Conclusion.NONE, None)
    assert outcome(None, scored(90)) == (Conclusion.NONE, None)
    assert outcome(None, None) == (Conclusion.NONE, None)


def test_a_failed_component_decides_whatever_is_open() -> None:
    assert outcome(DEFERRED, scored(59))[0] == Conclusion.FAILED
    assert outcome(None, scored(59))[0] == Conclusion.FAILED
    assert outcome(None, scored(59), PassRule.WEIGHTED)[0] == Conclusion.NONE


def test_only_the_failed_components_are_repeated() -> None:
    found = conclude(THEORY_AND_PRACTICE, PassRule.EACH, {THEORY: scored(70), PRACTICE: ABSENT})
    assert found.to_repeat == (PRACTICE,)


def test_nothing_is_repeated_after_a_pass() -> None:
    found = conclude(THEORY_AND_PRACTICE, PassRule.WEIGHTED, {THEORY: scored(40), PRACTICE: scored(90)})
    assert found.conclusion == Conclusion.PASSED
    assert found.to_repeat == ()


def test_three_components_are_weighted_and_rounded_down() -> None:
    found = conclude(
        WITH_REVIEW, PassRule.WEIGHTED, {THEORY: scored(70), PRACTICE: scored(80.5), REVIEW: scored(60.1)}
    )
    assert found.total == (700 * 30 + 805 * 40 + 601 * 30) // 100


def test_full_marks_other_than_100_are_scaled() -> None:
    parts = (Component(THEORY, full=500, pass_mark=300), Component(PRACTICE, full=1500, pass_mark=900))
    found = conclude(parts, PassRule.BOTH, {THEORY: scored(30), PRACTICE: scored(90)})
    assert (found.conclusion, found.total) == (Conclusion.PASSED, 600)
    assert parse_score("150", parts[1]) == scored(150)
    with pytest.raises(AppError):
        parse_score("50.1", parts[0])


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        (85.5, scored(85.5)),
        ("85.5", scored(85.5)),
        ("８５．５分", scored(85.5)),
        (0, scored(0)),
        (100.0, scored(100)),
        ("100", scored(100)),
        ("缺考", ABSENT),
        (" 缺 考 ", ABSENT),
        ("缓考", DEFERRED),
        ("违纪", VIOLATION),
        ("", None),
        (None, None),
    ],
)
def test_cells_are_read(cell: object, score: Score | None) -> None:
    assert parse_score(cell, THEORY_AND_PRACTICE[0]) == score


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("100.1", "SCORE_RANGE"),
        (-0.1, "SCORE_RANGE"),
        ("85.55", "SCORE_DECIMALS"),
        ("优秀", "SCORE_UNKNOWN"),
        ("nan", "SCORE_UNKNOWN"),
        ("Infinity", "SCORE_UNKNOWN"),
    ],
)
def test_other_cells_are_refused(cell: object, code: str) -> None:
    with pytest.raises(AppError) as error:
        parse_score(cell, THEORY_AND_PRACTICE[0])
    assert error.value.code == code


def test_scores_are_shown_as_entered() -> None:
    assert [score_text(value) for value in (855, 850, 0, 1000)] == ["85.5", "85", "0", "100"]
    assert [describe(score) for score in (None, ABSENT, scored(60.5))] == ["", "缺考", "60.5"]


@given(st.integers(0, 1000))
def test_a_shown_score_reads_back(tenths: int) -> None:
    assert parse_score(score_text(tenths), THEORY_AND_PRACTICE[0]) == Score(ScoreState.SCORED, tenths)


@given(st.text(max_size=12))
def test_any_text_is_a_score_or_refused(text: str) -> None:
    try:
        score = parse_score(text, THEORY_AND_PRACTICE[0])
    except AppError:
        return
    assert score is None or score.value is None or 0 <= score.value <= 1000


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 100)), min_size=1, max_size=4))
def test_more_points_never_turn_a_pass_into_a_fail(rows: list[tuple[int, int]]) -> None:
    parts = [Component(code, weight=weight) for code, (_, weight) in zip(ComponentCode, rows, strict=False)]
    scores = {
        part.code: Score(ScoreState.SCORED, value) for part, (value, _) in zip(parts, rows, strict=True)
    }
    better = {
        code: Score(ScoreState.SCORED, min(1000, (score.value or 0) + 50)) for code, score in scores.items()
    }
    for rule in PassRule:
        if conclude(parts, rule, scores).conclusion == Conclusion.PASSED:
            assert conclude(parts, rule, better).conclusion == Conclusion.PASSED
