"""What may be written into a draft of a project: lengths, ranges, codes, files that are there (三.2, 六.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from desktop_app.domain import codes, projects
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.ids import from_text
from desktop_app.services.project_standing import audiences_of
from desktop_app.store.database import Connection
from desktop_app.store.queries.evidence import evidence_item
from resources import Worded

TEXTS = {
    "name": 100,
    "trade": 50,
    "organisation": 100,
    "form": 100,
    "content": 200,
    "schedule": 200,
    "institution": 100,
    "enterprise": 200,
}
NUMBERS = {"hours": 2000, "fee_fen": 10**12, "subsidy_fen": 10**12}
EDITABLE = frozenset({*TEXTS, *NUMBERS, "audience", "level"})
FILES = frozenset({"survey_files", "minutes_files"})
_EDITABLE = EDITABLE | FILES | {"planned_on", "signed"}


def checked(sql: Connection, fields: Mapping[str, object], today: date) -> dict[str, object]:
    """Return fields as they are stored; AppError FIELD_UNKNOWN, FieldErrors for each that is wrong."""
    stored: dict[str, object] = {}
    wrong: dict[str, AppError] = {}
    for name, value in fields.items():
        if name not in _EDITABLE:
            raise AppError("FIELD_UNKNOWN", field=name)
        try:
            if name in FILES:
                stored[name] = _known_files(sql, value)
            elif name == "signed":
                stored[name] = int(bool(value))
            elif isinstance(value, date):
                stored[name] = _past(value, today)
            else:
                stored[name] = _checked_field(name, value)
        except AppError as error:
            wrong[name] = error
    if wrong:
        raise FieldErrors(wrong)
    return stored


def _past(day: date, today: date) -> str:
    if day > today:
        raise AppError("PLAN_IN_FUTURE", on=day.isoformat())
    return day.isoformat()


def _checked_field(name: str, value: object) -> object:
    if value is None or value == "":
        return None
    if name in NUMBERS:
        if not isinstance(value, int) or not 0 <= value <= NUMBERS[name]:
            raise AppError("PROJECT_NUMBER_RANGE", field=_word(name), limit=NUMBERS[name])
        return value
    text = str(value).strip()
    if name == "audience":
        projects.tracks_of(audiences_of(text))
    elif name == "level":
        if codes.level(text) is None:
            raise AppError("LEVEL_UNKNOWN", value=text)
    elif len(text) > TEXTS[name]:
        raise AppError("PROJECT_TEXT_LONG", field=_word(name), limit=TEXTS[name])
    return text or None


def _word(field: str) -> Worded:
    return Worded(f"project_field.{field}")


def _known_files(sql: Connection, keys: object) -> list[str]:
    """Return the keys of files that are kept as evidence; AppError PROJECT_FILE_UNKNOWN."""
    found = [str(key) for key in keys] if isinstance(keys, Iterable) else []
    for key in found:
        if evidence_item(sql, from_text(key)) is None:
            raise AppError("PROJECT_FILE_UNKNOWN")
    return found
