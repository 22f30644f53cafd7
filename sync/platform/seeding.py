"""Seed a platform from a file: institutions, catalogue, certificate numbers. The same file again changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct
from sqlalchemy import Connection, select

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.field_types import CertificateKind, InstitutionKind
from sync.contract.records import ProjectFields
from sync.contract.wire import decode_json, encode
from sync.platform import schema
from sync.platform.acts import record_act
from sync.platform.certificates import add_number
from sync.platform.institutions import add_institution
from sync.platform.policies import publish_content
from sync.platform.streams import publish_projects


class SeedInstitution(Struct, frozen=True):
    """An institution of the seed file."""

    name: str
    uscc: str
    region: str
    kind: InstitutionKind


class SeedProject(ProjectFields, frozen=True, kw_only=True):
    """A catalogue entry of the seed file; ``id`` is its key in hexadecimal."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]

    def fields(self) -> ProjectFields:
        """Return the entry as it is published."""
        values = {name: getattr(self, name) for name in ProjectFields.__struct_fields__}
        return ProjectFields(**values)


class SeedNumber(Struct, frozen=True):
    """A certificate number that an institution has registered."""

    number: str
    uscc: str
    kind: CertificateKind = "level"


class Seed(Struct, frozen=True):
    """What a seed file holds (JSON); ``policy`` as a policy file has it."""

    institutions: list[SeedInstitution] = []
    projects: list[SeedProject] = []
    certificate_numbers: list[SeedNumber] = []
    policy: dict[str, Any] = {}


def seed(connection: Connection, clock: Clock, file: Path) -> dict[str, int]:
    """Seed from a JSON file and return how much of each was new.

    Raises AppError SEED_UNREADABLE, SEED_MALFORMED and those of the single acts.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise AppError("SEED_UNREADABLE", file=file.name) from error
    content = decode_json(data, Seed, "SEED_MALFORMED")
    known = set(connection.scalars(select(schema.institution.c.uscc)))
    fresh = [one for one in content.institutions if one.uscc not in known]
    for one in fresh:
        add_institution(
            connection, clock, name=one.name, uscc=one.uscc, region_code=one.region, kind=one.kind
        )
    projects = _new_projects(connection, content.projects)
    if projects:
        publish_projects(connection, clock, projects)
    numbers = 0
    for number in content.certificate_numbers:
        numbers += _add_number(connection, clock, number)
    counts = {"institutions": len(fresh), "projects": len(projects), "certificate_numbers": numbers}
    if content.policy:
        counts |= publish_content(connection, clock, json.dumps(content.policy).encode())
    record_act(connection, clock, "cli", "seed", **counts)
    return counts


def _new_projects(connection: Connection, offered: list[SeedProject]) -> list[tuple[bytes, ProjectFields]]:
    table = schema.project
    held: dict[str, bytes] = {
        row.code: row.fields for row in connection.execute(select(table.c.code, table.c.fields))
    }
    found = [(bytes.fromhex(one.id), one.fields()) for one in offered]
    return [(key, fields) for key, fields in found if held.get(fields.code) != encode(fields)]


def _add_number(connection: Connection, clock: Clock, one: SeedNumber) -> int:
    table = schema.certificate_number
    known = connection.scalar(
        select(table.c.number).where(
            table.c.institution_id == schema.PROVINCE,
            table.c.kind == one.kind,
            table.c.number == one.number,
        )
    )
    add_number(connection, clock, one.number, one.uscc, one.kind)
    return int(known is None)
