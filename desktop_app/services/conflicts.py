"""两处修改不一致: who is shown which of them, who may settle one, and with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from desktop_app.domain import masking
from desktop_app.domain.errors import AppError
from desktop_app.domain.judging import EDITED_BY, EDITED_BY_ANY_OTHER
from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.records import BY_NAME, MARK, SCORE, TRAINEE
from desktop_app.domain.trainees import check_trainee
from desktop_app.domain.users import Role
from desktop_app.services import access
from desktop_app.services.assessments import closed_reason, one_assessment
from desktop_app.services.context import Context
from desktop_app.services.trainees import trainee_columns
from desktop_app.store.database import Connection
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import conflicts as conflict_queries
from desktop_app.store.queries import people
from desktop_app.store.record_tables import group_fields, group_value

# A value that nobody has written yet may be given where the office types such values anyhow.
FREE = frozenset({"teacher", "training_class", "session", "trainee", "enrolment", "site"})
_SEE_ALL = frozenset({Role.OFFICE, Role.HEAD, Role.ADMIN, Role.AUDITOR})
_MASKS: dict[str, Callable[[str], str]] = {
    "document_number": masking.mask_document,
    "evidence_number": masking.mask_document,
    "phone": masking.mask_phone,
    "address": masking.mask_address,
}


def visible_conflicts(context: Context, sql: Connection) -> list[ConflictListItem]:
    """Return the conflicts that the acting user may settle, and to those who see all classes the others, masked."""
    roles = context.require_actor().roles
    found = []
    for item in conflict_queries.conflict_items(sql):
        if why_not(context, sql, item) is None:
            found.append(item)
        elif roles & _SEE_ALL:
            found.append(_masked(item))
    return found


def why_not(context: Context, sql: Connection, item: ConflictListItem) -> AppError | None:
    """Say why the acting user may not settle a conflict, None where they may."""
    actor = context.require_actor()
    code = EDITED_BY.get(item.entity, EDITED_BY_ANY_OTHER)
    if not (context.may("answer_conflict") and context.may(code)):
        return AppError("NOT_PERMITTED", command=code)
    if item.entity == MARK.name:
        for session in class_queries.session_items(sql, session_id=item.key[:16]):
            if not access.markable(sql, actor, session.class_id, session.teacher_ids):
                return AppError("NOT_YOUR_SESSION", number=session.number)
    if item.entity == SCORE.name:
        return closed_reason(context, sql, one_assessment(sql, item.key[:16]))
    return None


def checked_fields(
    context: Context, sql: Connection, item: ConflictListItem, value: object
) -> dict[str, object]:
    """Return the fields that settle a conflict; AppError CONFLICT_VALUE, and for people what ``check_trainee`` finds.

    One of the values that are there is good as it is.
    """
    group = BY_NAME[item.entity].by_name[item.group]
    if any(value == given for given, _, _, _ in item.values):
        return group_fields(group, value)
    if item.entity not in FREE or group.packed:
        raise AppError("CONFLICT_VALUE")
    try:
        fields = group_fields(group, value)
    except ValueError as error:
        raise AppError("CONFLICT_VALUE") from error
    kinds = {type(part) for given, _, _, _ in item.values for part in group_fields(group, given).values()}
    if not {type(part) for part in fields.values()} <= kinds | {type(None)}:
        raise AppError("CONFLICT_VALUE")
    if item.entity != TRAINEE.name:
        return fields
    present = people.trainee_fields(sql, item.key) or {}
    typed = {name: people.typed(name, present) for name in present}
    wanted = {name: people.typed(name, {**present, **fields}) for name in fields}
    check = check_trainee({**typed, **wanted}, context.today())
    for name in fields:
        if name in check.problems:
            raise check.problems[name]
    columns = trainee_columns(check.values)
    return {name: columns[name] for name in fields}


def _masked(item: ConflictListItem) -> ConflictListItem:
    group = BY_NAME[item.entity].by_name[item.group]
    if not _MASKS.keys() & set(group.fields):
        return item

    def shown(value: object) -> object:
        fields = group_fields(group, value)
        for name, mask in _MASKS.items():
            if fields.get(name):
                fields[name] = mask(str(fields[name]))
        return group_value(group, fields)

    return replace(
        item, values=tuple((shown(value), user, device, at) for value, user, device, at in item.values)
    )
