"""What is wrong with a record names its field, in the words of the screens."""

from __future__ import annotations

import pytest

import resources
from desktop_app.domain.listings.reporting import PreflightProblem
from sync.contract.kinds import FACTS
from sync.contract.records import FIELDS
from ui.report_wording import problem_text


def found(code, field, **params):
    return PreflightProblem(
        "roster", b"c" * 16, "焊工01班", "class", b"c" * 16, "焊工01班", field, code, "error", params
    )


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_every_field_of_a_report_has_a_name(language):
    reported = [fields for kind, fields in FIELDS.items() if FACTS[kind].report is not None]
    assert reported
    nameless = {
        name
        for fields in reported
        for name in fields.__struct_fields__
        if not resources.has_text(f"report.field.{name}", language)
    }
    assert nameless == set()


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (found("FIELD_MISSING", "end"), "结束日期：必填项为空。"),
        (found("FIELD_OUT_OF_RANGE", "hours", low=1, high=8), "课时：应在 1 到 8 之间。"),
        (found("CLASS_DATES_REVERSED", "end"), "结束日期早于开始日期。"),
        (found("FIELD_MISSING", "of_a_later_version"), "必填项为空。"),
    ],
)
def test_a_problem_names_the_field_that_its_sentence_does_not_tell(problem, text):
    assert problem_text(problem) == text
