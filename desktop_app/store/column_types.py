"""With what types the columns of records are declared, as a store of this version's schema says it.

The mapped classes say so too, but to load them takes half a second and 14 MB.
"""

from __future__ import annotations

from sqlalchemy import Connection

from desktop_app.domain.records import BY_NAME
from desktop_app.store.database import driver_of

_declared: dict[str, dict[str, str]] = {}


def learn_columns(sql: Connection) -> None:
    """Read the types from a store that is open; once a process, for every store has the same."""
    if not _declared:
        execute, query = driver_of(sql).execute, "SELECT name, type FROM pragma_table_info(?)"
        _declared.update({name: dict(execute(query, (name,)).fetchall()) for name in BY_NAME})


def type_of(entity: str, column: str) -> type:
    """Return int, bytes or str. KeyError where no store was opened yet, or for a name that is no column."""
    return {"INTEGER": int, "BLOB": bytes}.get(_declared[entity][column], str)
