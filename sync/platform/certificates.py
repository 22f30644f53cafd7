"""What only the province can judge: certificate numbers of all institutions, projects of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.kinds import TRAINEE_BYTES, RecordKind, ReportKind
from sync.contract.records import CertificateFields, ClassFields, OpeningFields, ProjectFields
from sync.contract.shape import FieldProblem, Severity, read_body
from sync.contract.validation import Candidate
from sync.platform.acts import record_act
from sync.platform.claims import ClaimChecks
from sync.platform.institutions import institution_by_uscc
from sync.platform.projects import passed_hours
from sync.platform.schema import PROVINCE, certificate_number, project

_LOOKUP = 400


class ProvinceChecks:
    """``FurtherChecks`` of the platform, within the transaction that stores the page."""

    def __init__(self, connection: Connection, institution_id: int, batch_id: bytes) -> None:
        self._connection = connection
        self._institution_id = institution_id
        self._batch_id = batch_id

    def problems(
        self, report: ReportKind, kind: RecordKind, candidates: Sequence[Candidate]
    ) -> Mapping[bytes, FieldProblem]:
        """Return what only the province knows, by key: a number, a training that others have; an unknown project."""
        _ = report
        if kind is RecordKind.CERTIFICATE:
            return self._certificates(candidates)
        if kind in {RecordKind.CLASS, RecordKind.OPENING}:
            return self._classes(candidates)
        if kind is RecordKind.CLAIM_LINE:
            return ClaimChecks(self._connection, self._institution_id, self._batch_id).problems(candidates)
        return {}

    def _classes(self, candidates: Sequence[Candidate]) -> dict[bytes, FieldProblem]:
        found: dict[bytes, FieldProblem] = {}
        for candidate in candidates:
            fields = candidate.fields
            if isinstance(fields, ClassFields | OpeningFields):
                problem = self._class(fields)
                if problem is not None:
                    found[candidate.record.key] = problem
        return found

    def _class(self, fields: ClassFields | OpeningFields) -> FieldProblem | None:
        body = self._connection.scalar(
            select(project.c.fields).where(
                project.c.institution_id == PROVINCE, project.c.code == fields.project_code
            )
        )
        if body is None:
            hours = passed_hours(self._connection, self._institution_id, fields.project_code)
        else:
            published = read_body(RecordKind.PROJECT, body)
            hours = published.hours if isinstance(published, ProjectFields) else 0
        if hours is None:
            return FieldProblem("PROJECT_NOT_PUBLISHED", "project_code", {"project": fields.project_code})
        if fields.planned_hours < hours:
            params = {"hours": hours}
            return FieldProblem("PLANNED_HOURS_TOO_FEW", "planned_hours", params, Severity.WARNING)
        return None

    def _certificates(self, candidates: Sequence[Candidate]) -> dict[bytes, FieldProblem]:
        wanted: dict[bytes, tuple[str, str]] = {}
        for candidate in candidates:
            if isinstance(candidate.fields, CertificateFields):
                wanted[candidate.record.key] = (candidate.fields.kind, candidate.fields.number)
        rows = [
            {
                "kind": kind,
                "number": number,
                "institution_id": PROVINCE,
                "owner": self._institution_id,
                "holder": key[: 2 * TRAINEE_BYTES],
                "batch_id": self._batch_id,
                "entered": 0,
            }
            for key, (kind, number) in sorted(wanted.items(), key=lambda item: item[1])
        ]
        register(self._connection, rows)
        owners = self._owners(list(wanted.values()))
        found: dict[bytes, FieldProblem] = {}
        for key, place in wanted.items():
            owner, holder = owners[place]
            if owner != self._institution_id:
                found[key] = FieldProblem("CERTIFICATE_NUMBER_TAKEN", "number", {"number": place[1]})
            elif holder != key[: 2 * TRAINEE_BYTES]:
                found[key] = FieldProblem("CERTIFICATE_NUMBER_USED", "number")
        return found

    def _owners(self, places: list[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, bytes | None]]:
        owners: dict[tuple[str, str], tuple[int, bytes | None]] = {}
        table = certificate_number
        for start in range(0, len(places), _LOOKUP):
            part = places[start : start + _LOOKUP]
            rows = self._connection.execute(
                select(table).where(
                    table.c.institution_id == PROVINCE, tuple_(table.c.kind, table.c.number).in_(part)
                )
            )
            owners |= {(row.kind, row.number): (row.owner, row.holder) for row in rows}
        return owners


def register(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Register numbers that nobody has, and give those that the institution has without a holder their holder."""
    if not rows:
        return
    table = certificate_number
    insert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=[table.c.institution_id, table.c.kind, table.c.number],
        set_={"holder": statement.excluded.holder, "batch_id": statement.excluded.batch_id},
        where=and_(table.c.owner == statement.excluded.owner, table.c.holder.is_(None)),
    )
    connection.execute(statement, rows)


def release_numbers(connection: Connection, institution_id: int, batch_id: bytes) -> None:
    """Give back the numbers that a batch which will never close has named."""
    table = certificate_number
    named = (
        table.c.institution_id == PROVINCE,
        table.c.owner == institution_id,
        table.c.batch_id == batch_id,
    )
    connection.execute(delete(table).where(*named, table.c.entered == 0))
    connection.execute(update(table).where(*named).values(holder=None, batch_id=None))


def add_number(connection: Connection, clock: Clock, number: str, uscc: str, kind: str) -> None:
    """Register a number as an institution's; AppError INSTITUTION_UNKNOWN, CERTIFICATE_NUMBER_TAKEN."""
    owner = institution_by_uscc(connection, uscc).id
    row = {"kind": kind, "number": number, "owner": owner, "holder": None, "batch_id": None}
    register(connection, [{**row, "institution_id": PROVINCE, "entered": 1}])
    table = certificate_number
    holder = connection.scalar(
        select(table.c.owner).where(
            table.c.institution_id == PROVINCE, table.c.kind == kind, table.c.number == number
        )
    )
    if holder != owner:
        raise AppError("CERTIFICATE_NUMBER_TAKEN", number=number)
    record_act(connection, clock, "cli", "certificate add", owner, number=number, kind=kind)
