"""The engine of reporting: the stages put together behind what window and command line see (``Reporting``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import (
    BatchListItem,
    RejectedListItem,
    ReportCounts,
    ReportListItem,
)
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.services.reporting import (
    EVERYTHING,
    ConfirmedPlatform,
    ExportedBatch,
    ImportedReceipt,
    PlatformComparison,
    PlatformLink,
    Preflight,
    PushOutcome,
    SealedBatch,
    Selection,
    SyncOutcome,
    Traffic,
)
from desktop_app.services.reviews import ReviewService
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.repositories.reported import DISSOLVED, RECEIPTED, SEALED, WAITING, StoredBatch
from desktop_app.store.state_hash import StateDigest
from sync.contract.digest import institution_digest
from sync.reporting import batch_files, comparing, joining, preflight, sealing
from sync.reporting.connecting import ByAddress
from sync.reporting.evidence_queue import ReadEvidence, missing_files, send_evidence
from sync.reporting.line import NOT_REFUSALS, Adapter, Connect, Line
from sync.reporting.overview import Overview, condensed
from sync.reporting.projection import follow_receipts, is_behind
from sync.reporting.proving import deliver_trails
from sync.reporting.pulling import pull
from sync.reporting.pushing import Push, is_lacking, outcome_of
from sync.reporting.receipts import open_receipt, receipt_page, stored_receipt
from sync.reporting.record_marks import record_marks
from sync.reporting.report_states import Known, ReportStates
from sync.reporting.sealed_batches import newest_versions, subjects_of, waiting_batches, with_those_before
from sync.reporting.statements import Statement, count_kinds, digest_of

_NOT_ANSWERED = frozenset({"BATCH_UNKNOWN", "RECEIPT_NOT_READY", "BATCH_SUPERSEDED"})


class ReportingEngine:
    """上报 of one profile. Not shared between threads that write; lists may be read from any."""

    def __init__(
        self,
        batches: BatchService,
        connect: Connect | None = None,
        read_evidence: ReadEvidence | None = None,
    ) -> None:
        self._batches = batches
        self._read_evidence = read_evidence
        self._context = batches.context
        self._line = Line(batches, connect or ByAddress(batches))
        self._states = ReportStates(batches)

    def link(self) -> PlatformLink:
        """Return the platform's address and the last contact."""
        return self._line.link()

    def traffic(self) -> Traffic:
        """Return at once the bytes of the run at hand, or of the last one."""
        return self._line.traffic()

    def join(self, url: str, code: str, confirmed: str | None = None) -> ConfirmedPlatform | None:
        """Register this workstation with a one-time code; see ``joining.join``."""
        self._context.require("join_platform")
        outcome = joining.join(self._batches, self._line, url, code, confirmed)
        self._context.tell(frozenset({"platform_page"}))
        return outcome

    def compare_platform(self) -> PlatformComparison:
        """Compare what the platform holds with what is kept here; see ``comparing.look``."""
        self._context.require("view_reports")
        platform = self._line.required()
        self._catch_up()
        with self._line.open(platform.url) as api:
            return comparing.told(
                self._batches, platform.url, comparing.look(self._batches, api, api.about(), platform)
            )

    def confirm_platform(self, reason: str) -> ConfirmedPlatform:
        """Take a restored platform as it is now, and seal again what it lost; see ``comparing.confirm``."""
        self._context.require("confirm_platform")
        platform = self._line.required()
        self._catch_up()
        with self._line.open(platform.url) as api:
            about = api.about()
            found = comparing.look(self._batches, api, about, platform)
        return comparing.confirm(self._batches, about, platform.url, found, platform, reason)

    def pull(self, progress: Progress = no_progress, cancel: CancelToken = NEVER) -> int:
        """Take over what the platform has published; return the number of new pages. Needs no user."""
        platform = self._line.required()
        self._catch_up()
        with self._line.open(platform.url, cancel) as api:
            return pull(self._batches, api, platform, progress, cancel)

    def list_reports(
        self, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> list[ReportListItem]:
        """Return every report with its state and what changed since it was accepted.

        Looks again only at what may have changed since the last time; AppError CANCELLED between two classes.
        """
        self._context.require("view_reports")
        return self._states.read(lambda view, known: Overview(view).reports(known), progress, cancel)

    def class_reports(self, class_id: bytes) -> list[ReportListItem]:
        """Return the reports of one class as they stand."""
        self._context.require("view_reports")
        return self._states.of_class(class_id, lambda view, known: Overview(view).reports(known))

    def record_marks(self, class_id: bytes, kinds: Collection[str]) -> Mapping[tuple[str, bytes], str]:
        """Return the sync marks of a class's records; none before the institution has joined."""
        self._context.require("view_reports")
        if self._line.pinned() is None:
            return {}
        with self._batches.view() as view:
            return record_marks(view, class_id, kinds)

    def known_standing(self) -> tuple[list[ReportListItem], Preflight]:
        """Return at once reports and pre-flight as found the last time, in what has changed since not yet right."""
        self._context.require("view_reports")
        reports, found = self._states.kept(_standing)
        return reports, self._with_evidence(found)

    def standing(
        self, progress: Progress = no_progress, cancel: CancelToken = NEVER
    ) -> tuple[list[ReportListItem], Preflight]:
        """Return reports and pre-flight, looked at again; see ``list_reports``."""
        self._context.require("view_reports")
        reports, found = self._states.read(_standing, progress, cancel)
        return reports, self._with_evidence(found)

    def known_counts(self) -> ReportCounts:
        """Return at once how many reports stand how, as they were found the last time."""
        self._context.require("view_reports")
        return self._states.kept(lambda view, known: Overview(view).counts(known))

    def count_reports(self, progress: Progress = no_progress, cancel: CancelToken = NEVER) -> ReportCounts:
        """Return how many reports stand how; see ``list_reports``."""
        self._context.require("view_reports")
        return self._states.read(lambda view, known: Overview(view).counts(known), progress, cancel)

    def _with_evidence(self, found: Preflight) -> Preflight:
        """Add what keeps claims from being complete although their records have gone."""
        missing = missing_files(self._batches)
        return replace(found, problems=(*found.problems, *missing)) if missing else found

    def preflight(self, selection: Selection = EVERYTHING) -> Preflight:
        """Run the platform's own validation over what would be sealed.

        Raises AppError REPORT_KIND_UNKNOWN. Of all kinds it looks again only at what may have changed.
        """
        self._context.require("view_reports")
        if selection.kinds:  # a report without those that it builds on is judged by itself
            with self._batches.view() as view:
                checked = preflight.Preflight(view, self._context.today()).check(selection)
                return Overview(view).preflight(condensed(Overview(view), checked))
        ids = selection.class_ids
        found = self._states.read(
            lambda view, known: Overview(view).preflight(
                [one for one in known if not ids or one[0].id in ids]
            )
        )
        return found if ids else self._with_evidence(found)

    def review(self, kind: str, class_id: bytes, reason: str | None = None) -> None:
        """Let the head approve what is ready of a report, or return it with a reason.

        Raises AppError NOTHING_TO_REVIEW and what ``ReviewService.decide`` raises.
        """
        self._context.require("review_report")
        with self._batches.view() as view:
            checked = preflight.Preflight(view, self._context.today()).check(Selection((), [class_id]))
        waiting = [one for one in checked if one.report.value == kind and one.review]
        if not waiting:
            raise AppError("NOTHING_TO_REVIEW")
        ReviewService(self._context).decide(kind, class_id, waiting[0].digest, reason)

    def seal(self, selection: Selection = EVERYTHING, reason: str | None = None) -> SealedBatch:
        """Seal what is ready of the chosen reports; see ``sealing.seal``."""
        self._context.require("seal_batch")
        self._line.required()
        self._catch_up()
        with self._batches.view() as view:
            checked = preflight.Preflight(view, self._context.today()).check(selection)
            newest = newest_versions(view)
            received = {place: one.digest for place, one in view.versions().items()}
        return sealing.seal(self._batches, checked, newest, received, (reason or "").strip() or None)

    def dissolve(self, batch: bytes) -> None:
        """Dissolve a batch without receipt; AppError BATCH_UNKNOWN, BATCH_HAS_RECEIPT.

        Once sending has begun the platform is asked first: what it has accepted must not be dissolved here.
        """
        self._context.require("dissolve_batch")
        with self._batches.view() as view:
            stored = view.batch(batch)
        if stored.state in WAITING - {SEALED}:
            self._ask_receipt(stored)
        self._batches.dissolve(batch)

    def _ask_receipt(self, batch: StoredBatch) -> None:
        """Take over a batch's receipt if the platform has one."""
        platform = self._line.required()
        with self._line.open(platform.url) as api:
            try:
                envelope = api.receipt(batch.id)
            except AppError as error:
                if error.code in _NOT_ANSWERED:
                    return
                raise
        open_receipt(batch, envelope, platform)
        self._batches.take_pages([receipt_page(batch.id, envelope)])

    def push(
        self,
        batch: bytes | None = None,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> PushOutcome:
        """Push a batch (the oldest by default), those that it may depend on first, and store the receipts.

        Raises AppError NOTHING_TO_PUSH, BATCH_UNKNOWN, BATCH_DISSOLVED, PLATFORM_NOT_JOINED, what the platform
        refuses with, PLATFORM_UNREACHABLE, CANCELLED.
        """
        if self._context.actor is not None:
            self._context.require("push_batch")
        with self._batches.view() as view:
            waiting = waiting_batches(view)
            if batch is not None:
                wanted = view.batch(batch)
                receipt = stored_receipt(view, batch)
                if wanted.state == RECEIPTED and receipt is not None:
                    return outcome_of(batch, receipt)
                if wanted.state == DISSOLVED:
                    raise AppError("BATCH_DISSOLVED")
        if not waiting:
            raise AppError("NOTHING_TO_PUSH")
        platform = self._line.required()
        with self._line.open(platform.url, cancel) as api:
            unsent = [one for one in waiting if is_lacking(one, api)]
            if batch is None and not unsent:
                raise AppError("NOTHING_TO_PUSH")
            last = batch or unsent[0].id
            before = with_those_before(waiting, last)
            going = [one for one in before if is_lacking(one, api) or one.id == last]
            push = Push(self._batches, api, platform, progress, cancel)
            outcome = [push.run(one) for one in going][-1]
            self._tell_trails(api, cancel)
            return outcome

    def export_batch(self, batch: bytes, path: Path) -> ExportedBatch:
        """Write a sealed batch as a file encrypted to the platform; see ``batch_files.export``."""
        self._context.require("push_batch")
        return batch_files.export(self._batches, self._line, batch, path)

    def import_receipt(self, path: Path) -> ImportedReceipt:
        """Take over a receipt file; see ``batch_files.import_receipt``."""
        self._context.require("push_batch")
        return batch_files.import_receipt(self._batches, self._line.required(), path)

    def _tell_trails(self, api: Adapter, cancel: CancelToken) -> None:
        """Send trails after the records; whatever is wrong with them ``sync`` tells, the receipts stand."""
        try:
            deliver_trails(self._batches, api, cancel)
        except AppError:
            return

    def sync(self, progress: Progress = no_progress, cancel: CancelToken = NEVER) -> SyncOutcome:
        """Push what is sealed and pull, under the device key; never seals.

        A batch that the platform refuses holds up neither the pull nor batches of other classes; its error is raised
        at the end.
        """
        platform = self._line.required()
        with self._batches.view() as view:
            waiting = waiting_batches(view)
        pushed: list[PushOutcome] = []
        refused: AppError | None = None
        stuck: set[str] = set()
        with self._line.open(platform.url, cancel) as api:
            push = Push(self._batches, api, platform, progress, cancel)
            for one in waiting:
                if not is_lacking(one, api):
                    continue
                subjects = subjects_of(one)
                if not stuck.isdisjoint(subjects):
                    stuck |= subjects
                    continue
                try:
                    pushed.append(push.run(one))
                except AppError as error:
                    if error.code in NOT_REFUSALS:
                        raise
                    refused = refused or error
                    stuck |= subjects
            self._catch_up()
            pulled = pull(self._batches, api, platform, progress, cancel)
            try:
                comparing.look_daily(self._batches, api)
                deliver_trails(self._batches, api, cancel)
                if self._read_evidence is not None:
                    send_evidence(self._batches, self._read_evidence, api, progress, cancel)
            except AppError as error:
                if error.code in NOT_REFUSALS:
                    raise
                refused = refused or error
        if refused is not None:
            raise refused
        return SyncOutcome(tuple(pushed), pulled)

    def list_batches(self) -> list[BatchListItem]:
        """Return batches, newest first."""
        self._context.require("view_reports")
        with self._batches.view() as view:
            return Overview(view).batches()

    def rejected(self, batch: bytes | None = None) -> list[RejectedListItem]:
        """Return the records that wait for a correction, or those that one batch's receipt names."""
        self._context.require("view_reports")
        with self._batches.view() as view:
            return Overview(view).rejected(batch)

    def reported_digest(self) -> StateDigest:
        """Return the digest of the accepted statements; equal to the platform's for this institution."""
        statements: dict[tuple[str, str], Statement] = {}
        with self._batches.view() as view:
            rows = view.accepted_everywhere()
        for report, subject, kind, key, body in rows:
            statements.setdefault((report, subject), {})[kind, key] = body
        digest = institution_digest((*place, digest_of(held)) for place, held in statements.items())
        return StateDigest(digest.hex(), count_kinds(row[2] for row in rows))

    def _catch_up(self) -> None:
        """Apply receipts that came with a colleague's entries."""
        with self._batches.view() as view:
            behind = is_behind(view)
        if behind:
            with self._context.workstation.database.writer() as sql:
                follow_receipts(sql)
            self._context.tell(frozenset({"platform_page"}))


def _standing(view: StoredReports, known: Known) -> tuple[list[ReportListItem], Preflight]:
    overview = Overview(view)
    return overview.reports(known), overview.preflight(known)
