"""A batch of 200,000 marks and more over a line that fails: years of an institution that has never reported."""

from __future__ import annotations

import time
from pathlib import Path
from unittest.mock import patch

from desktop_app import bootstrap
from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import CancelToken
from sync.contract.kinds import RecordKind
from sync.platform.app import create_app
from sync.platform.database import open_database, reading
from sync.platform.identity import load_identity
from sync.platform.institutions import institution_by_uscc
from sync.platform.statements import count_records, reported_reports
from sync.reporting.engine import ReportingEngine
from sync.reporting.http_adapter import KeySigner, PlatformApi
from tests.benchmarks.stores import open_profile
from tests.factories.stress.making import ADMIN, PASSWORD, make
from tests.faults.reporting import proxy
from tests.faults.reporting.proxy import FaultyLine, faulty_line
from tests.sync.running_platform import OWN, served

MARKS, SCALE, SHARE = 200_000, 0.08, 0.15
TRIES = 200


def push_much(scratch: Path, seed: int, scale: float = SCALE, marks: int = MARKS) -> FaultyLine:
    """Make the institution, seal everything as one batch, push it until it is through; return the line.

    AssertionError where something is lost, counted twice, or where there were fewer marks than that.
    """
    platform = scratch / "platform"
    platform.mkdir(parents=True)
    make(scratch / "much", scale, seed, lambda _text: None, unreported=platform)
    profile, clock = open_profile(scratch / "much")
    engine = open_database(f"sqlite:///{platform / 'platform.db'}")
    app = create_app(engine, clock, demo=True)
    try:
        with served(app) as url, faulty_line(url, seed) as line, patch.object(proxy, "LATE", 0.1):
            line.share = SHARE
            profile.log_in(ADMIN, PASSWORD)
            batches = BatchService(bootstrap.services(profile).context)
            batches.set_settings({"url": line.url.encode()})
            _push(ReportingEngine(batches, _connect), marks)
            line.settle()
            here = ReportingEngine(batches, _connect).reported_digest()
        with reading(engine) as connection:
            number = institution_by_uscc(connection, OWN).id
            there = reported_reports(connection, number, load_identity(engine).epoch)
            counted = count_records(connection, number)
        assert (here.digest, here.records) == (there.digest.hex(), counted)
        assert counted[RecordKind.MARK] >= marks
        return line
    finally:
        profile.close()
        engine.dispose()


def _connect(url: str, device: tuple[bytes, bytes], clock: Clock, cancel: CancelToken) -> PlatformApi:
    return PlatformApi(url, KeySigner(*device), clock, cancel, attempts=3, sleep=lambda _: None)


def _push(engine: ReportingEngine, marks: int) -> None:
    started = time.perf_counter()
    sealed = engine.seal()
    done = time.perf_counter()
    print(f"{sealed.records:,} records sealed in {sealed.pages} pages, {done - started:.0f} s", flush=True)
    assert sealed.records > marks
    for tries in range(1, TRIES + 1):
        try:
            outcome = engine.push(sealed.batch)
        except AppError:
            continue
        print(f"through after {tries} tries, {time.perf_counter() - done:.0f} s", flush=True)
        assert (outcome.sent, outcome.accepted) == (sealed.records, sealed.records)
        return
    raise AssertionError(f"not through after {TRIES} tries")
