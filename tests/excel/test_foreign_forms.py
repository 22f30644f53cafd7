"""Forms drawn by seed are understood, filled in place and read back; everything else in them stays as it was."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.foreign_forms import FillRule, FormRules, date_text, read_rules
from desktop_app.excel.foreign_forms import look_at_form
from desktop_app.excel.form_filling import Portion, fill_form
from tests.excel.form_checks import BOOK, CLASS, PEOPLE, check_filled, check_found, check_read_back
from tests.excel.rich_workbook import loaded, parts, rich_workbook
from tests.excel.sheets import FOREIGN, WORKBOOKS, document
from tests.factories.foreign_forms import draw, layout

SAVED_BY_LIBREOFFICE = (101, 102, 103, 104)


def forms(tmp_path):
    """Return forms of many seeds, each with its file: drawn here, and kept as LibreOffice saved them."""
    drawn = [(layout(seed), draw(layout(seed), tmp_path / f"{seed}.xlsx")) for seed in range(12)]
    saved = [(layout(seed), WORKBOOKS / f"外来表格-{seed}.xlsx") for seed in SAVED_BY_LIBREOFFICE]
    return drawn + saved


def test_columns_rows_and_cells_of_every_drawn_form_are_found(tmp_path):
    for form, path in forms(tmp_path):
        check_found(form, path)


def test_every_drawn_form_is_filled_in_place_and_nothing_else_in_it_changes(tmp_path):
    for form, path in forms(tmp_path):
        check_filled(form, path, tmp_path / "filled.xlsx")


def test_what_the_authority_puts_into_a_drawn_form_is_read_back(tmp_path):
    for form, path in forms(tmp_path):
        check_read_back(form, path, tmp_path / "filled.xlsx")


def test_the_kept_forms_are_as_libreoffice_saves_them():
    for seed in SAVED_BY_LIBREOFFICE:
        assert b"LibreOffice" in parts(WORKBOOKS / f"外来表格-{seed}.xlsx")["docProps/app.xml"]


def test_codes_patterns_constants_and_real_dates_go_in_as_the_rules_say(tmp_path):
    source, target = rich_workbook(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    rules = read_rules(
        {
            "sheet": "花名册",
            "first_row": 7,
            "last_row": 12,
            "step": 2,
            "columns": {
                "A": "number",
                "B": "name",
                "C": {"field": "photo", "form": "{class_code}_{document_number}.jpg"},
                "D": {"field": "sex", "codes": {"男": "1"}},
                "E": {"field": "birth", "form": "yyyy年M月d日"},
                "F": {"field": "today", "form": "date"},
                "G": {"field": "constant", "text": "武汉"},
            },
        }
    )
    assert rules.room == 3
    assert read_rules(rules.to_json()) == rules
    done = fill_form(source, target, rules, [Portion("花名册", CLASS, PEOPLE[:2])])
    sheet = loaded(target)["花名册"]
    assert [[cell.value for cell in sheet[row]][:7] for row in (7, 9)] == [
        [1, "张三丰", f"焊工2020-03班_{document(1)}.jpg", "1", "1990年3月7日", 44137, "武汉"],
        [2, "李𬱖", f"焊工2020-03班_{document(2)}.jpg", "1", "1990年3月7日", 44137, "武汉"],
    ]
    assert [(one.person, one.place, one.value) for one in done.not_offered] == [
        ("张三丰", "D", "1"), ("李𬱖", "B", "李𬱖"), ("李𬱖", "D", "1"),
    ]  # fmt: skip
    assert sheet["B7"].border.left.style == "thin"


def test_people_beyond_the_prepared_rows_get_rows_like_the_first(tmp_path):
    form = next(layout(seed) for seed in range(40) if not layout(seed).footer)
    path, target = draw(form, tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    people = tuple({**PEOPLE[0], "number": number} for number in range(1, form.room + 6))
    fill_form(path, target, look_at_form(path).rules, [Portion(form.sheet, CLASS, people)])
    sheet, letter = loaded(target)[form.sheet], form.letter("name")
    last = sheet[f"{letter}{form.first + form.room + 4}"]
    assert (last.value, last.border.left.style, last.font.name) == ("张三丰", "thin", "仿宋")


def test_a_cell_that_computes_itself_is_told_and_left_alone(tmp_path):
    source = rich_workbook(tmp_path / "a.xlsx")
    rules = FormRules("花名册", 4, {"B": FillRule("name"), "F": FillRule("age")})
    done = fill_form(
        source, tmp_path / "b.xlsx", rules, [Portion("花名册", CLASS, ({"name": "张三丰", "age": 30},))]
    )
    assert done.formulas == ("花名册!F4",)
    assert loaded(tmp_path / "b.xlsx")["花名册"]["F4"].value == "=COUNTA(B4:B12)"
    assert b"fullCalcOnLoad" in parts(tmp_path / "b.xlsx")[BOOK]


def test_an_xls_can_be_looked_at_but_not_filled(tmp_path):
    looked = look_at_form(FOREIGN / "roster.xls")
    assert "name" in {rule.field for rule in looked.rules.columns.values()}
    with pytest.raises(AppError) as caught:
        fill_form(
            FOREIGN / "roster.xls", tmp_path / "b.xlsx", looked.rules, [Portion(looked.name, CLASS, PEOPLE)]
        )
    assert caught.value.code == "FORM_NOT_XLSX"
    assert not (tmp_path / "b.xlsx").exists()


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ([], ""),
        ({"first_row": 3}, "columns"),
        ({"first_row": 0, "columns": {"A": "name"}}, "first_row"),
        ({"first_row": 5, "last_row": 4, "columns": {"A": "name"}}, "first_row"),
        ({"first_row": True, "columns": {"A": "name"}}, "first_row"),
        ({"first_row": 3, "columns": {"1": "name"}}, "columns.1"),
        ({"first_row": 3, "columns": {"A": "salary"}}, "columns.A"),
        ({"first_row": 3, "columns": {"A": {"field": "sex", "codes": {"男": 1}}}}, "columns.A"),
        ({"first_row": 3, "columns": {"A": {"field": "sex", "macro": "x"}}}, "columns.A"),
        ({"first_row": 3, "columns": {"A": "name"}, "cells": {"B0": "trade"}}, "cells.B0"),
        ({"first_row": 3, "columns": {"A": "name"}, "cells": {"B1": "name"}}, "cells.B1"),
        ({"first_row": 3, "columns": {"A": "name"}, "replies": {"B": "name"}}, "replies.B"),
        ({"first_row": 3, "columns": {"A": "name"}, "replies": {"B": "cut", "C": "cut"}}, "replies.B"),
    ],
)
def test_rules_that_are_wrong_are_refused_by_place(stated, place):
    with pytest.raises(AppError) as caught:
        read_rules(stated)
    assert (caught.value.code, caught.value.params) == ("FORM_RULES_INVALID", {"place": place})


def test_dates_take_the_form_that_the_authority_wants():
    day = dt.date(2020, 3, 7)
    assert [date_text(day, form) for form in ("yyyy-MM-dd", "yyyyMMdd", "yyyy年M月d日", "yyyy.M")] == [
        "2020-03-07", "20200307", "2020年3月7日", "2020.3",
    ]  # fmt: skip
