"""A task runner that does everything at once, for tests of pages and presenters."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop_app.services.ports import Progress
from ui.changes import Changes
from ui.tasks import Done, ErrorDoors, Failed, Job, Lane, LongWork, Lost, Settlement, Ticket


class SynchronousTasks(QObject):
    """Runs each piece of work where it is called and settles it before returning."""

    saving = Signal(int)

    def __init__(self, changes: Changes, doors: ErrorDoors, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settlement = Settlement(changes, doors)
        self._closed = False

    def query(
        self,
        owner: QObject,
        fn: Callable[[], Any],
        done: Done,
        failed: Failed | None = None,
        *,
        latest: str = "",
    ) -> Ticket:
        return self._run(Job(weakref.ref(owner), False, done, failed, latest=latest), fn)

    def command(
        self,
        owner: QObject,
        fn: Callable[[], Any],
        done: Done | None = None,
        failed: Failed | None = None,
        *,
        lost: Lost | None = None,
    ) -> Ticket:
        self.saving.emit(1)
        ticket = self._run(Job(weakref.ref(owner), True, done, failed, lost=lost), fn)
        self.saving.emit(0)
        return ticket

    def long_command(
        self,
        owner: QObject,
        fn: LongWork,
        done: Done | None = None,
        failed: Failed | None = None,
        on_progress: Progress | None = None,
    ) -> Ticket:
        return self.work(owner, fn, done, failed, on_progress)

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
        job = Job(weakref.ref(owner), True, done, failed, on_progress)

        def progress(count: int, total: int, text_key: str = "", /) -> None:
            self._settlement.progressed(job, count, total, text_key)

        return self._run(job, lambda: fn(progress, job.ticket))

    def close(self) -> None:
        self._closed = True

    def _run(self, job: Job, fn: Callable[[], Any]) -> Ticket:
        if self._closed:
            job.ticket.cancel()
            return job.ticket
        self._settlement.enter(job)
        try:
            value = fn()
        except Exception as error:  # noqa: BLE001 - every error goes through the doors, as in the real runner
            self._settlement.failed(job, error)
        else:
            self._settlement.succeeded(job, value)
        return job.ticket
