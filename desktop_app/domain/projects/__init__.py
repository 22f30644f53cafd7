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
    level_word,
    standing,
    state_word,
    track_word,
    tracks_of,
)
from desktop_app.domain.projects.areas import check_area, common_areas
from desktop_app.domain.projects.catalogue import (
    CATALOGUE_FIELDS,
    DEPARTMENTS,
    Grounding,
    Selection,
    check_catalogue,
    check_grounding,
    check_selection,
    governing_version,
)

__all__ = [
    "CATALOGUE_FIELDS",
    "DEPARTMENTS",
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
    "common_areas",
    "governing_version",
    "level_word",
    "standing",
    "state_word",
    "track_word",
    "tracks_of",
]
