"""The short form of the damaged workbooks, and odd values through a whole import; the long form is ``dev.py faults
imports``."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.domain.errors import AppError
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import RowState
from tests.excel.sheets import document
from tests.factories.profiles import open_desk, quick_folder
from tests.factories.workbooks import write_csv
from tests.faults.imports import faults_in, run_examples

HEAD = ["序号", "姓名", "公民身份号码", "性别", "人员类别", "重点群体类型", "文化程度", "联系电话"]
GOOD = ["1", "张晓雨", document(1), "男", "社会重点群体", "城镇登记失业人员", "高中", "13800000001"]
ODD = (
    *("", " ", "\u3000", "张　晓雨", "420102199003070010", "4.20106E+17", "#N/A", "=1+1", "-", "2020-02-30"),
    *(
        "44197",
        "1e999",
        "nan",
        "合计",
        "女",
        "\u202e",
        "𬭎",
        "'",
        '"',
        "x" * 5000,
        "在校学生",
        GOOD[2].lower(),
    ),
)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
CELL = st.one_of(st.sampled_from(ODD), ANY, st.integers().map(str), st.floats().map(str), st.dates().map(str))
PLACES = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 6, 6, 7, 7, 7])
ROWS = st.lists(
    st.dictionaries(PLACES, CELL, max_size=3).map(
        lambda odd: [odd.get(place, cell) for place, cell in enumerate(GOOD)]
    ),
    min_size=1,
    max_size=4,
)


@pytest.fixture
def desk():
    with quick_folder() as folder, open_desk(folder / "profile") as opened:
        yield opened


def test_damaged_files_are_read_or_refused_in_words():
    tally = run_examples(350, seed=1)
    assert tally.total() == 350
    assert faults_in(tally) == []


def test_odd_values_go_in_whole_or_not_at_all(desk, tmp_path):
    service = desk.services.imports
    seen: Counter[str] = Counter()

    def people():
        return len(desk.services.trainees.list_trainees())

    def planned(path):
        return service.plan(WorkbookKind.ROSTER, path, "测试班")

    @settings(max_examples=60)
    @given(rows=ROWS)
    def import_and_undo(rows):
        path = write_csv(tmp_path / "odd.csv", [HEAD, *rows])
        try:
            plan = planned(path)
        except AppError as error:
            if not error.code.startswith(("HEADER", "WORKBOOK")):
                raise
            seen["refused"] += 1
            return
        new, bad = plan.count(RowState.NEW), plan.count(RowState.BAD)
        service.apply(plan)
        again = planned(path)
        assert (again.count(RowState.NEW), again.count(RowState.BAD)) == (0, bad)
        assert (people() > 0) == (new > 0)
        if plan.writes_anything:
            desk.services.history.undo()
        assert people() == 0
        seen["bad"] += bad
        seen["new"] += new

    import_and_undo()
    assert min(seen["bad"], seen["new"]) >= 20, seen
