"""Training projects, their versions and the answers to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.projects import Answer, Level, Selection, Step, Track
from desktop_app.domain.records import CLAIM_LINE
from desktop_app.store.queries.columns import day

_PROJECTS = """
SELECT p.id, p.code, p.name, p.trade, p.level, p.organisation, p.audience, p.hours, p.form, p.content, p.fee_fen,
       p.subsidy_fen, p.origin, p.area, p.published_on, p.version,
       (SELECT count(*) FROM training_class c WHERE c.project_id = p.id AND c.gone = 0)
FROM project p WHERE p.gone = 0
"""


def project_items(sql: Connection) -> list[ProjectListItem]:
    """Return projects by code."""
    return [_item(row) for row in sql.exec_driver_sql(f"{_PROJECTS} ORDER BY p.code, p.id")]


def project_by_code(sql: Connection, code: str) -> ProjectListItem | None:
    """Return the project of a code."""
    row = sql.exec_driver_sql(f"{_PROJECTS} AND p.code = ? ORDER BY p.id LIMIT 1", (code.strip(),)).first()
    return None if row is None else _item(row)


def project_by_id(sql: Connection, project_id: bytes) -> ProjectListItem | None:
    """Return one project."""
    row = sql.exec_driver_sql(f"{_PROJECTS} AND p.id = ?", (project_id,)).first()
    return None if row is None else _item(row)


def project_row(sql: Connection, project_id: bytes) -> Mapping[str, Any] | None:
    """Return all columns of one project, lists as lists."""
    row = (
        sql.exec_driver_sql("SELECT * FROM project WHERE gone = 0 AND id = ?", (project_id,))
        .mappings()
        .first()
    )
    if row is None:
        return None
    return dict(row) | {name: json.loads(row[name] or "[]") for name in ("survey_files", "minutes_files")}


def answers(sql: Connection, project_id: bytes) -> tuple[Step, ...]:
    """Return the history of a project's answers, oldest submission and lowest level first."""
    rows = sql.exec_driver_sql(
        "SELECT track, submission, level, area, answer, answered_on, reason, document FROM project_answer"
        " WHERE gone = 0 AND project_id = ? ORDER BY submission, level, track",
        (project_id,),
    )
    found = []
    for track, submission, level, area, answer, answered_on, reason, document in rows:
        on = day(answered_on)
        assert on is not None
        step = Step(
            Track(track), submission, Level(level), area, Answer(answer), on, reason or "", document or ""
        )
        found.append(step)
    return tuple(found)


def versions(sql: Connection, project_id: bytes) -> tuple[int, ...]:
    """Return the catalogue versions that are kept of a project."""
    rows = sql.exec_driver_sql(
        "SELECT version FROM project_version WHERE gone = 0 AND project_id = ? ORDER BY version",
        (project_id,),
    )
    return tuple(row[0] for row in rows)


def version_entry(sql: Connection, project_id: bytes, version: int) -> dict[str, Any] | None:
    """Return a catalogue entry as it was at a version (R09); None where that version is not kept."""
    row = sql.exec_driver_sql(
        "SELECT entry FROM project_version WHERE gone = 0 AND project_id = ? AND version = ?",
        (project_id, version),
    ).first()
    return None if row is None else dict(json.loads(row[0] or "[]"))


def project_selections(sql: Connection, project_id: bytes) -> tuple[Selection, ...]:
    """Return the departments that selected a published project, the newest first (三.3)."""
    rows = sql.exec_driver_sql(
        "SELECT department, document, fund, selected_on FROM project_selection"
        " WHERE gone = 0 AND project_id = ? ORDER BY selected_on DESC, department",
        (project_id,),
    )
    return tuple(Selection(row[0], row[1], row[2], date.fromisoformat(row[3])) for row in rows)


@dataclass(frozen=True, slots=True)
class KnownProjects:
    """Keys of the projects that are here, of the institution's own among them, and of the people of claims.

    ``answers``: what departments said of either, and the enrolments of whose people trainings elsewhere are told.
    """

    all: frozenset[bytes]
    own: frozenset[bytes]
    answers: frozenset[bytes]
    lines: frozenset[bytes] = frozenset()


def known_projects(sql: Connection) -> KnownProjects:
    """Return what is here of projects."""
    rows = sql.exec_driver_sql("SELECT id, origin FROM project WHERE gone = 0").all()
    said = sql.exec_driver_sql(
        "SELECT id FROM project_answer WHERE gone = 0 UNION SELECT id FROM project_selection WHERE gone = 0"
    )
    of_claims = "SELECT class_id, channel, period, trainee_id FROM {} WHERE gone = 0"
    lines = sql.exec_driver_sql(of_claims.format("claim_line")).all()
    decided = sql.exec_driver_sql(of_claims.format("claim_decision")).all()
    paid = sql.exec_driver_sql("SELECT id FROM claim_payment WHERE gone = 0").all()
    elsewhere = sql.exec_driver_sql(
        "SELECT CAST(class_id || trainee_id AS BLOB) FROM duplicate_training"
    ).all()
    return KnownProjects(
        frozenset(row[0] for row in rows),
        frozenset(row[0] for row in rows if row[1] == "own"),
        frozenset(row[0] for row in (*said, *paid, *elsewhere))
        | {CLAIM_LINE.join_key(row) for row in decided},
        frozenset(CLAIM_LINE.join_key(row) for row in lines),
    )


def enrolled(sql: Connection, keys: Iterable[bytes]) -> frozenset[bytes]:
    """Return those of some enrolments (class id + trainee id) that are here."""
    query = "SELECT 1 FROM enrolment WHERE class_id = ? AND trainee_id = ? AND gone = 0"
    return frozenset(
        key
        for key in keys
        if sql.exec_driver_sql(query, (key[:ID_BYTES], key[ID_BYTES:])).first() is not None
    )


def passed_projects(sql: Connection) -> frozenset[bytes]:
    """Return the projects that some department has passed."""
    rows = sql.exec_driver_sql(
        "SELECT DISTINCT project_id FROM project_answer WHERE gone = 0 AND answer = 'passed'"
    )
    return frozenset(row[0] for row in rows)


def submitted_entry(sql: Connection, project_id: bytes) -> Mapping[str, Any] | None:
    """Return the project with its last submission as it was made; None where none stands.

    A draft under revision does not change what was submitted; a withdrawn submission stands no more.
    """
    row = project_row(sql, project_id)
    if row is None or not row["submission"]:
        return None
    kept = versions(sql, project_id)
    version = max((one for one in kept if one <= (row["version"] or 1)), default=None)
    if version is None or (row["withdrawn"] and version == (row["version"] or 1)):
        return None
    return dict(row) | (version_entry(sql, project_id, version) or {}) | {"version": version}


def selection(sql: Connection, class_id: bytes) -> Sequence[Any] | None:
    """Return department, 文号, fund and date of the selection behind a class (R10), None where there is none."""
    return sql.exec_driver_sql(
        "SELECT department, document, fund, selected_on FROM class_selection WHERE gone = 0 AND class_id = ?",
        (class_id,),
    ).first()


def _item(row: Sequence[Any]) -> ProjectListItem:
    values = list(row)
    values[14] = day(values[14])
    return ProjectListItem(*values)
