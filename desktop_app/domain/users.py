"""Users and roles (requirements §1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.errors import AppError

_LOGIN = re.compile(r"[\w.\-·]{2,32}")


class Role(StrEnum):
    """培训办, 班主任, 教师, 负责人, 管理员, 审计员."""

    OFFICE = "office"
    ADVISER = "adviser"
    TEACHER = "teacher"
    HEAD = "head"
    ADMIN = "admin"
    AUDITOR = "auditor"


SOLO_ROLES = frozenset(Role) - {Role.AUDITOR}


@dataclass(frozen=True, slots=True)
class User:
    """An account; a disabled or ended one keeps its name in history. ``until`` is its last day, None = no end."""

    id: bytes
    login: str
    display: str
    roles: frozenset[Role]
    disabled: bool = False
    until: date | None = None

    def has_ended(self, today: date) -> bool:
        """Tell whether a time-limited account (an inspector's) is over; its last day belongs to it."""
        return self.until is not None and today > self.until


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the logged-in user, the teachers that the account stands for, and 一人办班."""

    user: User
    teacher_ids: frozenset[bytes] = frozenset()
    solo: bool = False

    @property
    def roles(self) -> frozenset[Role]:
        """Return the roles in force; 一人办班 gives an administrator every role but auditor."""
        if self.solo and Role.ADMIN in self.user.roles:
            return self.user.roles | SOLO_ROLES
        return self.user.roles


def check_login(login: str) -> str:
    """Return a login name without surrounding spaces; AppError LOGIN_NAME_INVALID (2–32 letters, digits, . - _)."""
    name = login.strip()
    if not _LOGIN.fullmatch(name):
        raise AppError("LOGIN_NAME_INVALID", value=name[:40])
    return name


def parse_roles(text: str) -> frozenset[Role]:
    """Read a comma-separated list of role codes; AppError ROLE_UNKNOWN."""
    roles = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            roles.add(Role(part))
        except ValueError as error:
            raise AppError("ROLE_UNKNOWN", value=part) from error
    if not roles:
        raise AppError("ROLE_UNKNOWN", value=text)
    return frozenset(roles)
