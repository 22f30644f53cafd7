"""Writing: a mark, a form, a bulk import, a long undo and foreign entries beside the bare cost of the same rows.

The bare file is a copy of the same store, so its tables, indexes and foreign keys are those of the product; what is
written there is the business row alone. Files lie on the disk, for a commit is mostly that.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import resources
from desktop_app.domain import records as m
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.identity import check_digit
from desktop_app.domain.users import Actor, Role, User
from desktop_app.services.attendance import AttendanceService, NewMark
from desktop_app.services.context import Context
from desktop_app.services.history import HistoryService
from desktop_app.services.papers import PaperService
from desktop_app.services.trainees import TraineeService
from desktop_app.store.journal import JournalStore, pack_entry, unpack_entry
from sync.platform.app import create_app
from sync.platform.database import open_database, writing
from sync.platform.seeding import seed
from tests.benchmarks.bare import BareFile
from tests.benchmarks.measuring import Report, Taken, in_turns, require, seconds_of
from tests.factories.workstations import DATA_KEY, START, Machine, SetClock, session_fields, session_key
from tests.sync.reporting.offices import ReportingOffice, ReportingTemplate
from tests.sync.running_platform import Running, served
from tests.sync.statements import ManualClock
from ui.late_profile import hold_loaded
from ui.store_log import SOON_MS

CLASSES, SESSIONS, PEOPLE = 20, 50, 50
LOOK_SECONDS = SOON_MS / 1000
MARKS, FORMS, BULK, UNDONE, FOREIGN = 500, 200, 5000, 5000, 10_000
_MARK = "INSERT INTO mark (session_id, trainee_id, base, gone, status, lost_hours) VALUES (?, ?, 1, 0, ?, 0)"
_PRESENT = {"status": "present", "lost_hours": 0, "reason": None}
_JOURNAL = ("journal_leaf", "frontier", "journal_entry")


class RunningClock(SetClock):
    """Goes on by a millisecond with each look, as an office's does at least."""

    def now(self):
        self.forward(milliseconds=1)
        return super().now()


def run(report: Report) -> None:
    """Measure everything."""
    hold_loaded()  # as the window does: else a search for rubbish walks all that is loaded, beside a mark
    with tempfile.TemporaryDirectory(prefix="writes-") as name:
        folder = Path(name)
        with _office(folder / "office") as office, office.bare() as bare:
            bare.require_same_pragmas(office.machine.workstation.database)
            with log_kept(office.context):
                alone = _marks(report, office, bare)
                _forms(report, office, bare)
                _marks_meanwhile(report, office, alone)
            _bulk(report, office, bare)
            _undo(report, office)
            _size(report, office)
        _marks_during_push(report, folder / "reporting", alone)
        _foreign(report, folder / "foreign")


class _Desk:
    """A store with classes, sessions and people, and the services as somebody of the training office sees them."""

    def __init__(self, folder: Path, number: int = 0) -> None:
        folder.mkdir()
        self.machine = Machine(folder, number, RunningClock())
        self.keys = fill(self.machine.workstation)
        user = User(b"user 0000000001.", "office", "Office", frozenset({Role.OFFICE}))
        context = Context(self.machine.workstation, Actor(user))
        self.context = context
        self.attendance, self.papers = AttendanceService(context), PaperService(context)
        self.trainees, self.history = TraineeService(context), HistoryService(context)
        self._next = 0

    def take(self, count: int) -> list[bytes]:
        """Return keys of marks that nobody has made yet."""
        taken = self.keys[self._next : self._next + count]
        require(len(taken) == count, "marks that are not made yet")
        self._next += count
        return taken

    def bare(self) -> BareFile:
        """Return a copy of the store that the driver alone writes into."""
        copy = self.machine.path.with_suffix(".bare")
        shutil.copyfile(self.machine.back_up(), copy)
        self.context.workstation = self.machine.workstation
        return BareFile(copy, DATA_KEY)


def fill(workstation) -> list[bytes]:
    """Put classes, sessions and people into a store; return the key of every mark there may be, class by class."""
    new, keys = workstation.ids.new, []
    with workstation.unit_of_work("import_roster") as work:
        for place in range(CLASSES):
            key, people = new(), [new() for _ in range(PEOPLE)]
            sessions = [session_key(key, 1 + n % 28, 6 + n // 28) for n in range(SESSIONS + 1)]
            work.put(m.TRAINING_CLASS, key, {"code": f"焊工{place:02}班", "start_on": "2020-10-01"})
            for n, session in enumerate(sessions):
                work.put(m.SESSION, session, session_fields(key, 1 + n % 28, 6 + n // 28, **_held(n)))
            work.put_many(m.TRAINEE, [(one, _person(place * PEOPLE + n)) for n, one in enumerate(people)])
            rows = [(key + one, _enrolment(n)) for n, one in enumerate(people)]
            work.put_many(m.ENROLMENT, rows)
            keys += [session + one for session in sessions[:SESSIONS] for one in people]
    return keys


def _held(place: int) -> dict[str, object]:
    """Two sessions a day up to today's; the last is to come, for the class goes on."""
    day = START.date() + timedelta(days=1 - (SESSIONS + 1 - place) // 2)
    starts, ends = (("08:30", "11:50"), ("14:00", "17:20"))[place % 2]
    return {
        "number": place + 1,
        "held_on": day.isoformat(),
        "starts_at": starts,
        "ends_at": ends,
        "hours": 4,
    }


def _person(place: int) -> dict[str, object]:
    born = START.date().replace(year=1980) + timedelta(days=place)
    number = f"420111{born:%Y%m%d}001"
    return {
        "name": f"学员{place}",
        "document_type": "resident_id",
        "document_number": number + check_digit(number),
        "sex": "1",
        "birth": born.isoformat(),
        "phone": f"138{place:08}",
    }


def _enrolment(place: int) -> dict[str, object]:
    return {
        "number": place + 1,
        "state": "enrolled",
        "periods": [["2020-10-01", None]],
        "category": "employee",
    }


@contextmanager
def _office(folder: Path, number: int = 0) -> Iterator[_Desk]:
    desk = _Desk(folder, number)
    try:
        yield desk
    finally:
        desk.machine.close()


def _mark_one(attendance: AttendanceService, key: bytes) -> None:
    changed = attendance.mark(key[:16], [NewMark(key[16:], Mark(MarkStatus.PRESENT))])
    require(changed == 1, "a mark that is new")


@contextmanager
def log_kept(context: Context) -> Iterator[None]:
    """Bring the log in beside the commands while the block runs, as the window does."""
    context.bring_in_log()

    def look(_n: int) -> None:
        time.sleep(LOOK_SECONDS)
        context.bring_in_log()

    with meanwhile(look):
        yield


def _marks(report: Report, office: _Desk, bare: BareFile) -> Taken:
    keys = office.take(MARKS + 1)
    taken = in_turns(
        {
            "product": lambda n: _mark_one(office.attendance, keys[n]),
            "bare": lambda n: bare.commit(_MARK, [(keys[n][:16], keys[n][16:], "present")]),
        },
        MARKS,
    )
    report.slower("a mark, committed: against its bare row", taken["product"], taken["bare"], at_most=10)
    report.times("a mark", taken["product"], p99_ms=15)
    # Other work on the machine shows here: a disk that is slow for the bare row is slow for the mark.
    report.note(f"the bare row meanwhile, p99: {taken['bare'].quantile(0.99) * 1000:.2f} ms")
    return taken["bare"]


def _forms(report: Report, office: _Desk, bare: BareFile) -> None:
    people = sorted({key[16:] for key in office.keys[: SESSIONS * PEOPLE]})
    statement = "UPDATE trainee SET phone = ? WHERE id = ?"
    taken = in_turns(
        {
            "product": lambda n: office.trainees.edit(people[n % PEOPLE], {"phone": f"139{n + 1:08}"}),
            "bare": lambda n: bare.commit(statement, [(f"139{n + 1:08}", people[n % PEOPLE])]),
        },
        FORMS,
    )
    report.as_fast(
        "a saved form: share of a bare commit's speed", taken["product"], taken["bare"], at_least=0.2
    )
    report.times("a saved form", taken["product"], p95_ms=5)


@contextmanager
def meanwhile(act: Callable[[int], object]) -> Iterator[list[int]]:
    """Let a thread repeat an act while the block runs; yields how often it did, in a list of one."""
    stop, done, failures = threading.Event(), [0], list[Exception]()

    def work() -> None:
        while not stop.is_set():
            try:
                act(done[0])
            except Exception as error:  # noqa: BLE001 - told after the block
                failures.append(error)
                return
            done[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield done
    finally:
        stop.set()
        thread.join()
    if failures:
        raise failures[0]


def _marks_meanwhile(report: Report, office: _Desk, bare: Taken) -> None:
    (class_id,), target = office.machine.rows("SELECT min(id) FROM training_class")[0], office.machine.path
    target = target.with_suffix(".pdf")
    acts: dict[str, Callable[[int], object]] = {
        "a search": lambda n: office.trainees.list_trainees(f"学员{n % 900}"),
        "a paper": lambda n: office.papers.write("attendance", class_id, target),
    }
    for name, act in acts.items():
        _marks_beside(report, office.attendance, office.take(MARKS), name, act, bare)


def _marks_beside(
    report: Report,
    attendance: AttendanceService,
    keys: Sequence[bytes],
    name: str,
    act: Callable[[int], object],
    bare: Taken,
) -> None:
    with meanwhile(act) as done:
        taken = Taken(tuple(seconds_of(lambda _, key=key: _mark_one(attendance, key)) for key in keys))
    require(done[0] > 0, f"{name} that ended while marks were made")
    report.slower(f"a mark during {name}: against its bare row alone", taken, bare, at_most=10)
    report.times(f"a mark during {name}", taken, p99_ms=15)
    report.note(f"{name}: {done[0]} times beside {len(keys)} marks")


def _bulk(report: Report, office: _Desk, bare: BareFile) -> None:
    runs = 5
    parts = [office.take(BULK) for _ in range(runs + 1)]

    def product(n: int) -> None:
        with office.context.unit_of_work("import_attendance") as work:
            require(work.put_many(m.MARK, [(key, _PRESENT) for key in parts[n]]) == BULK, "new marks")

    taken = in_turns(
        {
            "product": product,
            "bare": lambda n: bare.commit(_MARK, [(key[:16], key[16:], "present") for key in parts[n]]),
        },
        runs,
    )
    report.as_fast(
        f"{BULK} marks in one command: share of executemany's speed",
        taken["product"],
        taken["bare"],
        at_least=0.35,
    )


def _undo(report: Report, office: _Desk) -> None:
    keys, seconds = office.take(UNDONE), list[float]()
    with office.context.unit_of_work("import_attendance") as work:
        work.put_many(m.MARK, [(key, _PRESENT) for key in keys])
    for _ in range(5):
        seconds.append(seconds_of(lambda _: office.history.undo()))
        office.history.redo()
    report.times(f"undo of {UNDONE} marks", Taken(tuple(seconds)), worst_ms=1000)


def _size(report: Report, office: _Desk) -> None:
    """Count what the journal takes of a vacuumed file, before and after commands of 50 marks."""
    sizes = []
    for commands in (0, 100):
        for _ in range(commands):
            keys = office.take(PEOPLE)
            with office.context.unit_of_work("mark_class") as work:
                work.put_many(m.MARK, [(key, _PRESENT) for key in keys])
        copy = office.machine.path.with_suffix(f".{commands}")
        shutil.copyfile(office.machine.back_up(), copy)
        office.context.workstation = office.machine.workstation
        with BareFile(copy, DATA_KEY) as file:
            file.sql.execute("PRAGMA foreign_keys = OFF")
            for table in (*_JOURNAL, None):
                file.sql.execute("VACUUM")
                sizes.append(file.sql.execute("PRAGMA page_count").fetchone()[0])
                if table is not None:
                    file.sql.execute(f"DROP TABLE {table}")
    page = 4096
    before, after = sizes[0] - sizes[3], sizes[4] - sizes[7]
    report.figure(
        "journal of 50 marks in one command, indexes included",
        (after - before) * page / 100,
        "B",
        at_most=1229,
    )


def _marks_during_push(report: Report, folder: Path, bare: Taken) -> None:
    """Mark while another thread corrects a person, seals, pushes to a platform on loopback, and begins again."""
    folder.mkdir()
    clock = ManualClock()
    engine = open_database(f"sqlite:///{folder / 'platform.db'}")
    with writing(engine) as connection:
        seed(connection, clock, resources.path("demo", "platform.json"))
    with served(create_app(engine, clock, demo=True)) as url:
        template = ReportingTemplate(folder / "template")
        office = template.copy(folder / "profile", Running(url, engine, clock))
        try:
            office.engine.join(url, office.platform.code())
            office.engine.pull()
            _push_and_mark(report, office, bare)
        finally:
            office.profile.close()
    engine.dispose()


def _push_and_mark(report: Report, office: ReportingOffice, bare: Taken) -> None:
    context = office.services.context
    keys = fill(context.workstation)
    assert context.actor is not None
    account = context.actor.user
    roles = frozenset({Role.ADMIN, Role.OFFICE})
    context.actor = Actor(User(account.id, account.login, account.display, roles))
    office.report_all()

    def push(n: int) -> None:
        office.services.trainees.edit(office.people[0], {"phone": f"138{n:08}"})
        outcome = office.report_all("更正电话")
        require(outcome.sent > 0, "records that were sent")

    with log_kept(context):
        _marks_beside(report, office.services.attendance, keys[:MARKS], "a push", push, bare)


def _foreign(report: Report, folder: Path) -> None:
    folder.mkdir()
    with _office(folder / "author") as author:
        reader = Machine(folder, 1, RunningClock(START + timedelta(days=1)))
        author.machine.send(reader)
        for size, limit in ((PEOPLE, 30_000), (1, 8_800)):
            seconds = [_receive(author, reader, size, n) for n in range(6)][1:]
            rate = FOREIGN / Taken(tuple(seconds)).median
            report.figure(f"foreign marks in entries of {size}", rate, "rows/s", at_least=limit)
        require(author.machine.state().digest == reader.state().digest, "two stores that agree")
        reader.close()


def _receive(author: _Desk, reader: Machine, size: int, run: int) -> float:
    """Let a reader take entries of so many marks; return the seconds from blobs to committed rows."""
    before = author.machine.rows("SELECT max(seq) FROM journal_entry")[0][0]
    status = {"status": "late" if run % 2 else "present", "lost_hours": run % 2, "reason": None}
    for start in range(0, FOREIGN, size):
        part = author.keys[start : min(start + size, FOREIGN)]
        with author.context.unit_of_work("mark_class") as work:
            require(work.put_many(m.MARK, [(key, status) for key in part]) == len(part), "marks that change")
    with author.machine.workstation.read() as sql:
        journal = JournalStore(sql)
        blobs = [pack_entry(journal.entry(seq)) for seq in journal.sequence() if seq > before]
    require(len(blobs) == FOREIGN // size, "an entry a command")
    return seconds_of(lambda _: reader.workstation.receive([unpack_entry(blob) for blob in blobs]))
