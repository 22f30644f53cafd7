"""What was typed on a page and is not saved, in a form that outlives the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Unsaved:
    """One form, grid or import of a page.

    ``key`` is its name inside the page, ``title`` whose it is in words, ``values`` what was typed. ``place`` are the
    parameters with which the page is opened where it was typed; ``count`` is the number of fields or cells;
    ``under_way``: it was sent to the store and only a kill can still lose it.
    """

    key: str
    title: str
    values: Mapping[str, Any]
    count: int
    place: Mapping[str, Any] = field(default_factory=dict)
    under_way: bool = False


class UnderWay:
    """Cells that were sent to the store and have not come back: a kill would lose them, so they count as unsaved.

    Every piece has its cells under ``cells`` in its values, as a list.
    """

    def __init__(self) -> None:
        self._sent: dict[int, Unsaved] = {}
        self._next = 0

    def begin(self, unsaved: Unsaved) -> int:
        """Take what is being sent; return the number that ``end`` takes."""
        self._next += 1
        self._sent[self._next] = replace(unsaved, under_way=True)
        return self._next

    def end(self, number: int) -> None:
        """It came back, stored or refused."""
        self._sent.pop(number, None)

    def all(self) -> list[Unsaved]:
        """Return what is under way, one piece for each key, the cells in the order in which they were typed."""
        found: dict[str, Unsaved] = {}
        for one in self._sent.values():
            before = found.get(one.key)
            if before is not None:
                cells = [*before.values["cells"], *one.values["cells"]]
                one = replace(one, values={**one.values, "cells": cells}, count=before.count + one.count)  # noqa: PLW2901
            found[one.key] = one
        return list(found.values())


_BYTES, _DATE, _TUPLE = "$bytes", "$date", "$tuple"


def to_json(value: Any) -> Any:  # noqa: ANN401 - whatever a form holds
    """Return a value of a form as JSON has it; TypeError for a kind that no form holds."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, bytes):
        return {_BYTES: value.hex()}
    if isinstance(value, date):
        return {_DATE: value.isoformat()}
    if isinstance(value, tuple):
        return {_TUPLE: [to_json(one) for one in value]}
    if isinstance(value, list):
        return [to_json(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): to_json(one) for name, one in value.items()}
    raise TypeError(type(value).__name__)


def from_json(value: Any) -> Any:  # noqa: ANN401 - as above
    """Return what ``to_json`` was given."""
    if isinstance(value, list):
        return [from_json(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_BYTES}:
        return bytes.fromhex(value[_BYTES])
    if value.keys() == {_DATE}:
        return date.fromisoformat(value[_DATE])
    if value.keys() == {_TUPLE}:
        return tuple(from_json(one) for one in value[_TUPLE])
    return {name: from_json(one) for name, one in value.items()}
