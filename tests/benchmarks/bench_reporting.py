"""What reporting costs beside L, a lean engine of the same guarantees: sealing, pushing, a replay, a correction."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop_app import bootstrap
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.services.attendance import NewMark, write_marks
from desktop_app.services.batches import BatchService
from desktop_app.services.container import Services
from desktop_app.services.reporting import Reporting, Selection
from sync.platform.serving import CLOCK_VARIABLE
from sync.reporting.http_adapter import KeySigner, PlatformApi
from sync.reporting.line import URL
from sync.reporting.pushing import manifest_total
from sync.reporting.sealed_batches import envelope_of
from tests.benchmarks.bare import BareFile
from tests.benchmarks.lean.sender import LeanSender, receiving
from tests.benchmarks.measuring import LEAST_RUNS, Report, Taken, require, seconds_of
from tests.benchmarks.stores import open_profile, working_folder
from tests.factories.stress.making import ADMIN, PASSWORD, make
from tests.source_tree import ROOT

SCALE = 0.02
SEED = 7
AS_FAST = 0.5
REPLAY = 2.0
BYTES_A_MARK = 30
CORRECTED, CORRECTION_MS, IDLE_MS = 10, 60, 12


@dataclass(frozen=True, slots=True)
class Made:
    """An institution whose reports all wait, and the platform that knows it: two folders, copied for each run."""

    profile: Path
    platform: Path


@dataclass(slots=True)
class Run:
    """One copy at work: the platform serves in its own process, the administrator is logged in."""

    batches: BatchService
    services: Services

    @property
    def reporting(self) -> Reporting:
        """Return the engine."""
        assert self.services.reporting is not None
        return self.services.reporting


def run(report: Report) -> None:
    """Measure first pushes of some 56,000 marks beside the lean engine's of as many rows, run after run."""
    with working_folder() as folder:
        made = Made(folder / "made", folder / "platform")
        made.platform.mkdir()
        make(made.profile, SCALE, SEED, lambda _text: None, unreported=made.platform)
        found: dict[str, list[float]] = {}
        facts: dict[str, int] = {}
        for number in range(LEAST_RUNS):
            _one_run(folder / f"run-{number}", made, found, facts)
    _tell(report, {name: Taken(tuple(seconds)) for name, seconds in found.items()}, facts)


def _one_run(folder: Path, made: Made, found: dict[str, list[float]], facts: dict[str, int]) -> None:
    folder.mkdir()
    with serving(made, folder) as run, BareFile(folder / "lean.db") as file, receiving(folder) as url:
        sealed: list[bytes] = []
        seal = seconds_of(lambda _n: sealed.append(run.reporting.seal().batch))
        facts["records"] = _waiting(run, sealed[0])
        facts["bytes"] = _bytes(run, sealed[0])
        push = seconds_of(lambda _n: _push(run, sealed[0], facts["records"]))
        lean = LeanSender(file, facts["records"])
        bare = seconds_of(lambda _n: lean.push(url))
        idle = min(seconds_of(lambda _n: run.reporting.sync()) for _ in range(LEAST_RUNS))
        replay = seconds_of(lambda _n: _replay(run, sealed[0]))
        class_id = _change_marks(run)
        correction = seconds_of(lambda _n: _correct(run, class_id))
        for name, seconds in (
            ("seal", seal),
            ("push", push),
            ("lean", bare),
            ("idle", idle),
            ("replay", replay),
            ("correction", correction),
        ):
            found.setdefault(name, []).append(seconds)
    shutil.rmtree(folder)


@contextmanager
def serving(made: Made, folder: Path) -> Iterator[Run]:
    """Yield a copy of the institution, its platform serving in a process of its own."""
    shutil.copytree(made.profile, folder / "profile")
    shutil.copytree(made.platform, folder / "platform")
    profile, clock = open_profile(folder / "profile")
    file = folder / "clock.txt"
    file.write_text(clock.now().replace(tzinfo=None).isoformat(timespec="seconds"), encoding="ascii")
    database = f"sqlite:///{folder / 'platform' / 'platform.db'}"
    command = [
        sys.executable,
        "-m",
        "sync.platform",
        "--db",
        database,
        "--json",
        "serve",
        "--demo",
        "--port",
        "0",
    ]
    environment = {**os.environ, CLOCK_VARIABLE: str(file)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        profile.log_in(ADMIN, PASSWORD)
        services = bootstrap.services(profile)
        batches = BatchService(services.context)
        batches.set_settings({URL: url.encode()})
        yield Run(batches, services)
    finally:
        profile.close()
        process.terminate()
        process.communicate()


def _waiting(run: Run, batch: bytes) -> int:
    with run.batches.view() as view:
        return manifest_total(view.batch(batch))


def _bytes(run: Run, batch: bytes) -> int:
    """Return what a batch weighs on the wire without the heads of its requests."""
    with run.batches.view() as view:
        return len(envelope_of(view.batch(batch))) + sum(map(len, view.pages(batch)))


def _push(run: Run, batch: bytes, records: int) -> None:
    outcome = run.reporting.push(batch)
    require(outcome.accepted == outcome.sent == records, "every record accepted")


def _replay(run: Run, batch: bytes) -> None:
    """Send everything again, as after a receipt that never came: the platform has it all."""
    url = run.batches.setting(URL) or b""
    with run.batches.view() as view:
        stored, frames = view.batch(batch), view.pages(batch)
    context = run.services.context
    with PlatformApi(url.decode(), KeySigner(*run.batches.device()), context.clock) as api:
        status = api.put_manifest(batch, envelope_of(stored))
        for index, frame in enumerate(frames):
            status = api.put_page(batch, index, frame)
    require(not status.lacking and status.receipt, "the same receipt again")


def _change_marks(run: Run) -> bytes:
    """Change ten marks of one session and return its class."""
    context = run.services.context
    with context.unit_of_work("mark_one") as work:
        work.reason = "登记有误"
        rows = work.sql.exec_driver_sql(
            "SELECT m.session_id, m.trainee_id, s.class_id FROM mark m JOIN session s ON s.id = m.session_id"
            " WHERE m.status = 'present' AND m.session_id = (SELECT min(session_id) FROM mark) LIMIT ?",
            (CORRECTED,),
        ).all()
        changed = write_marks(work, rows[0][0], [NewMark(row[1], Mark(MarkStatus.ABSENT)) for row in rows])
    require(changed == CORRECTED, f"{CORRECTED} marks changed")
    return bytes(rows[0][2])


def _correct(run: Run, class_id: bytes) -> None:
    """Bring up what changed in one class of fifty: sealed, sent, receipt stored."""
    selection = Selection(class_ids=frozenset({class_id}))
    outcome = run.reporting.push(run.reporting.seal(selection, "登记有误").batch)
    require(outcome.accepted == outcome.sent == CORRECTED, f"{CORRECTED} records accepted")


def _tell(report: Report, taken: dict[str, Taken], facts: dict[str, int]) -> None:
    records = facts["records"]
    report.note(f"{records:,} records, {facts['bytes']:,} bytes sealed")
    report.figure("lean engine (L)", records / taken["lean"].median, "rows/s")
    report.figure("push", records / taken["push"].median, "rows/s")
    report.as_fast("push, share of L", taken["push"], taken["lean"], at_least=AS_FAST)
    report.slower("sealing beside the push", taken["seal"], taken["push"], at_most=1.0)
    report.as_fast("replay beside the first push", taken["replay"], taken["push"], at_least=REPLAY)
    report.figure("on the wire, a record", facts["bytes"] / records, "B", at_most=BYTES_A_MARK)
    report.times("a correction of 10 records", taken["correction"], median_ms=CORRECTION_MS)
    report.times("nothing to do", taken["idle"], median_ms=IDLE_MS)
