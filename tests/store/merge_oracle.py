"""What a journal means, told plainly: the oracle of the merge property.

It knows nothing of stamps lists, rows or side tables. It remembers for every command what its author's workstation
had at that moment (its *past*), and says: a write is replaced by one whose past holds it; what nothing replaces is
a head; the head with the highest stamp is the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

Record = tuple[str, bytes]
Slot = tuple[str, bytes, str]
DELETED = "deleted"


@dataclass
class ToldEntry:
    """A command that was acknowledged: its bit, what its author had, and what it wrote (old, new) where."""

    number: int
    name: bytes
    past: int
    stamp: tuple[int, int, bytes]
    writes: dict[Slot, tuple[object, object]]
    wire: bytes = b""

    @property
    def bit(self) -> int:
        return 1 << self.number

    @property
    def undoable(self) -> bool:
        """Nobody takes back what was done about accounts; it is done anew."""
        return not any(slot[0] in {"user", "device"} for slot in self.writes)


@dataclass
class Oracle:
    """All commands ever acknowledged; a workstation's view is a set of them, given as bits."""

    entries: list[ToldEntry] = field(default_factory=list)
    slots: dict[Slot, list[ToldEntry]] = field(default_factory=dict)
    groups: dict[Record, set[str]] = field(default_factory=dict)
    children: dict[Record, set[Record]] = field(default_factory=dict)
    numbers: dict[bytes, int] = field(default_factory=dict)
    hand_made: set[str] = field(default_factory=set)
    """Entries that no workstation wrote: after a backup was restored nobody may be left who signs them."""

    def tell(
        self, name: bytes, past: int, stamp: tuple[int, int, bytes], writes: Mapping[Slot, object]
    ) -> ToldEntry:
        """Remember a command that was acknowledged."""
        told = {slot: (self.value(past, slot), value) for slot, value in writes.items()}
        entry = ToldEntry(len(self.entries), name, past, stamp, told)
        for earlier in self.entries:
            assert not past & earlier.bit or earlier.stamp < stamp, (
                "a stamp is not later than one its author had"
            )
        self.entries.append(entry)
        self.numbers[name] = entry.number
        for slot in writes:
            self.slots.setdefault(slot, []).append(entry)
            self.groups.setdefault(slot[:2], set()).add(slot[2])
        return entry

    def hang(self, child: Record, parents: Iterable[Record]) -> None:
        """Remember which records a record hangs from."""
        for parent in parents:
            self.children.setdefault(parent, set()).add(child)

    def heads(self, view: int, slot: Slot) -> list[ToldEntry]:
        """The writes that no write in view had in its past, the value first."""
        known = [entry for entry in self.slots.get(slot, ()) if view & entry.bit]
        left = [entry for entry in known if not any(other.past & entry.bit for other in known)]
        return sorted(left, key=lambda entry: entry.stamp, reverse=True)

    def value(self, view: int, slot: Slot) -> object:
        """What a user sees in a group; None where it was never written."""
        heads = self.heads(view, slot)
        return heads[0].writes[slot][1] if heads else None

    def exists(self, view: int, record: Record) -> bool:
        return bool(self.heads(view, (*record, DELETED)))

    def is_gone(self, view: int, record: Record) -> bool:
        """Whether a record is hidden: deleted by authors who had all its heads, with no live child."""
        slot = (*record, DELETED)
        deletions = self.heads(view, slot)
        if not deletions or any(entry.writes[slot][1] != 1 for entry in deletions):
            return False
        had = 0
        for entry in deletions:
            had |= entry.past | entry.bit
        for group in self.groups[record] - {DELETED}:
            if any(not had & head.bit for head in self.heads(view, (*record, group))):
                return False
        return not any(
            self.exists(view, child) and not self.is_gone(view, child)
            for child in self.children.get(record, ())
        )

    def puts(self, view: int, record: Record, values: Mapping[str, object]) -> dict[Slot, object]:
        """What a command that puts some groups of a record writes."""
        if not self.exists(view, record):
            made = {(*record, group): value for group, value in values.items() if value is not None}
            return {(*record, DELETED): 0, **made}
        revived = {(*record, DELETED): 0} if self.is_gone(view, record) else {}
        return {**revived, **self.changed(view, {(*record, group): value for group, value in values.items()})}

    def changed(self, view: int, writes: Mapping[Slot, object]) -> dict[Slot, object]:
        """Those writes that change a value or settle several heads."""
        return {
            slot: value
            for slot, value in writes.items()
            if self.value(view, slot) != value or len(self.heads(view, slot)) > 1
        }

    def undoes(self, view: int, entry: ToldEntry) -> dict[Slot, object] | None:
        """What taking a command back writes; None where something came after it."""
        writes: dict[Slot, object] = {}
        records = {slot[:2] for slot in entry.writes}
        for slot in entry.writes:
            if [head.number for head in self.heads(view, slot)] != [entry.number]:
                return None
        for record in records:
            old, new = entry.writes.get((*record, DELETED), (None, None))
            created = (*record, DELETED) in entry.writes and old is None
            if created:
                others = [slot for group in self.groups[record] for slot in [(*record, group)]]
                if any(head.number != entry.number for slot in others for head in self.heads(view, slot)):
                    return None
                if any(
                    child not in records and self.exists(view, child)
                    for child in self.children.get(record, ())
                ):
                    return None
                writes[(*record, DELETED)] = 1
                continue
            mine = {slot: pair[0] for slot, pair in entry.writes.items() if slot[:2] == record}
            if (*record, DELETED) in mine:
                if new != 1 and self._would_hide_more(view, entry, record):
                    return None
                mine[(*record, DELETED)] = 0 if new == 1 else 1
            writes |= self.changed(view, mine)
        return writes

    def _would_hide_more(self, view: int, entry: ToldEntry, record: Record) -> bool:
        """Whether deleting again what an entry brought back would hide a record that was shown before it, or a
        colleague's edit that came after."""
        if not self.is_gone(entry.past, record):
            return True
        had = entry.past | entry.bit
        others = self.groups[record] - {DELETED}
        return any(not had & head.bit for group in others for head in self.heads(view, (*record, group)))

    def conflicts(self, view: int) -> Iterator[Slot]:
        """Groups in which several people's values stand side by side."""
        for slot in self.slots:
            values = [head.writes[slot][1] for head in self.heads(view, slot)]
            if any(value != values[0] for value in values[1:]):
                yield slot

    def has_delete_against_edit(self, view: int) -> bool:
        """Whether somebody deleted a record while somebody else edited it, neither knowing of the other."""
        for slot, entries in self.slots.items():
            if slot[2] != DELETED:
                continue
            record = slot[:2]
            for deletion in entries:
                if not view & deletion.bit or deletion.writes[slot][1] != 1:
                    continue
                for group in self.groups[record] - {DELETED}:
                    for edit in self.slots[(*record, group)]:
                        apart = not deletion.past & edit.bit and not edit.past & deletion.bit
                        if view & edit.bit and apart and edit.number != deletion.number:
                            return True
        return False
