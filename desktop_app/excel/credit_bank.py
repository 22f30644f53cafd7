"""The file that a credit bank takes in: one row a certificate, whole numbers, all cells text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

import resources
from desktop_app.domain import codes
from desktop_app.domain.credit_bank import Bank
from desktop_app.domain.listings.graduates import DepositItem
from desktop_app.excel.formula_safe import write_text

COLUMNS = (
    "name",
    "document_number",
    "account",
    "trade",
    "level",
    "number",
    "issued_on",
    "consent_on",
    "class_code",
)
_WIDTHS = (12, 22, 22, 18, 14, 26, 12, 12, 18)


def write_deposits(out: BinaryIO, bank: Bank, deposits: Sequence[DepositItem]) -> None:
    """Write deposits as .xlsx; headings stand under ``credit_bank.column.…``."""
    book = Workbook()
    sheet = cast(Worksheet, book.active)
    sheet.title = resources.text(f"credit_bank.{bank.value}")
    for place, (column, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True), 1):
        cell = cast(Cell, sheet.cell(row=1, column=place))
        write_text(cell, resources.text(f"credit_bank.column.{column}"))
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for row, item in enumerate(deposits, 2):
        for place, text in enumerate(_texts(item), 1):
            write_text(cast(Cell, sheet.cell(row=row, column=place)), text)
    sheet.freeze_panes = "B2"
    book.save(out)


def _texts(item: DepositItem) -> tuple[str, ...]:
    return (
        item.name,
        item.document_number,
        item.account,
        item.trade or "",
        codes.level_name(item.level) if item.level else "",
        item.number or "",
        "" if item.issued_on is None else item.issued_on.isoformat(),
        "" if item.consent_on is None else item.consent_on.isoformat(),
        item.class_code,
    )
