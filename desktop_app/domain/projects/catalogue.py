"""What a catalogue entry says, its versions, survey and plan, and its selection by departments (三.2, 三.3, 六.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.errors import AppError
from desktop_app.domain.regions import HUBEI
from desktop_app.domain.rules import Finding, Severity, rule
from resources import Worded

CATALOGUE_FIELDS: dict[str, tuple[str, ...]] = {
    "audience": ("audience",),
    "institution": ("institution",),
    "content": ("content",),
    "form": ("form",),
    "hours": ("hours",),
    "schedule": ("schedule",),
    "certificate": ("trade", "level", "organisation"),
    "fee": ("fee_fen",),
    "subsidy": ("subsidy_fen",),
}
"""培训对象, 承训机构名称, 培训内容, 形式, 时长, 班次时间, 证书, 费用, 补贴, and the fields that hold each."""
DEPARTMENTS = ("veterans", "unions", "education", "labour", "agriculture", "women", "disabled", "other")
"""退役军人事务, 总工会 and others that may select from the catalogue (三.3)."""


@rule("R08")
def check_catalogue(fields: Mapping[str, object], project: str) -> tuple[Finding, ...]:
    """Check the nine fields of a catalogue entry: any one empty blocks the submission (三.2).

    Money of 0 分 is an answer, None is none; ``hours`` must be above 0.
    """
    found = []
    for name, columns in CATALOGUE_FIELDS.items():
        for column in columns:
            value = fields.get(column)
            if value is None or value == "" or (column == "hours" and value == 0):
                error = AppError(
                    "CATALOGUE_FIELD_EMPTY", project=project, field=Worded(f"catalogue_field.{name}")
                )
                found.append(Finding("R08", Severity.BLOCK, error, "project", field=column))
                break
    return tuple(found)


@rule("R09", empty=None)
def governing_version(opened_on_version: int | None, present: int | None) -> int | None:
    """Return the catalogue version that holds for a class: the one it opened on, whatever came later (三.2)."""
    return opened_on_version if opened_on_version is not None else present


@dataclass(frozen=True, slots=True)
class Selection:
    """A department's choice of a published project for a class: who, 文号 and 财政资金."""

    department: str
    document: str
    fund: str
    on: date


@rule("R10")
def check_selection(
    chosen: Selection, areas: tuple[str, ...], published_on: date | None, training_class: str
) -> tuple[Finding, ...]:
    """Check that a department selects from the published 省级 catalogue, with 文号 and fund (三.3)."""
    found: list[Finding] = []
    named = {"training_class": training_class}
    if chosen.department not in DEPARTMENTS:
        found.append(_block("R10", "SELECTION_DEPARTMENT_UNKNOWN", **named, department=chosen.department))
    if HUBEI not in areas or published_on is None or published_on > chosen.on:
        found.append(_block("R10", "SELECTION_NOT_IN_CATALOGUE", **named))
    if not chosen.document.strip():
        found.append(_block("R10", "SELECTION_DOCUMENT_MISSING", **named))
    if not chosen.fund.strip():
        found.append(_block("R10", "SELECTION_FUND_MISSING", **named))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Grounding:
    """The demand survey, and the plan worked out with evaluation organisation and enterprise (六.2).

    ``survey`` and ``minutes`` count the files; ``signed`` tells that the plan bears signatures instead of 纪要.
    """

    survey: int
    organisation: str
    enterprise: str
    planned_on: date | None
    minutes: int
    signed: bool = False


@rule("R27")
def check_grounding(ground: Grounding, project: str) -> tuple[Finding, ...]:
    """Check survey and plan before a project is submitted: participants, date, 纪要 or signature (六.2)."""
    lacking = {
        "survey": ground.survey == 0,
        "organisation": not ground.organisation.strip(),
        "enterprise": not ground.enterprise.strip(),
        "planned_on": ground.planned_on is None,
        "minutes": ground.minutes == 0 and not ground.signed,
    }
    return tuple(
        Finding(
            "R27",
            Severity.BLOCK,
            AppError("PROJECT_GROUNDING_MISSING", project=project, part=Worded(f"grounding_part.{part}")),
            "project",
            field=part,
        )
        for part, is_lacking in lacking.items()
        if is_lacking
    )


def _block(code: str, error: str, /, **params: object) -> Finding:
    return Finding(code, Severity.BLOCK, AppError(error, **params), entity="training_class")
