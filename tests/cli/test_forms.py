"""``form`` as offices use it: a bureau's form learned, filled from a class, and its reply read back."""

from __future__ import annotations

import dataclasses
import json
import shutil

import pytest

from desktop_app.excel.inplace.cells import CellChange, place_of
from desktop_app.excel.inplace.writing import WorkbookInPlace
from tests.excel.rich_workbook import loaded
from tests.factories.foreign_forms import REPLIES, WORDINGS, Column, draw, layout
from tests.factories.profiles import ADMIN
from tests.factories.workbooks import WELDERS

NAMES = ("--authority", "武汉市人社局", "--title", "培训人员申报表", "--edition", "2020版")
OWN = ("name", "document_number", "sex", "birth", "phone", "address")
COLUMNS = (
    Column("number", "序号"),
    *(Column(one, WORDINGS[one][0], "基本信息") for one in OWN),
    *(Column(one, REPLIES[one][0], "以下由主管部门填写") for one in REPLIES),
)
FORM = dataclasses.replace(
    layout(1), columns=COLUMNS, depth=2, room=50, footer=True, left=0, sheet="申报表",
    labels=(("institution", "承训机构："), ("class_code", "班号")),
)  # fmt: skip


@pytest.fixture
def welders(client):
    for kind, name in (("roster", "花名册"), ("timetable", "课程表")):
        client.run("import", kind, WELDERS.file(name), "--class", WELDERS.code)
    return client


def answered(source, target, form, values):
    """Write a reply: field → value for every person, by a function of the person's place."""
    book = WorkbookInPlace(source.read_bytes())
    for place in range(48):
        for field, value in values(place).items():
            cell = place_of(f"{form.letter(field)}{form.first + place}")
            book.change(form.sheet, cell, CellChange(value))
    book.write_cells()
    book.save(target)
    return target


def result(place):
    return {
        "acceptance": f"SL{place:04d}",
        "ticket": f"420120201212{place:03d}",
        "theory": 80,
        "practice": 55 if place == 3 else 77.5,
        **({} if place == 3 else {"certificate_number": f"S00004201300020420{place:04d}"}),
    }


def test_a_form_is_learned_filled_and_its_reply_read_back(welders, tmp_path):
    blank, filled = draw(FORM, tmp_path / "空白表.xlsx"), tmp_path / "报送.xlsx"
    code = ("--class", WELDERS.code)
    assert welders.refused("form", "fill", blank, *code, "--out", filled) == "FORM_UNKNOWN"
    looked = welders.run("form", "look", blank, "--out", tmp_path / "rules.json")
    assert json.loads((tmp_path / "rules.json").read_text(encoding="utf-8")) == looked["rules"]
    learned = welders.run("form", "learn", blank, *NAMES, "--rules", tmp_path / "rules.json", user=ADMIN)
    assert welders.run("form", "learn", blank, *NAMES) == learned
    assert [one["form"] for one in welders.run("form", "list")["forms"]] == [learned["form"]]
    done = welders.run("form", "fill", blank, *code, "--out", filled)
    assert (done["people"], done["files"], done["not_offered"]) == (48, [str(filled)], [])
    sheet = loaded(filled)["申报表"]
    rows = [[cell.value for cell in row[:7]] for row in sheet.iter_rows(FORM.first, FORM.first + 47)]
    assert [row[0] for row in rows] == list(range(1, 49))
    assert [row[1] for row in rows].count("卢军") == 2
    assert all(len(row[2]) == 18 and "*" not in row[2] + row[5] for row in rows)
    assert sheet[f"A{FORM.top + 2}"].value is None
    assert WELDERS.code in [cell.value for cell in sheet[FORM.top + 2]]

    reply = answered(filled, tmp_path / "回执.xlsx", FORM, result)
    before = welders.run("state-hash")
    dry = welders.run("form", "read-back", reply, *code, "--dry-run")
    assert (dry["imports"]["scores"]["new"], dry["later"], dry["own"]["new"]) == (48, ["certificates"], 48)
    assert welders.run("state-hash") == before
    said = welders.run("form", "read-back", reply, *code)
    assert {kind: (one["new"], one["bad"]) for kind, one in said["imports"].items()} == {
        "scores": (48, 0), "certificates": (47, 0),
    }  # fmt: skip
    scores = welders.run("list", "scores", *code)["items"]
    assert sum(one["conclusion"] == "passed" for one in scores) == 47
    assert {one["ticket"] for one in scores} == {result(place)["ticket"] for place in range(48)}
    assert len(welders.run("list", "certificates", *code)["items"]) == 47
    again = welders.run("form", "read-back", reply, *code)
    assert (again["imports"]["scores"]["same"], again["imports"]["certificates"]["same"]) == (48, 48)
    assert again["own"] == {"new": 0, "changed": 0, "same": 48, "bad": 0}
    assert welders.run("form", "forget", learned["form"])["form"] == learned["form"]
    assert welders.refused("form", "read-back", reply, *code) == "FORM_UNKNOWN"


def test_people_who_do_not_fit_go_into_further_files(welders, tmp_path):
    form = dataclasses.replace(FORM, room=20)
    blank = draw(form, tmp_path / "空白表.xlsx")
    welders.run("form", "learn", blank, *NAMES)
    done = welders.run("form", "fill", blank, "--class", WELDERS.code, "--out", tmp_path / "报送.xlsx")
    assert [file.rsplit("/")[-1] for file in done["files"]] == ["报送.xlsx", "报送-2.xlsx", "报送-3.xlsx"]
    firsts = [
        loaded(tmp_path / file.rsplit("/")[-1])["申报表"].cell(form.first, 1).value for file in done["files"]
    ]
    assert firsts == [1, 21, 41]


def test_what_comes_back_wrong_is_told_by_cell_and_writes_nothing(welders, tmp_path):
    blank, filled = draw(FORM, tmp_path / "空白表.xlsx"), tmp_path / "报送.xlsx"
    code = ("--class", WELDERS.code)
    welders.run("form", "learn", blank, *NAMES)
    assert welders.refused("form", "read-back", blank, *code) == "FORM_REPLY_EMPTY"
    welders.run("form", "fill", blank, *code, "--out", filled)
    assert welders.refused("form", "read-back", filled, *code) == "FORM_REPLY_EMPTY"
    reply = answered(filled, tmp_path / "回执.xlsx", FORM, lambda _: {"ticket": "4201", "cut": "一百"})
    before = welders.run("state-hash")
    said = welders.run("form", "read-back", reply, *code)
    assert said["own"] == {"new": 0, "changed": 0, "same": 0, "bad": 48}
    assert {(one["code"], one["column"]) for one in said["problems"]} == {
        ("FORM_REPLY_NO_EXAM", FORM.letter("ticket")), ("FORM_REPLY_NO_CLAIM", FORM.letter("cut")),
    }  # fmt: skip
    assert welders.run("state-hash") == before
    shutil.copy(WELDERS.file("花名册"), tmp_path / "other.xlsx")
    assert welders.refused("form", "read-back", tmp_path / "other.xlsx", *code) == "FORM_UNKNOWN"
    assert welders.refused("form", "learn", blank, "--authority", " ", "--title", "x") == "FORM_UNNAMED"
    (tmp_path / "bad.json").write_text('{"columns": {"A": "salary"}}')
    words = ("form", "learn", blank, *NAMES, "--rules", tmp_path / "bad.json")
    assert welders.refused(*words) == "FORM_RULES_INVALID"
