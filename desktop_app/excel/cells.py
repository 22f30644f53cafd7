"""What a spreadsheet cell may hold, its text, and the letters that name columns."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

FIRST_INEXACT = 1_000_000_000_000_000  # Excel keeps 15 significant digits, whatever was typed
_LARGEST = 1e30

ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!"}
)
"""What a cell shows whose formula failed."""

_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]{2}")


def is_blank(value: Cell) -> bool:
    """Whether a cell holds nothing a reader would see."""
    return value is None or (isinstance(value, str) and not value.strip("\ufeff\u200b \t\r\n\u3000\xa0"))


def is_error(value: Cell) -> bool:
    """Whether a cell shows that its formula failed, e.g. #N/A."""
    return isinstance(value, str) and value[:1] == "#" and value.strip() in ERRORS


def cell_text(value: Cell) -> str:
    """The cell as the text a person would type: whole numbers without ``.0``, dates as ISO.

    A date-time at midnight is a date; a number is never shown in scientific notation.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(int(value))  # TRUE is 1
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "minutes")
    if isinstance(value, dt.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return value.isoformat("minutes") if isinstance(value, dt.time) else value.isoformat()


def _float_text(value: float) -> str:
    if not math.isfinite(value):
        return ""
    if abs(value) >= FIRST_INEXACT:
        return str(int(Decimal(f"{value:.15g}"))) if abs(value) < _LARGEST else repr(value)
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(round(value, 10))).normalize(), "f")


def is_rounded_number(value: Cell) -> bool:
    """Whether a long number has lost its last digits by having been a number in Excel.

    Excel keeps 15 significant digits, so an 18-digit number typed into an ordinary cell ends in
    ``000``; a CSV saved from it holds ``4.20111E+17``.
    """
    if isinstance(value, bool):
        return False
    if isinstance(value, int | float):
        return abs(value) >= FIRST_INEXACT
    return isinstance(value, str) and _SCIENTIFIC.fullmatch(value.strip()) is not None


def column_letter(index: int) -> str:
    """Letter of the column at ``index`` (0 is A, 26 is AA)."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_index(letter: str) -> int:
    """Index of the column named ``letter`` (A is 0).

    Raises ``ValueError`` if it is not one to three Latin letters.
    """
    upper = letter.strip().upper()
    if not re.fullmatch(r"[A-Z]{1,3}", upper):
        raise ValueError(letter)
    index = 0
    for char in upper:
        index = index * 26 + ord(char) - ord("A") + 1
    return index - 1
