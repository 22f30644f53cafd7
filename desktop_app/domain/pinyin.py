"""Pinyin of names for search: every reading of every character, without tones, ü as v.

A family name's own reading comes first (单 shan, 曾 zeng), compound ones too (尉迟 yu chi, 万俟 mo qi). The table is
made at build time and holds 41,923 characters, extensions included.
"""

from __future__ import annotations

from functools import cache
from itertools import islice, product
from typing import Any

import resources

MAX_COMBINATIONS = 32
_LONGEST_COMPOUND = 3


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = resources.load_json("codes", "pinyin.json")
    return data


@cache
def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for spoken, characters in _data()["readings"].items():
        found.update(dict.fromkeys(characters, spoken))
    return found


def readings(character: str) -> tuple[str, ...]:
    """Return all readings of one character, the commonest first; () where it has none."""
    return tuple(_table().get(character, "").split())


def syllables(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the readings of each character of a name: 单雨 → (("shan", "dan", "chan"), ("yu",)).

    Latin letters and digits stand for themselves in lower case; dots, spaces and unknown signs are left out.
    """
    compound = _compound(name)
    found = []
    for place, character in enumerate(name):
        spoken = readings(character)
        if place < len(compound):
            spoken = _first(compound[place], spoken)
        elif place == 0 and character in _data()["surnames"]:
            spoken = _first(_data()["surnames"][character], spoken)
        elif not spoken and character.isascii() and character.isalnum():
            spoken = (character.lower(),)
        if spoken:
            found.append(spoken)
    return tuple(found)


def _compound(name: str) -> tuple[str, ...]:
    for length in range(_LONGEST_COMPOUND, 1, -1):
        spoken = _data()["compound"].get(name[:length])
        if spoken:
            return tuple(spoken.split())
    return ()


def _first(spoken: str, others: tuple[str, ...]) -> tuple[str, ...]:
    return (spoken, *(other for other in others if other != spoken))


def initials(name: str) -> tuple[str, ...]:
    """Return every combination of initials, the likeliest first, at most 32: 单雨 → ("sy", "dy", "cy")."""
    letters = [dict.fromkeys(spoken[0] for spoken in character) for character in syllables(name)]
    if not letters:
        return ()
    return tuple("".join(combination) for combination in islice(product(*letters), MAX_COMBINATIONS))


def spellings(name: str) -> tuple[str, ...]:
    """Return every full spelling, the likeliest first, at most 32: 单雨 → ("shanyu", "danyu", "chanyu")."""
    spoken = syllables(name)
    if not spoken:
        return ()
    return tuple("".join(combination) for combination in islice(product(*spoken), MAX_COMBINATIONS))
