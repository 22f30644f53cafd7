"""Institution, users and devices as domain objects."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Actor, Role, User

_USER = "SELECT id, login, display, roles, disabled, until FROM user WHERE gone = 0"


@dataclass(frozen=True, slots=True)
class Institution:
    """承训机构 of this profile; ``affiliation`` 隶属 as of domain.projects.Affiliation, "" while it is not recorded."""

    id: bytes
    name: str
    uscc: str
    region: str
    kind: str
    solo: bool
    demo: bool
    affiliation: str = ""


def institution(sql: Connection) -> Institution:
    """Return the institution; AppError PROFILE_NOT_SET_UP where there is none yet."""
    row = sql.exec_driver_sql(
        "SELECT id, name, uscc, region, kind, solo, demo, affiliation"
        " FROM institution WHERE gone = 0 ORDER BY id LIMIT 1"
    ).first()
    if row is None:
        raise AppError("PROFILE_NOT_SET_UP")
    return Institution(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6]), row[7] or "")


def _user(row: Sequence[Any]) -> User:
    roles = frozenset(Role(code) for code in json.loads(row[3] or "[]"))
    until = None if row[5] is None else date.fromisoformat(row[5])
    return User(row[0], row[1], row[2] or row[1], roles, bool(row[4]), until)


def users(sql: Connection) -> list[User]:
    """Return all accounts by login name."""
    return [_user(row) for row in sql.exec_driver_sql(f"{_USER} ORDER BY login, id")]


def user_by_login(sql: Connection, login: str) -> User | None:
    """Return an account; where a name is there twice the elder one has it."""
    row = sql.exec_driver_sql(f"{_USER} AND login = ? ORDER BY id LIMIT 1", (login,)).first()
    return None if row is None else _user(row)


def user(sql: Connection, user_id: bytes) -> User | None:
    """Return an account by key."""
    row = sql.exec_driver_sql(f"{_USER} AND id = ?", (user_id,)).first()
    return None if row is None else _user(row)


def actor(sql: Connection, login: str, today: date, own: bytes | None = None) -> Actor:
    """Return who acts under a login name on a day; ``own`` is whose slot it is, where that is known.

    Raises AppError LOGIN_WRONG, USER_DISABLED, ACCOUNT_ENDED, LOGIN_NAME_TWICE where the name is an elder account's.
    """
    found = user_by_login(sql, login)
    if found is None:
        raise AppError("LOGIN_WRONG", left=0)
    if own is not None and found.id != own:
        raise AppError("LOGIN_NAME_TWICE", login=login)
    if found.disabled:
        raise AppError("USER_DISABLED", login=login)
    if found.until is not None and found.has_ended(today):
        raise AppError("ACCOUNT_ENDED", login=login, until=found.until.isoformat())
    return actor_of(sql, found)


def actor_of(sql: Connection, found: User) -> Actor:
    """Return who acts as an account: with its teachers, and its roles in 一人办班."""
    teachers = frozenset(
        row[0]
        for row in sql.exec_driver_sql("SELECT id FROM teacher WHERE gone = 0 AND user_id = ?", (found.id,))
    )
    return Actor(found, teachers, institution(sql).solo)


def roles_in_backup(sql: Connection, login: str) -> frozenset[Role]:
    """Return the roles of an account in a store of any released schema; AppError LOGIN_WRONG, USER_DISABLED."""
    row = sql.exec_driver_sql(
        "SELECT id, login, display, roles, disabled, NULL FROM user WHERE gone = 0 AND login = ? ORDER BY id LIMIT 1",
        (login,),
    ).first()
    if row is None:
        raise AppError("LOGIN_WRONG", left=0)
    found = _user(row)
    if found.disabled:
        raise AppError("USER_DISABLED", login=login)
    return Actor(found, solo=institution(sql).solo).roles
