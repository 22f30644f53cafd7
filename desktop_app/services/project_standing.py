"""Where a project stands: its details, the areas that it may be taught in, the version that a class opens on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from desktop_app.domain import projects
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.projects import CatalogueLine, ProjectDetails
from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.projects import Affiliation, Answer, Grounding, Level, Path, State, Step
from desktop_app.domain.rules import Finding
from desktop_app.store.database import Connection
from desktop_app.store.queries import projects as queries

OWN = "own"
OPEN_STATES = frozenset({State.DRAFT, State.RETURNED, State.REFUSED})
Findings = tuple[Finding, ...]
_SITE = "SELECT name, region FROM site WHERE id = ? AND gone = 0"


def project_details(sql: Connection, project_id: bytes) -> ProjectDetails:
    """Return a project with its approval; AppError PROJECT_UNKNOWN."""
    item, row = queries.project_by_id(sql, project_id), queries.project_row(sql, project_id)
    if item is None or row is None:
        raise AppError("PROJECT_UNKNOWN", code="")
    audiences = audiences_of(row["audience"])
    tracks = projects.tracks_of(audiences) if item.origin == OWN else ()
    submission, history = row["submission"] or 0, queries.answers(sql, project_id)
    path = _path(row)
    standings = tuple(
        projects.standing(track, path, 0 if row["withdrawn"] else submission, history) for track in tracks
    )
    return ProjectDetails(
        item=item,
        schedule=row["schedule"],
        institution=row["institution"],
        audiences=audiences,
        submission=submission,
        submitted_on=None if row["submitted_on"] is None else date.fromisoformat(row["submitted_on"]),
        wanted_level=row["wanted_level"],
        path=path,
        standings=standings,
        history=history,
        grounding=_grounding(row),
        versions=queries.versions(sql, project_id),
        passed_version=_passed_version(sql, item, history),
        selections=queries.project_selections(sql, project_id),
        survey_files=tuple(row["survey_files"]),
        minutes_files=tuple(row["minutes_files"]),
        lacking=tuple(one.field for one in projects.check_catalogue(row, item.code)),
        editable=item.origin == OWN and all(one.state in OPEN_STATES for one in standings),
    )


def areas_of(details: ProjectDetails) -> tuple[str, ...]:
    """Return the areas that a project may be taught in: what the catalogue says, or what every track has passed."""
    if details.item.origin != OWN:
        return (details.item.area,) if details.item.area else ()
    return projects.common_areas(details.standings)


def catalogue_line(sql: Connection, details: ProjectDetails) -> CatalogueLine:
    """Return a project as the catalogue says it: by its passed version, else as it stands."""
    item, version = details.item, details.passed_version
    row: Mapping[str, Any] = dict(queries.project_row(sql, item.id) or {})
    kept = None if version is None else queries.version_entry(sql, item.id, version)
    entry = {**row, **(kept or {})}
    return CatalogueLine(
        code=item.code,
        version=version,
        areas=areas_of(details),
        published_on=item.published_on,
        **{name: entry[name] for name in CatalogueLine.FIELDS},
    )


def check_class(sql: Connection, project_id: bytes, training_class: str, site: bytes | None) -> Findings:
    """Check a project for a class: each track has passed (R05), and its own 教学点 lies within (R07)."""
    details = project_details(sql, project_id)
    found: Findings = ()
    if details.item.origin == OWN:
        found = projects.check_tracks(details.audiences, details.standings, details.item.code)
    areas = areas_of(details)
    place = None if site is None else sql.exec_driver_sql(_SITE, (site,)).first()
    if place is not None and areas:
        found += projects.check_area(place[1], areas, place=place[0] or "", training_class=training_class)
    return found


def opening_version(sql: Connection, project_id: bytes) -> int | None:
    """Return the catalogue version that a class opens on now: the newest that has passed (R09)."""
    return project_details(sql, project_id).passed_version


def audiences_of(text: object) -> tuple[str, ...]:
    """Return the audiences of the stored text (codes joined by commas)."""
    return tuple(part for part in str(text or "").split(",") if part)


def _passed_version(sql: Connection, item: ProjectListItem, history: Sequence[Step]) -> int | None:
    """Return the newest version with a pass; of a catalogue entry the published one."""
    if item.origin != OWN:
        return item.version
    passed = {step.submission for step in history if step.answer is Answer.PASSED}
    kept = {
        number: queries.version_entry(sql, item.id, number) or {} for number in queries.versions(sql, item.id)
    }
    return max((number for number, entry in kept.items() if entry.get("submission") in passed), default=None)


def _path(row: Mapping[str, Any]) -> Path:
    if not row["submission"]:
        return ()
    return projects.approval_path(Affiliation(row["affiliation"]), row["region"], Level(row["wanted_level"]))


def _grounding(row: Mapping[str, Any]) -> Grounding:
    return Grounding(
        survey=len(row["survey_files"]),
        organisation=row["organisation"] or "",
        enterprise=row["enterprise"] or "",
        planned_on=None if row["planned_on"] is None else date.fromisoformat(row["planned_on"]),
        minutes=len(row["minutes_files"]),
        signed=bool(row["signed"]),
    )
