"""就业跟踪: what a sheet says of the people of a class in the month of its follow-up (六.3, 四.4; R36)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from desktop_app.domain import employment
from desktop_app.domain.employment import MAX_TEXT, FollowUp, Status, VoucherKind
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.listings.employment import FollowedPerson
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.records import FOLLOW_UP
from desktop_app.domain.rules import Severity
from desktop_app.excel.employment import EmploymentRow, EmploymentSheet, read_employment
from desktop_app.excel.matching import ClassMember, match_people
from desktop_app.services.employment import stored
from desktop_app.services.imports.findings import Findings, changes, state_of
from desktop_app.services.imports.job import Job
from desktop_app.services.imports.plan import Facts, ImportPlan, RowState
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import employment as queries


@dataclass(frozen=True, slots=True)
class _Base:
    """What the plan relies on: the members, and the people of the class with their follow-ups."""

    members: tuple[MemberListItem, ...]
    people: tuple[FollowedPerson, ...]


def plan_employment(job: Job) -> ImportPlan:
    """Plan a 就业跟踪表; AppError of the reader, CLASS_UNKNOWN, NOT_YOUR_CLASS.

    A row without 跟踪日期 is of the day on which the sheet was filled in, else of today.
    """
    with job.context.read() as sql:
        class_id = job.class_id(sql)
    sheet, _ = job.read(lambda mapping: read_employment(job.path, mapping, job.options.sheet))
    reload = partial(_load, class_id=class_id)
    with job.context.read() as sql:
        base = reload(sql)
    return _Planner(job, sheet, base, class_id).plan(reload)


def _load(sql: Connection, *, class_id: bytes) -> _Base:
    followed = tuple(queries.people(sql, class_id=class_id))
    wanted = {one.trainee_id for one in followed}
    members = class_queries.member_items(sql, class_id, masked=False)
    return _Base(tuple(one for one in members if one.trainee_id in wanted), followed)


class _Planner:
    """Judges the rows of one sheet."""

    def __init__(self, job: Job, sheet: EmploymentSheet, base: _Base, class_id: bytes) -> None:
        self._job = job
        self._sheet = sheet
        self._base = base
        self._class_id = class_id
        self._people = {one.trainee_id: one for one in base.people}
        self._today = job.context.today()
        self._day = sheet.filled_on or self._today
        self._findings = Findings(sheet.sheet, sheet.problems, sheet.normalised)
        self._writes: list[tuple[bytes, Mapping[str, object]]] = []

    def plan(self, reload: partial[_Base]) -> ImportPlan:
        """Judge every row and put the plan together."""
        members = [
            ClassMember(one.trainee_id, one.number, one.name, one.document_number)
            for one in self._base.members
        ]
        keys = [row.person for row in self._sheet.rows]
        matches = match_people(keys, members, self._job.options.same_names)
        for row, match in self._job.each(list(zip(self._sheet.rows, matches, strict=True))):
            self._findings.unmatched(match)
            member = match.member
            state = RowState.SAME if member is None else self._judge(row, self._people[member.trainee_id])
            self._findings.settle_person(row.person, state)
        return ImportPlan(
            **self._job.described(self._sheet),
            **self._findings.settled(),
            command="import_employment",
            facts=Facts(people=len(self._base.members), held_on=self._day),
            writes=((FOLLOW_UP, self._writes),),
            relied_on=self._base,
            reload=reload,
        )

    def _judge(self, row: EmploymentRow, person: FollowedPerson) -> RowState:
        if self._findings.is_bad(row.person.row):
            return RowState.BAD
        day = row.dates.get("followed_on", self._day)
        month = employment.month_number(day)
        known = person.months.get(month)
        given = _merged(row, known, day)
        self._check(row, person, given)
        if self._findings.is_bad(row.person.row):
            return RowState.BAD
        fields, present = stored(given), None if known is None else stored(known)
        state = state_of(fields, present)
        if state is not RowState.SAME:
            key = numbered(self._class_id + person.trainee_id, month)
            self._writes.append((key, changes(fields, present)))
        return state

    def _check(self, row: EmploymentRow, person: FollowedPerson, given: FollowUp) -> None:
        number, columns = row.person.row, row.person.columns
        for name, text in row.texts.items():
            if len(text) > MAX_TEXT:
                error = AppError("EMPLOYMENT_TEXT_LONG", limit=MAX_TEXT)
                self._findings.error(number, columns[name], text[:MAX_TEXT], error)
        for found in employment.check_follow_up(
            person.name, person.class_code, given, person.started_on, self._today
        ):
            note = self._findings.error if found.severity is Severity.BLOCK else self._findings.warn
            value = stored(given).get(found.field)
            note(number, columns.get(found.field, ""), "" if value is None else str(value), found.error)


def _merged(row: EmploymentRow, known: FollowUp | None, day: date) -> FollowUp:
    """Return a follow-up with what the sheet says; what it leaves blank stays as it is known for that month."""
    status = Status(row.codes["status"])
    before = FollowUp(status, day) if known is None else known
    kind = row.codes.get("voucher_kind")
    said: dict[str, Any] = {**row.texts, **row.dates, "status": status}
    said |= {name: row.codes[name] == "yes" for name in ("insured", "matched") if name in row.codes}
    if kind is not None:
        said["voucher_kind"] = VoucherKind(kind)
    return replace(before, **said)
