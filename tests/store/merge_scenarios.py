"""Scenarios of the merge property: up to four workstations, what their users do, and how entries travel."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st

from desktop_app.domain import records as m
from desktop_app.store.journal import decode_header, pack_entry, unpack_entry
from tests.factories.workstations import Machine, SetClock, founded_file, session_key
from tests.store.heads_in_store import read_heads
from tests.store.merge_commands import (
    EDITED,
    Office,
    RunningCommand,
    as_fields,
    edit_of,
    parents_of,
    session_of,
    stored_entry,
)
from tests.store.merge_oracle import DELETED, Oracle, Slot, ToldEntry
from tests.store.merge_rights import RIGHTS, change_of_rights, hand_made

DIGESTS_TAKEN = 0.4  # share of commands before which the digest of what users see is taken
SKEW_SECONDS = 2 * 86_400
WRITING = (
    "class",
    "session",
    "trainee",
    "enrol",
    "mark",
    "mark_class",
    "score",
    "edit",
    "edit",
    "delete",
    "undo",
    "rights",
    "hand_made",
)
MOVING = (
    "send", "send", "send_newest", "send_shuffled", "send_shuffled", "send_back", "back_up", "back_up", "restore",
)  # fmt: skip
USED = ("training_class", "session", "trainee", "enrolment", "mark", "assessment", "score")

Step = tuple[str, int, int, int, int]

steps = st.lists(
    st.tuples(
        st.sampled_from(("rest", *WRITING, *MOVING)),
        st.integers(0, 3),
        st.integers(0, 3),
        st.integers(0, 11),
        st.integers(0, 11),
    ),
    min_size=25,
    max_size=60,
)
plans = st.tuples(
    st.integers(2, 4),
    st.lists(st.integers(-SKEW_SECONDS, SKEW_SECONDS), min_size=4, max_size=4),
    steps,
    st.integers(0, 2**32),
)


class Scenario:
    """Runs a plan on real stores and on the oracle, side by side."""

    def __init__(self, folder: Path, plan: tuple[int, list[int], list[Step], int]) -> None:
        count, skews, self.steps, seed = plan
        self.random = random.Random(seed)
        self.oracle = Oracle()
        self.counts: Counter[str] = Counter()
        self.time = SetClock()
        self.offices: list[Office] = []
        self._count_waiting = True
        for n in range(count):
            machine = Machine(folder, n)
            self.offices.append(Office(machine, timedelta(seconds=skews[n])))
        self._tell_founding()
        self._lay_ground()

    def close(self) -> None:
        for office in self.offices:
            office.machine.close()

    def _tell_founding(self) -> None:
        entry = self.offices[0].machine.entries()[0]
        stamp = decode_header(entry.header).stamp
        told = self.oracle.tell(entry.id, 0, (stamp.ms, stamp.counter, stamp.opening), {})
        told.wire = pack_entry(entry)
        for office in self.offices:
            office.view = told.bit

    def _lay_ground(self) -> None:
        """One class with a session, two trainees and an assessment that every workstation has from the start."""
        office = self.offices[0]
        new = office.machine.workstation.ids.new
        first, exam, people = new(), new(), [new(), new()]
        session = session_key(first, 9)
        rows: list[tuple[m.Entity, bytes, dict[str, object]]] = [
            (m.TRAINING_CLASS, first, {"code": "2020-01"}),
            (m.SESSION, session, session_of(first, 9)),
            *((m.TRAINEE, person, {"name": "学员", "document": ["id_card", "42"]}) for person in people),
            *((m.ENROLMENT, first + person, {"number": n}) for n, person in enumerate(people)),
            (m.ASSESSMENT, exam, {"origin": [first, "completion"]}),
        ]
        self._write(office, "import_roster", rows)
        for command, entity, key, values in RIGHTS:
            self._write(office, command, [(entity, key, values)])
        for other in self.offices[1:]:
            self._deliver(other, self.oracle.entries[1:])

    # ---------------------------------------------------------------------------------------------- steps

    def run(self) -> None:
        for kind, a, b, c, d in self.steps:
            self.time.forward(minutes=1 + 7 * c)
            for office in self.offices:
                office.machine.clock.moment = self.time.moment + office.skew
            office = self.offices[a % len(self.offices)]
            if kind == "rest":
                continue
            if kind in MOVING:
                self._move(kind, office, self.offices[b % len(self.offices)], c, d)
            else:
                self._act(kind, office, b, c, d)
        self.finish()

    def _act(self, kind: str, office: Office, b: int, c: int, d: int) -> None:
        classes, people = self.seen(office, "training_class"), self.seen(office, "trainee")
        sessions, exams = self.seen(office, "session"), self.seen(office, "assessment")
        in_class, person = classes[b % len(classes)], people[c % len(people)]
        session, exam = sessions[b % len(sessions)], exams[b % len(exams)]
        value = f"{kind} {c} {d}"
        new = office.machine.workstation.ids.new
        rows: list[tuple[m.Entity, bytes, dict[str, object]]] = []
        match kind:
            case "class":
                made = new()
                rows = [
                    (m.TRAINING_CLASS, made, {"code": value}),
                    (m.ASSESSMENT, new(), {"origin": [made, "completion"]}),
                ]
            case "session":
                rows = [
                    (m.SESSION, session_key(in_class, 9 + c % 3), session_of(in_class, 9 + c % 3, number=d))
                ]
            case "trainee":
                rows = [(m.TRAINEE, new(), {"name": value, "document": ["id_card", str(d)], "sex": "female"})]
            case "enrol":
                rows = [(m.ENROLMENT, in_class + person, {"number": d, "periods": [["2020-11-09", None]]})]
            case "mark":
                status = [["present", 0, None], ["late", 1, None], ["leave", 4, "sick"], None][d % 4]
                rows = [(m.MARK, session + person, {"mark": status})]
            case "mark_class":
                rows = [(m.MARK, session + one, {"mark": ["present", d % 2, None]}) for one in people]
            case "score":
                group = ("theory", "practice", "conclusion")[c % 3]
                score: object = ["passed", "failed"][d % 2] if group == "conclusion" else ["scored", 600 + d]
                rows = [(m.SCORE, exam + person, {group: score})]
            case "edit":
                rows = [edit_of(self.seen(office, EDITED[b].name), EDITED[b], c, d)]
            case "delete":
                self._delete(office, b, c, d)
                return
            case "rights":
                kind, *rows = change_of_rights(b, d)
            case "hand_made":
                self._bring(office, person, value, on_laptop=bool(b % 2))
                return
            case _:
                self._undo(office)
                return
        self._write(office, kind, rows)

    def _delete(self, office: Office, b: int, c: int, d: int) -> None:
        name = ("trainee", "enrolment", "session", "mark", "training_class", "score")[(b + d) % 6]
        keys = self.seen(office, name)
        if not keys:
            return
        record = (name, keys[c % len(keys)])
        gone = self.oracle.is_gone(office.view, record)
        with self._command(office, "delete", {} if gone else {(*record, DELETED): 1}) as work:
            work.delete(m.BY_NAME[name], record[1])
        self._acknowledge(office)

    def _bring(self, office: Office, person: bytes, text: str, *, on_laptop: bool) -> None:
        """A hand-made entry comes to an office; what it had no right to write it has not written."""
        entry, writes, tips = hand_made(office, self.oracle, person, text, on_laptop=on_laptop)
        told = self.oracle.tell(entry.id, office.view, decode_header(entry.header).stamp, writes)
        told.wire = pack_entry(entry)
        applied = office.machine.workstation.receive([entry], tips)
        assert (applied.entries, applied.refused) == (1, int(not writes)), "judged by its own past"
        office.view |= told.bit
        office.before = None
        self.counts["hand-made, in force" if writes else "hand-made, refused"] += 1

    def _undo(self, office: Office) -> None:
        if not office.own:
            return
        entry = office.own[-1]
        writes = self.oracle.undoes(office.view, entry)
        if writes is None or not entry.undoable:
            return
        before = office.before
        with self._command(office, "undo", writes) as work:
            seq = work.journal.seq_of_id(entry.name)
            assert seq is not None
            work.restore(work.journal.changes(seq)[2][::-1])
        self._acknowledge(office)
        if before is not None and before[0] is entry and before[1]:
            assert office.machine.values().digest == before[1], "an undo does not give back what users saw"
            self.counts["undone at once"] += 1

    # ------------------------------------------------------------------------------------------- commands

    def seen(self, office: Office, name: str) -> list[bytes]:
        """Keys of the records of one entity that an office has, hidden ones too, in the order they were made."""
        return [
            key
            for entity, key in self.oracle.groups
            if entity == name and self.oracle.exists(office.view, (name, key))
        ]

    def _write(
        self, office: Office, command: str, rows: list[tuple[m.Entity, bytes, dict[str, object]]]
    ) -> None:
        expected: dict[Slot, object] = {}
        for entity, key, values in rows:
            expected |= self.oracle.puts(office.view, (entity.name, key), values)
        with self._command(office, command, expected) as work:
            for entity, key, values in rows:
                work.put(entity, key, as_fields(entity, values))
        for entity, key, values in rows:
            self.oracle.hang((entity.name, key), parents_of(entity, key, values))
        self._acknowledge(office)

    def _command(self, office: Office, code: str, expected: Mapping[Slot, object]) -> RunningCommand:
        before = office.machine.values().digest if self.random.random() < DIGESTS_TAKEN else ""
        self._running = RunningCommand(office, code, dict(expected), before)
        return self._running

    def _acknowledge(self, office: Office) -> None:
        """A command has returned: what it wrote must never be lost from now on."""
        done = self._running
        assert done.work is not None
        assert (done.work.entry is None) == (not done.expected), (
            f"{done.code}: one entry where something changed"
        )
        if done.work.entry is None:
            return
        sealed = stored_entry(office, done.work.entry)
        stamp = decode_header(sealed.header).stamp
        told = self.oracle.tell(
            sealed.id, office.view, (stamp.ms, stamp.counter, stamp.opening), done.expected
        )
        told.wire = pack_entry(sealed)
        office.view |= told.bit
        office.own.append(told)
        office.before = (told, done.before)
        self.counts[f"command {done.code}"] += 1

    # ------------------------------------------------------------------------------------------- travel

    def _move(self, kind: str, sender: Office, receiver: Office, c: int, d: int) -> None:
        if kind == "back_up":
            sender.backups.append((sender.machine.back_up(), sender.view, sender.waiting))
            return
        if kind == "restore":
            if sender.backups:
                path, sender.view, sender.waiting = sender.backups[c % len(sender.backups)]
                sender.machine.restore(path)
                sender.own, sender.before = [], None
                self.counts["restored store file"] += 1
            return
        known = [entry for entry in self.oracle.entries if sender.view & entry.bit]
        lacking = [entry for entry in known if not receiver.view & entry.bit]
        match kind:
            case "send":
                page = lacking[: 1 + c]
            case "send_newest":
                page = known[-1 - d % 3 :]
            case "send_back":
                page = lacking[::-1]
            case _:
                page = self.random.sample(known, min(len(known), 1 + c)) * (1 + d % 2)
        if sender is not receiver:
            self._deliver(receiver, page)

    def _deliver(self, office: Office, page: list[ToldEntry]) -> None:
        for entry in page:
            office.waiting |= entry.bit & ~office.view
        if self.random.random() < 0.5:
            office.machine.workstation.receive([unpack_entry(entry.wire) for entry in page])
        else:
            for entry in page:
                office.machine.workstation.receive([unpack_entry(entry.wire)])
        if page:
            office.before = None
        self._wake(office)
        rows = office.machine.rows(
            "SELECT (SELECT count(*) FROM journal_entry), (SELECT count(*) FROM waiting_entry)"
        )
        assert rows == [(office.view.bit_count(), office.waiting.bit_count())], "stored and waiting entries"
        if self._count_waiting:
            self.counts["waited"] += office.waiting.bit_count()

    def _wake(self, office: Office) -> None:
        progress = True
        while progress:
            progress = False
            for entry in self.oracle.entries:
                if office.waiting & entry.bit and not entry.past & ~office.view:
                    office.view |= entry.bit
                    office.waiting &= ~entry.bit
                    progress = True

    # ------------------------------------------------------------------------------------------- the end

    def finish(self) -> None:
        """Exchange everything that any store still has, then compare all stores with the oracle and each other."""
        self._count_meetings()
        self._count_waiting = False
        left = 0
        for office in self.offices:
            left |= office.view | office.waiting
        universe = [entry for entry in self.oracle.entries if left & entry.bit]
        for office in self.offices:
            page = list(universe)
            self.random.shuffle(page)
            self._deliver(office, page)
        self._exchange_signatures()
        view = self.offices[0].view
        assert all(office.view == view for office in self.offices)
        self._count_meetings()
        self._compare(view)

    def _exchange_signatures(self) -> None:
        for sender in self.offices:
            for receiver in self.offices:
                sender.machine.send(receiver.machine, [])

    def _count_meetings(self) -> None:
        for office in self.offices:
            self.counts["conflict"] += any(True for _ in self.oracle.conflicts(office.view))
            self.counts["delete against edit"] += self.oracle.has_delete_against_edit(office.view)

    def _compare(self, view: int) -> None:
        states = [office.machine.state() for office in self.offices]
        values = [office.machine.values() for office in self.offices]
        assert len({state.digest for state in states}) == 1, "state hashes differ"
        assert len({value.digest for value in values}) == 1, "value hashes differ"
        records = [record for record in self.oracle.groups if self.oracle.exists(view, record)]
        for name in USED:
            count = sum(record[0] == name for record in records)
            assert states[0].records.get(name, 0) == count, f"{name}: {count} records expected"
            assert count > 0 or name in {"mark", "score"}
            self.counts[f"records {name}"] += count
        for office in self.offices:
            heads = read_heads(office.machine)
            for record in records:
                gone, groups = heads.pop(record)
                assert gone == self.oracle.is_gone(view, record), "hidden or shown"
                expected = {
                    group: self._expected(view, (*record, group)) for group in self.oracle.groups[record]
                }
                assert groups == {group: found for group, found in expected.items() if found}, (
                    "a write is lost, or a conflict is false"
                )
            assert not [record for record in heads if record[0] in USED]
            assert office.machine.rows("SELECT count(*) FROM parked_change") == [(0,)]
            findings = office.machine.verify().findings
            assert not [one for one in findings if one.entry not in self.oracle.hand_made], findings

    def _expected(self, view: int, slot: Slot) -> list[tuple[tuple[int, int, bytes], object]]:
        return [(head.stamp, head.writes[slot][1]) for head in self.oracle.heads(view, slot)]


def run_plan(plan: tuple[int, list[int], list[Step], int]) -> Counter[str]:
    """Run one scenario in a folder of its own; return what happened in it. AssertionError where it does not hold."""
    folder = Path(tempfile.mkdtemp(prefix="scenario-", dir=founded_file().parent))
    try:
        scenario = Scenario(folder, plan)
        try:
            scenario.run()
        finally:
            scenario.close()
        return scenario.counts
    finally:
        shutil.rmtree(folder)
