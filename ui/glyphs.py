"""Characters that no font of this computer can draw: looked for in our own font, else named instead of boxed."""

from __future__ import annotations

import unicodedata
from typing import Final

from PySide6.QtGui import QFont, QTextLayout
from PySide6.QtWidgets import QApplication

import resources
from desktop_app.domain.errors import AppError
from ui.theme import OWN_FONT_FILES, own_font_family

_UNDRAWN: Final = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
"""Control, format and blank characters; one that this Python does not know yet (Cn) may well be a name's."""
_OF_EVERY_PAGE: Final = "学员班级考勤"


def font_trouble() -> AppError | None:
    """Return what is wrong with the window's fonts, None where all is well.

    WINDOW_WITHOUT_CHINESE: neither the system nor we have a font for what every page shows. WINDOW_FONT_MISSING: a file
    of ours is gone, so that rare names may be boxes although the system has a Chinese font.
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    if lacking_in(_OF_EVERY_PAGE, application.font()):
        return AppError("WINDOW_WITHOUT_CHINESE")
    gone = [name for name in OWN_FONT_FILES if not resources.path("fonts", name).is_file()]
    return AppError("WINDOW_FONT_MISSING", file=gone[0]) if gone else None


def missing_glyphs(text: str) -> str:
    """Return the characters of ``text``, each once, that neither the window's fonts nor ours can draw.

    Where only ours can, the window takes it as its last choice from then on (GB 18030-2022 names are drawn so).
    """
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    font = application.font()
    lacking = lacking_in(text, font)
    family = own_font_family() if lacking else ""
    if not lacking or family in font.families():
        return lacking
    wider = QFont(font)
    wider.setFamilies([*font.families(), family])
    still = lacking_in(lacking, wider)
    if still != lacking:
        application.setFont(wider)
    return still


def lacking_in(text: str, font: QFont) -> str:
    """Return the characters of ``text``, each once, that ``font`` with the system's fallbacks cannot draw."""
    shown = (one for one in dict.fromkeys(text) if unicodedata.category(one) not in _UNDRAWN)
    return "".join(one for one in shown if not _is_drawn(one, font))


def _is_drawn(character: str, font: QFont) -> bool:
    """Lay one character out as the window would: glyph 0 is the box that stands for none."""
    layout = QTextLayout(character, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return all(index != 0 for run in layout.glyphRuns() for index in run.glyphIndexes())
