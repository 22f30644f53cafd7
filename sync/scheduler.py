"""The schedule of one open profile: exchanges by the clock, on reconnect, after a quiet moment of work, and by hand.

It runs under the device key, whoever is logged in, for as long as the store is unlocked. A part that fails is tried
again later and later, the others go on; what is tried is one exchange at a time.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import CancelToken, Progress, SyncStanding, no_progress
from desktop_app.services.reporting import Reporting
from desktop_app.services.sharing import Sharing
from desktop_app.services.sharing_plan import SharingPlan

QUIET_SECONDS = 8.0
"""So long after the last command what was written goes out."""
LONGEST_WORK_SECONDS = 120.0
"""Where somebody writes without a pause, it goes out this long after the first command all the same."""
FIRST_SECONDS = 3.0
_RETRY_SECONDS = (15.0, 30.0, 60.0, 120.0, 300.0)
_LOOK_SECONDS = 5.0
_JITTER = 0.1
_NOWHERE = ("192.0.2.1", 9)
"""An address that nobody has (RFC 5737): a way to it tells which network this machine is in; nothing is sent."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to exchange with, the relay, a folder or the platform: ``run`` raises AppError where it breaks off."""

    name: str
    run: Callable[[Progress, CancelToken], object]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be exchanged with now, and how many minutes lie between two exchanges (0 = only by hand)."""

    minutes: int
    parts: Sequence[Part]


@dataclass(slots=True)
class _Tries:
    """How a part went: tries in a row that failed, when the next one is due, and the code of what kept it."""

    due: float
    failed: int = 0
    problem: str | None = None


@dataclass(slots=True)
class Timetable:
    """When a part is due, in seconds of a clock that only goes forward. No thread, no store: pure bookkeeping."""

    started: float
    jitter: Callable[[], float] = lambda: random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - no secret
    _tries: dict[str, _Tries] = field(default_factory=dict)
    _first_work: float | None = None
    _last_work: float | None = None

    def note_work(self, now: float) -> None:
        """Somebody has written something that the others lack."""
        self._first_work = now if self._first_work is None else self._first_work
        self._last_work = now

    def hurry(self, now: float) -> None:
        """Let every part be due, whatever it was waiting for."""
        for tries in self._tries.values():
            tries.due = now
            tries.failed = 0

    def due_at(self, name: str, minutes: int) -> float | None:
        """Return when a part is due, None where nobody but a user begins it."""
        if minutes == 0:
            return None
        tries = self._tries.setdefault(name, _Tries(self.started + FIRST_SECONDS))
        if tries.failed or self._last_work is None or self._first_work is None:
            return tries.due
        after_work = min(self._last_work + QUIET_SECONDS, self._first_work + LONGEST_WORK_SECONDS)
        return min(tries.due, after_work)

    def begin(self) -> None:
        """Exchanges begin: what is written from now on goes out with the next ones."""
        self._first_work = self._last_work = None

    def done(self, name: str, minutes: int, now: float) -> None:
        """Say that a part came to its end."""
        self._tries[name] = _Tries(now + minutes * 60 * self.jitter())

    def failed(self, name: str, code: str, now: float) -> None:
        """Say that a part did not; it is tried again, each time later."""
        tries = self._tries.setdefault(name, _Tries(now))
        pause = _RETRY_SECONDS[min(tries.failed, len(_RETRY_SECONDS) - 1)]
        tries.failed += 1
        tries.problem = code
        tries.due = now + pause * self.jitter()

    def problem(self, names: Sequence[str]) -> str | None:
        """Return the code of what keeps the first of some parts that is kept."""
        found = (self._tries[name].problem for name in names if name in self._tries)
        return next((code for code in found if code is not None), None)


class _Stop:
    """Set when the schedule is to stop or to give way, or when whoever asked for an exchange wants it to stop."""

    def __init__(self, asked: CancelToken | None = None) -> None:
        self._event = threading.Event()
        self._asked = asked

    def set(self) -> None:
        self._event.set()

    def is_cancelled(self) -> bool:
        """Tell whether it is to stop."""
        return self._event.is_set() or (self._asked is not None and self._asked.is_cancelled())


class Scheduler:
    """``services.ports.SyncRunner``. ``plan`` is asked before each exchange; ``now`` is the profile's clock."""

    def __init__(
        self,
        plan: Callable[[], Plan],
        now: Callable[[], datetime],
        *,
        seconds: Callable[[], float] = time.monotonic,
        network: Callable[[], str] | None = None,
    ) -> None:
        self._plan = plan
        self._now = now
        self._seconds = seconds
        self._network = network or present_network
        self._times = Timetable(seconds())
        self._changed = threading.Condition()
        self._one = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = _Stop()
        self._stopping = False
        self._aside = 0
        self._exchanging = 0  # the thread in which an exchange runs
        self._standing = SyncStanding()
        self._told_bugs: set[str] = set()
        self._listeners: list[Callable[[BaseException | None], object]] = []

    def start(self) -> None:
        """Begin in a thread of its own; a second call changes nothing."""
        with self._changed:
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._serve, name="schedule", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop what is under way, begin nothing more, and wait until nothing runs."""
        with self._changed:
            self._stopping = True
            self._stop.set()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def wake(self) -> None:
        """Let everything be due."""
        with self._changed:
            self._times.hurry(self._seconds())
            self._changed.notify_all()

    def note_changes(self, _kinds: frozenset[str]) -> None:
        """Hear what commands changed; what an exchange brings is no reason for another one."""
        if threading.get_ident() != self._exchanging:
            self._times.note_work(self._seconds())

    def standing(self) -> SyncStanding:
        """Tell how it stands."""
        return self._standing

    def listen(self, told: Callable[[BaseException | None], object]) -> None:
        """Have ``told`` called when the standing is another."""
        self._listeners.append(told)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Stop what is under way, and begin nothing until the caller is done."""
        with self._changed:
            self._aside += 1
            self._stop.set()
        try:
            with self._one:
                yield
        finally:
            with self._changed:
                self._aside -= 1
                self._changed.notify_all()

    def run_now(self, progress: Progress, cancel: CancelToken) -> None:
        """Exchange in the caller's thread; raises the first AppError at the end, CANCELLED at once."""
        with self.aside():
            plan = self._plan()
            error = self._exchange(plan, plan.parts, progress, _Stop(cancel))
        if error is not None:
            raise error

    def _serve(self) -> None:
        """Wait and exchange until it is to stop."""
        network = self._network()
        while not self._stopping:
            try:
                plan = self._plan()
                found = self._network()
                if found and found != network:
                    self._times.hurry(self._seconds())
                network = found
                self._run_due(plan)
            except Exception as error:  # noqa: BLE001 - told once through the window's doors; it ends nothing
                self._tell_bug(error)
            self._wait()

    def _run_due(self, plan: Plan) -> None:
        now = self._seconds()
        ready = []
        for part in plan.parts:
            due = self._times.due_at(part.name, plan.minutes)
            if due is not None and due <= now:
                ready.append(part)
        if self._standing.offered != bool(plan.parts):
            self._tell(SyncStanding(bool(plan.parts), last=self._standing.last))
        if not ready or not self._one.acquire(blocking=False):
            return
        try:
            with self._changed:
                if self._aside or self._stopping:
                    return
                self._stop = stop = _Stop()
            self._exchange(plan, ready, no_progress, stop)
        except AppError as error:
            if error.code != "CANCELLED":
                raise
        finally:
            self._one.release()

    def _exchange(
        self, plan: Plan, parts: Sequence[Part], progress: Progress, stop: CancelToken
    ) -> AppError | None:
        """Run parts one after the other; return the first error. CANCELLED is raised: nothing follows it."""
        first: AppError | None = None
        self._times.begin()
        self._exchanging = threading.get_ident()
        self._tell(SyncStanding(True, True, self._standing.last, self._standing.problem))
        went, last = False, self._standing.last
        try:
            for part in parts:
                try:
                    part.run(progress, stop)
                except AppError as error:
                    if error.code == "CANCELLED":
                        raise
                    self._times.failed(part.name, error.code, self._seconds())
                    first = first or error
                except Exception:
                    self._times.failed(part.name, "INTERNAL", self._seconds())
                    raise
                else:
                    went = True
                    self._times.done(part.name, plan.minutes, self._seconds())
        finally:
            self._exchanging = 0
            last = self._now() if went else last
            problem = self._times.problem([part.name for part in plan.parts])
            self._tell(SyncStanding(bool(plan.parts), False, last, problem))
        return first

    def _wait(self) -> None:
        """Sleep until a moment has come at which something may be due."""
        with self._changed:
            if not self._stopping:
                self._changed.wait(_LOOK_SECONDS)

    def _tell_bug(self, bug: Exception) -> None:
        """Tell of a bug, the same one only once: what fails now fails again with the next exchange."""
        if repr(bug) not in self._told_bugs:
            self._told_bugs.add(repr(bug))
            self._tell(self._standing, bug)

    def _tell(self, standing: SyncStanding, bug: BaseException | None = None) -> None:
        self._standing = standing
        for told in list(self._listeners):
            told(bug)


def present_network() -> str:
    """Return the address under which this machine reaches others, "" without a network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect(_NOWHERE)
            return str(asked.getsockname()[0])
        except OSError:
            return ""


def office_plan(chosen: SharingPlan, exchange: Callable[[], Sharing], reporting: Reporting | None) -> Plan:
    """Return what a workstation exchanges with: relay and folder of its plan, and the platform that it has joined."""
    parts: list[Part] = []
    if chosen.relay:
        parts.append(Part("relay", lambda progress, cancel: exchange().share(None, progress, cancel)))
    if chosen.folder:
        folder = Path(chosen.folder)
        parts.append(Part("folder", lambda progress, cancel: exchange().share(folder, progress, cancel)))
    if reporting is not None and reporting.link().joined:
        parts.append(Part("platform", reporting.sync))
    return Plan(chosen.minutes, parts)
