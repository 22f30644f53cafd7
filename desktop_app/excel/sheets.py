"""One sheet of a workbook as it was read: typed cells by the places that the spreadsheet shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop_app.excel.cells import Cell, column_letter

_DAYS_TO_1904 = 1462  # from day 0 of the 1900 date system to that of the 1904 one
_SERIAL = re.compile(r"[1-6][0-9]{4}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: ``rows[0]`` is the spreadsheet's row 1, ``rows[i][0]`` its column A.

    Cells keep their types; a cell merged downwards is repeated in each row it covers, a cell merged
    across stays in its first column. Blank rows at the end are gone. A cell whose formula failed is its error as text
    (#N/A). ``from_1904``: numbers that are days count from 1904.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    from_1904: bool = False

    def cell(self, row: int, column: int) -> Cell:
        """Cell of spreadsheet row ``row`` (from 1) and column index ``column`` (from 0); None outside."""
        if not 1 <= row <= len(self.rows):
            return None
        cells = self.rows[row - 1]
        return cells[column] if 0 <= column < len(cells) else None

    def dated(self, cell: Cell) -> Cell:
        """Return a number that may be a day as if the days were counted from 1900; any other cell as it is."""
        if not self.from_1904 or isinstance(cell, bool):
            return cell
        if isinstance(cell, str):
            return str(int(cell) + _DAYS_TO_1904) if _SERIAL.fullmatch(cell.strip()) else cell
        if isinstance(cell, int | float) and float(cell).is_integer() and _SERIAL.fullmatch(str(int(cell))):
            return int(cell) + _DAYS_TO_1904
        return cell

    @property
    def width(self) -> int:
        """Number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)

    @property
    def last_column(self) -> str:
        """Letter of the widest row's last column."""
        return column_letter(max(self.width - 1, 0))
