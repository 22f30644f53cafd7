"""How wide the columns of a table are: computed from what stands in them.

Lengths are points. A column never gets less than its widest unbreakable part where the page allows; where it does
not, the letters get smaller, step by step, and only below the smallest size are words broken anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.papers.typesetting import Face, Typesetter
from desktop_app.papers.watching import look

PADDING = 2.8  # left and right of a cell's text
_SIZES_DOWN = 0.5
SMALLEST = 6.0
_USUAL = 0.9  # the share of cells that a column is made for when the table is too wide
_NEARLY = 1.12  # a cell that is hardly wider than those is still to stand on one line
_MOST_LINES = 4  # the others should not need more lines than this


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head (None continues the head above), alignment left, centre or right, and width limits."""

    head: str
    align: str = "center"
    least: float = 0.0
    most: float = 10_000.0
    tabular: bool = False
    stretch: float = 1.0  # share of the room that is left over; 0 = stays as narrow as its content


@dataclass(frozen=True, slots=True)
class _Need:
    least: float
    usual: float
    full: float


def fit(
    setter: Typesetter,
    columns: Sequence[Column],
    rows: Sequence[Sequence[str | None]],
    room: float,
    size: float,
) -> tuple[list[float], float]:
    """Return the widths that fill ``room`` and the size of the letters (≤ ``size``); rows hold cleaned cells."""
    while True:
        needs = []
        for place, column in enumerate(columns):
            look()
            needs.append(_need(setter, column, [row[place] for row in rows], size))
        least = sum(need.least for need in needs)
        if least <= room:
            return _share(columns, needs, room), size
        if size <= SMALLEST:
            return [need.least * room / least for need in needs], size
        size = max(SMALLEST, size - _SIZES_DOWN)


def _need(setter: Typesetter, column: Column, cells: Sequence[str | None], size: float) -> _Need:
    face, head = Face(size, tabular=column.tabular), Face(size, bold=True)
    texts = [cell for cell in cells if cell]
    widths = sorted(max(setter.width(line, face) for line in text.split("\n")) for text in texts) or [0.0]
    head_width = max(setter.width(line, head) for line in column.head.split("\n"))
    words = max((setter.widest_word(text, face) for text in texts), default=0.0)
    floor = max(column.least, head_width + 2 * PADDING, min(words + 2 * PADDING, column.most))
    common = widths[min(len(widths) - 1, int(len(widths) * _USUAL))]
    nearly = max(width for width in widths if width <= common * _NEARLY)
    usual = max(nearly, widths[-1] / _MOST_LINES) + 2 * PADDING
    full = widths[-1] + 2 * PADDING
    return _Need(floor, max(floor, min(usual, column.most)), max(floor, min(full, column.most)))


def _share(columns: Sequence[Column], needs: Sequence[_Need], room: float) -> list[float]:
    full = [need.full for need in needs]
    if sum(full) <= room:
        return _stretch(columns, full, room)
    usual = [need.usual for need in needs]
    if sum(usual) <= room:
        wanted = [f - u for f, u in zip(full, usual, strict=True)]
        share = (room - sum(usual)) / sum(wanted)
        return [u + share * w for u, w in zip(usual, wanted, strict=True)]
    return _level(needs, room)


def _stretch(columns: Sequence[Column], widths: Sequence[float], room: float) -> list[float]:
    weights = [column.stretch * width for column, width in zip(columns, widths, strict=True)]
    total = sum(weights) or sum(widths)
    weights = weights if sum(weights) else list(widths)
    spare = room - sum(widths)
    return [width + spare * weight / total for width, weight in zip(widths, weights, strict=True)]


def _level(needs: Sequence[_Need], room: float) -> list[float]:
    """Cut the widest columns to one common width, as water finds its level."""
    low, high = 0.0, max(need.usual for need in needs)
    for _ in range(40):
        level = (low + high) / 2
        if sum(max(need.least, min(need.usual, level)) for need in needs) > room:
            high = level
        else:
            low = level
    widths = [max(need.least, min(need.usual, low)) for need in needs]
    return [width * room / sum(widths) for width in widths]
