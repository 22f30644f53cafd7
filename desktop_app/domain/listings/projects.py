"""What lists and screens show of a project's approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.projects import Grounding, Path, Selection, Standing, Step


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A line of 项目目录表: the nine fields (三.2) of a version, and the areas that it is good for; money in 分."""

    code: str
    name: str | None
    version: int | None
    audience: str | None
    institution: str | None
    content: str | None
    form: str | None
    hours: int | None
    schedule: str | None
    trade: str | None
    level: str | None
    organisation: str | None
    fee_fen: int | None
    subsidy_fen: int | None
    areas: tuple[str, ...]
    published_on: date | None

    FIELDS: ClassVar[tuple[str, ...]] = (
        "name",
        "audience",
        "institution",
        "content",
        "form",
        "hours",
        "schedule",
        "trade",
        "level",
        "organisation",
        "fee_fen",
        "subsidy_fen",
    )


@dataclass(frozen=True, slots=True)
class ProjectDetails:
    """A project with its approval: standings per track, the history of answers, the way that it goes, versions.

    ``editable`` tells whether the draft may be changed now; ``lacking`` are the catalogue fields that are empty.
    ``passed_version`` is the newest with a pass, on which a class opens (R09). The files are keys of evidence as hex.
    """

    item: ProjectListItem
    schedule: str | None
    institution: str | None
    audiences: tuple[str, ...]
    submission: int
    submitted_on: date | None
    wanted_level: int | None
    path: Path
    standings: tuple[Standing, ...]
    history: tuple[Step, ...]
    grounding: Grounding
    versions: tuple[int, ...]
    passed_version: int | None
    selections: tuple[Selection, ...]
    survey_files: tuple[str, ...]
    minutes_files: tuple[str, ...]
    lacking: tuple[str, ...]
    editable: bool
