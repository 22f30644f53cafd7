"""What rules say reaches the window whole: every cause of a refusal, every warning."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, RuleErrors, Severity
from ui.messages import describe


def cause(part):
    error = AppError("PROJECT_GROUNDING_MISSING", project="JC-2020-01", part=part)
    return Finding("R27", Severity.BLOCK, error)


def test_a_refusal_names_its_causes():
    notice = describe(RuleErrors([cause("survey"), cause("minutes")]))
    assert "survey" in notice.text
    assert "minutes" in notice.text
    assert notice.hint
    assert notice.level == "wrong"


def test_one_cause_reads_like_any_error():
    assert describe(RuleErrors([cause("survey")])) == describe(cause("survey").error)


def test_many_causes_are_counted_after_the_third():
    notice = describe(RuleErrors([cause(f"part {number}") for number in range(5)]))
    assert "part 2" in notice.text
    assert "part 3" not in notice.text
    assert "2" in notice.text.rpartition("part 2")[2]
