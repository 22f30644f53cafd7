"""Work off the window's thread: one serial writer, two readers, and a lane for each kind of work with files.

Results come back on the window's thread by a queued signal. The window itself never touches the database,
a file or the network.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol, runtime_checkable

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import CancelToken, Progress
from ui.changes import Changes

LongWork = Callable[[Progress, CancelToken], Any]
Done = Callable[[Any], object]
Failed = Callable[[AppError], object]
Lost = Callable[[], object]
"""Called where a bug broke the work, before it is told: the page takes back what it showed in advance."""

_PROGRESS_EVERY = 0.05


class Lane(Enum):
    """Where work with files or the network queues; one piece at a time in each."""

    OUTSIDE = "outside"
    """What the user waits for: the network, reading a workbook, a restore."""
    BACKGROUND = "background"
    """What nobody waits for and takes long: the daily backup."""
    STORE = "store"
    """What the store does for itself between commands, a moment each time."""
    DRAFTS = "drafts"
    """Small files that must not wait behind anything; finished before the program ends."""


@runtime_checkable
class HasChanges(Protocol):
    """What a service command returns: it names the kinds of things it changed."""

    @property
    def changed(self) -> frozenset[str]: ...


class ErrorDoors(Protocol):
    """Where an error goes that nobody on the page takes."""

    def report(self, owner: QObject | None, error: BaseException) -> None: ...


class Ticket:
    """A piece of work that was handed in; ``cancel`` asks it to stop at its next safe point."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; what it returns or raises after that is still delivered."""
        self._event.set()

    def is_cancelled(self) -> bool:
        """Tell whether it was asked to stop."""
        return self._event.is_set()


class TaskRunner(Protocol):
    """What a page is given; the real runner and the synchronous fake pass the same contract test."""

    def query(
        self,
        owner: QObject,
        fn: Callable[[], Any],
        done: Done,
        failed: Failed | None = None,
        *,
        latest: str = "",
    ) -> Ticket: ...

    def command(
        self,
        owner: QObject,
        fn: Callable[[], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        lost: Lost | None = None,
    ) -> Ticket: ...

    def long_command(
        self,
        owner: QObject,
        fn: LongWork,
        done: Done | None = None,
        failed: Failed | None = None,
        on_progress: Progress | None = None,
    ) -> Ticket: ...

    def work(
        self,
        owner: QObject,
        fn: LongWork,
        done: Done | None = None,
        failed: Failed | None = None,
        on_progress: Progress | None = None,
        *,
        lane: Lane = Lane.OUTSIDE,
    ) -> Ticket: ...


@dataclass(slots=True)
class Job:
    """One call of a page: who asked, what to call back, and whether it changes anything."""

    owner: weakref.ref[QObject]
    changes: bool
    done: Done | None
    failed: Failed | None
    on_progress: Progress | None = None
    latest: str = ""
    lost: Lost | None = None
    lane: Lane | None = None
    ticket: Ticket = field(default_factory=Ticket)

    def living_owner(self) -> QObject | None:
        """Return the owner, or None once Qt has deleted it."""
        owner = self.owner()
        return owner if owner is not None and shiboken6.isValid(owner) else None


class Settlement:
    """What happens with a result on the window's thread; shared by the real runner and the fake."""

    def __init__(self, changes: Changes, doors: ErrorDoors) -> None:
        self._changes = changes
        self._doors = doors
        self._latest: weakref.WeakKeyDictionary[QObject, dict[str, Job]] = weakref.WeakKeyDictionary()

    def enter(self, job: Job) -> None:
        """Note ``job`` as the newest of its ``latest`` name; older ones of that name will be dropped."""
        owner = job.living_owner()
        if owner is not None and job.latest:
            self._latest.setdefault(owner, {})[job.latest] = job

    def succeeded(self, job: Job, value: object) -> None:
        """Call back the living owner, then tell once what a command changed, whoever is still there."""
        try:
            owner = job.living_owner()
            if owner is not None and job.done is not None and self._is_newest(owner, job):
                job.done(value)
        finally:
            if job.changes:
                self._changes.announce(changed_kinds(value))

    def failed(self, job: Job, error: BaseException) -> None:
        """Send ``error`` to the page's own handler if it is a known one, else through the doors.

        A failed question of a dead owner interests nobody; a failed change is always told.
        """
        owner = job.living_owner()
        if owner is None and not job.changes:
            return
        if owner is not None and not self._is_newest(owner, job):
            return
        known = isinstance(error, AppError)
        if owner is not None and known and job.failed is not None:
            job.failed(error)  # type: ignore[arg-type]
        elif not (known and error.code == "CANCELLED"):  # type: ignore[attr-defined]
            try:
                if owner is not None and not known and job.lost is not None:
                    job.lost()
            finally:
                self._doors.report(owner, error)

    def progressed(self, job: Job, done: int, total: int, text_key: str = "") -> None:
        """Tell the living owner how far the work has come."""
        if job.on_progress is not None and job.living_owner() is not None:
            job.on_progress(done, total, text_key)

    def _is_newest(self, owner: QObject, job: Job) -> bool:
        return not job.latest or self._latest.get(owner, {}).get(job.latest) is job


def changed_kinds(value: object) -> frozenset[str]:
    """Return the kinds that a command's result names: a set of kinds itself, or an object with ``changed``."""
    if isinstance(value, HasChanges):
        return frozenset(value.changed)
    if isinstance(value, (frozenset, set)):
        return frozenset(value)
    return frozenset()


class Tasks(QObject):
    """The real task runner. ``close`` finishes pending commands, stops the rest and leaves no thread."""

    saving = Signal(int)
    """How many commands are under way or queued; 0 = everything typed is stored."""
    _settled = Signal(object, object, object)
    _progressed = Signal(object, int, int, str)

    def __init__(self, changes: Changes, doors: ErrorDoors, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settlement = Settlement(changes, doors)
        self._writer = ThreadPoolExecutor(1, "writer")
        self._readers = ThreadPoolExecutor(2, "reader")
        self._lanes = {lane: ThreadPoolExecutor(1, lane.value) for lane in Lane}
        self._open: set[int] = set()
        self._jobs: dict[int, Job] = {}
        self._closed = False
        self._settled.connect(self._on_settled, Qt.ConnectionType.QueuedConnection)
        self._progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)

    def query(
        self,
        owner: QObject,
        fn: Callable[[], Any],
        done: Done,
        failed: Failed | None = None,
        *,
        latest: str = "",
    ) -> Ticket:
        """Read with ``fn()``; ``done(value)`` follows on the window's thread.

        With ``latest``, only the newest query of that name and owner is answered (search while typing).
        """
        job = Job(weakref.ref(owner), False, done, failed, latest=latest)
        return self._submit(self._readers, job, fn)

    def command(
        self,
        owner: QObject,
        fn: Callable[[], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        lost: Lost | None = None,
    ) -> Ticket:
        """Change with ``fn()``, after all commands before it; its result names the changed kinds.

        ``lost`` is called where a bug broke it, before the bug is told.
        """
        return self._submit(self._writer, Job(weakref.ref(owner), True, done, failed, lost=lost), fn)

    def long_command(
        self,
        owner: QObject,
        fn: LongWork,
        done: Done | None = None,
        failed: Failed | None = None,
        on_progress: Progress | None = None,
    ) -> Ticket:
        """Change with ``fn(progress, cancel)``, for a command that people wait for (an import)."""
        job = Job(weakref.ref(owner), True, done, failed, on_progress)
        return self._submit(self._writer, job, self._with_progress(job, fn))

    def work(
        self,
        owner: QObject,
        fn: LongWork,
        done: Done | None = None,
        failed: Failed | None = None,
        on_progress: Progress | None = None,
        *,
        lane: Lane = Lane.OUTSIDE,
    ) -> Ticket:
        """Use files or the network with ``fn(progress, cancel)``; a result that names kinds announces them.

        ``fn`` stops soon after ``cancel.is_cancelled()``: it returns what it has, or raises AppError("CANCELLED").
        """
        job = Job(weakref.ref(owner), True, done, failed, on_progress, lane=lane)
        return self._submit(self._lanes[lane], job, self._with_progress(job, fn))

    def close(self) -> None:
        """Finish commands and drafts that were handed in, cancel everything else, and wait until no thread is left."""
        self._closed = True
        for job in list(self._jobs.values()):
            job.ticket.cancel()
        kept = (self._writer, self._lanes[Lane.DRAFTS])
        others = [self._readers, *(self._lanes[lane] for lane in Lane if lane is not Lane.DRAFTS)]
        for executor in others:
            executor.shutdown(wait=False, cancel_futures=True)
        for executor in (*kept, *others):
            executor.shutdown(wait=True)

    def is_idle(self, *, but: Lane | None = None) -> bool:
        """Tell whether nothing is under way or waiting to be handed over (pictures wait for it).

        ``but`` leaves a lane out: a screen stands with its data while nobody waits for what is done behind it.
        """
        return all(job.lane is but for job in list(self._jobs.values())) if but else not self._jobs

    def _submit(self, executor: ThreadPoolExecutor, job: Job, fn: Callable[[], Any]) -> Ticket:
        if self._closed:
            job.ticket.cancel()
            return job.ticket
        self._settlement.enter(job)
        self._jobs[id(job)] = job
        if executor is self._writer:
            self._count_command(job, 1)
        future = executor.submit(fn)
        future.add_done_callback(lambda finished: self._hand_over(job, finished))
        return job.ticket

    def _hand_over(self, job: Job, finished: Future[Any]) -> None:
        """Runs on the worker's thread: carry the outcome over to the window's thread."""
        if not finished.cancelled() and shiboken6.isValid(self):
            error = finished.exception()
            self._settled.emit(job, None if error else finished.result(), error)

    def _with_progress(self, job: Job, fn: LongWork) -> Callable[[], Any]:
        last = [0.0]

        def progress(done: int, total: int, text_key: str = "", /) -> None:
            now = time.monotonic()
            if now - last[0] >= _PROGRESS_EVERY or done >= total > 0:
                last[0] = now
                self._progressed.emit(job, done, total, text_key)

        return lambda: fn(progress, job.ticket)

    def _count_command(self, job: Job, step: int) -> None:
        if step > 0:
            self._open.add(id(job))
        elif id(job) in self._open:
            self._open.remove(id(job))
        else:
            return
        self.saving.emit(len(self._open))

    @Slot(object, object, object)
    def _on_settled(self, job: Job, value: object, error: BaseException | None) -> None:
        self._jobs.pop(id(job), None)
        self._count_command(job, -1)
        if error is None:
            self._settlement.succeeded(job, value)
        else:
            self._settlement.failed(job, error)

    @Slot(object, int, int, str)
    def _on_progressed(self, job: Job, done: int, total: int, text_key: str) -> None:
        self._settlement.progressed(job, done, total, text_key)
