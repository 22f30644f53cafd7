"""What the signs of an attendance sheet mean: a shipped table, and the sheet's own legend before it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import resources
from desktop_app.excel.normalising import normal_mark

ATTENDED = frozenset({"present", "late", "early"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """Status present | late | early | leave | absent, and the reason code of a leave ("" = none given)."""

    status: str
    reason: str = ""

    @property
    def attended(self) -> bool:
        """Whether it counts as having come: √ △ ▽."""
        return self.status in ATTENDED


@cache
def _table() -> Mapping[str, Meaning]:
    found: dict[str, Meaning] = {}
    for sign, code in resources.load_json("templates", "marks.json")["marks"].items():
        status, _, reason = code.partition(":")
        found[normal_mark(sign)] = Meaning(status, reason)
    return MappingProxyType(found)


@cache
def _token() -> re.Pattern[str]:
    words = sorted(resources.load_json("templates", "marks.json")["legend_words"], key=len, reverse=True)
    signs = [sign for sign in _table() if not re.search(r"[\u4e00-\u9fff0-9A-Z]", sign)]
    return re.compile(
        rf"(?P<word>{'|'.join(words)})|(?P<sign>[{re.escape(''.join(signs))}]|(?<![A-Z0-9])[A-Z0-9](?![A-Z0-9%]))"
    )


def read_legend(lines: Iterable[str]) -> dict[str, Meaning]:
    """Signs as the sheet itself explains them: ``√到 △迟到 ○请假``, or ``出勤√ 迟到△`` the other way about.

    A line is a legend where at least two signs and words alternate.
    """
    legend: dict[str, Meaning] = {}
    for line in lines:
        tokens = [(match.lastgroup or "", match.group()) for match in _token().finditer(normal_mark(line))]
        sign_first = next((kind for kind, _ in tokens), "") == "sign"
        pairs = [
            (left[1], right[1]) if sign_first else (right[1], left[1])
            for left, right in itertools.pairwise(tokens)
            if (left[0], right[0]) == (("sign", "word") if sign_first else ("word", "sign"))
        ]
        if len(pairs) > 1:
            legend.update({sign: _table()[normal_mark(word)] for sign, word in pairs if word in _table()})
    return legend


def meaning_of(text: str, legend: Mapping[str, Meaning]) -> Meaning | None:
    """Meaning of a mark as typed; None for one that is unknown. ``text`` must not be blank."""
    sign = normal_mark(text)
    return legend.get(sign) or _table().get(sign)
