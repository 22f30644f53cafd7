"""A list of 50,000 × 20 written as Excel against a bare XlsxWriter, and how soon it stops when it is cancelled."""

from __future__ import annotations

import io
import itertools
import tempfile
import time
from pathlib import Path

import openpyxl
import xlsxwriter

from desktop_app.services.exports import ListColumn, ListRow, ListTable
from desktop_app.services.ports import CancelToken
from tests.benchmarks.measuring import LEAST_RUNS, Report, in_turns, require
from tests.factories.offices import OfficeTemplate

ROWS, COLUMNS = 50_000, 20
AT_MOST = 1.3
CANCEL_MS = 200


class Looking(CancelToken):
    """Notes each moment at which the export could be stopped."""

    def __init__(self) -> None:
        self.moments = [time.perf_counter()]

    def is_cancelled(self) -> bool:
        """Note the moment; go on."""
        self.moments.append(time.perf_counter())
        return False


def run(report: Report, count: int = ROWS) -> None:
    """Measure in turns at full size; the product writes through its service to a file, bare XlsxWriter does too."""
    rows = _rows(count)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        office = OfficeTemplate(folder / "template").copy(folder / "profile")
        exports = office.as_role("office").exports
        taken = in_turns(
            {
                "product": lambda _n: exports.write_list(_table(rows), folder / "product.xlsx"),
                "bare": lambda _n: _bare(rows, folder / "bare.xlsx"),
            },
            LEAST_RUNS,
        )
        report.slower(f"export of {count} × {COLUMNS}", taken["product"], taken["bare"], at_most=AT_MOST)
        looking = Looking()
        exports.write_list(_table(rows), folder / "looked.xlsx", cancel=looking)
        looking.moments.append(time.perf_counter())
        longest = max(after - before for before, after in itertools.pairwise(looking.moments))
        report.figure("an export stops after cancel", longest * 1000, "ms", at_most=CANCEL_MS)
        sheet = openpyxl.load_workbook(folder / "product.xlsx", read_only=True).worksheets[0]
        last = next(sheet.iter_rows(min_row=count + 2, values_only=True))
        require(list(map(str, last)) == list(rows[-1]), "the last row as it was given")
        office.profile.close()


def _rows(count: int) -> list[tuple[str, ...]]:
    """Return texts as a list of people has them: half of them different in every row."""
    different = ("张", "4201061990030", "138000", "鄂职", "2020", "WH", "E", "学", "A", "B")
    alike = (
        "男",
        "汉族",
        "大专",
        "企业在岗职工",
        "武汉某某机电设备有限公司",
        "装配工",
        "电工2020-01班",
        "在训",
        "已收",
    )
    return [
        (*(f"{prefix}{n:06d}" for prefix in different), *alike, "湖北省武汉市洪山区") for n in range(count)
    ]


def _table(rows: list[tuple[str, ...]]) -> ListTable:
    given: list[ListRow] = [(b"", row) for row in rows]
    return ListTable("清单", tuple(ListColumn(f"列{n}") for n in range(COLUMNS)), given, len(rows))


def _bare(rows: list[tuple[str, ...]], path: Path) -> None:
    """Write the same cells with the library alone."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        text = book.add_format({"num_format": "@"})
        for number, row in enumerate(rows, 2):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value, text)
    path.write_bytes(out.getvalue())
