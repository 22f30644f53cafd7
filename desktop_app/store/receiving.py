"""Taking in entries that came in a page: slice by slice, and which of them the shelf then is known to have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from sqlalchemy import Connection

from desktop_app.domain.entries import HASH_BYTES, Leaf, SealedEntry
from desktop_app.domain.errors import AppError
from desktop_app.store import entry_numbers, shelves, signatures
from desktop_app.store.database import driver_of
from desktop_app.store.journal import PARTIAL, JournalStore, decode_header, unpack_entry
from desktop_app.store.signatures import TipSignature

LateLeaves = tuple[bytes, int, Sequence[tuple[bytes, bytes] | None]]
"""Further leaves (salt, body) of an entry that was begun, and the number of the first."""
_ENTRY_BYTES = 100


def slices(
    entries: Iterable[SealedEntry], weight: Callable[[], int]
) -> Iterator[tuple[list[SealedEntry], int]]:
    """Divide entries, in order, into slices of so many bytes; ``weight`` is asked anew before each.

    With each slice comes how many entries end in it. An entry that is larger than a slice is divided by its leaves.
    """
    part: list[SealedEntry] = []
    filled, limit = 0, weight()
    for entry in entries:
        size = _ENTRY_BYTES + sum(len(leaf.body) for leaf in entry.leaves if leaf.body is not None)
        if part and filled + size > limit:
            yield part, len(part)
            part, filled, limit = [], 0, weight()
        if size <= limit or len(entry.leaves) == 1:
            part.append(entry)
            filled += size
            continue
        if part:
            yield part, len(part)
            part, filled, limit = [], 0, weight()
        for piece, ends in _pieces(entry, weight):
            yield [piece], int(ends)
    if part:
        yield part, len(part)


def _pieces(entry: SealedEntry, weight: Callable[[], int]) -> Iterator[tuple[SealedEntry, bool]]:
    """Yield an entry several times, each with the next of its leaves alone, and whether they are the last."""
    leaves, start = entry.leaves, 0
    while start < len(leaves):
        end, filled, limit = start, 0, weight()
        while end < len(leaves) and (end == start or filled <= limit):
            filled += len(leaves[end].body or b"")
            end += 1
        piece = tuple(
            leaf if start <= n < end else Leaf(leaf.digest, None, None) for n, leaf in enumerate(leaves)
        )
        yield SealedEntry(entry.header, piece), end == len(leaves)
        start = end


def begun_entry(sql: Connection, name: bytes) -> SealedEntry | None:
    """Return an entry that is here, applied or waiting, None where it is not."""
    journal = JournalStore(sql)
    seq = journal.seq_of_id(name)
    if seq is not None:
        return journal.entry(seq)
    row = driver_of(sql).execute("SELECT body FROM waiting_entry WHERE id = ?", (name,)).fetchone()
    return None if row is None else unpack_entry(row[0])


def completed(sql: Connection, late: Iterable[LateLeaves]) -> list[SealedEntry]:
    """Return the entries that late leaves belong to, each with these leaves alone; AppError SHARE_PAGE_EARLY."""
    found: list[SealedEntry] = []
    for name, first, leaves in late:
        begun = begun_entry(sql, name)
        if begun is None:
            raise AppError("SHARE_PAGE_EARLY")
        pieces = [Leaf(leaf.digest, None, None) for leaf in begun.leaves]
        if first + len(leaves) > len(pieces):
            raise AppError("JOURNAL_MALFORMED")
        for n, leaf in enumerate(leaves, first):
            if leaf is not None:
                pieces[n] = Leaf(pieces[n].digest, *leaf)
        found.append(SealedEntry(begun.header, tuple(pieces)))
    return found


def numbers_of(sql: Connection, names: Sequence[bytes]) -> list[int]:
    """Return the numbers, ascending, of those entries that are stored."""
    return sorted(seq for _, seq in entry_numbers.by_ids(driver_of(sql), names))


def note_on_shelf(sql: Connection, shelf: bytes, numbers: Collection[int]) -> None:
    """Say that entries are on a shelf; ``numbers`` ascend."""
    first = last = None
    for number in numbers:
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            shelves.note_run(sql, shelf, first, last)
            first = last = number
    if first is not None and last is not None:
        shelves.note_run(sql, shelf, first, last)


def keep_tips(sql: Connection, tips: Iterable[TipSignature]) -> bool:
    """Keep the signatures that came with a page; tell whether all of them were genuine, as far as can be told."""
    genuine = True
    for tip in tips:
        try:
            signatures.keep(sql, [tip])
        except AppError:
            genuine = False
    return genuine


def ancestors(sql: Connection, heads: Collection[bytes]) -> list[int] | None:
    """Return the numbers, ascending, of entries and all that they follow; None where any of it is not wholly here."""
    driver = driver_of(sql)
    if driver.execute("SELECT 1 FROM journal_entry WHERE state = ? LIMIT 1", (PARTIAL,)).fetchone():
        return None
    if len(numbers_of(sql, list(heads))) < len(set(heads)):
        return None
    wanted, found = set(heads), []
    for seq, name, header in driver.execute("SELECT seq, id, header FROM journal_entry ORDER BY seq DESC"):
        if name in wanted:
            wanted.discard(name)
            wanted.update(decode_header(header).parents)
            found.append(seq)
    return found[::-1]


def lacked(sql: Connection) -> set[bytes]:
    """Return the entries that others wait for and that are not here."""
    return {
        parents[at : at + HASH_BYTES]
        for (parents,) in driver_of(sql).execute("SELECT parents FROM waiting_entry")
        for at in range(0, len(parents), HASH_BYTES)
    }
