"""What lists and screens show of a project's approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.projects import Grounding, Path, Selection, Standing, Step


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
