"""Evidence of claims: what an institution lists, and its files part by part. Every call may come twice."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, delete, select, update

from desktop_app.domain.errors import AppError
from sync.contract.evidence import file_name
from sync.contract.signing import Purpose, disclose, split
from sync.contract.wire import EvidenceList, EvidenceStatus, FileStatus, LackingFile, decode
from sync.platform.institutions import Caller, device_key, lock_institution
from sync.platform.schema import evidence_file, evidence_list, evidence_part


def take_list(connection: Connection, caller: Caller, subject: str, envelope: bytes) -> EvidenceStatus:
    """Take the list of a class's evidence in place of a former one and say what is lacking.

    Raises AppError SIGNATURE_INVALID, INSTITUTION_FOREIGN, FILE_ALTERED for a name that is not its digest's.
    """
    lock_institution(connection, caller.institution_id)
    key = device_key(connection, caller.institution_id, caller.device_id)
    listed = decode(disclose(key, Purpose.EVIDENCE, envelope), EvidenceList)
    if listed.uscc != caller.uscc or listed.subject != subject:
        raise AppError("INSTITUTION_FOREIGN")
    if any(one.name != file_name(caller.uscc, one.digest) for one in listed.files):
        raise AppError("FILE_ALTERED")
    place = (evidence_list.c.institution_id == caller.institution_id, evidence_list.c.subject == subject)
    connection.execute(delete(evidence_list).where(*place))
    row = {"institution_id": caller.institution_id, "subject": subject, "body": envelope}
    connection.execute(evidence_list.insert().values(**row))
    known = _received(connection, caller.institution_id)
    new = {one.name: one for one in listed.files if one.name not in known}
    if new:
        rows = [
            {
                "institution_id": caller.institution_id,
                "name": one.name,
                "digest": one.digest,
                "size": one.size,
                "received": 0,
            }
            for one in new.values()
        ]
        connection.execute(evidence_file.insert(), rows)
    sizes = {one.name: one.size for one in listed.files}
    lacking = [LackingFile(name, known.get(name, 0)) for name in sizes if known.get(name, 0) < sizes[name]]
    return EvidenceStatus(lacking=lacking)


def take_part(connection: Connection, caller: Caller, name: bytes, start: int, part: bytes) -> FileStatus:
    """Take the next part of a file. The whole is compared with the list; another one begins anew.

    Raises AppError FILE_UNKNOWN, FILE_OUT_OF_ORDER (``expected``), FILE_ALTERED for a part past the end.
    """
    lock_institution(connection, caller.institution_id)
    table = evidence_file
    place = (table.c.institution_id == caller.institution_id, table.c.name == name)
    found = connection.execute(select(table).where(*place)).first()
    if found is None:
        raise AppError("FILE_UNKNOWN")
    end = start + len(part)
    if end <= found.received and (part or found.received == found.size):
        return FileStatus(received=found.received, complete=found.received == found.size)
    if start != found.received:
        raise AppError("FILE_OUT_OF_ORDER", expected=found.received)
    if end > found.size or not part:
        raise AppError("FILE_ALTERED")
    row = {"institution_id": caller.institution_id, "name": name, "start": start, "body": part}
    connection.execute(evidence_part.insert().values(**row))
    if end == found.size and _digest(connection, caller.institution_id, name) != found.digest:
        parts = evidence_part.c
        connection.execute(
            delete(evidence_part).where(parts.institution_id == caller.institution_id, parts.name == name)
        )
        end = 0
    connection.execute(update(table).where(*place).values(received=end))
    return FileStatus(received=end, complete=end == found.size)


def standing(connection: Connection, subject: str) -> tuple[int, int] | None:
    """Return how many files are listed for the claims of a class and how many have arrived; None before the list."""
    found = connection.execute(select(evidence_list).where(evidence_list.c.subject == subject)).first()
    if found is None:
        return None
    listed = decode(split(found.body).payload, EvidenceList).files
    received = _received(connection, found.institution_id)
    return len(listed), sum(1 for one in listed if received.get(one.name, 0) == one.size)


def require_complete(connection: Connection, subject: str) -> None:
    """Refuse to decide on the claims of a class whose evidence has not all arrived.

    Raises AppError CLAIM_EVIDENCE_UNKNOWN before the list is here, CLAIM_EVIDENCE_LACKING (``listed``, ``arrived``).
    """
    found = standing(connection, subject)
    if found is None:
        raise AppError("CLAIM_EVIDENCE_UNKNOWN")
    listed, arrived = found
    if arrived < listed:
        raise AppError("CLAIM_EVIDENCE_LACKING", listed=listed, arrived=arrived)


def _received(connection: Connection, owner: int) -> dict[bytes, int]:
    table = evidence_file
    rows = connection.execute(select(table.c.name, table.c.received).where(table.c.institution_id == owner))
    return {bytes(row.name): row.received for row in rows}


def _digest(connection: Connection, owner: int, name: bytes) -> bytes:
    table = evidence_part
    parts = connection.scalars(
        select(table.c.body)
        .where(table.c.institution_id == owner, table.c.name == name)
        .order_by(table.c.start)
    )
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()
