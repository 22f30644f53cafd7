"""One page of a batch on its way in: order, judgement, storing, tally."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, select, update

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.framing import frame_hash, unwrap
from sync.contract.kinds import NUMBER, ReportKind, order_key
from sync.contract.texts import sentence
from sync.contract.validation import Judge, RecordProblem
from sync.contract.wire import (
    MAX_PAGE_RECORDS,
    Manifest,
    Page,
    PageTally,
    Record,
    Rejected,
    Section,
    decode,
    encode,
)
from sync.platform.certificates import ProvinceChecks
from sync.platform.institutions import Caller
from sync.platform.schema import batch_page, report
from sync.platform.statements import StoredStatements, digest_open, store_records

_NONE = encode([])


class _Place(Struct, array_like=True, frozen=True, order=True):
    """Where a record stands in its batch; see ``order_key``."""

    report: int
    leaves: bool
    rank: int
    key: bytes


class PageIntake:
    """Takes page ``index`` of a batch within one transaction."""

    def __init__(
        self, connection: Connection, clock: Clock, caller: Caller, manifest: Manifest, index: int
    ) -> None:
        self._connection = connection
        self._institution_id = caller.institution_id
        self._manifest = manifest
        self._index = index
        self._today = clock.today()

    def take(self, frame: bytes, *, any_refused: bool) -> int:
        """Judge and store the page and return how many of its records are rejected.

        ``any_refused``: an earlier page had rejected records, which children here may need.
        Raises AppError PAGE_MALFORMED.
        """
        page = decode(unwrap(frame), Page, "PAGE_MALFORMED")
        last = self._check(page)
        judge = Judge(
            StoredStatements(self._connection, self._institution_id, self._manifest.batch),
            self._today,
            ProvinceChecks(self._connection, self._institution_id, self._manifest.batch),
            self._refused() if any_refused else (),
        )
        records = accepted = 0
        rejected: list[Rejected] = []
        for section in page.sections:
            head = self._manifest.reports[section.report]
            verdict = judge.judge(
                ReportKind(head.kind), head.subject, section.records, corrects=head.reason is not None
            )
            self._store(section, verdict.accepted)
            records += len(section.records)
            accepted += len(verdict.accepted)
            rejected.extend(_tell(section.report, told) for told in verdict.rejected)
        self._keep(frame, PageTally(frame_hash(frame), records, accepted), rejected, last)
        return records - accepted

    def _check(self, page: Page) -> _Place:
        """Check numbering and order, across pages too; return the place of the last record."""
        if page.index != self._index:
            raise AppError("PAGE_MALFORMED", detail="index")
        if sum(len(section.records) for section in page.sections) > MAX_PAGE_RECORDS:
            raise AppError("PAGE_MALFORMED", detail="records")
        last = self._last_place()
        for section in page.sections:
            if section.report >= len(self._manifest.reports):
                raise AppError("PAGE_MALFORMED", detail="report")
            for record in section.records:
                if record.kind not in NUMBER:
                    raise AppError("PAGE_MALFORMED", detail="kind")
                leaves, rank, key = order_key(record.kind, record.key, leaves=record.leaves)
                place = _Place(section.report, leaves, rank, key)
                if last is not None and place <= last:
                    raise AppError("PAGE_MALFORMED", detail="order")
                last = place
        if last is None:
            raise AppError("PAGE_MALFORMED", detail="empty")
        return last

    def _last_place(self) -> _Place | None:
        if self._index == 0:
            return None
        body = self._connection.scalar(
            select(batch_page.c.last_place).where(*self._rows(), batch_page.c.page == self._index - 1)
        )
        return None if body is None else decode(body, _Place)

    def _rows(self) -> tuple[ColumnElement[bool], ...]:
        return (
            batch_page.c.institution_id == self._institution_id,
            batch_page.c.batch_id == self._manifest.batch,
        )

    def _refused(self) -> set[tuple[str, bytes]]:
        bodies = self._connection.scalars(
            select(batch_page.c.rejected).where(*self._rows(), batch_page.c.rejected != _NONE)
        )
        return {(one.kind, one.key) for body in bodies for one in decode(body, list[Rejected])}

    def _store(self, section: Section, accepted: list[Record]) -> None:
        head = self._manifest.reports[section.report]
        where = (
            report.c.institution_id == self._institution_id,
            report.c.kind == head.kind,
            report.c.subject == head.subject,
            report.c.open_batch == self._manifest.batch,
        )
        found = self._connection.execute(select(report.c.number, report.c.open_received).where(*where)).one()
        store_records(self._connection, self._institution_id, found.number, head.version, accepted)
        received = found.open_received + len(section.records)
        if received > head.changes:
            raise AppError("PAGE_MALFORMED", detail="changes")
        values: dict[str, object] = {"open_received": received}
        if received == head.changes:
            digest, held = digest_open(self._connection, self._institution_id, found.number)
            values |= {"open_digest": digest, "open_records": held}
        self._connection.execute(update(report).where(*where).values(values))

    def _keep(self, frame: bytes, tally: PageTally, rejected: list[Rejected], last: _Place) -> None:
        self._connection.execute(
            batch_page.insert().values(
                institution_id=self._institution_id,
                batch_id=self._manifest.batch,
                page=self._index,
                body=frame,
                tally=encode(tally),
                rejected=encode(rejected),
                last_place=encode(last),
            )
        )


def _tell(report_index: int, told: RecordProblem) -> Rejected:
    problem = told.problem
    params = {
        name: value if isinstance(value, str | int | float) else str(value)
        for name, value in problem.params.items()
    }
    return Rejected(
        report_index,
        told.record.kind,
        told.record.key,
        problem.code,
        problem.field,
        sentence(problem.code, problem.params),
        params,
    )
