"""Scenarios of sharing: up to five workstations, what their users do, and pages that travel by any way.

What users write, and what the oracle expects of it, is as in the merge scenarios; here entries travel as they do in
use: by the relay's own code, by folder and by file, over lines that fail, between stores that are put back from
backups and copied, and by shelves that are put back and emptied.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path
from unittest.mock import patch

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER, CancelToken
from desktop_app.store import shelf_cargo
from desktop_app.store.journal import PARTIAL
from sync.contract.sharing import ShelfRequest
from sync.sharing.files import read_file, write_file
from sync.sharing.transports import Transport
from tests.factories.workstations import SetClock
from tests.store.merge_commands import Office
from tests.store.merge_oracle import Oracle
from tests.store.merge_scenarios import SKEW_SECONDS, WRITING, Scenario
from tests.sync.sharing.desks import KEY, Desk
from tests.sync.sharing.profile_desks import code_of
from tests.sync.sharing.relay_in_process import InProcessTransport, RelayInProcess, Saved
from tests.sync.sharing.spoiled_lines import FAULTS, After, SpoiledLine

MOST, PAGE_ENTRIES = 5, 2
MOVING = (
    *("by relay",) * 5, *("by folder",) * 4, *("by file",) * 3, "restore", "restore", "clone",
    "put relay back", "put relay back", "empty relay", "lose files", "half copied", "half copied",
)  # fmt: skip
MEETING = ("mark", "mark", "mark_class", "score", "edit", "edit")

Step = tuple[str, int, int, int, int]
Plan = tuple[int, list[int], list[Step], int]


def make_plan(seed: int, workstations: int, least: int, most: int) -> Plan:
    """Return a plan for up to so many workstations, copies apart, of so many steps."""
    choose = random.Random(seed)
    kinds = (*WRITING, *MEETING, *MOVING)
    steps = [
        (choose.choice(kinds), *(choose.randrange(end) for end in (MOST, 4, 12, 12)))
        for _ in range(choose.randint(least, most))
    ]
    skews = [choose.randint(-SKEW_SECONDS, SKEW_SECONDS) for _ in range(4)]
    return choose.randint(2, workstations), skews, steps, seed


class SharingScenario(Scenario):
    """Runs a plan; ``had``: what each shelf was given, by entries, so that nothing of it may be missing in the end.

    ``thorough``: every store is read row by row in the end, else one, and the others by their ``state-hash``.
    """

    def __init__(self, folder: Path, relay: RelayInProcess, plan: Plan, *, thorough: bool) -> None:
        count, skews, self.steps, seed = plan
        self.random = random.Random(seed)
        self.oracle = Oracle()
        self.counts: Counter[str] = Counter()
        self.time = SetClock()
        self._count_waiting = True
        self.folder, self.relay, self.thorough = folder, relay, thorough
        self.offices: list[Office] = []
        self.had = {"relay": 0, "folder": 0}
        self.saved: list[tuple[Saved, int]] = []
        self.former: dict[tuple[str, Path], list[ShelfRequest]] = {}
        self.halves: dict[Path, bytes] = {}
        relay.put_back([])
        (folder / "shared").mkdir()
        for n in range(count):
            self.offices.append(Office(Desk(folder, n), timedelta(seconds=skews[n])))
        self._tell_founding()
        self._lay_ground()
        self._exchange_signatures()

    def run(self) -> None:
        with patch.object(shelf_cargo, "PAGE_ENTRIES", PAGE_ENTRIES):
            for kind, a, b, c, d in self.steps:
                self.time.forward(minutes=1 + 7 * c)
                for office in self.offices:
                    office.machine.clock.moment = self.time.moment + office.skew
                office = self.offices[a % len(self.offices)]
                if kind in MOVING:
                    self._move(kind, office, self.offices[b % len(self.offices)], c, d)
                else:
                    self._act(kind, office, b, c, d)
            self.finish()

    def _move(self, kind: str, sender: Office, receiver: Office, c: int, d: int) -> None:
        match kind:
            case "by relay" | "by folder":
                self._share(sender, kind.removeprefix("by "), c, d)
            case "by file":
                self._hand_over(sender, receiver, c, d)
            case "clone":
                self._clone(sender)
            case "half copied":
                self._copy_half(c)
            case "restore":
                kept = [office for office in self.offices if office.backups]
                if kept and c % 3:
                    super()._move("restore", kept[d % len(kept)], receiver, c, d)
                else:
                    super()._move("back_up", sender, receiver, c, d)
            case "put relay back" if not self.saved:
                self.saved.append((self.relay.save(), self.had["relay"]))
            case "put relay back" | "empty relay":
                saved = self.saved if kind == "put relay back" else [([], 0)]
                rows, self.had["relay"] = saved[c % len(saved)]
                self.relay.put_back(rows)
                self.counts[kind] += 1
            case "lose files":
                files = sorted((self.folder / "shared").rglob("*.page"))
                for file in self.random.sample(files, min(len(files), 1 + c)):
                    file.unlink()
                    self.had["folder"] = 0
                    self.counts[kind] += 1
            case _:
                super()._move(kind, sender, receiver, c, d)

    def _copy_half(self, c: int) -> None:
        """Leave a page in the folder of which only a part has arrived; those of before are whole by now."""
        self._complete_halves()
        files = sorted((self.folder / "shared").rglob("*.page"))
        if files:
            file = files[c % len(files)]
            self.halves[file] = file.read_bytes()
            file.write_bytes(self.halves[file][: self.random.randrange(len(self.halves[file]))])
            self.counts["half copied"] += 1

    def _complete_halves(self) -> None:
        for file, whole in self.halves.items():
            if file.exists():
                file.write_bytes(whole)
        self.halves.clear()

    # ------------------------------------------------------------------------------------------- ways

    def _way(self, desk: Desk, name: str) -> Transport:
        if name == "folder":
            return desk.by_folder(self.folder / "shared")
        return InProcessTransport(self.relay, *desk.sharing.device(), KEY)

    def _share(self, office: Office, name: str, c: int, d: int) -> None:
        """Share with a shelf; what befalls it is chosen by two small numbers, and in half of the cases nothing does."""
        desk = _desk(office)
        way, cancel = self._way(desk, name), NEVER
        if c < len(FAULTS):
            former = self.former.setdefault((name, desk.path), [])
            way = SpoiledLine(way, FAULTS[c], 1 + d % 3, self.random, former, self._struck)
        elif c == len(FAULTS):
            cancel = After(d)
        with self._looked_at(office):
            if self._is_through(desk, way, cancel):
                self.counts[f"shared by {name}"] += 1
                self.had[name] |= self._applied(office)

    def _is_through(self, desk: Desk, way: Transport, cancel: CancelToken) -> bool:
        try:
            desk.engine.share(way, cancel=cancel)
        except AppError as error:
            if error.code not in {"SHELF_UNREACHABLE", "CANCELLED"}:
                raise
            self.counts["broken off"] += 1
            return False
        return True

    def _struck(self, fault: str) -> None:
        self.counts[fault] += 1

    def _hand_over(self, sender: Office, receiver: Office, c: int, d: int) -> None:
        """By file: half of it first, which is refused whole, and sometimes once more."""
        if sender is receiver:
            return
        giving, taking = _desk(sender), _desk(receiver)
        file = self.folder / "file"
        entries, _ = write_file(giving.sharing, file, taking.workstation.device if c % 2 else None)
        if not entries:
            return
        whole = file.read_bytes()
        with self._looked_at(receiver):
            if d % 3 == 0:
                before = taking.state()
                file.write_bytes(whole[: -self.random.randrange(1, 100)])
                assert code_of(lambda: read_file(taking.sharing, file)) == "SHARE_PAGE_TRUNCATED"
                assert taking.state() == before
                self.counts["half a file"] += 1
                file.write_bytes(whole)
            for _ in range(1 + d % 2):
                read_file(taking.sharing, file)
        self.counts["handed over by file"] += 1

    def _clone(self, office: Office) -> None:
        """Copy a store to one more machine, where somebody works on with it."""
        if len(self.offices) == MOST:
            return
        folder = self.folder / f"clone{len(self.offices)}"
        folder.mkdir()
        copy = Desk(folder, office.machine.number, office.machine.back_up())
        copy.clock.moment = office.machine.clock.moment
        skew = timedelta(seconds=self.random.randint(-SKEW_SECONDS, SKEW_SECONDS))
        self.offices.append(Office(copy, skew, office.view, office.waiting))
        self.counts["cloned"] += 1

    # ------------------------------------------------------------------------------------------- what came of it

    @contextmanager
    def _looked_at(self, office: Office) -> Iterator[None]:
        """See afterwards what the office has: nothing less than before, and nothing without what it follows."""
        yield
        came = self._applied(office) & ~office.view
        if came:
            office.before = None
        assert office.view == office.view & self._applied(office), "an exchange took something away"
        office.view |= came
        waiting = self._bits(office, "SELECT id FROM waiting_entry")
        office.waiting = waiting & ~office.view
        for entry in self.oracle.entries:
            if office.view & entry.bit:
                assert not entry.past & ~office.view, "applied before what it follows"
            if office.waiting & entry.bit:
                assert entry.past & ~office.view, "waits though all that it follows is here"
        self.counts["waited"] += office.waiting.bit_count()

    def _applied(self, office: Office) -> int:
        return self._bits(office, f"SELECT id FROM journal_entry WHERE state <> {PARTIAL}")

    def _bits(self, office: Office, query: str) -> int:
        return sum(1 << self.oracle.numbers[row[0]] for row in office.machine.rows(query))

    def finish(self) -> None:
        """Let all share until nobody lacks anything, then compare all stores with the oracle and with each other."""
        self._count_meetings()
        self._complete_halves()
        expected = self.had["relay"] | self.had["folder"]
        held = 0
        for office in self.offices:
            held |= office.view | office.waiting
        ways = ("folder", "relay") if self.thorough or self.had["folder"] & ~held else ("relay",)
        order = self.random.sample(self.offices, len(self.offices))
        for office, name in [*product(order, ways), *product(order[:-1], ("relay",))]:
            with self._looked_at(office):
                _desk(office).share(self._way(_desk(office), name))
        view = order[0].view
        assert all((office.view, office.waiting) == (view, 0) for office in order), "not all have all"
        assert not (expected | held) & ~view, "a shelf or a workstation had what is nowhere now"
        shared = _desk(order[0]).share(self._way(_desk(order[0]), "relay"))
        assert (shared.sent, shared.received, shared.waiting) == (0, 0, 0)
        self._count_meetings()
        states = {office.machine.state().digest for office in order}
        assert len(states) == 1, "state hashes differ"
        if not self.thorough:
            self.offices = order[:1]
        self._compare(view)
        self.offices = order


def _desk(office: Office) -> Desk:
    assert isinstance(office.machine, Desk)
    return office.machine


def run_plan(folder: Path, relay: RelayInProcess, plan: Plan, *, thorough: bool) -> Counter[str]:
    """Run one scenario in a folder of its own; return what happened in it. AssertionError where it does not hold."""
    place = folder / "scenario"
    place.mkdir()
    try:
        scenario = SharingScenario(place, relay, plan, thorough=thorough)
        try:
            scenario.run()
        finally:
            scenario.close()
        return scenario.counts
    finally:
        shutil.rmtree(place)
