"""证书: numbers from the file of the 评价组织, for those who passed (R15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from desktop_app.domain.certificates import CertificateKind, CertificateState, check_number
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.results import AssessmentItem
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.records import CERTIFICATE
from desktop_app.excel.certificates import CertificateRow, CertificateSheet, read_certificates
from desktop_app.excel.matching import ClassMember, match_people
from desktop_app.excel.normalising import normal_name
from desktop_app.excel.people import PersonKey
from desktop_app.services.assessments import one_assessment
from desktop_app.services.certificates import certificate_kind, level_assessment, present_issue
from desktop_app.services.classes import one_class
from desktop_app.services.imports.findings import Findings, changes, state_of
from desktop_app.services.imports.job import Job, present_fields
from desktop_app.services.imports.plan import Facts, ImportPlan, RowState
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import importing, results


@dataclass(frozen=True, slots=True)
class _Base:
    """What the plan relies on: members, who passed, their certificates, and who has the numbers of the sheet."""

    assessment: AssessmentItem
    kind: CertificateKind
    members: tuple[MemberListItem, ...]
    keys: Mapping[bytes, bytes]
    """Person who passed → key of the issue that a number of theirs belongs to."""
    tickets: Mapping[str, bytes]
    certificates: Mapping[bytes, Mapping[str, object]]
    in_use: Mapping[str, tuple[tuple[bytes, bytes, int], ...]]
    known: frozenset[tuple[bytes, str]]
    """Person and number of every issue of the class that is not void, replaced ones included."""


def plan_certificates(job: Job) -> ImportPlan:
    """Plan a certificate file; AppError of the reader, CLASS_UNKNOWN, ASSESSMENT_MISSING."""
    with job.context.read() as sql:
        class_id = job.class_id(sql)
        level_assessment(sql, class_id)
    sheet, _ = job.read(lambda mapping: read_certificates(job.path, mapping, job.options.sheet))
    numbers = tuple({check_number(row.certificate_number).normalised for row in sheet.rows})
    stated = {row.organisation for row in sheet.rows if row.organisation}
    issuer = (job.options.organisation or "").strip() or (stated.pop() if len(stated) == 1 else None)
    reload = partial(_load, class_id=class_id, numbers=numbers, issuer=issuer, today=job.context.today())
    with job.context.read() as sql:
        base = reload(sql)
    return _Planner(job, sheet, base, base.assessment.organisation or issuer).plan(reload)


def _load(
    sql: Connection, *, class_id: bytes, numbers: tuple[str, ...], issuer: str | None, today: date
) -> _Base:
    assessment = one_assessment(sql, level_assessment(sql, class_id))
    kind = certificate_kind(one_class(sql, class_id, today).level)
    members = tuple(class_queries.member_items(sql, class_id, masked=False))
    attempts = [
        one for one in results.assessment_items(sql, class_id=class_id) if one.kind == assessment.kind
    ]
    rows = [row for one in attempts for row in results.score_rows(sql, one)]
    keys = {
        trainee_id: present_issue(sql, passed.id, trainee_id)
        for trainee_id, passed in results.level_passes(sql, class_id).items()
    }
    tickets = {row.ticket: row.trainee_id for row in rows if row.ticket}
    return _Base(
        assessment,
        kind,
        members,
        keys,
        tickets,
        present_fields(sql, CERTIFICATE, list(keys.values())),
        importing.certificate_numbers(sql, numbers, kind.value, assessment.organisation or issuer),
        frozenset(
            (one.trainee_id, one.number)
            for one in results.certificate_items(sql, class_id=class_id)
            if one.number and one.state != CertificateState.VOID
        ),
    )


class _Planner:
    """Judges the rows of one certificate file."""

    def __init__(self, job: Job, sheet: CertificateSheet, base: _Base, issuer: str | None) -> None:
        self._job = job
        self._sheet = sheet
        self._base = base
        self._issuer = issuer
        self._members = {item.trainee_id: item for item in base.members}
        self._findings = Findings(sheet.sheet, sheet.problems, sheet.normalised)
        self._writes: list[tuple[bytes, Mapping[str, object]]] = []

    def plan(self, reload: partial[_Base]) -> ImportPlan:
        """Judge every row and put the plan together."""
        if not self._issuer:
            self._findings.warn(0, "", "", AppError("ORGANISATION_UNKNOWN"))
        people = [
            ClassMember(item.trainee_id, item.number, item.name, item.document_number)
            for item in self._base.members
        ]
        keys = [self._person(row) for row in self._sheet.rows]
        matches = match_people(keys, people, self._job.options.same_names)
        for row, match in self._job.each(list(zip(self._sheet.rows, matches, strict=True))):
            self._findings.unmatched(match)
            state = RowState.SAME if match.member is None else self._judge(row, match.member.trainee_id)
            self._findings.settle_person(row.person, state)
        sheet, findings = self._sheet, self._findings
        return ImportPlan(
            **self._job.described(sheet),
            **findings.settled(),
            command="import_certificates",
            facts=Facts(
                people=len(self._base.members),
                held_on=self._base.assessment.held_on,
                organisation=self._issuer,
                passed=len(self._base.keys),
            ),
            writes=((CERTIFICATE, self._writes),),
            relied_on=self._base,
            reload=reload,
        )

    def _person(self, row: CertificateRow) -> PersonKey:
        """Return whom a row means; without a document the 准考证号 of any attempt tells two of one name apart."""
        key = row.person
        found = self._members.get(self._base.tickets.get(row.ticket, b""))
        if key.document_number or found is None or normal_name(found.name) != key.name:
            return key
        return replace(key, document_number=found.document_number)

    def _judge(self, row: CertificateRow, trainee_id: bytes) -> RowState:
        passed = trainee_id in self._base.keys
        if not row.certificate_number:
            if passed:
                self._warn(row, "certificate_number", AppError("CERTIFICATE_NUMBER_MISSING"))
            return RowState.SAME
        if not passed:
            self._error(row, AppError("CERTIFICATE_NOT_PASSED"))
        check = check_number(row.certificate_number, self._base.kind)
        if check.problem is not None:
            self._error(row, check.problem)
        if check.warning is not None:
            self._warn(row, "certificate_number", check.warning)
        key = self._base.keys.get(trainee_id, b"")
        present = self._base.certificates.get(key)
        former = (trainee_id, check.normalised) in self._base.known
        if former and (present is None or present["number"] != check.normalised):
            return RowState.SAME  # an issue before a 更正 or 补发: it stays as it was
        owners = self._base.in_use.get(check.normalised, ())
        if passed and any(CERTIFICATE.join_key(owner) != key for owner in owners):
            self._error(row, AppError("CERTIFICATE_TAKEN", value=check.normalised))
        self._check_date(row)
        if self._findings.is_bad(row.person.row):
            return RowState.BAD
        fields: dict[str, object] = {
            "number": check.normalised,
            "kind": self._base.kind.value,
            "issuer": self._issuer,
        }
        if row.issued_on is not None:
            fields["issued_on"] = row.issued_on.isoformat()
        if present is None or present["state"] == CertificateState.PENDING.value:
            fields["state"] = CertificateState.ISSUED.value
        state = state_of(fields, present)
        if state is not RowState.SAME:
            self._writes.append((key, changes(fields, present)))
        return state

    def _check_date(self, row: CertificateRow) -> None:
        held_on = self._base.assessment.held_on
        if row.issued_on is None:
            if not self._findings.is_bad(row.person.row):
                self._warn(row, "issued_on", AppError("ISSUE_DATE_MISSING"))
        elif held_on is not None and row.issued_on < held_on:
            self._warn(row, "issued_on", AppError("CERTIFICATE_BEFORE_ASSESSMENT", date=held_on.isoformat()))

    def _error(self, row: CertificateRow, error: AppError) -> None:
        column = row.person.columns.get("certificate_number", "")
        self._findings.error(row.person.row, column, row.certificate_number, error)

    def _warn(self, row: CertificateRow, name: str, error: AppError) -> None:
        value = row.certificate_number if name == "certificate_number" else ""
        if name == "issued_on" and row.issued_on is not None:
            value = row.issued_on.isoformat()
        self._findings.warn(row.person.row, row.person.columns.get(name, ""), value, error)
