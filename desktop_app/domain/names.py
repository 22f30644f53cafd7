"""Personal names: up to 50 characters, ``·`` U+00B7, every code point of GB 18030-2022.

Look-alikes of the dot, full-width letters, stray spaces and invisible characters are put right and reported.
Chinese characters are never normalised: 﨑 and 𬱖 stay what they are.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from desktop_app.domain.errors import AppError

MAX_NAME = 50
DOT = "·"
_DOT_LOOK_ALIKES = "•・．‧.∙⋅●･᛫⸱"
_DOT_BETWEEN = re.compile(rf"(?<=[^\x00-\x7f])\s*[{_DOT_LOOK_ALIKES}{DOT}]\s*(?=[^\x00-\x7f])")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != ord("．")} | {0x3000: 0x20}
_BLANKS = re.compile(r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f]+")
_PLAIN = re.compile(r"[\u4e00-\u9fff]{1,50}")  # most names: nothing in them to put right
_CHINESE_SPACE = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class NameCheck:
    """A name as it is stored; ``changes`` are the codes of what was put right (dot, width, space, invisible)."""

    value: str
    changes: tuple[str, ...] = ()
    problem: AppError | None = None
    warning: AppError | None = None

    def required(self) -> str:
        """Return the name, or raise its problem."""
        if self.problem:
            raise self.problem
        return self.value


def check_name(text: str) -> NameCheck:
    """Normalise a personal name and check it.

    Problems: NAME_EMPTY, NAME_CONTROL (a control character inside), NAME_TOO_LONG (over 50). Warning: NAME_DIGITS.
    """
    if _PLAIN.fullmatch(text):
        return NameCheck(text, ())
    changes = []
    value = text.strip()
    for code, change in (
        ("invisible", _drop_invisible),
        ("width", _half_width),
        ("space", _spaces),
        ("dot", _dots),
    ):
        changed = change(value)
        if changed != value:
            changes.append(code)
            value = changed
    if value != text and not changes:
        changes.append("space")
    problem = _problem(value)
    digits = problem is None and any(character in "0123456789" for character in value)
    return NameCheck(value, tuple(changes), problem, AppError("NAME_DIGITS") if digits else None)


def _drop_invisible(text: str) -> str:
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def _half_width(text: str) -> str:
    return text.translate(_FULL_WIDTH)


def _spaces(text: str) -> str:
    """Make any run of blanks one space, and none between Chinese characters (张  三 → 张三)."""
    return _CHINESE_SPACE.sub("", _BLANKS.sub(" ", text).strip(" "))


def _dots(text: str) -> str:
    return _DOT_BETWEEN.sub(DOT, text)


def _problem(value: str) -> AppError | None:
    if not value:
        return AppError("NAME_EMPTY")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in value):
        return AppError("NAME_CONTROL")
    if len(value) > MAX_NAME:
        return AppError("NAME_TOO_LONG", length=len(value), limit=MAX_NAME)
    return None
