"""Workstations and invitations as the screen of sharing shows them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from desktop_app.domain.listings.sharing import InvitationItem, SharingOverview, WorkstationItem
from desktop_app.store import shelves
from desktop_app.store.database import driver_of
from desktop_app.store.waiting import count_pending

_HEARD = """SELECT s.device, max(e.ms) FROM signature s JOIN journal_entry e ON e.id = s.entry_id GROUP BY s.device"""
_INVITATIONS = """
SELECT i.id, coalesce(u.display, u.login, ''), i.expires_ms, d.name
FROM invitation i LEFT JOIN user u ON u.id = i.user_id LEFT JOIN device d ON d.admitted_by = i.id
WHERE i.gone = 0 ORDER BY i.id DESC LIMIT 100"""


def overview(sql: Connection, own: bytes | None, now: datetime) -> SharingOverview:
    """Return workstations in the order they came, invitations newest first, and what waits."""
    pending = count_pending(sql)
    contact, problem = last_contact(sql)
    return SharingOverview(
        tuple(_workstations(sql, own)),
        tuple(_invitations(sql, now)),
        shelves.unsent(sql),
        pending.entries,
        pending.parked,
        contact,
        problem,
    )


def last_contact(sql: Connection) -> tuple[datetime | None, str | None]:
    """Return when a relay or a folder was last reached, and the code of what went wrong with it since."""
    row = (
        driver_of(sql).execute("SELECT contact, problem FROM shelf ORDER BY contact DESC LIMIT 1").fetchone()
    )
    if row is None or row[0] is None:
        return None, None
    return datetime.fromisoformat(row[0]), row[1]


def _workstations(sql: Connection, own: bytes | None) -> list[WorkstationItem]:
    driver = driver_of(sql)
    heard = dict(driver.execute(_HEARD).fetchall())
    rows = driver.execute(
        "SELECT id, name, coalesce(revoked, 0) FROM device WHERE gone = 0 ORDER BY id"
    ).fetchall()
    return [
        WorkstationItem(
            row[0], row[1] or row[0].hex()[:8], row[0] == own, bool(row[2]), _moment(heard.get(row[0]))
        )
        for row in rows
    ]


def _invitations(sql: Connection, now: datetime) -> list[InvitationItem]:
    found = []
    for key, by, ends_ms, device in driver_of(sql).execute(_INVITATIONS).fetchall():
        ends = datetime.fromtimestamp((ends_ms or 0) / 1000, UTC)
        state = "used" if device is not None else "open" if ends > now else "over"
        found.append(InvitationItem(key, by, ends, state, device or ""))
    return found


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, UTC)
