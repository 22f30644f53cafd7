"""Assessments: components, scores in tenths of a point (85.5 → 855), and the conclusion.

缺考 and 违纪 are states, never 0. A component that is 缓考 or still missing leaves the conclusion open, unless
another one has already decided it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from desktop_app.domain.errors import AppError

TENTHS = 10
FULL_MARK = 100 * TENTHS
PASS_MARK = 60 * TENTHS


class ComponentCode(StrEnum):
    """理论, 实操, 综合评审, 过程."""

    THEORY = "theory"
    PRACTICE = "practice"
    REVIEW = "review"
    PROCESS = "process"


class AssessmentKind(StrEnum):
    """职业技能等级考核 (results come from the 评价组织, R14) and 结业/过程考核 (the teacher's)."""

    LEVEL = "level"
    COMPLETION = "completion"
    PROCESS = "process"


class PassRule(StrEnum):
    """各科合格, 加权总分, or both."""

    EACH = "each"
    WEIGHTED = "weighted"
    BOTH = "both"


class ScoreState(StrEnum):
    """有成绩, 缺考, 缓考, 违纪取消."""

    SCORED = "scored"
    ABSENT = "absent"
    DEFERRED = "deferred"
    VIOLATION = "violation"


class Conclusion(StrEnum):
    """合格, 不合格, or not decided yet."""

    PASSED = "passed"
    FAILED = "failed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Component:
    """One part of an assessment; marks in tenths of a point, ``weight`` in percent."""

    code: ComponentCode
    full: int = FULL_MARK
    pass_mark: int = PASS_MARK
    weight: int = 50


@dataclass(frozen=True, slots=True)
class Score:
    """A component's result; ``value`` in tenths, only where ``state`` is scored."""

    state: ScoreState
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The conclusion, the weighted total in tenths of 100 points (rounded down; None unless all are scored), and
    the components that a 补考 repeats.
    """

    conclusion: Conclusion
    total: int | None
    to_repeat: tuple[ComponentCode, ...]


_STATE_WORDS = {
    "缺考": ScoreState.ABSENT,
    "缺": ScoreState.ABSENT,
    "未考": ScoreState.ABSENT,
    "缓考": ScoreState.DEFERRED,
    "缓": ScoreState.DEFERRED,
    "违纪": ScoreState.VIOLATION,
    "违纪取消": ScoreState.VIOLATION,
    "作弊": ScoreState.VIOLATION,
}
STATE_NAMES = {
    ScoreState.ABSENT: "缺考",
    ScoreState.DEFERRED: "缓考",
    ScoreState.VIOLATION: "违纪",
}
THEORY_AND_PRACTICE = (Component(ComponentCode.THEORY), Component(ComponentCode.PRACTICE))
WITH_REVIEW = (
    Component(ComponentCode.THEORY, weight=30),
    Component(ComponentCode.PRACTICE, weight=40),
    Component(ComponentCode.REVIEW, weight=30),
)


def conclude(
    components: Sequence[Component],
    rule: PassRule,
    results: Mapping[ComponentCode, Score | None],
    *,
    pass_total: int = PASS_MARK,
) -> Outcome:
    """Return the outcome of one person's assessment.

    ``pass_total`` in tenths of 100 points is asked by the rules weighted and both. 缺考 and 违纪 fail; a component
    below its pass mark fails under each and both, whatever is still open.
    """
    scores = [(component, results.get(component.code)) for component in components]
    to_repeat = tuple(component.code for component, score in scores if _must_repeat(component, score, rule))
    total = _total(scores)
    if any(
        score is not None and score.state in {ScoreState.ABSENT, ScoreState.VIOLATION} for _, score in scores
    ):
        return Outcome(Conclusion.FAILED, total, to_repeat)
    if rule != PassRule.WEIGHTED and to_repeat:
        return Outcome(Conclusion.FAILED, total, to_repeat)
    if not scores or total is None:
        return Outcome(Conclusion.NONE, total, to_repeat)
    if rule != PassRule.EACH and not _reaches(scores, pass_total):
        return Outcome(Conclusion.FAILED, total, to_repeat or _weak(scores))
    return Outcome(Conclusion.PASSED, total, ())


_Scores = Sequence[tuple[Component, Score | None]]


def _must_repeat(component: Component, score: Score | None, rule: PassRule) -> bool:
    if score is None or score.state == ScoreState.DEFERRED:
        return False
    if score.state != ScoreState.SCORED:
        return True
    return rule != PassRule.WEIGHTED and _value(score) < component.pass_mark


def _value(score: Score) -> int:
    assert score.value is not None, "a scored component has a value"
    return score.value


def _weak(scores: _Scores) -> tuple[ComponentCode, ...]:
    """Return what to repeat where only the total fell short: the components below their pass mark, else all."""
    below = tuple(c.code for c, score in scores if score is not None and _value(score) < c.pass_mark)
    return below or tuple(component.code for component, _ in scores)


def _total(scores: _Scores) -> int | None:
    weights = sum(component.weight for component, _ in scores)
    if not weights or any(score is None or score.state != ScoreState.SCORED for _, score in scores):
        return None
    part, whole = _weighted(scores)
    return part * FULL_MARK // whole


def _weighted(scores: _Scores) -> tuple[int, int]:
    """Return the weighted sum as a ratio of integers: Σ weight × value ÷ full over a common denominator."""
    whole = 1
    for component, _ in scores:
        whole *= component.full
    part = sum(c.weight * _value(score) * whole // c.full for c, score in scores if score is not None)
    return part, whole * sum(component.weight for component, _ in scores)


def _reaches(scores: _Scores, pass_total: int) -> bool:
    part, whole = _weighted(scores)
    return part * FULL_MARK >= pass_total * whole


def parse_score(cell: object, component: Component) -> Score | None:
    """Return the score of a cell: 85.5, "85.5", "缺考", "违纪", "缓考"; None for a blank.

    Raises AppError SCORE_UNKNOWN (neither number nor word), SCORE_DECIMALS (finer than a tenth) or
    SCORE_RANGE (outside 0 … full mark).
    """
    text = "" if cell is None else unicodedata.normalize("NFKC", str(cell)).strip()
    if not text:
        return None
    state = _STATE_WORDS.get("".join(text.split()))
    if state:
        return Score(state)
    try:
        tenths = Decimal(text.removesuffix("分")) * TENTHS
    except InvalidOperation:
        raise AppError("SCORE_UNKNOWN", value=text[:20]) from None
    if not tenths.is_finite():
        raise AppError("SCORE_UNKNOWN", value=text[:20])
    if not 0 <= tenths <= component.full:
        raise AppError("SCORE_RANGE", value=text[:20], full=score_text(component.full))
    if tenths != int(tenths):
        raise AppError("SCORE_DECIMALS", value=text[:20])
    return Score(ScoreState.SCORED, int(tenths))


def score_text(tenths: int) -> str:
    """Return 855 as 85.5 and 850 as 85."""
    points, rest = divmod(tenths, TENTHS)
    return f"{points}.{rest}" if rest else str(points)


def describe(score: Score | None) -> str:
    """Return what a grid or paper shows: 85.5, 缺考, 缓考, 违纪, or nothing."""
    if score is None:
        return ""
    return score_text(_value(score)) if score.state == ScoreState.SCORED else STATE_NAMES[score.state]
