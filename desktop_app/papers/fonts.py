"""The fonts of papers: 宋体 (Noto Serif SC) for the body, 黑体 (Noto Sans SC Bold) for heads, embedded as subsets.

Where one lacks a glyph the other is set.

reportlab writes ToUnicode entries above U+FFFF as five hex digits, which readers take for another character
(𬭎 copies out as Ⲵ); ``PaperFont`` writes UTF-16BE as ISO 32000-1 9.10.3 asks.
"""

from __future__ import annotations

import gc
from collections.abc import Sequence
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

import resources
from desktop_app.domain.errors import AppError
from desktop_app.papers.watching import look

SUBSTITUTE = "〓"  # the typesetter's mark for a lacking sort
BODY = "PaperSerif"
_FILES = {
    BODY: "NotoSerifSC-Regular.ttf",
    "PaperSerifBold": "NotoSerifSC-Bold.ttf",
    "PaperSans": "NotoSansSC-Regular.ttf",
    "PaperSansBold": "NotoSansSC-Bold.ttf",
}
# Where a file is missing or damaged the other family of the same weight is set in its place.
_IN_PLACE = {
    BODY: "PaperSans",
    "PaperSans": BODY,
    "PaperSerifBold": "PaperSansBold",
    "PaperSansBold": "PaperSerifBold",
}
_CHAIN = {False: (BODY, "PaperSans"), True: ("PaperSansBold", "PaperSerifBold")}
_BFCHAR_LIMIT = 100  # ISO 32000-1 and Adobe TN 5014: entries a block


class PaperFont(TTFont):
    """A TrueType font whose text copies out of the PDF as it went in, supplementary planes included."""

    def addObjects(self, doc: Any) -> None:  # noqa: ANN401, N802 - reportlab's own name and untyped document
        """Let reportlab write the subsets, then put a right ToUnicode map to each."""
        subsets = [tuple(subset) for subset in self.state[doc].subsets]
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
        look()
        super().addObjects(doc)
        look()
        for name, subset in zip(names, subsets, strict=True):
            font = doc.idToObject["BasicFonts"].dict[name]
            doc.idToObject[font.ToUnicode.name].content = to_unicode_map(font.BaseFont, subset)


def to_unicode_map(font_name: str, subset: Sequence[int]) -> str:
    """Return the ToUnicode CMap of a one-byte subset: position → code point, 0 where the position is empty."""
    pairs = [(position, code) for position, code in enumerate(subset) if code]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        f"/CMapName /{font_name}-UTF16 def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
    ]
    for start in range(0, len(pairs), _BFCHAR_LIMIT):
        block = pairs[start : start + _BFCHAR_LIMIT]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{position:02X}> <{_utf16(code)}>" for position, code in block]
        lines.append("endbfchar")
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join(lines)


def _utf16(code: int) -> str:
    return chr(code).encode("utf-16-be", "surrogatepass").hex().upper()


@cache
def font(name: str) -> PaperFont:
    """Return a font of this module, loaded and registered with reportlab at first use.

    AppError FONT_MISSING where neither its own file nor the other family's can be read.
    """
    try:
        loaded = _load(name, _FILES[name])
    except (TTFError, OSError) as error:
        try:
            loaded = _load(name, _FILES[_IN_PLACE[name]])
        except (TTFError, OSError):
            raise AppError("FONT_MISSING", file=_FILES[name]) from error
    pdfmetrics.registerFont(loaded)
    return loaded


def _load(name: str, file: str) -> PaperFont:
    """Load a font; its 60,000 small lists would start a search for rubbish that keeps the window from its events."""
    searching = gc.isenabled()
    gc.disable()
    try:
        return PaperFont(name, str(resources.path("fonts", file)))
    finally:
        if searching:
            gc.enable()


def font_for(character: str, *, bold: bool) -> str | None:
    """Return the name of the first font that has the character, or None."""
    code = ord(character)
    return next((name for name in _CHAIN[bold] if code in font(name).face.charToGlyph), None)


def advance(name: str, character: str) -> float:
    """Return a character's width in thousandths of its size."""
    face = font(name).face
    return float(face.charWidths.get(ord(character), face.defaultWidth))
