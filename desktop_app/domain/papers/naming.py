"""Whose names on a paper hold certain characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass


def named_with(content: object, characters: Sequence[str]) -> tuple[str, ...]:
    """Return the names of people on a content that hold any of the characters, each once, in their order."""
    wanted = set(characters)
    return tuple(dict.fromkeys(name for name in _names(content) if wanted & set(name)))


def _names(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _names(item)
    elif is_dataclass(value):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name == "name" and isinstance(inner, str):
                yield inner
            else:
                yield from _names(inner)
