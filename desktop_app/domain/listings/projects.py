"""What lists and screens show of a project's approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.projects import Grounding, Path, Standing, Step


@dataclass(frozen=True, slots=True)
class ProjectDetails:
    """A project with its approval: standings per track, the history of answers, the way that it goes, versions.

    ``editable`` tells whether the draft may be changed now; ``lacking`` are the catalogue fields that are empty.
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
    lacking: tuple[str, ...]
    editable: bool
