"""The approval of a project: two tracks, levels from the institution's own upward, four answers (三.1, R05, R06).

A pass is good for its own level's area while higher levels are pending. A return sends the whole track back to the
draft; the next submission begins at the entry level again, and what was passed before stays in the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.regions import HUBEI, is_direct_unit, parent_code, region_level, region_name
from desktop_app.domain.regions import RegionLevel as Unit
from desktop_app.domain.rules import Finding, Severity, rule
from resources import Worded


class Track(StrEnum):
    """Which departments judge: 教育 for 在校学生, 人社 for 社会群体."""

    EDUCATION = "education"
    LABOUR = "labour"


class Level(IntEnum):
    """Level of a department; no level is skipped."""

    COUNTY = 1
    CITY = 2
    PROVINCE = 3


class Affiliation(StrEnum):
    """隶属: where the approval begins."""

    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    MINISTRY = "ministry"


class Answer(StrEnum):
    """通过, 退回, 不予通过, 仅汇总转报."""

    PASSED = "passed"
    RETURN = "return"
    REFUSE = "refuse"
    FORWARD = "forward"


class State(StrEnum):
    """Where one track of a project stands."""

    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"
    REFUSED = "refused"
    PASSED = "passed"


_TRACKS = {"student": Track.EDUCATION, "key_group": Track.LABOUR, "employee": Track.LABOUR}
_ENTRY = {
    Affiliation.COUNTY: Level.COUNTY,
    Affiliation.CITY: Level.CITY,
    Affiliation.PROVINCE: Level.PROVINCE,
    Affiliation.MINISTRY: Level.PROVINCE,
}


def level_word(level: Level) -> Worded:
    """Return what people call a level."""
    return Worded(f"project_level.{level.name.lower()}")


def track_word(track: Track) -> Worded:
    """Return what people call a track."""
    return Worded(f"project_track.{track}")


def state_word(state: State) -> Worded:
    """Return what people call the state of a track."""
    return Worded(f"project_state.{state}")


@dataclass(frozen=True, slots=True)
class Stage:
    """A level with the area (region code) that its pass is good for."""

    level: Level
    area: str


Path = tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One answer in the history of a track; ``submission`` counts from 1, a later one follows a return."""

    track: Track
    submission: int
    level: Level
    area: str
    answer: Answer
    on: date
    reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a track stands: the stage that must answer next, and the areas that it is passed for."""

    track: Track
    state: State
    pending: Stage | None
    areas: tuple[str, ...]
    reason: str = ""


def tracks_of(audiences: Iterable[str]) -> tuple[Track, ...]:
    """Return the tracks of audiences (student, key_group, employee), each once; AppError AUDIENCE_UNKNOWN."""
    found: list[Track] = []
    for audience in audiences:
        track = _TRACKS.get(audience)
        if track is None:
            raise AppError("AUDIENCE_UNKNOWN", value=audience)
        if track not in found:
            found.append(track)
    return tuple(sorted(found))


def approval_path(affiliation: Affiliation, region: str, wanted: Level) -> Path:
    """Return the stages from the institution's own level up to the wanted one.

    仙桃, 潜江, 天门, 神农架 have no county level: what is 县属 there begins at the unit itself, as a city. A 功能区
    with bureaus of its own counts as a county. AppError PROJECT_LEVEL_BELOW where less is wanted than the entry level.
    """
    entry = _ENTRY[affiliation]
    if entry is Level.COUNTY and region_level(region) not in {Unit.COUNTY, Unit.ZONE}:
        raise AppError("AFFILIATION_REGION", region=region_name(region))
    if entry is Level.COUNTY and is_direct_unit(region):
        entry = Level.CITY
    if wanted < entry:
        raise AppError("PROJECT_LEVEL_BELOW", level=level_word(entry))
    return tuple(Stage(level, _area(region, level)) for level in Level if entry <= level <= wanted)


def _area(region: str, level: Level) -> str:
    if level is Level.PROVINCE:
        return HUBEI
    if level is Level.COUNTY or is_direct_unit(region):
        return region
    above = parent_code(region)
    return above if region_level(region) in {Unit.COUNTY, Unit.ZONE} and above else region


def standing(track: Track, path: Path, submission: int, steps: Iterable[Step]) -> Standing:
    """Return where a track stands after its answers; ``submission`` 0 = never submitted.

    What an earlier submission was passed for stays good until a later one says otherwise for the same area.
    """
    own = [step for step in steps if step.track is track]
    areas = _passed(own)
    if submission == 0:
        return Standing(track, State.DRAFT, None, areas)
    given = [step for step in own if step.submission == submission]
    for step in given:
        if step.answer is Answer.RETURN:
            return Standing(track, State.RETURNED, None, areas, step.reason)
        if step.answer is Answer.REFUSE:
            return Standing(track, State.REFUSED, None, areas, step.reason)
    answered = {step.level for step in given}
    for stage in path:
        if stage.level not in answered:
            return Standing(track, State.PENDING, stage, areas)
    return Standing(track, State.PASSED, None, areas)


def _passed(steps: Sequence[Step]) -> tuple[str, ...]:
    last: dict[str, Answer] = {}
    for step in sorted(steps, key=lambda one: (one.submission, one.level)):
        if step.answer in {Answer.PASSED, Answer.REFUSE}:
            last[step.area] = step.answer
    return tuple(area for area, answer in last.items() if answer is Answer.PASSED)


@rule("R06")
def check_answer(at: Standing, level: Level, answer: Answer, reason: str) -> tuple[Finding, ...]:
    """Check an answer of a level before it is given: its turn, no level skipped, a reason where it says no (三.1)."""
    if at.pending is None:
        return (_block("R06", "PROJECT_NOT_PENDING", state=state_word(at.state)),)
    if level is not at.pending.level:
        pending = level_word(at.pending.level)
        return (_block("R06", "PROJECT_LEVEL_SKIPPED", level=level_word(level), pending=pending),)
    if answer in {Answer.RETURN, Answer.REFUSE} and not reason.strip():
        return (_block("R06", "ANSWER_REASON_MISSING"),)
    return ()


@rule("R05")
def check_tracks(
    audiences: Iterable[str], standings: Iterable[Standing], project: str
) -> tuple[Finding, ...]:
    """Check that each track of a class's audiences has passed somewhere: both audiences need both (三.1)."""
    passed = {one.track for one in standings if one.areas}
    return tuple(
        _block("R05", "PROJECT_TRACK_PENDING", project=project, track=track_word(track))
        for track in tracks_of(audiences)
        if track not in passed
    )


def _block(code: str, error: str, /, **params: object) -> Finding:
    return Finding(code, Severity.BLOCK, AppError(error, **params), entity="project")
