"""What the acting user may see and touch beyond the role table: own sessions, own scores, assigned classes."""

from __future__ import annotations

import json
from collections.abc import Iterable

from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Actor, Role
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries

_SEE_ALL = frozenset({Role.OFFICE, Role.HEAD, Role.ADMIN, Role.AUDITOR})


def visible_classes(sql: Connection, actor: Actor) -> frozenset[bytes] | None:
    """Return the classes that an actor may see; None means all."""
    if actor.roles & _SEE_ALL:
        return None
    found: set[bytes] = set()
    if Role.ADVISER in actor.roles:
        found |= advised_classes(sql, actor.user.id)
    if Role.TEACHER in actor.roles:
        found |= taught_classes(sql, actor)
    return frozenset(found)


def advised_classes(sql: Connection, user_id: bytes) -> set[bytes]:
    """Return the classes whose 班主任 an account is now."""
    own = user_id.hex()
    rows = sql.exec_driver_sql(
        "SELECT id, advisers FROM training_class WHERE gone = 0 AND instr(advisers, ?)", (own,)
    )
    return {
        row[0]
        for row in rows
        if any(user == own and last is None for user, _, last in json.loads(row[1] or "[]"))
    }


def taught_classes(sql: Connection, actor: Actor) -> set[bytes]:
    """Return the classes in which one of the actor's teachers gives a session or an assessment."""
    return class_queries.taught_in(sql, actor.teacher_ids)


def require_class(sql: Connection, actor: Actor, class_id: bytes) -> None:
    """AppError NOT_YOUR_CLASS where the actor may not see a class."""
    visible = visible_classes(sql, actor)
    if visible is not None and class_id not in visible:
        raise AppError("NOT_YOUR_CLASS")


def markable(sql: Connection, actor: Actor, class_id: bytes, session_teachers: Iterable[bytes]) -> bool:
    """Tell whether the actor may mark a session: office any, adviser in assigned classes, teacher the own ones."""
    if Role.OFFICE in actor.roles:
        return True
    if Role.TEACHER in actor.roles and actor.teacher_ids.intersection(session_teachers):
        return True
    return Role.ADVISER in actor.roles and class_id in advised_classes(sql, actor.user.id)
