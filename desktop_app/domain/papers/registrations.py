"""学员登记表: one person a page, with the photo (requirements §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from desktop_app.domain.papers.contents import PaperHead, RosterLine


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """A person with what the 花名册 says, and the 证件照: SHA-256 of its file as hex ("" for none), and its JPEG."""

    line: RosterLine
    photo_digest: str = ""
    photo: bytes = b""


@dataclass(frozen=True, slots=True)
class Registrations:
    """学员登记表 of a class."""

    kind: ClassVar[str] = "registration"
    head: PaperHead
    people: tuple[RegisteredPerson, ...]
