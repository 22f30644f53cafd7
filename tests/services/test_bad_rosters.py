"""Bad rosters: each has its code, a sentence with what to do, and leaves the data as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.excel.column_names import WorkbookKind
from tests.excel.sheets import FOREIGN, HEADS, document
from tests.factories.offices import Office
from tests.factories.workbooks import write_csv
from tests.refusals import told
from tests.services.store_facts import entries


def no_workbook(folder: Path) -> Path:
    path = folder / "roster.xlsx"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    return path


def empty(folder: Path) -> Path:
    path = folder / "roster.csv"
    path.write_bytes(b"")
    return path


def with_a_password(folder: Path) -> Path:
    return FOREIGN / "password.xlsx"


def of_100_000_people(folder: Path) -> Path:
    rows = ([number, "王小明", document(121), "男", "13800000001"] for number in range(100_000))
    return write_csv(folder / "roster.csv", (row for part in ([HEADS], rows) for row in part))


def of_wrong_columns(folder: Path) -> Path:
    rows = [["货号", "品名", "单价"], *([number, "螺丝", 3] for number in range(30))]
    return write_csv(folder / "roster.csv", rows)


def gone(folder: Path) -> Path:
    return folder / "roster.xlsx"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (no_workbook, "WORKBOOK_NOT_A_TABLE"),
        (empty, "WORKBOOK_EMPTY"),
        (with_a_password, "WORKBOOK_PASSWORD"),
        (of_100_000_people, "WORKBOOK_TOO_LARGE"),
        (of_wrong_columns, "HEADER_NOT_FOUND"),
        (gone, "WORKBOOK_NOT_FOUND"),
    ],
)
def test_a_bad_roster_is_told_and_changes_nothing(office: Office, tmp_path: Path, made, code) -> None:
    services = office.as_role("office")
    path = made(tmp_path)
    before = entries(office), services.history.state_hash()

    def take() -> None:
        services.imports.apply(services.imports.plan(WorkbookKind.ROSTER, path, "新班"))

    assert told(take) == code
    assert (entries(office), services.history.state_hash()) == before


def test_a_roster_without_one_good_row_changes_nothing(office: Office, tmp_path: Path) -> None:
    """Every row says what is wrong with it; applying what is left of it makes no entry."""
    services = office.as_role("office")
    path = write_csv(tmp_path / "roster.csv", [HEADS, [1, "王小明", "420102199003071219", "男", ""]])
    before = entries(office), services.history.state_hash()
    planned = services.imports.plan(WorkbookKind.ROSTER, path, "电工01班")
    assert [row.state.value for row in planned.rows] == ["bad"]
    assert planned.errors
    for problem in planned.errors:
        error = AppError(problem.code, **problem.params)
        assert told(_raise, error) == problem.code
    services.imports.apply(planned)
    assert (entries(office), services.history.state_hash()) == before


def _raise(error: AppError) -> None:
    raise error
