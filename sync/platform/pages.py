"""One page of a batch on its way in: order, judgement, storing, tally."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.framing import frame_hash, unwrap
from sync.contract.kinds import NUMBER, RecordKind, ReportKind, order_key
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
from sync.platform.claims import release_lines
from sync.platform.institutions import Caller
from sync.platform.schema import batch_page, report
from sync.platform.statements import ReportRow, StoredStatements, digest_open, store_records

_NONE = encode([])
_RECEIVED = (
    update(report)
    .where(report.c.institution_id == bindparam("institution"), report.c.number == bindparam("place"))
    .values(
        open_received=bindparam("received"),
        open_digest=bindparam("new_digest"),
        open_records=bindparam("held"),
    )
)


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

    def take(self, frame: bytes, *, any_refused: bool) -> PageTally:
        """Judge and store the page and return what became of its records.

        ``any_refused``: an earlier page had rejected records, which children here may need.
        Raises AppError PAGE_MALFORMED.
        """
        page = decode(unwrap(frame), Page, "PAGE_MALFORMED")
        last = self._check(page)
        subjects = {self._manifest.reports[section.report].subject for section in page.sections}
        stored = StoredStatements(self._connection, self._institution_id, self._manifest.batch, subjects)
        judge = Judge(
            stored,
            self._today,
            ProvinceChecks(self._connection, self._institution_id, self._manifest.batch),
            self._refused() if any_refused else (),
        )
        records = accepted = 0
        rejected: list[Rejected] = []
        received: list[dict[str, object]] = []
        for section in page.sections:
            head = self._manifest.reports[section.report]
            verdict = judge.judge(
                ReportKind(head.kind), head.subject, section.records, corrects=head.reason is not None
            )
            place = stored.open_report(head.kind, head.subject)
            received.append(self._store(place, section, verdict.accepted))
            records += len(section.records)
            accepted += len(verdict.accepted)
            rejected.extend(_tell(section.report, told) for told in verdict.rejected)
        self._connection.execute(_RECEIVED, received)
        tally = PageTally(frame_hash(frame), records, accepted)
        self._keep(frame, tally, rejected, last)
        return tally

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

    def _store(self, place: ReportRow, section: Section, accepted: list[Record]) -> dict[str, object]:
        """Put a section's accepted records over its statement; return how the report stands now."""
        head = self._manifest.reports[section.report]
        store_records(self._connection, self._institution_id, place.number, head.version, accepted)
        withdrawn = [one.key for one in accepted if one.leaves and one.kind == RecordKind.CLAIM_LINE]
        release_lines(self._connection, self._institution_id, withdrawn)
        received = (place.open_received or 0) + len(section.records)
        if received > head.changes:
            raise AppError("PAGE_MALFORMED", detail="changes")
        digest, held = None, None
        if received == head.changes:
            digest, held = digest_open(self._connection, self._institution_id, place.number)
        return {
            "institution": self._institution_id,
            "place": place.number,
            "received": received,
            "new_digest": digest,
            "held": held,
        }

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
