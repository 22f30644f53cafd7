"""花名册: people and their enrolment in a class. The document number is the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from desktop_app.domain import codes, funding_channels, qualification
from desktop_app.domain.classes import PREPARING
from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.errors import AppError
from desktop_app.domain.funding_channels import FundingFacts
from desktop_app.domain.policy_parameters import PolicyBook
from desktop_app.domain.records import ENROLMENT, TRAINEE, TRAINING_CLASS
from desktop_app.domain.risk.duplicates import Training
from desktop_app.domain.trainees import TraineeCheck, TraineeFields, age_warnings, check_trainee
from desktop_app.excel.problems import Normalisation
from desktop_app.excel.roster import RosterRow, RosterSheet, read_roster
from desktop_app.services.classes import MAX_CODE, find_class
from desktop_app.services.duplicates import joined_findings, known_trainings
from desktop_app.services.imports.findings import Findings, changes, state_of, worst
from desktop_app.services.imports.job import Job, present_fields
from desktop_app.services.imports.plan import DateSource, Facts, ImportPlan, RowState
from desktop_app.services.trainees import trainee_columns
from desktop_app.store.database import Connection
from desktop_app.store.queries import importing
from desktop_app.store.queries.enrolment import class_region, funding_facts
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.risks.trainings import NO_COURSE, Course, course_of

_COLUMN_OF = {"birth": "birth_date", "household_region": "household"}
_KEY_GROUP, _EMPLOYEE, _STUDENT = "key_group", "employee", "student"


@dataclass(frozen=True, slots=True)
class _Base:
    """What the plan relies on: the class, its enrolments, and the people who have the documents of the sheet."""

    class_id: bytes | None
    class_fields: Mapping[str, object] | None
    enrolments: Mapping[bytes, Mapping[str, object]]
    documents: Mapping[str, tuple[bytes, ...]]
    people: Mapping[bytes, Mapping[str, object]]
    region: str | None = None
    facts: FundingFacts = field(default_factory=FundingFacts)
    course: Course = NO_COURSE
    trainings: Mapping[bytes, tuple[Training, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Planned:
    """What the rows come to, in the order they are written."""

    people: list[tuple[bytes, Mapping[str, object]]] = field(default_factory=list)
    enrolments: list[tuple[bytes, Mapping[str, object]]] = field(default_factory=list)
    rows_of: dict[str, int] = field(default_factory=dict)
    without_employer_code: int = 0


@dataclass(frozen=True, slots=True)
class _Dates:
    """The enrolment date of rows that state none, where it comes from, and the class's first day."""

    usual: date
    source: DateSource
    class_start: date | None


def plan_roster(job: Job) -> ImportPlan:
    """Plan a roster; AppError of the reader, CLASS_CODE_MISSING."""
    sheet, _ = job.read(lambda mapping: read_roster(job.path, mapping, job.options.sheet))
    numbers = tuple({row.document_number for row in sheet.rows if row.document_number})
    code = (job.class_code or "").strip() or None
    if code is not None and len(code) > MAX_CODE:
        raise AppError("CLASS_CODE_MISSING")
    reload = partial(_load, code=code, numbers=numbers)
    with job.context.read() as sql:
        base, book = reload(sql), policy_book(sql)
    return _Planner(job, sheet, base, code, book).plan(reload)


def _load(sql: Connection, *, code: str | None, numbers: tuple[str, ...]) -> _Base:
    class_id: bytes | None = None
    if code is not None:
        try:
            class_id = find_class(sql, code)
        except AppError:
            class_id = None
    documents = importing.trainees_by_documents(sql, numbers)
    known = [key for keys in documents.values() for key in keys]
    people = present_fields(sql, TRAINEE, known)
    others = {} if code is None else known_trainings(sql, known)
    if class_id is None:
        return _Base(None, None, {}, documents, people, trainings=others)
    fields = present_fields(sql, TRAINING_CLASS, [class_id])[class_id]
    enrolments = present_fields(sql, ENROLMENT, importing.enrolled_in(sql, class_id))
    region, facts = class_region(sql, class_id), funding_facts(sql, class_id)
    course = course_of(sql, class_id)
    return _Base(class_id, fields, enrolments, documents, people, region, facts, course, others)


class _Planner:
    """Judges the rows of one roster."""

    def __init__(self, job: Job, sheet: RosterSheet, base: _Base, code: str | None, book: PolicyBook) -> None:
        self._job = job
        self._sheet = sheet
        self._base = base
        self._code = code
        self._book = book
        self._class_id = base.class_id or (job.context.new_id() if code else None)
        self._findings = Findings(sheet.sheet, sheet.problems, sheet.normalised)
        self._planned = _Planned()
        self._today = job.context.today()
        self._dates = self._find_dates()
        self._taken = {fields["number"] for fields in base.enrolments.values()}
        self._next = max((int(str(number)) for number in self._taken if number is not None), default=0)
        self._next = max([self._next, *(row.number for row in sheet.rows if row.number is not None)])

    def _find_dates(self) -> _Dates:
        fields = self._base.class_fields or {}
        start = None if fields.get("start_on") is None else date.fromisoformat(str(fields["start_on"]))
        if self._sheet.filled_on is not None:
            return _Dates(self._sheet.filled_on, DateSource.FILLED_ON, start)
        if start is not None:
            return _Dates(start, DateSource.CLASS_START, start)
        return _Dates(self._today, DateSource.TODAY, start)

    def plan(self, reload: partial[_Base]) -> ImportPlan:
        """Judge every row and put the plan together."""
        for row in self._job.each(self._sheet.rows):
            self._findings.settle(row.row, row.name or row.document_number, self._judge(row))
        if self._planned.without_employer_code:
            count = self._planned.without_employer_code
            self._findings.warn(0, "", "", AppError("EMPLOYER_CODE_MISSING", count=count))
        creates = (
            self._base.class_id is None and self._class_id is not None and bool(self._planned.enrolments)
        )
        new_class = [(self._class_id or b"", {"code": self._code, "state": PREPARING})] if creates else []
        sheet, findings, dated = self._sheet, self._findings, [row.enrolled_on for row in self._sheet.rows]
        new_members = sum(key not in self._base.enrolments for key, _ in self._planned.enrolments)
        all_dated = bool(dated) and all(dated)
        return ImportPlan(
            **self._job.described(sheet, self._code),
            **findings.settled(),
            command="import_roster",
            facts=Facts(
                creates_class=creates,
                people=None if self._class_id is None else len(self._base.enrolments) + new_members,
                enrolled_on=None if all_dated else self._dates.usual,
                enrolled_from=DateSource.COLUMN if all_dated else self._dates.source,
            ),
            writes=(
                (TRAINING_CLASS, new_class),
                (TRAINEE, self._planned.people),
                (ENROLMENT, self._planned.enrolments),
            ),
            relied_on=self._base,
            reload=reload,
        )

    def _judge(self, row: RosterRow) -> RowState:
        check = self._check(row)
        enrolled_on = row.enrolled_on or self._dates.usual
        enrolment = self._enrolment(row, enrolled_on)
        values = check.values
        if values.birth is not None and check.is_valid:
            category, group = _text(enrolment.get("category")), _text(enrolment.get("key_group"))
            for error in age_warnings(
                values.birth, values.sex, enrolled_on, category=category, key_group=group
            ):
                self._warn(row, "document_number", error)
        person = self._person(row, values)
        self._keep_group(row, person[0], enrolment)
        if self._findings.is_bad(row.row):
            return RowState.BAD
        self._planned.rows_of[values.document_number] = row.row
        key, present = person
        columns = {name: value for name, value in trainee_columns(values).items() if value is not None}
        if values.education is None:
            columns.pop("studying")
        if present is not None and present["name"] != values.name:
            self._warn(row, "name", AppError("TRAINEE_RENAMED", value=values.name))
        states = [state_of(columns, present)]
        if states[0] is not RowState.SAME:
            self._planned.people.append((key, changes(columns, present)))
        if self._class_id is None:
            return states[0]
        return worst([states[0] if present is not None else RowState.NEW, self._enrol(row, key, enrolment)])

    def _check(self, row: RosterRow) -> TraineeCheck:
        fields = {
            "name": row.name,
            "document_type": row.document_type,
            "document_number": row.document_number,
            "sex": row.sex,
            "birth": row.birth_date.isoformat() if row.birth_date else "",
            "ethnicity": row.ethnicity,
            "education": row.education,
            "phone": row.phone,
            "address": row.address,
            "household_region": row.household,
        }
        today = self._today
        check = check_trainee(fields, today)
        if (
            "household_region" in check.problems
        ):  # an address in words is no region; it does not hold the person
            self._warn(row, "household", check.problems["household_region"])
            check = check_trainee({**fields, "household_region": ""}, today)
        for name, error in check.problems.items():
            if not (row.rounded and name == "document_number"):
                self._error(row, _COLUMN_OF.get(name, name), error)
        for name, error in check.warnings:
            self._warn(row, _COLUMN_OF.get(name, name), error)
        for one in check.normalised:
            column = row.columns.get(_COLUMN_OF.get(one.field, one.field), "")
            if column:
                self._findings.normalised.append(Normalisation(row.row, column, one.before, one.after))
        return check

    def _person(self, row: RosterRow, values: TraineeFields) -> tuple[bytes, Mapping[str, object] | None]:
        """Return the key of the row's person and what is stored; a known document with another name is asked back."""
        former = self._planned.rows_of.get(values.document_number)
        if former is not None:
            self._error(row, "document_number", AppError("ROSTER_ROW_TWICE", other=former))
        candidates = self._base.documents.get(values.document_number, ())
        if not candidates:
            return self._job.context.new_id(), None
        members = [key for key in candidates if self._is_member(key)]
        namesakes = [key for key in candidates if self._base.people[key]["name"] == values.name]
        key = next(iter(members or namesakes or candidates))
        present = self._base.people[key]
        if not members and present["name"] != values.name:
            self._error(row, "document_number", AppError("DOCUMENT_OF_ANOTHER"))
        return key, present

    def _keep_group(self, row: RosterRow, key: bytes, enrolment: Mapping[str, object]) -> None:
        """Leave a row out that would change a group which was chosen (R04): that takes a reason."""
        present = self._base.enrolments.get((self._class_id or b"") + key)
        chosen = None if present is None else _text(present["chosen_group"])
        if present is None or chosen is None:
            return
        who = qualification.Enrolling(row.name, self._code or "", self._today)
        fields = {**present, **enrolment}
        for finding in qualification.check_kept_group(who, chosen, fields["category"], fields["key_group"]):
            self._error(row, "key_group" if row.key_group else "category", finding.error)
        fixed = present["enrolled_on"]
        if row.enrolled_on is not None and isinstance(fixed, str):
            fixed_on = date.fromisoformat(fixed)
            for finding in qualification.check_kept_date(replace(who, on=fixed_on), chosen, row.enrolled_on):
                self._error(row, "enrolled_on", finding.error)

    def _is_member(self, key: bytes) -> bool:
        return self._class_id is not None and self._class_id + key in self._base.enrolments

    def _enrolment(self, row: RosterRow, enrolled_on: date) -> dict[str, object]:
        """Return what the row says of category, group, evidence, employer and school; blanks are left out."""
        category = codes.parse_category(row.category) if row.category else None
        group = codes.parse_group(row.key_group) if row.key_group else None
        if row.category and category is None:
            self._error(row, "category", AppError("CATEGORY_UNKNOWN", value=row.category[:20]))
        if row.key_group and group is None:
            self._error(row, "key_group", AppError("KEY_GROUP_UNKNOWN", value=row.key_group[:20]))
        category = category or (_KEY_GROUP if group else None)
        if category is None and not row.category:
            self._warn(row, "category", AppError("CATEGORY_MISSING"))
        if category == _KEY_GROUP and group is None and not row.key_group:
            self._warn(row, "key_group", AppError("KEY_GROUP_UNSTATED"))
        if group is not None and group not in codes.group_successors(group, enrolled_on):
            self._warn(
                row,
                "key_group",
                AppError("KEY_GROUP_ENDED", value=row.key_group[:20], date=enrolled_on.isoformat()),
            )
        employer_code = self._employer_code(row)
        if category == _EMPLOYEE and employer_code is None:
            self._planned.without_employer_code += 1
        self._say_channel(row, category, group, enrolled_on)
        kind, number = self._evidence(row)
        is_student = category == _STUDENT or (category is None and bool(row.student_number))
        found: dict[str, object] = {
            "category": category,
            "key_group": group,
            "evidence_kind": kind,
            "evidence_number": number,
            "employer": row.employer or None,
            "employer_uscc": employer_code,
            "post": None if is_student else row.major_or_post or None,
            "student_number": row.student_number or None,
            "major": row.major_or_post or None if is_student else None,
        }
        if row.enrolled_on is not None:
            found["enrolled_on"] = row.enrolled_on.isoformat()
        return {name: value for name, value in found.items() if value is not None}

    def _employer_code(self, row: RosterRow) -> str | None:
        """Return the credit code of the employer; a wrong one is said and left out (R03)."""
        if not row.employer_code:
            return None
        check = check_uscc(row.employer_code)
        if check.problem is not None:
            name = "employer_code" if row.raw.get("employer_code") else "evidence"
            self._warn(row, name, check.problem)
            return None
        return check.normalised

    def _say_channel(
        self, row: RosterRow, category: str | None, group: str | None, enrolled_on: date
    ) -> None:
        """Say who would be trained without subsidy before anybody is enrolled (R19)."""
        funded = group if category == _KEY_GROUP else category
        if self._class_id is None or funded is None:
            return
        base = self._base
        channel = funding_channels.channel_for(funded, enrolled_on, base.region, base.facts, self._book)
        for finding in funding_channels.say_channel(
            channel, person=row.name, class_code=self._code or "", on=enrolled_on
        ):
            self._warn(row, "key_group" if group else "category", finding.error)

    def _evidence(self, row: RosterRow) -> tuple[str | None, str | None]:
        """Return the code of the evidence and its number; a kind that no table knows stays with the number as text."""
        if not row.evidence_kind:
            return None, row.evidence_number or None
        known = codes.table("evidence_kinds").find(row.evidence_kind)
        if known is not None:
            return known.code, row.evidence_number or None
        self._warn(row, "evidence", AppError("EVIDENCE_UNKNOWN", value=row.evidence_kind[:20]))
        return None, f"{row.evidence_kind} {row.evidence_number}".strip()

    def _enrol(self, row: RosterRow, key: bytes, enrolment: dict[str, object]) -> RowState:
        assert self._class_id is not None
        present = self._base.enrolments.get(self._class_id + key)
        if present is not None:
            changed = changes(enrolment, present)
            if changed:
                self._planned.enrolments.append((self._class_id + key, changed))
            return RowState.CHANGED if changed else RowState.SAME
        enrolled_on = row.enrolled_on or self._dates.usual
        first = enrolled_on
        if row.enrolled_on is None and self._dates.class_start is not None:
            first = min(first, self._dates.class_start)
        fields = {
            **enrolment,
            "enrolled_on": enrolled_on.isoformat(),
            "number": self._number(row.number),
            "state": "attending",
            "periods": [[first.isoformat(), None]],
        }
        self._planned.enrolments.append((self._class_id + key, fields))
        self._say_repeated(row, key, first)
        return RowState.NEW

    def _say_repeated(self, row: RosterRow, key: bytes, first: date) -> None:
        """Say who is in another class at that time, or trained in the same before (R37)."""
        found = joined_findings(
            self._base.trainings.get(key, ()), row.name, (self._class_id or b"", self._code or ""), first,
            self._base.course,
        )  # fmt: skip
        for finding in found:
            self._warn(row, "name", finding.error)

    def _number(self, wanted: int | None) -> int:
        """Return the number that the sheet gives where it is free, else one after all others."""
        if wanted is None or wanted in self._taken or wanted < 1:
            self._next += 1
            wanted = self._next
        self._taken.add(wanted)
        return wanted

    def _error(self, row: RosterRow, name: str, error: AppError) -> None:
        self._findings.error(row.row, row.columns.get(name, ""), row.raw.get(name, ""), error)

    def _warn(self, row: RosterRow, name: str, error: AppError) -> None:
        self._findings.warn(row.row, row.columns.get(name, ""), row.raw.get(name, ""), error)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
