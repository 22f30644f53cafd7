"""Erasures that outlive a restored backup, and how one is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from desktop_app.domain.records import ERASURE
from desktop_app.domain.retention import Basis
from desktop_app.services.context import Context
from desktop_app.store import erasing, erasure_list, settings
from desktop_app.store.queries.retention import erasures
from desktop_app.store.unit_of_work import UnitOfWork


def remember(context: Context, folder: Path) -> None:
    """Write who is erased beside the store, where a restored backup cannot undo it."""
    with context.read() as sql:
        known = [(one.trainee_id, one.certificate) for one in erasures(sql)]
    erasure_list.add(folder, known)


def replay(context: Context, folder: Path) -> int:
    """Erase again, under the device key, whom the list beside the store names and the store does not; return how many.

    Called when a store is opened, before anybody sees it: a backup may be older than an erasure.
    """
    remember(context, folder)
    listed = erasure_list.read(folder)
    with context.read() as sql:
        known = {one.trainee_id for one in erasures(sql)}
        if listed.keys() <= known:
            return 0
        there = {row[0] for row in sql.exec_driver_sql("SELECT id FROM trainee")}
    lacking = {key: number for key, number in listed.items() if key in there and key not in known}
    if lacking:
        with context.device_work("replay_erasures") as work:
            for key, number in sorted(lacking.items()):
                put_erasure(work, key, None, context.today(), number)
    return len(lacking)


def name_dropped(context: Context) -> None:
    """Name under the device key what lost its bytes here after its erasure, so that nobody waits for it.

    Called before entries are handed to others; cheap where there is nothing to name. Nothing is named while the
    profile is becoming a workstation: nobody would take its entries.
    """
    with context.read() as sql:
        if settings.read(sql, settings.JOINING) is not None or not erasing.unnamed(sql):
            return
    with context.device_work("replay_erasures") as work:
        put_dropped(work)


def put_dropped(work: UnitOfWork) -> None:
    """Add to the leaves that erasures name those that were dropped here since."""
    for trainee_id, leaves in erasing.unnamed(work.sql).items():
        work.put(ERASURE, trainee_id, {"leaves": leaves})


def put_erasure(work: UnitOfWork, trainee_id: bytes, basis: Basis | None, today: date, number: str) -> None:
    """Name a person as erased; the store drops what is personal as the command ends (``store/erasing.py``)."""
    found = erasing.find(work.sql, trainee_id)
    fields: dict[str, object] = {
        "basis": None if basis is None else basis.value,
        "erased_on": today.isoformat(),
        "certificate": number,
        "records": len(found.records),
        "files": len(found.files),
        "remains": found.remains,
        "leaves": sorted({digest.hex() for digest in found.leaves}),
    }
    work.put(ERASURE, trainee_id, fields)
