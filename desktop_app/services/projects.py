"""培训项目: drafts, submission, the departments' answers, versions, and selection for a class (三, R05–R10, R27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_app.domain import projects
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered, project_answer_id
from desktop_app.domain.listings.projects import CatalogueLine, ProjectDetails
from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.domain.projects import Affiliation, Level, Path, State, Step
from desktop_app.domain.records import (
    CLASS_SELECTION,
    INSTITUTION,
    PROJECT,
    PROJECT_VERSION,
    TRAINING_CLASS,
)
from desktop_app.services.context import Service, command
from desktop_app.services.project_fields import checked
from desktop_app.services.project_standing import OWN, areas_of, catalogue_line, project_details
from desktop_app.store.database import Connection
from desktop_app.store.queries import projects as queries
from desktop_app.store.unit_of_work import UnitOfWork

MAX_CODE = 40
_CLASS_VERSION = "SELECT project_id, catalogue_version FROM training_class WHERE id = ? AND gone = 0"


@dataclass(frozen=True, slots=True)
class ReceivedAnswer:
    """An answer as the platform's page says it."""

    project_id: bytes
    step: Step


class ProjectService(Service):
    """Projects of the institution and of the province's catalogue."""

    def list_projects(self) -> list[ProjectListItem]:
        """Return the training projects by code."""
        self.context.require("view_projects")
        with self.context.read() as sql:
            return queries.project_items(sql)

    def details(self, project_id: bytes) -> ProjectDetails:
        """Return a project with its approval; AppError PROJECT_UNKNOWN."""
        self.context.require("view_projects")
        with self.context.read() as sql:
            return project_details(sql, project_id)

    def list_details(self) -> list[ProjectDetails]:
        """Return the projects by code, each with its approval."""
        self.context.require("view_projects")
        with self.context.read() as sql:
            return [project_details(sql, item.id) for item in queries.project_items(sql)]

    def catalogue(self) -> list[CatalogueLine]:
        """Return what 项目目录表 lists: each project that is passed or published, as its passed version says (三.2)."""
        self.context.require("view_projects")
        with self.context.read() as sql:
            found = [project_details(sql, item.id) for item in queries.project_items(sql)]
            return [catalogue_line(sql, one) for one in found if areas_of(one)]

    def entry_of_class(self, class_id: bytes) -> tuple[int, dict[str, Any]]:
        """Return the catalogue version that holds for a class and what it says: the one it opened on (R09).

        Raises AppError CLASS_WITHOUT_PROJECT, PROJECT_VERSION_UNKNOWN.
        """
        self.context.require("view_projects")
        with self.context.read() as sql:
            row = sql.exec_driver_sql(_CLASS_VERSION, (class_id,)).first()
            if row is None or row[0] is None:
                raise AppError("CLASS_WITHOUT_PROJECT")
            version = projects.governing_version(row[1], project_details(sql, row[0]).passed_version)
            entry = None if version is None else queries.version_entry(sql, row[0], version)
        if version is None or entry is None:
            raise AppError("PROJECT_VERSION_UNKNOWN", version=version or "—")
        return version, entry

    @command("set_affiliation")
    def set_affiliation(self, work: UnitOfWork, affiliation: str) -> None:
        """Record the institution's 隶属, from which the entry level follows; AppError AFFILIATION_UNKNOWN."""
        if affiliation not in {one.value for one in Affiliation}:
            raise AppError("AFFILIATION_UNKNOWN", value=affiliation)
        work.put(INSTITUTION, _institution(work.sql)["id"], {"affiliation": affiliation})

    @command("create_project")
    def create_project(self, work: UnitOfWork, code: str, name: str, fields: Mapping[str, object]) -> bytes:
        """Draft a project of the institution's own (R05) and return its key.

        Raises AppError PROJECT_CODE_MISSING, PROJECT_CODE_TAKEN and what ``edit_project`` raises.
        """
        clean = code.strip()
        if not clean or len(clean) > MAX_CODE:
            raise AppError("PROJECT_CODE_MISSING")
        if queries.project_by_code(work.sql, clean) is not None:
            raise AppError("PROJECT_CODE_TAKEN", code=clean)
        given = {"institution": _institution(work.sql)["name"], **fields, "name": name}
        project_id = self.context.new_id()
        row = {"code": clean, "origin": OWN, "version": 1, **checked(work.sql, given, self.context.today())}
        work.put(PROJECT, project_id, row)
        return project_id

    @command("edit_project")
    def edit_project(self, work: UnitOfWork, project_id: bytes, fields: Mapping[str, object]) -> None:
        """Change a draft, or a project that came back: catalogue fields, survey and plan.

        Survey and plan (六.2, R27): enterprise, planned_on (date), signed (bool), survey_files and minutes_files (keys
        of evidence as hex). Raises AppError PROJECT_UNKNOWN, PROJECT_NOT_OWN, PROJECT_LOCKED while departments judge or
        it has passed (a new version is needed), FIELD_UNKNOWN; FieldErrors PROJECT_TEXT_LONG, PROJECT_NUMBER_RANGE,
        AUDIENCE_UNKNOWN, LEVEL_UNKNOWN, PLAN_IN_FUTURE, PROJECT_FILE_UNKNOWN.
        """
        details = _editable(work.sql, project_id)
        if not details.editable:
            raise AppError("PROJECT_LOCKED", project=details.item.code)
        work.put(PROJECT, project_id, checked(work.sql, fields, self.context.today()))

    @command("submit_project", undoable=False)
    def submit_project(self, work: UnitOfWork, project_id: bytes, wanted: Level) -> Path:
        """Submit a draft for approval up to a level and return the way that it goes.

        The nine fields (R08) and survey and plan (R27) must be there; the catalogue entry is kept as its version.
        Raises AppError PROJECT_UNKNOWN, PROJECT_NOT_OWN, PROJECT_LOCKED, AFFILIATION_MISSING, PROJECT_LEVEL_BELOW,
        AFFILIATION_REGION; RuleErrors.
        """
        details = _editable(work.sql, project_id)
        if not details.editable:
            raise AppError("PROJECT_LOCKED", project=details.item.code)
        institution = _institution(work.sql)
        if institution["affiliation"] is None:
            raise AppError("AFFILIATION_MISSING")
        affiliation, region = Affiliation(institution["affiliation"]), str(institution["region"])
        path = projects.approval_path(affiliation, region, wanted)
        entry = _entry(work, project_id)
        code = details.item.code
        self.context.heed(
            projects.check_catalogue(entry, code) + projects.check_grounding(details.grounding, code)
        )
        work.put(
            PROJECT,
            project_id,
            {
                "submission": details.submission + 1,
                "submitted_on": self.context.today().isoformat(),
                "wanted_level": int(wanted),
                "affiliation": affiliation.value,
                "region": region,
                "withdrawn": None,
            },
        )
        ground = details.grounding
        entry |= {
            "submission": details.submission + 1,
            "surveys": ground.survey,
            "minutes": ground.minutes,
            "enterprise": ground.enterprise,
            "planned_on": None if ground.planned_on is None else ground.planned_on.isoformat(),
            "signed": ground.signed,
        }
        work.put(PROJECT_VERSION, numbered(project_id, details.item.version or 1), version_fields(entry))
        return path

    @command("withdraw_project", undoable=False)
    def withdraw_project(self, work: UnitOfWork, project_id: bytes, reason: str) -> None:
        """Take a submission back that no department has answered yet.

        Raises AppError PROJECT_UNKNOWN, PROJECT_NOT_OWN, PROJECT_NOT_PENDING, PROJECT_ANSWERED, REASON_MISSING.
        """
        details = _editable(work.sql, project_id)
        if not reason.strip():
            raise AppError("REASON_MISSING")
        if not any(one.state is State.PENDING for one in details.standings):
            states = [one.state for one in details.standings] or [State.DRAFT]
            raise AppError("PROJECT_NOT_PENDING", state=projects.state_word(states[0]))
        if any(step.submission == details.submission for step in details.history):
            raise AppError("PROJECT_ANSWERED", project=details.item.code)
        work.reason = reason.strip()
        work.put(PROJECT, project_id, {"withdrawn": 1})

    @command("new_project_version")
    def new_version(self, work: UnitOfWork, project_id: bytes) -> int:
        """Begin the next version of a project that has passed; classes keep the one they opened on (R09).

        Raises AppError PROJECT_UNKNOWN, PROJECT_NOT_OWN, PROJECT_NOT_PASSED.
        """
        details = _editable(work.sql, project_id)
        if not details.standings or any(one.state is not State.PASSED for one in details.standings):
            raise AppError("PROJECT_NOT_PASSED", project=details.item.code)
        version = (details.item.version or 1) + 1
        work.put(PROJECT, project_id, {"version": version, "withdrawn": 1})
        return version

    @command("select_project")
    def select_for_class(self, work: UnitOfWork, class_id: bytes, chosen: projects.Selection) -> None:
        """Record that a department selected the class's project from the province's catalogue (三.3, R10).

        Raises AppError CLASS_UNKNOWN, CLASS_WITHOUT_PROJECT; RuleErrors.
        """
        row = work.fields(TRAINING_CLASS, class_id)
        if row is None:
            raise AppError("CLASS_UNKNOWN", code="")
        project_id = row["project_id"]
        if not isinstance(project_id, bytes):
            raise AppError("CLASS_WITHOUT_PROJECT")
        details = project_details(work.sql, project_id)
        self.context.heed(
            projects.check_selection(chosen, areas_of(details), details.item.published_on, str(row["code"]))
        )
        fields = {
            "department": chosen.department,
            "document": chosen.document.strip(),
            "fund": chosen.fund.strip(),
            "selected_on": chosen.on.isoformat(),
        }
        work.put(CLASS_SELECTION, class_id, fields)


def answer_record(one: ReceivedAnswer) -> tuple[bytes, dict[str, object]]:
    """Return key and fields of an answer as they are stored."""
    step = one.step
    key = project_answer_id(one.project_id, step.track.value, step.submission, int(step.level))
    return key, {
        "project_id": one.project_id,
        "track": step.track.value,
        "submission": step.submission,
        "level": int(step.level),
        "area": step.area,
        "answer": step.answer.value,
        "answered_on": step.on.isoformat(),
        "reason": step.reason or None,
        "document": step.document or None,
    }


def version_fields(entry: Mapping[str, object]) -> dict[str, object]:
    """Return a catalogue entry as its version keeps it."""
    return {"entry": [[name, entry[name]] for name in sorted(entry)]}


def _institution(sql: Connection) -> Mapping[str, Any]:
    row = sql.exec_driver_sql("SELECT id, name, region, affiliation FROM institution WHERE gone = 0")
    return dict(row.mappings().one())


def _editable(sql: Connection, project_id: bytes) -> ProjectDetails:
    details = project_details(sql, project_id)
    if details.item.origin != OWN:
        raise AppError("PROJECT_NOT_OWN", project=details.item.code)
    return details


def _entry(work: UnitOfWork, project_id: bytes) -> dict[str, Any]:
    row = queries.project_row(work.sql, project_id)
    assert row is not None
    return {name: row[name] for columns in projects.CATALOGUE_FIELDS.values() for name in columns} | {
        "name": row["name"]
    }
