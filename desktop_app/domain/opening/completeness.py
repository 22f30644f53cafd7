"""基本信息 completeness per class and field, with the list of who lacks what (六.3, R33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule
from resources import Worded

NAMED = 3
"""How many of those who lack a field a warning names."""
BASIC = ("name", "sex", "birth", "document_number", "ethnicity", "education", "phone", "address")
_STUDENT = ("student_number", "major")
_EMPLOYEE = ("employer", "employer_uscc", "post")
_KEY_GROUP = ("key_group", "evidence_number")
_BY_CATEGORY = {"student": _STUDENT, "employee": _EMPLOYEE, "key_group": _KEY_GROUP}


@dataclass(frozen=True, slots=True)
class FieldCompleteness:
    """One field of a class: how many of those who need it have it, and who lacks it (in roster order)."""

    field: str
    filled: int
    needed: int
    lacking: tuple[bytes, ...]


def needed_fields(category: str | None) -> tuple[str, ...]:
    """Return the fields that a person of a category must have."""
    return (*BASIC, *_BY_CATEGORY.get(category or "", ()))


def lacking_fields(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Return the fields that one person lacks; ``category`` decides which are asked."""
    category = fields.get("category")
    asked = needed_fields(str(category) if category else None)
    return tuple(name for name in asked if fields.get(name) in {None, ""})


@rule("R33")
def completeness(
    people: Sequence[tuple[bytes, Mapping[str, object]]],
) -> tuple[FieldCompleteness, ...]:
    """Return the completeness of every field that anybody of a class needs, in the order of the roster's columns."""
    needed: dict[str, int] = {}
    missing: dict[str, list[bytes]] = {}
    for key, fields in people:
        category = fields.get("category")
        for name in needed_fields(str(category) if category else None):
            needed[name] = needed.get(name, 0) + 1
        for name in lacking_fields(fields):
            missing.setdefault(name, []).append(key)
    order = (*BASIC, *_STUDENT, *_EMPLOYEE, *_KEY_GROUP)
    return tuple(
        FieldCompleteness(
            name, needed[name] - len(missing.get(name, ())), needed[name], tuple(missing.get(name, ()))
        )
        for name in order
        if name in needed
    )


def check_completeness(
    fields: Sequence[FieldCompleteness], name_of: Mapping[bytes, str], training_class: str
) -> tuple[Finding, ...]:
    """Warn of each field that somebody of a class lacks, with how many and the first of them by name."""
    return tuple(
        Finding(
            "R33",
            Severity.WARN,
            AppError(
                "BASIC_FIELD_MISSING",
                training_class=training_class,
                field=Worded(f"basic.{one.field}"),
                count=len(one.lacking),
                names=_first_names([name_of.get(key, "") for key in one.lacking]),
            ),
            "trainee",
            one.lacking[0],
            one.field,
        )
        for one in fields
        if one.lacking
    )


def _first_names(names: Sequence[str]) -> str:
    """Return the first names, with an ellipsis where there are more."""
    return "、".join(names[:NAMED]) + ("…" if len(names) > NAMED else "")
