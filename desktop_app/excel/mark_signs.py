"""What the signs of an attendance sheet mean: the sheet's own legend, before the table of the domain."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from functools import cache

import resources
from desktop_app.domain.attendance import Mark, parse_mark
from desktop_app.domain.errors import AppError
from desktop_app.excel.normalising import normal_mark

_SIGN = r"〇|[^\w\s:：，,、;；。．.·()（）【】\[\]\"'“”‘’/|=+\-—~～《》]|(?<![A-Z0-9])[A-Z0-9](?![A-Z0-9%])"


@cache
def _words() -> Mapping[str, Mark | None]:
    table = resources.load_json("templates", "legend.json")["words"]
    return {word: parse_mark(known) for word, known in table.items()}


@cache
def _token() -> re.Pattern[str]:
    words = sorted(_words(), key=len, reverse=True)
    return re.compile(rf"(?P<word>{'|'.join(words)})|(?P<sign>{_SIGN})")


def read_legend(lines: Iterable[str]) -> dict[str, Mark]:
    """Signs as the sheet itself explains them: ``√到 △迟到 ○请假``, or ``出勤√ 迟到△`` the other way about.

    A line is a legend where at least two pairs of a sign and a word stand side by side.
    """
    legend: dict[str, Mark] = {}
    for line in lines:
        tokens = [(match.lastgroup or "", match.group()) for match in _token().finditer(normal_mark(line))]
        first = tokens[0][0] if tokens else ""
        pairs = [
            (left[1], right[1]) if first == "sign" else (right[1], left[1])
            for left, right in itertools.pairwise(tokens)
            if left[0] == first != right[0]
        ]
        if len(pairs) > 1:
            legend.update({sign: mark for sign, word in pairs if (mark := _words()[word])})
    return legend


def meaning_of(text: str, legend: Mapping[str, Mark]) -> Mark | None:
    """Meaning of a mark as typed; None for a sign that neither the legend nor the table knows."""
    sign = normal_mark(text)
    if sign in legend:
        return legend[sign]
    try:
        return parse_mark(sign)
    except AppError:
        return None
