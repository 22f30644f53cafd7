"""Foreign entries that cannot be stored yet: which they are, why they wait, and which are free after another came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.entries import HASH_BYTES, Header, SealedEntry
from desktop_app.store.database import driver_of
from desktop_app.store.journal import pack_entry, unpack_entry

PARENTS_MISSING, STAMP_AHEAD, STAMP_TAKEN = "PARENTS_MISSING", "STAMP_AHEAD", "STAMP_TAKEN"
LEAVES_MISSING = "LEAVES_MISSING"


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many entries of a device wait for one reason."""

    reason: str
    device: bytes
    entries: int


@dataclass(frozen=True, slots=True)
class PendingCounts:
    """What has come but does not count yet: entries that wait, entries whose leaves are late, changes parked."""

    waiting: tuple[WaitingCount, ...]
    partial: int
    parked: int

    @property
    def entries(self) -> int:
        """Return the number of entries that are not wholly applied."""
        return sum(count.entries for count in self.waiting) + self.partial


def count_pending(sql: Connection) -> PendingCounts:
    """Count what waits and what is parked; a device whose clock runs ahead is named by its entries."""
    rows = sql.exec_driver_sql(
        "SELECT reason, device, count(*) FROM waiting_entry GROUP BY reason, device ORDER BY reason, device"
    ).all()
    partial = sql.exec_driver_sql("SELECT count(*) FROM journal_entry WHERE state = 1").scalar_one()
    parked = sql.exec_driver_sql("SELECT count(*) FROM parked_change").scalar_one()
    return PendingCounts(tuple(WaitingCount(*row) for row in rows), int(partial), int(parked))


class WaitingEntries:
    """The waiting room of one receiving transaction, with an index from entries that are lacking to who waits."""

    def __init__(self, sql: Connection, is_stored: Callable[[bytes], bool]) -> None:
        self._driver = driver_of(sql)
        self._is_stored = is_stored
        self._lacking: dict[bytes, set[bytes]] = {}
        self._followers: dict[bytes, list[bytes]] = {}
        for entry, parents in self._driver.execute("SELECT id, parents FROM waiting_entry").fetchall():
            self._index(entry, [parents[at : at + HASH_BYTES] for at in range(0, len(parents), HASH_BYTES)])

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing waits."""
        return not self._lacking

    def joined(self, entry: SealedEntry) -> SealedEntry:
        """Return an entry with what a waiting copy of it has more."""
        return (
            entry.completed_by(self.entry(entry.id)) if self._lacking and entry.id in self._lacking else entry
        )

    def hold(self, entry: SealedEntry, header: Header, reason: str) -> None:
        """Keep an entry, ``joined`` before, in place of what waited of it so far."""
        name = entry.id
        if name in self._lacking:
            self._driver.execute(
                "UPDATE waiting_entry SET body = ?, reason = ? WHERE id = ?",
                (pack_entry(entry), reason, name),
            )
            return
        self._driver.execute(
            "INSERT INTO waiting_entry (id, reason, device, ms, parents, body) VALUES (?, ?, ?, ?, ?, ?)",
            (name, reason, header.device, header.stamp.ms, b"".join(header.parents), pack_entry(entry)),
        )
        self._index(name, list(header.parents))

    def entry(self, name: bytes) -> SealedEntry:
        """Return a waiting entry."""
        (body,) = self._driver.execute("SELECT body FROM waiting_entry WHERE id = ?", (name,)).fetchone()
        return unpack_entry(body)

    def release(self, name: bytes) -> None:
        """Let an entry go that has been stored; one that never waited changes nothing."""
        if self._lacking.pop(name, None) is not None:
            self._driver.execute("DELETE FROM waiting_entry WHERE id = ?", (name,))

    def freed_by(self, name: bytes) -> list[bytes]:
        """Return the entries that waited only for this one, which is stored now."""
        freed = []
        for follower in self._followers.pop(name, []):
            lacking = self._lacking.get(follower)
            if lacking is not None:
                lacking.discard(name)
                if not lacking:
                    freed.append(follower)
        return freed

    def without_lack(self) -> list[bytes]:
        """Return the entries whose parents are all here and that wait for the clock, in a fixed order."""
        return sorted(name for name, lacking in self._lacking.items() if not lacking)

    def _index(self, name: bytes, parents: list[bytes]) -> None:
        lacking = {parent for parent in parents if not self._is_stored(parent)}
        self._lacking[name] = lacking
        for parent in lacking:
            self._followers.setdefault(parent, []).append(name)
