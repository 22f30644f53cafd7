"""How values of papers read, the same in PDF and Excel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import resources
from desktop_app.domain.papers.contents import (
    AttendanceLine,
    ComponentScore,
    ScoreLine,
    ScoreRegister,
    SignInPerson,
    TimetableLine,
)
from desktop_app.domain.papers.exams import CompletionLine, CompletionRegister, TalentTable

OUTCOMES = ("completed", "not_completed", "withdrawn", "transferred")
COMPONENTS = ("theory", "practice", "review", "process")
_TAIL = 4


def distinct_names(people: Iterable[SignInPerson | AttendanceLine | ScoreLine]) -> tuple[str, ...]:
    """Return the names as printed: namesakes get the visible end of their document number, e.g. 卢军（3612）."""
    people = tuple(people)
    counts = Counter(person.name for person in people)
    return tuple(
        f"{person.name}（{tail}）"
        if counts[person.name] > 1 and (tail := _visible_tail(person.document_number))
        else person.name
        for person in people
    )


def _visible_tail(document_number: str) -> str:
    return document_number.rsplit("*", 1)[-1][-_TAIL:]


def score_text(tenths: int | None) -> str:
    """Return a score for people: 855 → 85.5, 850 → 85, None → empty."""
    if tenths is None:
        return ""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)


def rate_text(permille: int | None) -> str:
    """Return a rate for people: 799 → 79.9%, None → —."""
    return "—" if permille is None else f"{permille // 10}.{permille % 10}%"


def day_text(line: TimetableLine) -> str:
    """Return the day of a 课次 with its weekday, e.g. 2020-11-09（一）."""
    return resources.text(f"papers.weekday.{line.date.isoweekday()}", value=line.date.isoformat())


def content_text(line: TimetableLine) -> str:
    """Return what a 课次 teaches, with its note in brackets."""
    return f"{line.content}（{line.note}）" if line.note else line.content


def used_components(content: ScoreRegister) -> tuple[str, ...]:
    """Return the component columns to print: 过程 only where someone has a result in it."""
    has_process = any(line.process != ComponentScore() for line in content.lines)
    return COMPONENTS if has_process else COMPONENTS[:3]


def component_text(score: ComponentScore) -> str:
    """Return a component's cell: its points, or its state in words."""
    return resources.text(f"papers.state.{score.state}") if score.state else score_text(score.tenths)


def states_text(line: ScoreLine) -> str:
    """Return what the column 缺考/缓考/违纪 says: each state once, with its components, e.g. 缺考（理论、实操）."""
    found: dict[str, list[str]] = {}
    for name in COMPONENTS:
        if state := getattr(line, name).state:
            found.setdefault(state, []).append(resources.text(f"papers.component.{name}"))
    return "，".join(
        resources.text(
            "papers.state.of", state=resources.text(f"papers.state.{state}"), components="、".join(names)
        )
        for state, names in found.items()
    )


def conclusion_text(line: ScoreLine | CompletionLine) -> str:
    """Return 合格, 不合格 or nothing."""
    return resources.text(f"papers.conclusion.{line.conclusion}") if line.conclusion else ""


def score_tally(content: ScoreRegister) -> str:
    """Return the sentence under a 成绩登记册: people, passed, failed."""
    passed = sum(line.conclusion == "passed" for line in content.lines)
    failed = sum(line.conclusion == "failed" for line in content.lines)
    return resources.text("papers.note.scores", people=len(content.lines), passed=passed, failed=failed)


def outcome_text(line: CompletionLine) -> str:
    """Return 结业, 未结业, 退训 or 转班."""
    return resources.text(f"papers.outcome.{line.outcome}")


def completion_tally(content: CompletionRegister) -> tuple[str, ...]:
    """Return the sentence under a 结业名册: the numbers that the report of 结业 says; none before 结业."""
    if content.completed_on is None:
        return ()
    numbers: dict[str, object] = {
        "people": len(content.lines),
        "passed": content.passed,
        "certified": content.certified,
        **{outcome: content.count(outcome) for outcome in OUTCOMES},
    }
    return (resources.text("papers.note.completion", "zh", **numbers),)


def talent_notes(content: TalentTable) -> tuple[str, ...]:
    """Return what stands under a 技能人才统计表: 人数, 人次, 待遇兑现, and how they are counted."""
    return (
        resources.text(
            "papers.note.talent",
            people=content.people,
            certificates=content.certificates,
            treated=content.treated,
        ),
        resources.text("papers.note.talent_basis", until=content.until.isoformat()),
    )
