"""Which entries go into the next page for a shelf, and reading them.

A page that is cut is on disk by the numbers of its entries and its name, until the shelf is known to have it: one that
is sent again after a kill has the same name, and no shelf keeps it twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.domain.entries import HASH_BYTES, Leaf, SealedEntry, leaf_hash
from desktop_app.domain.errors import AppError
from desktop_app.store import shelves
from desktop_app.store.database import driver_of
from desktop_app.store.journal import PARTIAL, decode_header
from desktop_app.store.leaf_storage import expand_leaf
from desktop_app.store.signatures import TipSignature

PAGE_BYTES = 512 * 1024
"""Stored bytes of the entries of a page; as sent they take half or less."""
PAGE_ENTRIES = 5000
_ENTRY_BYTES = 100


@dataclass(frozen=True, slots=True)
class OutgoingPage:
    """A page that is cut: entries ``first`` to ``last``, or leaves ``leaf`` up to before ``leaf_end`` of one."""

    n: int
    page: bytes
    first: int
    last: int
    leaf: int | None = None
    leaf_end: int | None = None

    @property
    def ends(self) -> bool:
        """Tell whether its entries are wholly on the shelf once it is."""
        return self.leaf is None or self.leaf_end is None


@dataclass(frozen=True, slots=True)
class OutgoingCargo:
    """What a page carries; ``late``: number of the first of further leaves of an entry that a page before began."""

    entries: tuple[SealedEntry, ...]
    late: tuple[bytes, int, tuple[Leaf, ...]] | None
    tips: tuple[TipSignature, ...]


def next_page(sql: Connection, shelf: bytes) -> OutgoingPage | None:
    """Return the page that was cut and is not on the shelf yet."""
    row = (
        driver_of(sql)
        .execute(
            "SELECT n, page, first, last, leaf, leaf_end FROM outgoing_page WHERE shelf = ? ORDER BY n LIMIT 1",
            (shelf,),
        )
        .fetchone()
    )
    return None if row is None else OutgoingPage(*row)


def is_lacking(sql: Connection, shelf: bytes, *, own_only: bool, own: bytes) -> bool:
    """Tell whether there is a page to cut; ``own_only``: and all entries in it are by the device ``own``."""
    run = _next_run(sql, shelf)
    if run is None or not own_only:
        return run is not None
    headers = driver_of(sql).execute("SELECT header FROM journal_entry WHERE seq BETWEEN ? AND ?", run[:2])
    return all(decode_header(header).device == own for (header,) in headers)


def cut(sql: Connection, shelf: bytes, new_name: Callable[[], bytes]) -> bool:
    """Cut the next page of what a shelf lacks, or all pages of one huge entry; tell whether there was any."""
    run = _next_run(sql, shelf)
    if run is None:
        return False
    driver_of(sql).executemany(
        "INSERT INTO outgoing_page (shelf, n, page, first, last, leaf, leaf_end) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (shelf, one.n, one.page, one.first, one.last, one.leaf, one.leaf_end)
            for one in _pages(sql, run, new_name)
        ],
    )
    return True


def pages_of_all(sql: Connection, shelf: bytes, new_name: Callable[[], bytes]) -> Iterator[OutgoingPage]:
    """Yield pages of all that a shelf lacks, without keeping that they were cut."""
    for start, end in shelves.lacking(sql, shelf):
        first = start
        while (run := _fitting(sql, first, end)) is not None:
            yield from _pages(sql, run, new_name)
            first = run[1] + 1


def _pages(sql: Connection, run: tuple[int, int, int], new_name: Callable[[], bytes]) -> list[OutgoingPage]:
    """Return the page of a run, several where it is one huge entry."""
    first, last, size = run
    parts = _leaf_parts(sql, first) if first == last and size > PAGE_BYTES else [(None, None)]
    return [OutgoingPage(n, new_name(), first, last, *part) for n, part in enumerate(parts)]


def _next_run(sql: Connection, shelf: bytes) -> tuple[int, int, int] | None:
    for first, last in shelves.lacking(sql, shelf):
        run = _fitting(sql, first, last)
        if run is not None:
            return run
    return None


def _fitting(sql: Connection, first: int, last: int) -> tuple[int, int, int] | None:
    """Return from where to where the first entries of a run fill a page, and their bytes; None where there is none.

    Entries whose leaves are late here are left to those who have them, or until they are whole.
    """
    rows = driver_of(sql).execute(
        "SELECT seq, state, (SELECT coalesce(sum(length(body)), 0) FROM journal_leaf leaf WHERE leaf.seq = entry.seq)"
        " FROM journal_entry entry WHERE seq BETWEEN ? AND ? ORDER BY seq",
        (first, last),
    )
    start = end = None
    total = 0
    for seq, state, size in rows:
        if state == PARTIAL:
            if start is None:
                continue
            break
        if start is not None and (total + size > PAGE_BYTES or seq - start >= PAGE_ENTRIES):
            break
        start = seq if start is None else start
        end = seq
        total += size + _ENTRY_BYTES
    return None if start is None or end is None else (start, end, total)


def _leaf_parts(sql: Connection, seq: int) -> list[tuple[int | None, int | None]]:
    """Divide the leaves of a huge entry among pages."""
    rows = driver_of(sql).execute(
        "SELECT n, coalesce(length(body), 0) FROM journal_leaf WHERE seq = ? ORDER BY n", (seq,)
    )
    starts, filled = [0], 0
    for n, size in rows:
        if filled and filled + size > PAGE_BYTES:
            starts.append(n)
            filled = 0
        filled += size
    if len(starts) == 1:
        return [(None, None)]
    return list(zip(starts, [*starts[1:], None], strict=True))


def read_cargo(sql: Connection, outgoing: OutgoingPage) -> OutgoingCargo:
    """Read what a page carries; a leaf that was altered here behind the store's back is left out."""
    entries = _entries(sql, outgoing.first, outgoing.last)
    tips = _tips(sql, outgoing) if outgoing.ends else ()
    if outgoing.leaf is None:
        return OutgoingCargo(entries, None, tips)
    (entry,) = entries
    start, end = outgoing.leaf, outgoing.leaf_end or len(entry.leaves)
    if start == 0:
        later = tuple(Leaf(leaf.digest, None, None) for leaf in entry.leaves[end:])
        return OutgoingCargo((SealedEntry(entry.header, entry.leaves[:end] + later),), None, tips)
    return OutgoingCargo((), (entry.id, start, entry.leaves[start:end]), tips)


def _entries(sql: Connection, first: int, last: int) -> tuple[SealedEntry, ...]:
    driver = driver_of(sql)
    bodies: dict[int, dict[int, bytes | None]] = defaultdict(dict)
    for seq, n, body in driver.execute(
        "SELECT seq, n, body FROM journal_leaf WHERE seq BETWEEN ? AND ?", (first, last)
    ):
        bodies[seq][n] = body
    rows = driver.execute(
        "SELECT seq, header, leaf_hashes FROM journal_entry WHERE seq BETWEEN ? AND ? ORDER BY seq",
        (first, last),
    )
    return tuple(SealedEntry(header, _leaves(hashes, bodies[seq])) for seq, header, hashes in rows.fetchall())


def _leaves(hashes: bytes, bodies: dict[int, bytes | None]) -> tuple[Leaf, ...]:
    return tuple(
        _intact(hashes[at : at + HASH_BYTES], bodies.get(n))
        for n, at in enumerate(range(0, len(hashes), HASH_BYTES))
    )


def _intact(digest: bytes, stored: bytes | None) -> Leaf:
    try:
        leaf = expand_leaf(digest, stored)
    except AppError:
        return Leaf(digest, None, None)
    if leaf.salt is None or leaf.body is None or leaf_hash(leaf.salt, leaf.body) != digest:
        return Leaf(digest, None, None)
    return leaf


def _tips(sql: Connection, outgoing: OutgoingPage) -> tuple[TipSignature, ...]:
    """Return the signatures that are kept over entries of a page."""
    rows = driver_of(sql).execute(
        "SELECT entry_id, device, signature FROM journal_entry CROSS JOIN signature ON entry_id = id"
        " WHERE seq BETWEEN ? AND ?",
        (outgoing.first, outgoing.last),
    )
    return tuple(TipSignature(*row) for row in rows)


def sent(sql: Connection, shelf: bytes, outgoing: OutgoingPage, *, counts: bool) -> None:
    """Say that a page is on the shelf; ``counts``: the shelf numbers its pages, else its name is kept."""
    driver = driver_of(sql)
    driver.execute("DELETE FROM outgoing_page WHERE shelf = ? AND page = ?", (shelf, outgoing.page))
    if outgoing.ends:
        shelves.note_run(sql, shelf, outgoing.first, outgoing.last)
    if not counts:
        shelves.know_page(sql, shelf, outgoing.page)
