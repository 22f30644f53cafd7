"""Reads a policy file (JSON): values of parameters and rows of the 1+X 试点 table, as departments hand them out.

    {"document": "鄂教职成〔2021〕3号", "from": "2021-03-01",
     "parameters": [{"code": "class_size", "value": 40, "region": "420100"}],
     "pilots": [{"school": "…", "certificate": "…", "level": "x2", "batch": "第三批", "published_on": "2020-03-16"}]}

``document``, ``from``, ``until`` and ``region`` of the file hold for every row that has none of its own; values are as
``policy_definitions.check_value`` keeps them (ratios in 万分比, money in 分).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.pilots import Pilot
from desktop_app.domain.policy_changes import checked, place
from desktop_app.domain.policy_parameters import Owner, PolicyParameter

MAX_BYTES = 8 * 1024 * 1024
MAX_TEXT = 100
T = TypeVar("T")
_INHERITED = ("document", "from", "until", "region")
_VALUE_KEYS = {
    "code",
    "value",
    "document",
    "region",
    "channel",
    "from",
    "until",
    "unit",
    "name",
    "note",
    "area",
}
_PILOT_KEYS = {"school", "certificate", "level", "batch", "published_on", "document"}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with a row: ``part`` parameters or pilots, ``row`` from 1."""

    part: str
    row: int
    error: AppError


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """What a policy file holds; ``problems`` not empty = it is not taken."""

    values: tuple[PolicyParameter, ...]
    pilots: tuple[Pilot, ...]
    problems: tuple[RowProblem, ...]


def read_policy_file(data: bytes, owner: Owner) -> PolicyFile:
    """Read a policy file for its owner; AppError POLICY_FILE_UNREADABLE, POLICY_FILE_EMPTY."""
    content = _content(data)
    head = {key: content[key] for key in _INHERITED if content.get(key) is not None}
    problems: list[RowProblem] = []
    values = _rows(content, "parameters", problems, lambda row: _value(head | row, owner))
    pilots = _rows(content, "pilots", problems, lambda row: _pilot(head, row, owner))
    if not values and not pilots and not problems:
        raise AppError("POLICY_FILE_EMPTY")
    _refuse_twice(values, problems)
    return PolicyFile(tuple(values), tuple(pilots), tuple(problems))


def _content(data: bytes) -> Mapping[str, Any]:
    if len(data) > MAX_BYTES:
        raise AppError("POLICY_FILE_UNREADABLE")
    try:
        content = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise AppError("POLICY_FILE_UNREADABLE") from None
    if not isinstance(content, dict):
        raise AppError("POLICY_FILE_UNREADABLE")
    return content


def _rows(
    content: Mapping[str, Any], part: str, problems: list[RowProblem], read: Callable[[dict[str, Any]], T]
) -> list[T]:
    rows = content.get(part, [])
    if not isinstance(rows, list):
        raise AppError("POLICY_FILE_UNREADABLE")
    found: list[T] = []
    for number, row in enumerate(rows, start=1):
        try:
            found.append(read(row if isinstance(row, dict) else {}))
        except FieldErrors as error:
            problems += [RowProblem(part, number, one) for one in error.fields.values()]
        except AppError as error:
            problems.append(RowProblem(part, number, error))
    return found


def _value(row: Mapping[str, Any], owner: Owner) -> PolicyParameter:
    _known_keys(row, _VALUE_KEYS)
    if "value" not in row:
        raise AppError("POLICY_FIELD_MISSING", field="value")
    return checked(
        PolicyParameter(
            code=_text(row, "code"),
            value=row["value"],
            document=_text_or_none(row, "document"),
            region=_text_or_none(row, "region"),
            channel=_text_or_none(row, "channel"),
            since=_day(row, "from"),
            until=_day(row, "until"),
            owner=owner,
        )
    )


def _pilot(head: Mapping[str, Any], row: Mapping[str, Any], owner: Owner) -> Pilot:
    _known_keys(row, _PILOT_KEYS)
    document = _text_or_none(row, "document") or _text_or_none(head, "document")
    return checked_pilot(
        Pilot(
            school=_text(row, "school"),
            certificate=_text(row, "certificate"),
            level=_text_or_none(row, "level"),
            batch=_text(row, "batch"),
            owner=owner,
            published_on=_day(row, "published_on"),
            document=document,
        )
    )


def checked_pilot(pilot: Pilot) -> Pilot:
    """Return a row of the 试点 table; AppError POLICY_FIELD_MISSING, PILOT_LEVEL_UNKNOWN, POLICY_TEXT_TOO_LONG."""
    for name in ("school", "certificate", "batch"):
        text = getattr(pilot, name).strip()
        if not text:
            raise AppError("POLICY_FIELD_MISSING", field=name)
        if len(text) > MAX_TEXT:
            raise AppError("POLICY_TEXT_TOO_LONG", field=name, limit=MAX_TEXT)
    if pilot.level is not None and codes.level(pilot.level) is None:
        raise AppError("PILOT_LEVEL_UNKNOWN", value=pilot.level[:20])
    return pilot


def _refuse_twice(values: list[PolicyParameter], problems: list[RowProblem]) -> None:
    first: dict[object, int] = {}
    for number, value in enumerate(values, start=1):
        before = first.setdefault(place(value), number)
        if before != number:
            error = AppError("POLICY_VALUE_TWICE", parameter=value.name)
            problems.append(RowProblem("parameters", number, error))


def _known_keys(row: Mapping[str, Any], known: set[str]) -> None:
    for name in row:
        if name not in known:
            raise AppError("POLICY_FIELD_UNKNOWN", field=str(name)[:40])


def _text(row: Mapping[str, Any], name: str) -> str:
    text = _text_or_none(row, name)
    if text is None or not text.strip():
        raise AppError("POLICY_FIELD_MISSING", field=name)
    return text.strip()


def _text_or_none(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise AppError("POLICY_FIELD_WRONG", field=name)
    return value


def _day(row: Mapping[str, Any], name: str) -> date | None:
    text = _text_or_none(row, name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AppError("POLICY_FIELD_WRONG", field=name) from None
