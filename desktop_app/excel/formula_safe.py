"""Keeps text that a spreadsheet would run as a formula what it is: text."""

from __future__ import annotations

from openpyxl.cell import Cell as WorkbookCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet may run ``text`` when it is typed or loaded: it begins with = + - @ tab or CR."""
    return text.startswith(_DANGEROUS)


def formula_safe(text: str) -> str:
    """``text`` for CSV and the clipboard: with an apostrophe in front where it could run.

    For .xlsx use ``write_text``, which changes nothing visible.
    """
    return f"'{text}" if is_formula_like(text) else text


def storable(text: str) -> str:
    """``text`` without the control characters that a workbook cannot hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def write_text(cell: WorkbookCell, text: str) -> None:
    """Put ``text`` into an openpyxl cell as text, whatever it begins with; editing it keeps it text."""
    cell.value = storable(text)
    cell.data_type = "s"
    if is_formula_like(text):
        cell.quotePrefix = True
