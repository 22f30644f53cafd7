"""Code tables that ship in ``resources/codes``, and the readers of what offices type for them.

A table is loaded when first asked for. Readers return a code, or None where the text is not known: the caller
decides whether that is an error. Regions have a module of their own (``regions``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any

import resources

_PUNCTUATION = re.compile(r"[\s()（）\[\]、,，.。/]+")
_STUDYING = re.compile(r"(?:在读|在校|就读)$")


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code with its official name, the office's short word and, where it is dated, the days it holds.

    ``more`` holds the columns that only this table has.
    """

    code: str
    name: str
    short: str
    words: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    def holds_on(self, day: date) -> bool:
        """Tell whether the code may be used for an act of that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class CodeTable:
    """The rows of one table, in order."""

    entries: tuple[CodeEntry, ...]

    @cached_property
    def by_code(self) -> dict[str, CodeEntry]:
        """Return the rows by code."""
        return {entry.code: entry for entry in self.entries}

    @cached_property
    def by_word(self) -> dict[str, CodeEntry]:
        """Return the rows by every folded word that means them; the earlier row wins."""
        words: dict[str, CodeEntry] = {}
        for spoken in (lambda e: (e.code, e.name, e.short), lambda e: e.words):
            for entry in self.entries:
                for word in spoken(entry):
                    words.setdefault(fold(word), entry)
        return words

    def find(self, text: str) -> CodeEntry | None:
        """Return the row that a code, name or known word means, or None."""
        folded = fold(text)
        return self.by_word.get(folded) if folded else None

    def name(self, code: str) -> str:
        """Return the short word of a code; an unknown code is its own name."""
        entry = self.by_code.get(code)
        return entry.short if entry else code


@dataclass(frozen=True, slots=True)
class Education:
    """学历 (GB/T 4658 code) and whether the person is still studying for it (在读)."""

    code: str
    studying: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A skill level: comparable by rank within its system only (``skill`` 职业技能等级, ``one_x`` 1+X)."""

    code: str
    system: str
    rank: int

    def is_below(self, other: Level) -> bool | None:
        """Tell whether this level is lower; None across systems."""
        return self.rank < other.rank if self.system == other.system else None


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return text for comparison: half-width, no spaces or punctuation, lower case."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).lower()


@cache
def table(name: str) -> CodeTable:
    """Return a table of ``resources/codes``, e.g. ``table("ethnic_groups")``; FileNotFoundError if there is none."""
    return CodeTable(tuple(_entry(row) for row in resources.load_json("codes", f"{name}.json")["rows"]))


def _entry(row: Mapping[str, Any]) -> CodeEntry:
    plain = ("code", "name", "short", "words", "from", "until")
    return CodeEntry(
        code=row["code"],
        name=row["name"],
        short=row.get("short") or row["name"],
        words=tuple(row.get("words", ())),
        since=date.fromisoformat(row["from"]) if "from" in row else None,
        until=date.fromisoformat(row["until"]) if "until" in row else None,
        more={key: value for key, value in row.items() if key not in plain},
    )


def parse_ethnicity(text: str) -> str | None:
    """Return the GB/T 3304 code of "汉族", "汉", "01", "1" or "HA"."""
    folded = fold(text)
    rows = table("ethnic_groups")
    if folded.isdecimal():
        folded = folded.zfill(2)
    entry = rows.find(folded) or rows.find(folded + "族") or _by_letters().get(folded.upper())
    return entry.code if entry else None


@cache
def _by_letters() -> dict[str, CodeEntry]:
    return {entry.more["letters"]: entry for entry in table("ethnic_groups").entries if entry.more["letters"]}


def ethnicity_name(code: str) -> str:
    """Return 汉族 for 01; an unknown code is its own name."""
    return table("ethnic_groups").name(code)


def parse_education(text: str) -> Education | None:
    """Return the GB/T 4658 code of an office's word; "大专在读" and "在读本科" are ordinary input."""
    folded = fold(text)
    entry = table("education").find(folded)
    if entry:
        return Education(entry.code)
    bare = _STUDYING.sub("", folded)
    if bare == folded:
        bare = folded.removeprefix("在读")
    entry = table("education").find(bare)
    return Education(entry.code, studying=True) if entry and bare != folded else None


def education_name(education: Education) -> str:
    """Return the office's word: 大专, 大专在读."""
    return table("education").name(education.code) + ("在读" if education.studying else "")


def parse_sex(text: str) -> str | None:
    """Return the GB/T 2261.1 code: "1" 男, "2" 女, "0" 未知, "9" 未说明."""
    return _code("sex", text)


def sex_name(code: str) -> str:
    """Return 男 or 女; an unknown code is its own name."""
    return table("sex").name(code)


def parse_category(text: str) -> str | None:
    """Return the 人员类别: student, key_group, employee or other."""
    return _code("categories", text)


def category_name(code: str) -> str:
    """Return 在校学生, 社会重点群体, 企业在岗职工 or 其他."""
    return table("categories").name(code)


def parse_group(text: str) -> str | None:
    """Return the code of a 重点群体, numbers ①–⑦ included (⑦ is 建档立卡, see ``group_on``)."""
    folded = fold(text)
    if len(folded) == 1 and folded.isdecimal():
        number = int(folded)
        found = (e.code for e in table("key_groups").entries if number and e.more["number"] == number)
        return next(found, None)
    return _code("key_groups", text.lstrip("①②③④⑤⑥⑦ ")) or _full_group(folded)


def _full_group(folded: str) -> str | None:
    entries = table("key_groups").entries
    return next((entry.code for entry in entries if fold(entry.more["full"]) == folded), None)


def group_name(code: str) -> str:
    """Return the name of a 重点群体 as rosters print it."""
    return table("key_groups").name(code)


def group_successors(code: str, enrolled_on: date) -> tuple[str, ...]:
    """Return the codes that stand for a group on an enrolment date: itself while it holds, else its successors."""
    entry = table("key_groups").by_code.get(code)
    if entry is None or entry.holds_on(enrolled_on):
        return (code,)
    return tuple(entry.more.get("successors", ()))


def group_evidence(code: str) -> tuple[str, ...]:
    """Return the kinds of evidence, any of which supports the group (R02)."""
    entry = table("key_groups").by_code.get(code)
    return tuple(entry.more["evidence"]) if entry else ()


def parse_evidence(text: str) -> tuple[str | None, str]:
    """Split "扶贫手册：1151707710" into (kind code, number); (None, text) where no known kind stands before it."""
    head, mark, tail = unicodedata.normalize("NFKC", text).strip().partition(":")
    kind = _code("evidence_kinds", head) if mark else None
    return (kind, tail.strip()) if kind else (None, text.strip())


def parse_level(text: str, system: str | None = None) -> Level | None:
    """Return a level from 五级, 初级工, 1+X中级 …; ``system`` narrows where words are shared."""
    entry = table("levels").find(text)
    if entry is None:
        return None
    level = Level(entry.code, entry.more["system"], entry.more["rank"])
    return level if system in {None, level.system} else None


def level(code: str) -> Level | None:
    """Return the level of a code such as ``skill4``, or None."""
    entry = table("levels").by_code.get(code)
    return Level(code, entry.more["system"], entry.more["rank"]) if entry else None


def level_name(code: str) -> str:
    """Return 四级/中级工 for skill4; an unknown code is its own name."""
    entry = table("levels").by_code.get(code)
    return entry.name if entry else code


def parse_occupation(text: str) -> str | None:
    """Return the 职业分类大典 code of a trade's name, or None: unknown trades stay text."""
    return _code("occupations", text)


def _code(name: str, text: str) -> str | None:
    entry = table(name).find(text)
    return entry.code if entry else None
