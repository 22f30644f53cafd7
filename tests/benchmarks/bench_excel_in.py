"""A roster of 50,000 × 20 imported against calamine's bare read and a bare executemany of the same rows."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import python_calamine
import xlsxwriter

from desktop_app.domain.identity import check_digit
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.container import Services
from desktop_app.services.imports.plan import RowState
from tests.benchmarks.bare import BareFile
from tests.benchmarks.measuring import LEAST_RUNS, Report, in_turns, require
from tests.factories.offices import OfficeTemplate
from tests.source_tree import ROOT

ROWS = 50_000
AT_MOST, STRETCH = 4.0, 2.5
LIMIT_MIB = 400
HEADS = (
    "序号", "姓名", "公民身份号码", "性别", "民族", "联系电话", "人员类别", "重点群体类型", "文化程度", "专业/岗位",
    "学号", "佐证材料", "工作单位", "家庭住址", "户籍", "报名日期", "出生日期", "银行账号", "开户行", "备注",
)  # fmt: skip
FAMILIES, GIVEN = "王李张刘陈杨黄赵周吴", "伟芳娜敏静丽强磊军洋勇艳杰涛明超兰霞平刚"
INSERT = f"INSERT INTO bare VALUES ({','.join('?' * len(HEADS))})"


def run(report: Report, count: int = ROWS) -> None:
    """Measure in turns: plan and apply in the product; bare, read and write; openpyxl, which merely reads."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = write_roster(folder / "roster.xlsx", count)
        template = OfficeTemplate(folder / "template")
        offices = [template.copy(folder / f"profile{number}") for number in range(LEAST_RUNS)]
        desks = [office.as_role("office") for office in offices]
        taken = in_turns(
            {
                "product": lambda n: _import(desks[n], file, count),
                "bare": lambda n: _bare(folder / f"bare{n}.db", file, count),
                "openpyxl": lambda _n: _merely_read(file, count),
            },
            LEAST_RUNS,
            warm=0,
        )
        for office in offices:
            office.profile.close()
        report.slower(f"import of {count} × {len(HEADS)}", taken["product"], taken["bare"], at_most=AT_MOST)
        report.note(f"stretch: {STRETCH}")
        report.as_fast(
            "import against openpyxl's mere reading", taken["product"], taken["openpyxl"], at_least=1.0
        )
        report.figure("resident at the highest while importing", _resident(file), "MiB", at_most=LIMIT_MIB)


def write_roster(path: Path, count: int) -> Path:
    """Write a roster of people with right check digits, no two alike."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    sheet.write_row(0, 0, HEADS)
    for number, row in enumerate(rows(count), start=1):
        sheet.write_row(number, 0, row)
    book.close()
    return path


def rows(count: int) -> Iterator[tuple[object, ...]]:
    """Yield the people; half of their columns are different for each."""
    for number in range(count):
        day = dt.date(1970, 1, 1) + dt.timedelta(days=number // 500)
        first17 = f"420102{day:%Y%m%d}{number % 500 + 101:03d}"
        name = FAMILIES[number % 10] + GIVEN[number // 10 % 20] + GIVEN[number // 200 % 20]
        yield (
            number + 1, name, first17 + check_digit(first17), "男" if int(first17[-1]) % 2 else "女", "汉族",
            f"138{number:08d}", "社会重点群体", "城镇登记失业人员", "高中", "电工", "",
            f"就业创业证：{number:010d}", "", f"武汉市洪山区珞喻路{number}号", "湖北省", "2020-11-02", day.isoformat(),
            f"6217{number:015d}", "农业银行", "",
        )  # fmt: skip


def _import(desk: Services, file: Path, count: int) -> None:
    plan = desk.imports.plan(WorkbookKind.ROSTER, file)
    require(plan.count(RowState.NEW) == count, f"{count} new people")
    desk.imports.apply(plan)


def _bare(path: Path, file: Path, count: int) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes()))
    read = [tuple(map(str, row)) for row in book.get_sheet_by_index(0).iter_rows()][1:]
    require(len(read) == count, f"{count} rows")
    with BareFile(path) as bare:
        bare.sql.execute(f"CREATE TABLE bare ({','.join(f'c{place} TEXT' for place in range(len(HEADS)))})")
        bare.commit(INSERT, read)


def _merely_read(file: Path, count: int) -> None:
    book = openpyxl.load_workbook(file, read_only=True)
    require(sum(1 for _ in book.worksheets[0].iter_rows(values_only=True)) == count + 1, f"{count} rows")
    book.close()


def _resident(file: Path) -> float:
    """Import once in a process of its own; return the most memory that it had, in MiB."""
    code = (
        "import json, resource, sys, tempfile; from pathlib import Path\n"
        "from tests.benchmarks.bench_excel_in import import_once\n"
        "import_once(Path(sys.argv[1]))\n"
        "print(json.dumps(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    require(done.returncode == 0, f"an import by itself: {done.stderr[-1000:]}")
    return float(json.loads(done.stdout.splitlines()[-1]))


def import_once(file: Path) -> None:
    """Import a roster into a fresh profile."""
    with tempfile.TemporaryDirectory() as name:
        office = OfficeTemplate(Path(name) / "template").copy(Path(name) / "profile")
        imports = office.as_role("office").imports
        imports.apply(imports.plan(WorkbookKind.ROSTER, file))
        office.profile.close()
