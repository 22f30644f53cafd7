"""Where two contents of a paper differ: what a stamped copy says, and what is so now.

Contents are compared as plain values, as ``plain_content`` makes them and JSON keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_DERIVED = frozenset({"rate_permille", "due", "attended", "total_hours", "total", "number"})
"""What follows from the rest: one wrong mark is one difference, not four."""
_HEAD = frozenset({"data_time", "printed_by", "paper_number", "demo", "solo"})
ADDED, GONE = "added", "gone"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place: the line it stands in (number and name; "" for the head), the field, and both values.

    ``place`` counts within a field of many values (the marks of a person) from 1, 0 for others. A line that only one
    side has is ``added`` or ``gone`` as its field.
    """

    subject: str
    field: str
    before: str
    after: str
    place: int = 0


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return every place where two plain contents of one kind differ, in the order of the paper."""
    found: list[Difference] = []
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if name == "head":
            found += _fields("", _without(old or {}, _HEAD), _without(new or {}, _HEAD))
        elif isinstance(old or new, list):
            found += _lines(old or [], new or [])
        elif old != new and name not in _DERIVED:
            found.append(Difference("", name, _text(old), _text(new)))
    return tuple(found)


def _without(fields: Mapping[str, Any], names: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def _lines(before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    old, new = _by_number(before), _by_number(after)
    for key in dict.fromkeys([*old, *new]):
        one, other = old.get(key), new.get(key)
        if one is None:
            yield Difference(_subject(other), ADDED, "", _subject(other))
        elif other is None:
            yield Difference(_subject(one), GONE, _subject(one), "")
        elif isinstance(one, dict) and isinstance(other, dict):
            yield from _fields(_subject(one), one, other)
        elif one != other:
            yield Difference("", "", _text(one), _text(other))


def _by_number(lines: Sequence[Any]) -> dict[object, Any]:
    """Return lines by their numbers; by their places where those say nothing or say the same twice."""
    numbers = [line.get("number") if isinstance(line, dict) else None for line in lines]
    if None in numbers or len(set(numbers)) < len(lines):
        return dict(enumerate(lines))
    return dict(zip(numbers, lines, strict=True))


def _fields(subject: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old == new or name in _DERIVED:
            continue
        if isinstance(old, list) and isinstance(new, list):
            yield from _values(subject, name, old, new)
        else:
            yield Difference(subject, name, _text(old), _text(new))


def _values(subject: str, name: str, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    if any(isinstance(one, dict) for one in (*before, *after)):
        yield from _lines(before, after)
        return
    for place in range(max(len(before), len(after))):
        old = before[place] if place < len(before) else None
        new = after[place] if place < len(after) else None
        if old != new:
            yield Difference(subject, name, _text(old), _text(new), place + 1)


def _subject(line: Any) -> str:  # noqa: ANN401 - a plain value
    if not isinstance(line, dict):
        return _text(line)
    number, name = line.get("number"), line.get("name") or line.get("date") or ""
    return " ".join(str(part) for part in (number, name) if part not in {None, ""})


def _text(value: Any) -> str:  # noqa: ANN401 - a plain value
    if value is None:
        return ""
    if isinstance(value, dict):  # the result of a component
        tenths = value.get("tenths")
        return str(value.get("state") or "") if tenths is None else f"{tenths / 10:g}"
    return str(value)
