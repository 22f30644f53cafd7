"""Erasures that outlive a restored backup, and how one is written."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from desktop_app.domain.records import ERASURE
from desktop_app.domain.retention import Basis
from desktop_app.services.context import Context
from desktop_app.store import erasing, erasure_list
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
