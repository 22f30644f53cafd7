"""Whether an entry was written by somebody who had seen another: its ancestors tell, never clocks or arrival."""

from __future__ import annotations

from sqlalchemy import Connection

from desktop_app.store.database import driver_of
from desktop_app.store.journal import decode_header

_HEADERS = "SELECT seq, id, header FROM journal_entry WHERE seq BETWEEN ? AND ? ORDER BY seq DESC"


def saw(sql: Connection, later: int, former: int) -> bool:
    """Tell whether an entry (``seq``) has another among its ancestors; an entry has seen itself.

    Parents have smaller numbers than their children, so only what lies between is looked at.
    """
    if later == former:
        return True
    wanted: set[bytes] | None = None
    for seq, name, header in driver_of(sql).execute(_HEADERS, (former, later)):
        if wanted is None:
            if seq != later:
                return False
            wanted = set(decode_header(header).parents)
        elif name in wanted:
            if seq == former:
                return True
            wanted.discard(name)
            wanted.update(decode_header(header).parents)
    return False
