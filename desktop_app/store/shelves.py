"""How far this workstation is with each shelf: its cursor there, and which entries are on it.

``sent``: all entries up to that number are on the shelf; beyond it they are kept as runs of numbers, which are few.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from desktop_app.store.database import driver_of


@dataclass(frozen=True, slots=True)
class Shelf:
    """A shelf as it is known here; ``epoch`` is empty before the first contact, ``contact`` an instant (UTC)."""

    epoch: bytes = b""
    number: int = 0
    sent: int = 0
    contact: str | None = None
    problem: str | None = None


def read(sql: Connection, shelf: bytes) -> Shelf:
    """Return how far this workstation is with a shelf."""
    row = (
        driver_of(sql)
        .execute("SELECT epoch, number, sent, contact, problem FROM shelf WHERE shelf = ?", (shelf,))
        .fetchone()
    )
    return Shelf() if row is None else Shelf(*row)


def begin(sql: Connection, shelf: bytes, epoch: bytes, number: int, contact: str) -> None:
    """Start anew with a shelf: nothing is known to be on it, its pages up to ``number`` need not be fetched."""
    driver = driver_of(sql)
    for table in ("shelf_run", "shelf_page", "outgoing_page", "troubled_page"):
        driver.execute(f"DELETE FROM {table} WHERE shelf = ?", (shelf,))
    driver.execute(
        "INSERT OR REPLACE INTO shelf (shelf, epoch, number, sent, contact) VALUES (?, ?, ?, 0, ?)",
        (shelf, epoch, number, contact),
    )


def move_cursor(sql: Connection, shelf: bytes, number: int) -> None:
    """Say that all pages of a shelf up to a number have been dealt with."""
    driver_of(sql).execute("UPDATE shelf SET number = max(number, ?) WHERE shelf = ?", (number, shelf))


def note_contact(sql: Connection, shelf: bytes, contact: str | None, problem: str | None) -> None:
    """Keep when a shelf was last reached (None: it was not), and the code of what went wrong."""
    driver_of(sql).execute(
        "UPDATE shelf SET contact = coalesce(?, contact), problem = ? WHERE shelf = ?",
        (contact, problem, shelf),
    )


def note_run(sql: Connection, shelf: bytes, first: int, last: int) -> None:
    """Say that entries, by their numbers here, are on a shelf."""
    driver = driver_of(sql)
    sent = read(sql, shelf).sent
    runs = driver.execute("SELECT first, last FROM shelf_run WHERE shelf = ?", (shelf,)).fetchall()
    merged = _merged(sorted([*runs, (first, last)]), sent)
    if merged and merged[0][0] <= sent + 1:
        sent = max(sent, merged.pop(0)[1])
        driver.execute("UPDATE shelf SET sent = ? WHERE shelf = ?", (sent, shelf))
    gone, come = set(runs) - set(merged), set(merged) - set(runs)
    driver.executemany(
        "DELETE FROM shelf_run WHERE shelf = ? AND first = ?", [(shelf, run[0]) for run in gone]
    )
    driver.executemany(
        "INSERT INTO shelf_run (shelf, first, last) VALUES (?, ?, ?)", [(shelf, *run) for run in come]
    )


def _merged(runs: list[tuple[int, int]], sent: int) -> list[tuple[int, int]]:
    """Join runs that touch; those within ``sent`` are left out."""
    merged: list[tuple[int, int]] = []
    for first, last in runs:
        if last <= sent:
            continue
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def lacking(sql: Connection, shelf: bytes) -> list[tuple[int, int]]:
    """Return the runs of entries that are not known to be on a shelf, in order."""
    driver = driver_of(sql)
    (newest,) = driver.execute("SELECT coalesce(max(seq), 0) FROM journal_entry").fetchone()
    at = read(sql, shelf).sent + 1
    found: list[tuple[int, int]] = []
    runs = driver.execute("SELECT first, last FROM shelf_run WHERE shelf = ? ORDER BY first", (shelf,))
    for first, last in [*runs.fetchall(), (newest + 1, newest)]:
        if at < first:
            found.append((at, first - 1))
        at = max(at, last + 1)
    return found


def unsent(sql: Connection) -> int:
    """Return how many entries are on no shelf that this workstation shares by, taking the one that has most."""
    names = [row[0] for row in driver_of(sql).execute("SELECT shelf FROM shelf")]
    (entries,) = driver_of(sql).execute("SELECT count(*) FROM journal_entry").fetchone()
    return min(
        (sum(last - first + 1 for first, last in lacking(sql, name)) for name in names), default=int(entries)
    )


def known_pages(sql: Connection, shelf: bytes) -> set[bytes]:
    """Return the pages of a shelf that cannot count which were dealt with here."""
    return {row[0] for row in driver_of(sql).execute("SELECT page FROM shelf_page WHERE shelf = ?", (shelf,))}


def know_page(sql: Connection, shelf: bytes, page: bytes) -> None:
    """Say that a page of a shelf that cannot count was dealt with."""
    driver_of(sql).execute("INSERT OR IGNORE INTO shelf_page (shelf, page) VALUES (?, ?)", (shelf, page))


def trouble(sql: Connection, shelf: bytes, page: bytes, code: str) -> None:
    """Keep that a page could not be taken, and why."""
    driver_of(sql).execute(
        "INSERT INTO troubled_page (shelf, page, code, tries) VALUES (?, ?, ?, 1)"
        " ON CONFLICT (shelf, page) DO UPDATE SET code = excluded.code, tries = tries + 1",
        (shelf, page, code),
    )


def settle_page(sql: Connection, shelf: bytes, page: bytes) -> None:
    """Say that a page has been taken after all."""
    driver_of(sql).execute("DELETE FROM troubled_page WHERE shelf = ? AND page = ?", (shelf, page))


def troubled(sql: Connection, shelf: bytes, tries: int) -> list[tuple[bytes, str]]:
    """Return name and code of the pages that could not be taken and were tried less than so often."""
    rows = driver_of(sql).execute(
        "SELECT page, code FROM troubled_page WHERE shelf = ? AND tries < ? ORDER BY page", (shelf, tries)
    )
    return [(row[0], row[1]) for row in rows]
