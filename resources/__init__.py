"""Files that ship with the product, and the one loader of sentences for people.

Standard library only, nothing is read before it is asked for, everything read is kept.
A language is the union of its fragments ``resources/i18n/<language>/*.json``: flat objects, key → sentence.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
_ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Return the absolute path of a file or folder under resources, e.g. ``path("icons", "app.svg")``."""
    return _ROOT.joinpath(*parts)


class Worded(str):
    """A parameter that is itself a key: its sentence in the language goes in, the last part of the key without one."""

    __slots__ = ()

    def in_language(self, language: str) -> str:
        """Return the sentence of the key."""
        return sentences(language).get(self, self.rpartition(".")[2])


@cache
def load_json(*parts: str) -> Any:  # noqa: ANN401 - JSON: each reader knows the shape of its file
    """Return a parsed JSON file, kept after the first call: callers must not change it.

    Raises FileNotFoundError or json.JSONDecodeError.
    """
    return json.loads(path(*parts).read_text(encoding="utf-8"))


@cache
def sentences(language: str) -> dict[str, str]:
    """Return all sentences of a language, key → sentence; callers must not change the mapping.

    Raises ValueError where two fragments carry the same key, KeyError where the language is unknown.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    merged: dict[str, str] = {}
    for fragment in sorted(path("i18n", language).glob("*.json")):
        for key, sentence in load_json("i18n", language, fragment.name).items():
            if key in merged:
                raise ValueError(f"{fragment.name} repeats the key {key}")
            merged[key] = sentence
    return merged


def has_text(key: str, language: str = "zh") -> bool:
    """Tell whether there is a sentence for a key, e.g. for a code that a newer platform sent."""
    return key in sentences(language)


def text(key: str, /, language: str = "zh", **params: object) -> str:
    """Return a sentence with its named placeholders filled, e.g. ``text("error.NAME_EMPTY", row=12)``.

    A value that is ``Worded`` is put in as its own sentence.
    Raises KeyError where the key is unknown or a placeholder has no value. Values too many are ignored.
    """
    words = {
        name: value.in_language(language) if isinstance(value, Worded) else value
        for name, value in params.items()
    }
    return sentences(language)[key].format_map(words)
