"""培训项目: the way of its approval, the areas that it is good for, and what its catalogue entry must say (三)."""

from __future__ import annotations

from desktop_app.domain.projects.approval import (
    Affiliation,
    Answer,
    Level,
    Path,
    Stage,
    Standing,
    State,
    Step,
    Track,
    approval_path,
    check_answer,
    check_tracks,
    standing,
    tracks_of,
)
from desktop_app.domain.projects.areas import check_area
from desktop_app.domain.projects.catalogue import (
    CATALOGUE_FIELDS,
    Grounding,
    Selection,
    check_catalogue,
    check_grounding,
    check_selection,
    governing_version,
)

__all__ = [
    "CATALOGUE_FIELDS",
    "Affiliation",
    "Answer",
    "Grounding",
    "Level",
    "Path",
    "Selection",
    "Stage",
    "Standing",
    "State",
    "Step",
    "Track",
    "approval_path",
    "check_answer",
    "check_area",
    "check_catalogue",
    "check_grounding",
    "check_selection",
    "check_tracks",
    "governing_version",
    "standing",
    "tracks_of",
]
