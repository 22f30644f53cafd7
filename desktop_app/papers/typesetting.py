"""Words to lines: glyph fallback, widths, wrapping by Chinese rules, and drawing with tabular digits.

Lengths are points. One ``Typesetter`` serves one document and remembers the characters that no font has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from desktop_app.papers.fonts import SUBSTITUTE, advance, font, font_for

DIGIT_PITCH, BOLD_DIGIT_PITCH = 558, 594  # thousandths of the size: where digits stand in columns
LINE = 1.3  # line distance in sizes
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")
_WORD = re.compile(r"[!-~]+|\S")
_HAN = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{1,12}"
_TOKEN = re.compile(rf"[!-~]+|\s+|{_HAN}·|(?<=·){_HAN}(?![^\s·])|.", re.DOTALL)  # names break at their dots
_LAST_WORD = re.compile(r"[!-~]+$")
_NEVER_FIRST = frozenset("，。、；：！？）》〉」』】〕”’％·—…,.;:!?)]}%")
_NEVER_LAST = frozenset("（《〈「『【〔“‘([{")


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set: size in points, bold, digits on a fixed pitch."""

    size: float
    bold: bool = False
    tabular: bool = False

    @property
    def leading(self) -> float:
        """Distance between base lines, points."""
        return self.size * LINE


@cache
def _glyph(character: str, bold: bool) -> tuple[str, float] | None:
    name = font_for(character, bold=bold)
    return None if name is None else (name, advance(name, character))


class Typesetter:
    """Measures, wraps and draws the texts of one document."""

    def __init__(self) -> None:
        self._missing: dict[str, None] = {}
        self._widths: dict[tuple[str, bool, bool], float] = {}
        self._operators: dict[tuple[str, Face], str] = {}
        self._canvas: Canvas | None = None
        self._cleaned: dict[str, str] = {}

    @property
    def missing(self) -> tuple[str, ...]:
        """Characters that no font has, in the order met; each was set as 〓."""
        return tuple(self._missing)

    def clean(self, text: str) -> str:
        """Drop what has no shape, make control characters spaces, put 〓 for what no font has (and remember it)."""
        cleaned = self._cleaned.get(text)
        if cleaned is None:
            plain = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n")))
            cleaned = self._cleaned[text] = "".join(map(self._printable, plain))
        return cleaned

    def _printable(self, character: str) -> str:
        if character == "\n" or _glyph(character, False) is not None:
            return character
        self._missing[character] = None
        return SUBSTITUTE

    def width(self, text: str, face: Face) -> float:
        """Return the width of one cleaned line."""
        key = (text, face.bold, face.tabular)
        units = self._widths.get(key)
        if units is None:
            table = _ADVANCES[face.bold, face.tabular]
            units = self._widths[key] = sum([table[character] for character in text])
        return units * face.size / 1000

    def wrap(self, text: str, width: float, face: Face) -> list[str]:
        """Return the lines of a cleaned text, each within ``width``; a word wider than that is broken anywhere."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lines += self._wrap_paragraph(paragraph, width, face)
        return lines

    def _wrap_paragraph(self, paragraph: str, width: float, face: Face) -> list[str]:
        if self.width(paragraph.rstrip(), face) <= width + 0.01:
            return [paragraph.rstrip()]
        lines, line = [], ""
        for token in self._tokens(paragraph, width, face):
            if self.width(line + token.rstrip(), face) <= width + 0.01:
                line += token
                continue
            kept, carried = _break_before(line, token)
            if kept:
                lines.append(kept.rstrip())
            line = (carried + token).lstrip()
            while self.width(line, face) > width + 0.01 and len(line) > 1:
                fitting = self._fitting(line, width, face)
                lines.append(line[:fitting])
                line = line[fitting:]
        return [*lines, line.rstrip()]

    def _tokens(self, paragraph: str, width: float, face: Face) -> Iterator[str]:
        for token in _TOKEN.findall(paragraph):
            if len(token) > 1 and self.width(token, face) > width:
                yield from token
            else:
                yield token

    def _fitting(self, line: str, width: float, face: Face) -> int:
        fitting = 1
        while fitting < len(line) and self.width(line[: fitting + 1], face) <= width:
            fitting += 1
        return fitting

    def widest_word(self, text: str, face: Face) -> float:
        """Return the width of the widest part of a cleaned text that should not be broken."""
        return max((self.width(word, face) for word in _WORD.findall(text)), default=0.0)

    def draw(self, canvas: Canvas, x: float, y: float, text: str, face: Face) -> None:
        """Draw one cleaned line with its base line at y."""
        if not text.strip():
            return
        if canvas is not self._canvas:
            self._canvas = canvas
            self._operators.clear()
        key = (text, face)
        operators = self._operators.get(key)
        if operators is None:
            operators = self._operators[key] = _operators(canvas, text, face)
        left = x + _padding(text[0], face) * face.size / 1000
        canvas.addLiteral(f"BT 1 0 0 1 {left:.2f} {y:.2f} Tm {operators} ET")


def _operators(canvas: Canvas, text: str, face: Face) -> str:
    """Return what sets a line in PDF (ISO 32000-1, 9.4.3), but for its place: made once, however often it stands.

    The spacing of characters goes back to 0, for it would hold for the texts that follow.
    """
    document: Any = canvas._doc  # type: ignore[attr-defined] # what reportlab's text object asks its fonts with
    parts = []
    for (name, space), run in groupby(_spaced(list(text), face), key=lambda item: item[1:]):
        used = font(name)
        spacing = f"{space * face.size / 1000:.3f}" if space else ""
        parts += [f"{spacing} Tc"] if spacing else []
        for subset, codes in used.splitString("".join(item[0] for item in run), document):
            internal = used.getSubsetInternalName(subset, document)
            parts.append(f"{internal} {face.size:g} Tf <{codes.hex()}> Tj")
        parts += ["0 Tc"] if spacing else []
    return " ".join(parts)


def _spaced(characters: list[str], face: Face) -> Iterator[tuple[str, str, float]]:
    """Yield each character with its font and the space after it, so that padded digits stand amid their pitch."""
    if not face.tabular:
        yield from ((character, _set(character, face)[0], 0.0) for character in characters)
        return
    for character, following in zip(characters, [*characters[1:], ""], strict=True):
        name, _ = _set(character, face)
        space = _padding(character, face) + (_padding(following, face) if following else 0)
        yield character, name, round(space, 1)


def _set(character: str, face: Face) -> tuple[str, float]:
    """Font and advance of a cleaned character: only a line break has none."""
    glyph = _glyph(character, face.bold)
    if glyph is None:
        raise ValueError(f"U+{ord(character):04X} was not cleaned")
    return glyph


class _Advances(dict[str, float]):
    """Advance of each character of a face in thousandths of the size, found when it is first met."""

    def __init__(self, bold: bool, tabular: bool) -> None:
        super().__init__()
        self._face = Face(1000, bold=bold, tabular=tabular)

    def __missing__(self, character: str) -> float:
        advance = self[character] = _set(character, self._face)[1] + 2 * _padding(character, self._face)
        return advance


_ADVANCES = {(bold, tabular): _Advances(bold, tabular) for bold in (False, True) for tabular in (False, True)}


def _padding(character: str, face: Face) -> float:
    """Half of what a digit lacks to the pitch; bold digits are wider and have a wider one."""
    if not face.tabular or character not in "0123456789":
        return 0
    lack = (BOLD_DIGIT_PITCH if face.bold else DIGIT_PITCH) - _set(character, face)[1]
    return 0 if abs(lack) < 15 else lack / 2


def _break_before(line: str, token: str) -> tuple[str, str]:
    """Split a full line before the token so that no line begins or ends with the wrong punctuation."""
    cut = len(line)
    if token[0] in _NEVER_FIRST and cut > 1:
        word = _LAST_WORD.search(line)
        cut = word.start() if word and word.start() else cut - 1
    while cut > 1 and line[cut - 1] in _NEVER_LAST:
        cut -= 1
    return line[:cut], line[cut:]
