"""``training-platform export-claim`` and ``verify-claim``: hand out a claim's proof, check one anywhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from desktop_app.domain.clock import SystemClock
from desktop_app.domain.errors import AppError
from sync.contract.checking import CheckedClaim, check_claim
from sync.contract.signing import KEY_BYTES
from sync.contract.trail_acts import Author
from sync.contract.trails import Written
from sync.platform.claim_proofs import export_claim
from sync.platform.database import writing
from sync.platform.identity import read_identity
from sync.platform.written_files import write_file

Add = Callable[..., argparse.ArgumentParser]


def register(nouns: argparse._SubParsersAction[argparse.ArgumentParser], add: Add) -> None:
    """Add ``export-claim`` and ``verify-claim``; the second is marked as needing no database."""
    command = add(nouns, "export-claim", _export, "platform.claim_exported")
    command.add_argument("id", metavar="ID")
    command.add_argument("file", metavar="FILE")
    command = add(nouns, "verify-claim", verify, "platform.claim_verified")
    command.set_defaults(without_database=True)
    command.add_argument("file", metavar="FILE")
    command.add_argument("--key", default="", metavar="HEX")


def _export(engine: Engine, given: argparse.Namespace) -> dict[str, Any]:
    with writing(engine) as connection:
        platform = read_identity(connection)
        data = export_claim(connection, SystemClock(), platform, given.id)
        write_file(Path(given.file), data)
    return {"file": given.file, "bytes": len(data), "key": platform.public_key.hex()}


def verify(given: argparse.Namespace) -> dict[str, Any]:
    """Check a claim proof; AppError FILE_UNREADABLE, CLAIM_PROOF_…"""
    try:
        data = Path(given.file).read_bytes()
    except OSError as error:
        raise AppError("CLAIM_PROOF_UNREADABLE", file=given.file) from error
    return _told(check_claim(data, _key(given.key)))


def _key(text: str) -> bytes | None:
    """Return the published key that was given, None for none; AppError CLAIM_PROOF_KEY where it is none."""
    if not text.strip():
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise AppError("CLAIM_PROOF_KEY")
    return key


def _told(claim: CheckedClaim) -> dict[str, Any]:
    people = [
        {
            "trainee": one.trainee.hex(),
            "name": one.name,
            "document": one.document,
            "claimed_fen": one.fen,
            "granted_fen": one.granted_fen,
            "paid_fen": one.paid_fen,
            "marks": [
                {"session": session.hex(), "writes": [_write(write) for write in writes]}
                for session, writes in one.marks.items()
            ],
            "acts": [
                {"kind": act.kind, "record": act.key.hex(), "values": dict(act.values), **_author(act)}
                for act in one.acts
            ],
        }
        for one in claim.people
    ]
    return {
        "ok": True,
        "claim": claim.claim.hex(),
        "institution": claim.institution,
        "uscc": claim.uscc,
        "exported_at": claim.exported_at.isoformat(),
        "key": claim.platform_key.hex(),
        "count": len(people),
        "marks": claim.marks,
        "records": claim.records,
        "entries": claim.entries,
        "people": people,
    }


def _write(write: Written) -> dict[str, Any]:
    return {
        "status": write.status,
        "lost_hours": write.lost_hours,
        "reason": write.reason,
        **_author(write),
    }


def _author(one: Author) -> dict[str, str]:
    return {
        "command": one.command,
        "by": one.by,
        "user": one.user.hex(),
        "at": one.at.isoformat(timespec="seconds"),
        "workstation": one.workstation,
        "device": one.device.hex(),
    }
