"""Whose a file is: by document number, 学号 or 准考证号 and name in its path; namesakes are asked, never guessed.

A name counts only where it stands alone, once the words for kinds of papers are taken away: 王小明 is not 王小.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import TypeVar

from desktop_app.domain import codes
from desktop_app.domain.codes import fold
from desktop_app.domain.errors import AppError
from desktop_app.domain.identity import normalise_number
from desktop_app.domain.names import DOT

T = TypeVar("T")
_ALNUM = re.compile(r"[0-9A-Za-z]+")
_WORD = re.compile(
    rf"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff{DOT}]+"
    rf"|[A-Za-z]+(?:[ {DOT}][A-Za-z]+)*"
)
_DIGITS = re.compile(r"(\d+)")
_DOT_LOOK_ALIKES = re.compile("[•・．‧∙⋅●･᛫⸱]")
_NUMBER_FIRST = re.compile(r"\s*(\d{1,3})(?!\d)[\s._、号-]*(.*)", re.DOTALL)
_LEAST_NUMBER = 6
RESEMBLES = "resembles"
_FILLERS = ("正反面", "正面", "反面", "人像面", "国徽面", "复印件", "扫描件", "原件", "电子版", "的")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person to whom a file may belong; numbers are whole, as stored."""

    trainee_id: bytes
    name: str
    number: int | None = None
    document: str = ""
    student_number: str = ""
    exam_number: str = ""


@dataclass(frozen=True, slots=True)
class FileMatch:
    """Whose a file seems to be. One person: certain; several: ask; none: unknown. ``by``: what told."""

    people: tuple[bytes, ...] = ()
    kind: str | None = None
    by: str = ""

    @property
    def certain(self) -> bytes | None:
        """Return the one person, None where it is open: a name within a longer word is never taken unasked."""
        return self.people[0] if len(self.people) == 1 and self.by != RESEMBLES else None


def match_file(path: str, people: Sequence[Candidate]) -> FileMatch:
    """Match a path within a folder or archive; the file's own name goes before the names of its folders."""
    parts = [unicodedata.normalize("NFKC", part) for part in reversed(PurePosixPath(path).parts)]
    if parts:
        parts[0] = PurePosixPath(parts[0]).stem if "." in parts[0][1:] else parts[0]
    parts = [_DOT_LOOK_ALIKES.sub(DOT, part) for part in parts]
    kind = next((found for part in parts if (found := kind_in(part))), None)
    for part in parts:
        meant, by = _people_in(part, people)
        if meant:
            return FileMatch(tuple(one.trainee_id for one in meant), kind, by)
    return FileMatch(kind=kind)


def _people_in(part: str, people: Sequence[Candidate]) -> tuple[list[Candidate], str]:
    """Return whom one part of a path means; several where it means different people or nobody can tell."""
    numbered, by = _by_number(part, people)
    named, suggested = _by_name(part, people)
    if numbered and named and not {one.trainee_id for one in numbered} & {one.trainee_id for one in named}:
        return _distinct([*numbered, *named]), "contradiction"
    if numbered:
        return numbered, by
    if len(named) > 1 and len({fold(one.name) for one in named}) == 1:
        named = [one for one in named if _leads(part, one)] or named
    if named:
        return named, "name" if len(named) == 1 else "namesakes"
    return suggested, RESEMBLES


def _by_number(part: str, people: Sequence[Candidate]) -> tuple[list[Candidate], str]:
    tokens = {token.upper() for token in _ALNUM.findall(part)}
    whole = normalise_number(part)
    for by in ("document", "student_number", "exam_number"):
        found = [
            one
            for one in people
            if len(number := normalise_number(getattr(one, by))) >= _LEAST_NUMBER
            and (number in tokens or number == whole)
        ]
        if found:
            return _distinct(found), by
    return [], ""


def _leads(part: str, one: Candidate) -> bool:
    """Tell whether a text begins with somebody's number on the roster and the name at once: 31-卢军, 31 卢军身份证."""
    found = _NUMBER_FIRST.match(part)
    return found is not None and int(found[1]) == one.number and fold(found[2]).startswith(fold(one.name))


def _by_name(part: str, people: Sequence[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Return the people whose name stands alone in a text, and those whose name is only part of a word there."""
    bare = _without_kinds(part)
    words = {fold(word) for text in (part, bare) for word in _WORD.findall(text)}
    alone = [one for one in people if fold(one.name) in words]
    if alone:
        return _distinct(alone), []
    folded = fold(bare)
    return [], _distinct(one for one in people if len(one.name) > 1 and fold(one.name) in folded)


def _without_kinds(text: str) -> str:
    for word in _kind_words():
        text = re.sub(re.escape(word), " ", text, flags=re.IGNORECASE)
    for word in _FILLERS:
        text = text.replace(word, " ")
    return text


@cache
def _kind_words() -> tuple[str, ...]:
    words = {
        word for entry in codes.table("evidence_kinds").entries for word in (entry.name, *entry.words) if word
    }
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def kind_in(text: str) -> str | None:
    """Return the kind of paper that a text names, the longest word first; None where it names none."""
    folded = fold(text)
    for word in _kind_words():
        if fold(word) in folded:
            entry = codes.table("evidence_kinds").find(word)
            return None if entry is None else entry.code
    return None


def _distinct(people: Iterable[Candidate]) -> list[Candidate]:
    return list({one.trainee_id: one for one in people}.values())


def natural_order(name: str) -> list[tuple[int, int, str]]:
    """Return the sort key by which 2.jpg stands before 10.jpg."""
    return [
        (0, int(piece), "") if piece.isdecimal() else (1, 0, piece.casefold())
        for piece in _DIGITS.split(unicodedata.normalize("NFKC", name))
        if piece
    ]


def by_roster_order(files: Sequence[T], people: Sequence[Candidate]) -> dict[bytes, list[T]]:
    """Give each person, in roster order, the same number of files in a row.

    AppError EVIDENCE_ORDER_COUNT where the files do not come out even: then nothing is guessed.
    """
    if not people or not files or len(files) % len(people):
        raise AppError("EVIDENCE_ORDER_COUNT", files=len(files), people=len(people))
    each = len(files) // len(people)
    return {
        one.trainee_id: list(files[place * each : (place + 1) * each]) for place, one in enumerate(people)
    }
