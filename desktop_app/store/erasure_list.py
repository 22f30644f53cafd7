"""The list of erased people beside the store: keys alone, so that a backup from before an erasure stays erased.

A backup does not know of erasures that came after it. The list outlives ``restore``; what it names is erased again
as soon as the store is open, before anybody sees it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from desktop_app.store.keys import write_atomically

NAME = "erased.json"


def read(folder: Path) -> dict[bytes, str]:
    """Return key → certificate number of everybody who was erased here."""
    path = folder / NAME
    if not path.exists():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {bytes.fromhex(key): str(certificate) for key, certificate in rows.items()}


def add(folder: Path, erased: Iterable[tuple[bytes, str]]) -> None:
    """Add people to the list; written at once or not at all."""
    known = read(folder)
    wanted = known | dict(erased)
    if wanted != known:
        rows = {key.hex(): certificate for key, certificate in sorted(wanted.items())}
        write_atomically(folder / NAME, json.dumps(rows).encode())
