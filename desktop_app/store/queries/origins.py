"""Which command a value really comes from: undo and redo give back values that older commands wrote."""

from __future__ import annotations

from desktop_app.domain.entries import Change
from desktop_app.store.journal import JournalStore

_GIVES_BACK = frozenset({"undo", "redo"})


class Origins:
    """Sees through undo and redo, so that steps taken back one after another do not stand in each other's way."""

    def __init__(self, journal: JournalStore) -> None:
        self._journal = journal
        self._targets: dict[int, dict[tuple[int, bytes], Change] | None] = {}

    def of(self, seq: int, entity: int, key: bytes, group: int) -> int | None:
        """Return the entry whose value stands in a group that entry ``seq`` wrote; None where there was none."""
        origin: int | None = seq
        while origin is not None:
            taken_back = self._taken_back(origin)
            change = None if taken_back is None else taken_back.get((entity, key))
            write = None if change is None else change.groups.get(group)
            if write is None:
                return origin
            numbers = [number for stamp in write.seen if (number := self._journal.seq_of(stamp)) is not None]
            origin = max(numbers, key=self._journal.stamp, default=None)
        return None

    def _taken_back(self, seq: int) -> dict[tuple[int, bytes], Change] | None:
        """Return what the entry changed that ``seq`` takes back; None where it takes back nothing."""
        if seq not in self._targets:
            header, note, _ = self._journal.changes(seq)
            target = self._journal.seq_of_id(note.target) if note.target else None
            if header.command not in _GIVES_BACK or target is None:
                self._targets[seq] = None
            else:
                changes = self._journal.changes(target)[2]
                self._targets[seq] = {(change.entity, change.key): change for change in changes}
        return self._targets[seq]
