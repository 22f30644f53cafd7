"""What the pre-flight found of every class and project, kept until something that it depends on changes.

``store/report_touches.py`` counts the changes of records; everything else that a check reads (what was received,
what is under way, the catalogue, whether reports are reviewed) goes into the basis, which is compared. A day that
passes changes only what was found wrong, or what reads the year out of a number.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import TypeVar

import msgspec

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.services.stored_reports import StoredReports
from desktop_app.store.queries.statements import ReportedClass
from desktop_app.store.report_touches import EVERYTHING
from desktop_app.store.repositories.reported import ReportState
from desktop_app.version import describe
from sync.contract.kinds import CONTRACT_VERSION, ReportKind
from sync.reporting.overview import Overview, ReportCheck
from sync.reporting.preflight import Preflight
from sync.reporting.sealed_batches import manifest_of, waiting_batches

SLICE_SECONDS = 1.0
Answer = TypeVar("Answer")
Known = Sequence[tuple[ReportedClass, ReportCheck]]
Reading = Callable[[StoredReports, Known], Answer]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The checks of a stored row, and the row; None for what was checked just now."""

    checks: tuple[ReportCheck, ...]
    state: ReportState | None = None


class Standing:
    """What is known of every report in one consistent view, and what must be looked at again."""

    def __init__(self, view: StoredReports, today: date, only: bytes | None = None) -> None:
        self._view = view
        self._today = today
        self.classes = [one for one in view.classes() if only is None or one.id == only]
        self._found: dict[bytes, _Kept] = self._read()
        self.fresh: list[ReportState] = []

    @property
    def stale(self) -> list[ReportedClass]:
        """Return what has no check that holds, in the order of the list."""
        return [one for one in self.classes if not self._is_right(one)]

    def checks(self) -> Iterator[tuple[ReportedClass, ReportCheck]]:
        """Yield what is known, of now or of before, in the order of the list."""
        for one in self.classes:
            kept = self._found.get(one.id)
            for check in () if kept is None else kept.checks:
                yield one, check

    def check(self, of: ReportedClass) -> None:
        """Run the pre-flight of one class or project."""
        reports = self._preflight.check_subject(of, tuple(ReportKind))
        checks = tuple(self._overview.condense(reports))
        steady = not any(one.problems for one in checks)
        self._found[of.id] = _Kept(checks)
        self.fresh.append(
            ReportState(
                of.id,
                self._touches.get(of.id, 0),
                self._basis(of),
                self._today.isoformat(),
                steady,
                msgspec.msgpack.encode(checks),
            )
        )

    @cached_property
    def _touches(self) -> Mapping[bytes, int]:
        return self._view.report_touches()

    @cached_property
    def _received(self) -> Mapping[object, Collection[str]]:
        versions = self._view.versions()
        return _by_subject((*place, one.version, one.digest) for place, one in versions.items())

    @cached_property
    def _under_way(self) -> Mapping[object, Collection[str]]:
        return _by_subject(
            (head.kind, head.subject, batch.id)
            for batch in waiting_batches(self._view)
            for head in manifest_of(batch).reports
        )

    @cached_property
    def _shared(self) -> bytes:
        hours = sorted(self._view.published_hours().items())
        shared = (
            describe(),
            CONTRACT_VERSION,
            self._view.review_required(),
            hours,
            self._touches.get(EVERYTHING, 0),
        )
        return blake2b(repr(shared).encode()).digest()

    @cached_property
    def _preflight(self) -> Preflight:
        return Preflight(self._view, self._today)

    @cached_property
    def _overview(self) -> Overview:
        return Overview(self._view)

    def _read(self) -> dict[bytes, _Kept]:
        states = self._view.report_states()
        decoder = msgspec.msgpack.Decoder(tuple[ReportCheck, ...])
        found: dict[bytes, _Kept] = {}
        for of in self.classes:
            kept = states.get(of.id)
            if kept is not None:
                try:
                    found[of.id] = _Kept(decoder.decode(kept.checks), kept)
                except msgspec.MsgspecError:  # another version's form
                    continue
        return found

    def _is_right(self, of: ReportedClass) -> bool:
        kept = self._found.get(of.id)
        return kept is not None and (kept.state is None or self._holds(of, kept.state))

    def _holds(self, of: ReportedClass, kept: ReportState) -> bool:
        today = self._today.isoformat()
        same_day = kept.day == today or (kept.steady and kept.day[:4] == today[:4] and kept.day < today)
        return same_day and kept.touched == self._touches.get(of.id, 0) and kept.basis == self._basis(of)

    def _basis(self, of: ReportedClass) -> bytes:
        own = (
            of.code,
            of.has_project,
            of.gone,
            of.is_project,
            of.is_order,
            sorted(self._received.get(of.subject, ())),
            sorted(self._under_way.get(of.subject, ())),
        )
        return blake2b(self._shared + repr(own).encode(), digest_size=16).digest()


def _by_subject(rows: Iterator[tuple[object, ...]]) -> Mapping[object, Collection[str]]:
    found: dict[object, list[str]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(repr(row))
    return found


class ReportStates:
    """Reads the states, working out in slices what no longer holds."""

    def __init__(self, batches: BatchService) -> None:
        self._batches = batches

    def kept(self, answer: Reading[Answer]) -> Answer:
        """Return what ``answer`` makes of what is kept, at once, whether it still holds or not."""
        with self._batches.view() as view:
            return answer(view, list(Standing(view, self._batches.context.today()).checks()))

    def of_class(self, class_id: bytes, answer: Reading[Answer]) -> Answer:
        """Return what ``answer`` makes of the reports of one class as they stand, looking again where need be."""
        with self._batches.view() as view:
            standing = Standing(view, self._batches.context.today(), class_id)
            for one in standing.stale:
                standing.check(one)
            found = answer(view, list(standing.checks()))
        if standing.fresh:
            self._batches.keep_report_states(standing.fresh)
        return found

    def read(
        self,
        answer: Reading[Answer],
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> Answer:
        """Return what ``answer`` makes of all reports as they stand in one view; AppError CANCELLED.

        What was worked out before the cancel is kept.
        """
        while True:
            with self._batches.view() as view:
                standing = Standing(view, self._batches.context.today())
                stale = standing.stale
                done = _slice(standing, stale, cancel)
                found = None if done < len(stale) else (answer(view, list(standing.checks())),)
            if standing.fresh:
                self._batches.keep_report_states(standing.fresh)
            total = len(standing.classes)
            progress(total - len(stale) + done, total)
            if found is not None:
                return found[0]
            if cancel.is_cancelled():
                raise AppError("CANCELLED")


def _slice(standing: Standing, stale: Sequence[ReportedClass], cancel: CancelToken) -> int:
    """Check what the time allows, at least one; return how many."""
    end = time.monotonic() + SLICE_SECONDS
    for done, one in enumerate(stale):
        if (done and time.monotonic() > end) or cancel.is_cancelled():
            return done
        standing.check(one)
    return len(stale)
