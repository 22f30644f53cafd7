"""The new year: what is drafted anew, which class numbers come next; teachers and parameters simply go on."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain import new_year
from desktop_app.domain.errors import AppError
from desktop_app.domain.new_year import NextCode
from desktop_app.domain.records import PROJECT
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries.projects import project_by_code
from desktop_app.store.unit_of_work import UnitOfWork

_COPIED = (
    "name", "trade", "level", "organisation", "audience", "hours", "form", "content", "fee_fen", "subsidy_fen",
    "schedule", "institution", "enterprise",
)  # fmt: skip
_OWN = (
    "SELECT id, code, name FROM project WHERE gone = 0 AND origin = 'own' AND code IS NOT NULL ORDER BY code"
)


@dataclass(frozen=True, slots=True)
class ProjectCopy:
    """A project of the year before that is not there under the new year's code."""

    id: bytes
    code: str
    name: str
    new_code: str


@dataclass(frozen=True, slots=True)
class NewYear:
    """What a year begins with: projects to draft anew, next class codes, how many teachers and parameters go on."""

    year: int
    projects: tuple[ProjectCopy, ...]
    codes: tuple[NextCode, ...]
    teachers: int
    parameters: int


class NewYearService(Service):
    """Copies nothing that goes on by itself."""

    def preview(self, year: int) -> NewYear:
        """Return what beginning a year would do and what it finds; AppError NOT_PERMITTED."""
        self.context.require("view_projects")
        with self.context.read() as sql:
            codes = [
                row[0]
                for row in sql.exec_driver_sql("SELECT code FROM training_class WHERE code IS NOT NULL")
            ]
            teachers = sql.exec_driver_sql("SELECT count(*) FROM teacher WHERE gone = 0").scalar_one()
            parameters = sql.exec_driver_sql("SELECT count(*) FROM policy_value WHERE gone = 0").scalar_one()
            copies = _copies(sql, year)
        return NewYear(year, copies, new_year.next_codes(codes, year), int(teachers), int(parameters))

    @command("begin_year")
    def begin(self, work: UnitOfWork, year: int) -> int:
        """Draft the own projects of the year before anew under this year's codes; return how many.

        Approval, survey and plan are the new draft's own (三.1, 六.2). AppError NEW_YEAR_NOTHING.
        """
        copies = _copies(work.sql, year)
        if not copies:
            raise AppError("NEW_YEAR_NOTHING", year=year)
        for one in copies:
            former = work.fields(PROJECT, one.id)
            assert former is not None
            kept = {name: former[name] for name in _COPIED if former[name] is not None}
            kept["name"] = new_year.renamed(one.name, year) or one.name
            work.put(
                PROJECT, self.context.new_id(), {"code": one.new_code, "origin": "own", "version": 1, **kept}
            )
        return len(copies)


def _copies(sql: Connection, year: int) -> tuple[ProjectCopy, ...]:
    found = []
    for key, code, name in sql.exec_driver_sql(_OWN).all():
        new_code = new_year.renamed(code, year)
        if new_code is not None and project_by_code(sql, new_code) is None:
            found.append(ProjectCopy(key, code, name or "", new_code))
    return tuple(found)
