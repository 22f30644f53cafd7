"""The platform's own journal: every act of the department, append-only and chained by hash."""

from __future__ import annotations

import hashlib
import json

from sqlalchemy import Connection, select

from desktop_app.domain.clock import Clock
from sync.platform.database import take_turn
from sync.platform.schema import PROVINCE, act


def record_act(
    connection: Connection,
    clock: Clock,
    actor: str,
    command: str,
    institution_id: int = PROVINCE,
    **params: object,
) -> None:
    """Append an act within the transaction that does it; ``params`` must hold nothing personal."""
    take_turn(connection, "act")
    statement = select(act.c.number, act.c.hash).where(act.c.institution_id == PROVINCE)
    last = connection.execute(statement.order_by(act.c.number.desc()).limit(1)).first()
    number, former = (last.number, last.hash) if last else (0, b"")
    row = {
        "number": number + 1,
        "institution_id": institution_id,
        "at": clock.now().isoformat(timespec="milliseconds"),
        "actor": actor,
        "command": command,
        "params": json.dumps(params, ensure_ascii=False, sort_keys=True),
    }
    stored = {"institution_id": PROVINCE, **_stored(row), "hash": _link(former, row)}
    connection.execute(act.insert().values(**stored))


def _stored(row: dict[str, object]) -> dict[str, object]:
    """Return the columns of a row; what is hashed names the institution as the first schema did."""
    return {"owner" if name == "institution_id" else name: value for name, value in row.items()}


def _link(former: bytes, row: dict[str, object]) -> bytes:
    text = json.dumps(row, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(former + text.encode("utf-8")).digest()


def broken_act(connection: Connection) -> int | None:
    """Return the number of the first act whose hash does not follow from the one before; None: all hold."""
    former = b""
    for expected, row in enumerate(
        connection.execute(
            select(act).where(act.c.institution_id == PROVINCE).order_by(act.c.number)
        ).mappings(),
        start=1,
    ):
        plain = {
            name: value for name, value in row.items() if name not in {"hash", "institution_id", "owner"}
        }
        plain["institution_id"] = row["owner"]
        if row["number"] != expected or _link(former, plain) != row["hash"]:
            return expected
        former = row["hash"]
    return None
