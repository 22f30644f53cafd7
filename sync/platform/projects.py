"""The departments' acts on projects: answers level by level, publication in the catalogue, selection (三.1, 三.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from desktop_app.domain import projects
from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import named_id, project_answer_id
from desktop_app.domain.projects import Affiliation, Answer, Level, Selection, Standing, State, Step, Track
from desktop_app.domain.rules import Finding
from sync.contract.field_types import DepartmentLevel
from sync.contract.kinds import NUMBER, RecordKind, ReportKind
from sync.contract.records import AnswerFields, ProjectFields, SelectionFields, SubmissionFields
from sync.contract.shape import read_body
from sync.contract.wire import decode, encode, put
from sync.platform.acts import record_act
from sync.platform.schema import PROVINCE, project, project_answer, record, report
from sync.platform.streams import INSTITUTION_STREAM, PROVINCE_STREAM, publish, publish_projects

_LEVELS: dict[Level, DepartmentLevel] = {
    Level.COUNTY: "county",
    Level.CITY: "city",
    Level.PROVINCE: "province",
}


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission as it was accepted, with where its tracks stand."""

    institution_id: int
    key: bytes
    fields: SubmissionFields
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a department says; ``level`` and ``track`` None: the one whose turn it is; ``on`` None: today."""

    answer: Answer
    level: Level | None = None
    track: Track | None = None
    reason: str = ""
    document: str = ""
    on: date | None = None


def answer_project(connection: Connection, clock: Clock, wanted: str, opinion: Opinion) -> Step:
    """Give a department's answer to a submission and publish it to the institution (三.1, R06).

    ``wanted`` is the project's id in hexadecimal or its code. Raises AppError PROJECT_UNKNOWN, PROJECT_CODE_SHARED,
    PROJECT_TRACK_WANTED where both tracks wait and none is named, PROJECT_NOT_PENDING, PROJECT_LEVEL_SKIPPED,
    ANSWER_REASON_MISSING.
    """
    found = find_submission(connection, wanted)
    standing = _addressed(found, opinion.track)
    pending = standing.pending
    level = opinion.level or (pending.level if pending else Level.COUNTY)
    _refuse(projects.check_answer(standing, level, opinion.answer, opinion.reason))
    if pending is None:
        raise AppError("PROJECT_NOT_PENDING", state=projects.state_word(standing.state))
    step = Step(
        standing.track,
        found.fields.submission,
        level,
        pending.area,
        opinion.answer,
        opinion.on or clock.today(),
        opinion.reason.strip(),
        opinion.document.strip(),
    )
    fields = _answer_fields(found.key, step)
    place = {
        "institution_id": found.institution_id,
        "project_id": found.key,
        "track": step.track.value,
        "submission": step.submission,
        "level": int(level),
    }
    connection.execute(project_answer.insert().values(**place, fields=encode(fields)))
    key = project_answer_id(found.key, step.track.value, step.submission, int(level))
    item = put(RecordKind.ANSWER, key, fields)
    publish(connection, clock, INSTITUTION_STREAM, found.institution_id, [item])
    record_act(
        connection,
        clock,
        "cli",
        f"project {opinion.answer}",
        found.institution_id,
        project=found.fields.code,
        level=level.name.lower(),
        track=step.track.value,
    )
    return step


def publish_project(connection: Connection, clock: Clock, wanted: str, on: date | None = None) -> str:
    """Publish a project that every track has passed in the catalogue; return the area that it is good for.

    Raises AppError PROJECT_UNKNOWN, PROJECT_CODE_SHARED, PROJECT_NOT_PASSED, PROJECT_CODE_TAKEN.
    """
    found = find_submission(connection, wanted)
    areas = projects.common_areas(found.standings)
    code = found.fields.code
    if not areas:
        raise AppError("PROJECT_NOT_PASSED", project=code)
    where = (project.c.institution_id == PROVINCE, project.c.code == code, project.c.id != found.key)
    if connection.scalar(select(project.c.id).where(*where)) is not None:
        raise AppError("PROJECT_CODE_TAKEN", code=code)
    names = set(ProjectFields.__struct_fields__) & set(SubmissionFields.__struct_fields__)
    entry = {name: getattr(found.fields, name) for name in names}
    fields = ProjectFields(**entry, area=areas[-1], published_on=on or clock.today())
    publish_projects(connection, clock, [(found.key, fields)])
    record_act(connection, clock, "cli", "project publish", found.institution_id, project=code)
    return areas[-1]


def select_project(connection: Connection, clock: Clock, wanted: str, chosen: Selection) -> None:
    """Record that a department selects a project of the published 省级 catalogue, and publish that (三.3, R10).

    Raises AppError PROJECT_UNKNOWN and the findings of R10.
    """
    key, fields = _published(connection, wanted)
    _refuse(projects.check_selection(chosen, (fields.area,), fields.published_on, fields.name))
    item = SelectionFields(
        project_id=key,
        department=chosen.department,
        document=chosen.document.strip(),
        fund=chosen.fund.strip(),
        selected_on=chosen.on,
    )
    place = named_id("selection", key.hex(), chosen.department)
    publish(connection, clock, PROVINCE_STREAM, PROVINCE, [put(RecordKind.SELECTION, place, item)])
    record_act(
        connection,
        clock,
        "cli",
        "project select",
        project=fields.code,
        department=chosen.department,
        document=item.document,
    )


def find_submission(connection: Connection, wanted: str) -> Submitted:
    """Return the submission that an id or a code names; AppError PROJECT_UNKNOWN, PROJECT_CODE_SHARED."""
    found = [one for one in _submissions(connection) if wanted in {one.key.hex(), one.fields.code}]
    if not found:
        raise AppError("PROJECT_UNKNOWN", code=wanted[:40])
    if len(found) > 1:
        raise AppError("PROJECT_CODE_SHARED", code=wanted[:40])
    return found[0]


def passed_hours(connection: Connection, institution_id: int, code: str) -> int | None:
    """Return 课时 of an institution's own project that every track has passed for some area, else None (三.1)."""
    for one in _submissions(connection, institution_id):
        if one.fields.code == code and projects.common_areas(one.standings):
            return one.fields.hours
    return None


def _submissions(connection: Connection, institution_id: int | None = None) -> Iterable[Submitted]:
    columns = (record.c.institution_id, record.c.key, record.c.version, record.c.fields, record.c.former)
    statement = (
        select(*columns, report.c.version.label("closed"))
        .join(
            report,
            (report.c.institution_id == record.c.institution_id) & (report.c.number == record.c.report),
        )
        .where(report.c.kind == ReportKind.PROJECT.value, record.c.kind == NUMBER[RecordKind.SUBMISSION])
    )
    if institution_id is not None:
        statement = statement.where(record.c.institution_id == institution_id)
    for row in connection.execute(statement).all():
        body = row.fields if row.version <= row.closed else row.former
        if body is not None:
            fields = read_body(RecordKind.SUBMISSION, body)
            assert isinstance(fields, SubmissionFields)
            yield _submitted(connection, row.institution_id, row.key, fields)


def _submitted(
    connection: Connection, institution_id: int, key: bytes, fields: SubmissionFields
) -> Submitted:
    bodies = connection.scalars(
        select(project_answer.c.fields).where(
            project_answer.c.institution_id == institution_id, project_answer.c.project_id == key
        )
    )
    history = [_step(decode(body, AnswerFields)) for body in bodies]
    wanted = Level[fields.wanted_level.upper()]
    path = projects.approval_path(Affiliation(fields.affiliation), fields.region, wanted)
    standings = tuple(
        projects.standing(track, path, fields.submission, history)
        for track in projects.tracks_of(fields.audience.split(","))
    )
    return Submitted(institution_id, key, fields, standings)


def _addressed(found: Submitted, track: Track | None) -> Standing:
    """Return the track that is answered: the named one, else the only one that waits."""
    named = [one for one in found.standings if track in {None, one.track}]
    if not named:
        raise AppError("PROJECT_TRACK_FOREIGN", project=found.fields.code)
    waiting = [one for one in named if one.state is State.PENDING]
    if len(waiting) > 1:
        raise AppError("PROJECT_TRACK_WANTED", project=found.fields.code)
    return (waiting or named)[0]


def _refuse(findings: tuple[Finding, ...]) -> None:
    if findings:
        raise findings[0].error


def _step(fields: AnswerFields) -> Step:
    return Step(
        Track(fields.track),
        fields.submission,
        Level[fields.level.upper()],
        fields.area,
        Answer(fields.answer),
        fields.answered_on,
        fields.reason or "",
        fields.document or "",
    )


def _answer_fields(key: bytes, step: Step) -> AnswerFields:
    return AnswerFields(
        project_id=key,
        track=step.track.value,
        submission=step.submission,
        level=_LEVELS[step.level],
        area=step.area,
        answer=step.answer.value,
        answered_on=step.on,
        reason=step.reason or None,
        document=step.document or None,
    )


def _published(connection: Connection, wanted: str) -> tuple[bytes, ProjectFields]:
    where = project.c.institution_id == PROVINCE
    for row in connection.execute(select(project.c.id, project.c.code, project.c.fields).where(where)):
        if wanted in {row.id.hex(), row.code}:
            return row.id, decode(row.fields, ProjectFields)
    raise AppError("PROJECT_UNKNOWN", code=wanted[:40])
