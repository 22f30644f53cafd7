"""Words to lines: glyph fallback, widths, wrapping by Chinese rules, and drawing with tabular digits.

Lengths are points. One ``Typesetter`` serves one document and remembers the characters that no font has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from desktop_app.papers.fonts import SUBSTITUTE, advance, font_for

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

    @property
    def missing(self) -> tuple[str, ...]:
        """Characters that no font has, in the order met; each was set as 〓."""
        return tuple(self._missing)

    def clean(self, text: str) -> str:
        """Drop what has no shape, make control characters spaces, put 〓 for what no font has (and remember it)."""
        text = _CONTROL.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n")))
        return "".join(self._printable(character) for character in text)

    def _printable(self, character: str) -> str:
        if character == "\n" or _glyph(character, False) is not None:
            return character
        self._missing[character] = None
        return SUBSTITUTE

    def width(self, text: str, face: Face) -> float:
        """Return the width of one cleaned line."""
        return sum(_advance(character, face) for character in text) * face.size / 1000

    def wrap(self, text: str, width: float, face: Face) -> list[str]:
        """Return the lines of a cleaned text, each within ``width``; a word wider than that is broken anywhere."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lines += self._wrap_paragraph(paragraph, width, face)
        return lines

    def _wrap_paragraph(self, paragraph: str, width: float, face: Face) -> list[str]:
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
        pen = canvas.beginText()
        characters = list(text)
        pen.setTextOrigin(x + (_padding(characters[0], face) * face.size / 1000), y)
        for (name, space), run in groupby(_spaced(characters, face), key=lambda item: item[1:]):
            _put(pen, name, face.size, space, "".join(item[0] for item in run))
        canvas.drawText(pen)


def _put(pen: PDFTextObject, name: str, size: float, space: float, text: str) -> None:
    pen.setFont(name, size)
    pen.setCharSpace(space * size / 1000)
    pen.textOut(text)


def _spaced(characters: list[str], face: Face) -> Iterator[tuple[str, str, float]]:
    """Yield each character with its font and the space after it, so that padded digits stand amid their pitch."""
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


def _advance(character: str, face: Face) -> float:
    return _set(character, face)[1] + 2 * _padding(character, face)


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
