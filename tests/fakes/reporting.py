"""A platform in memory for tests of the window: what services.reporting.Reporting offers, without a network."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import BatchListItem, ReportCounts
from desktop_app.services.ports import NEVER, no_progress
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
    SyncOutcome,
    Traffic,
)
from desktop_app.store.state_hash import StateDigest

SEALED_AT = dt.datetime(2020, 11, 26, 2, 42, tzinfo=dt.UTC)
GOOD_CODE = "RIGHT-CODE"


class FakeReporting:
    """Holds what a test puts in; sealing makes a batch of all reports with changes, pushing gives it a receipt."""

    def __init__(self, *, joined=True, reports=(), problems=(), rejected=()):
        self._link = PlatformLink("https://platform.example", joined=True, last_contact=SEALED_AT.isoformat(),
                                  reachable=True) if joined else PlatformLink("", joined=False)  # fmt: skip
        self.reports = list(reports)
        self.problems = tuple(problems)
        self.rejected_items = list(rejected)
        self.batches = []
        self.marks = {}
        self.reachable = True
        self.reasons = []
        self.calls = []
        self.refuses_review = False
        self.comparison = None
        self.sent_bytes = 0

    def traffic(self):
        return Traffic(self.sent_bytes, 0)

    def link(self):
        return self._link

    def join(self, url, code, confirmed=None):
        self.calls.append("join")
        if self.comparison is not None and not confirmed:
            raise AppError("PLATFORM_OTHER")
        if code != GOOD_CODE:
            raise AppError("DEVICE_CODE_INVALID")
        self._link = PlatformLink(url, joined=True, reachable=None)
        if self.comparison is None:
            return None
        return self.confirm_platform(confirmed)

    def compare_platform(self):
        self.calls.append("compare")
        return self.comparison or PlatformComparison("", anew=False, behind=False, lost=(), records=0)

    def confirm_platform(self, reason):
        self.calls.append(f"confirm: {reason}")
        found, self.comparison = self.comparison, None
        return ConfirmedPlatform(b"b" * 16, len(found.lost), found.records, 0)

    def pull(self, progress=no_progress, cancel=NEVER):
        self.calls.append("pull")
        return 0

    def list_reports(self, progress=no_progress, cancel=NEVER):
        return list(self.reports)

    def class_reports(self, class_id):
        return [item for item in self.reports if item.class_id == class_id]

    def record_marks(self, class_id, kinds):
        return {key: mark for (of, key), mark in self.marks.items() if of == class_id}

    def known_standing(self):
        return list(self.reports), self.preflight()

    def standing(self, progress=no_progress, cancel=NEVER):
        return self.list_reports(progress, cancel), self.preflight()

    def known_counts(self):
        states = Counter(item.state for item in self.reports)
        return ReportCounts(states, sum(item.changed for item in self.reports if item.state == "changed"))

    def count_reports(self, progress=no_progress, cancel=NEVER):
        return self.known_counts()

    def preflight(self, selection=EVERYTHING):
        selected = self._selected(selection)
        changed = sum(item.changed for item in selected)
        unreviewed = sum(item.changed for item in selected if item.review not in {"", "approved"})
        held = sum(item.severity == "error" for item in self.problems)
        return Preflight(changed, max(0, changed - held - unreviewed), self.problems, unreviewed)

    def seal(self, selection=EVERYTHING, reason=None):
        chosen = [item for item in self._selected(selection) if item.changed]
        if not chosen:
            raise AppError("NOTHING_TO_SEAL")
        if any(item.state == "changed" for item in chosen) and not reason:
            raise AppError("CORRECTION_REASON_MISSING")
        self.reasons.append(reason)
        number = len(self.batches) + 1
        reports = tuple((item.kind, item.class_code, item.version + 1) for item in chosen)
        records = sum(item.changed for item in chosen)
        self.batches.insert(
            0,
            BatchListItem(bytes([number]) * 16, SEALED_AT, "李敏", reports, records, 1, "sealed", 0, 0, None),
        )
        self.reports = [replace(item, state="sealed") if item in chosen else item for item in self.reports]
        return SealedBatch(self.batches[0].id, reports, records, 1)

    def review(self, kind, class_id, reason=None):
        if self.refuses_review:
            raise AppError("REVIEW_OWN_WORK", code="电工2020-02班")
        decision = "approved" if reason is None else "returned"
        self.reports = [
            replace(item, review=decision, review_reason=reason or "")
            if (item.kind, item.class_id) == (kind, class_id)
            else item
            for item in self.reports
        ]

    def dissolve(self, batch):
        self.batches = [replace(one, state="dissolved") if one.id == batch else one for one in self.batches]

    def push(self, batch=None, progress=no_progress, cancel=NEVER):
        self.calls.append("push")
        if not self.reachable:
            raise AppError("PLATFORM_UNREACHABLE", detail="offline")
        waiting = [one for one in self.batches if one.state == "sealed" and batch in {None, one.id}]
        if not waiting:
            raise AppError("NOTHING_TO_PUSH")
        one, refused = waiting[-1], len(self.rejected_items)
        progress(one.records, one.records)
        done = replace(one, state="receipted", accepted=one.records - refused, rejected=refused)
        self.batches = [done if other.id == one.id else other for other in self.batches]
        self.reports = [
            replace(item, state="accepted", changed=0, version=item.version + 1)
            if item.state == "sealed"
            else item
            for item in self.reports
        ]
        return PushOutcome(one.id, one.records, done.accepted, done.rejected)

    def export_batch(self, batch, path):
        self.calls.append("export_batch")
        path.write_bytes(batch)
        return ExportedBatch(batch, str(path), len(batch))

    def import_receipt(self, path):
        self.calls.append("import_receipt")
        batch = path.read_bytes()
        if batch not in {one.id for one in self.batches}:
            raise AppError("SEALED_FILE_UNKNOWN")
        known = next((one for one in self.batches if one.id == batch and one.state == "receipted"), None)
        if known is not None:
            return ImportedReceipt(batch, known.records, known.accepted, known.rejected, True)
        outcome = self.push(batch)
        return ImportedReceipt(batch, outcome.sent, outcome.accepted, outcome.rejected, False)

    def sync(self, progress=no_progress, cancel=NEVER):
        self.calls.append("sync")
        waiting = any(one.state == "sealed" for one in self.batches)
        return SyncOutcome((self.push(),) if waiting else (), self.pull())

    def list_batches(self):
        return list(self.batches)

    def rejected(self, batch=None):
        return list(self.rejected_items)

    def reported_digest(self):
        return StateDigest("", {})

    def _selected(self, selection):
        return [
            item
            for item in self.reports
            if (not selection.kinds or item.kind in selection.kinds)
            and (not selection.class_ids or item.class_id in selection.class_ids)
        ]
