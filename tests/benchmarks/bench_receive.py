"""How fast a new workstation replays the journal of its institution: rows a second, page by page."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from desktop_app.domain.entries import SealedEntry
from desktop_app.store import signatures
from desktop_app.store.journal import JournalStore, pack_entry, unpack_entry
from desktop_app.store.state_hash import state_hash
from desktop_app.store.workstation import Workstation
from tests.benchmarks.measuring import Report, require
from tests.benchmarks.stores import TENTH, StressStore, stress_store
from tests.factories.stress.pen import StepClock

PAGE = 200
PER_SECOND = 30_000


def run(report: Report) -> None:
    """Replay a tenth of the five years: every entry, one mark made singly among ten."""
    with stress_store(TENTH) as store:
        pages, tips, rows = _journal(store)
        with store.profile.context.read() as sql:  # type: ignore[union-attr]
            there = state_hash(sql)
        seconds, busy, here = _replay(store.folder / "replayed.db", store.clock, pages, tips)
    require(here == there, "the same state on both workstations")
    report.figure("entries replayed", sum(map(len, pages)), "entries")
    report.figure("replay, end to end", rows / seconds, "rows/s", at_least=PER_SECOND)
    report.figure("replay, for each second of the processor", rows / busy, "rows/s")


def _journal(store: StressStore) -> tuple[list[list[bytes]], list[signatures.TipSignature], int]:
    """Return all entries as they travel, in pages, with the signatures, and how many records they write."""
    workstation = store.profile.context.workstation  # type: ignore[union-attr]
    workstation.sign_tips()
    with workstation.read() as sql:
        journal = JournalStore(sql)
        packed = [pack_entry(journal.entry(seq)) for seq in journal.sequence()]
        rows = sum(len(journal.changes(seq)[2]) for seq in journal.sequence())
        tips = signatures.stored(sql)
    return [packed[start : start + PAGE] for start in range(0, len(packed), PAGE)], tips, rows


def _replay(
    path: Path, clock: StepClock, pages: list[list[bytes]], tips: list[signatures.TipSignature]
) -> tuple[float, float, object]:
    """Return the seconds it took, those that the processor was at work for it, and the state in the end."""
    workstation = Workstation(path, secrets.token_bytes(32), clock)
    try:
        workstation.register_device(secrets.token_bytes(16), signatures.new_private_key())
        started, begun = time.perf_counter(), time.process_time()
        for number, page in enumerate(pages):
            entries: list[SealedEntry] = [unpack_entry(body) for body in page]
            workstation.receive(entries, tips if number == len(pages) - 1 else ())
        seconds, busy = time.perf_counter() - started, time.process_time() - begun
        with workstation.read() as sql:
            return seconds, busy, state_hash(sql)
    finally:
        workstation.close()
