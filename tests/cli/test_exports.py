"""Lists, templates, archives and stamped copies by command line."""

from __future__ import annotations

import csv

import openpyxl
import pytest

from tests.cli.test_day import take_in
from tests.factories.pictures import jpeg
from tests.factories.workbooks import WELDERS


@pytest.fixture
def welders(client):
    take_in(client, WELDERS)
    return client


def test_a_list_is_exported_with_the_columns_asked_for_and_whole_for_a_purpose(welders, tmp_path):
    words = ("export", "trainees", "--class", WELDERS.code)
    answer = welders.run(*words, "--out", str(tmp_path / "a.csv"), "--columns", "name,document_number")
    assert (answer["rows"], answer["bytes"]) == (48, (tmp_path / "a.csv").stat().st_size)
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 49
    assert all("*" in row[1] for row in rows[1:])
    welders.run(*words, "--out", str(tmp_path / "a.xlsx"), "--purpose", "送审")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert "送审" in sheet["A1"].value
    assert not any("*" in str(cell.value) for row in sheet.iter_rows(min_row=3) for cell in row)
    assert welders.refused(*words, "--out", str(tmp_path / "b.csv"), "--columns", "shoe") == "EXPORT_COLUMNS"
    assert welders.refused(*words, "--out", str(tmp_path / "b.pdf")) == "EXPORT_FORMAT"


def test_a_template_filled_by_class_imports_as_no_change(welders, tmp_path):
    path = str(tmp_path / "t.xlsx")
    assert welders.run("template", "timetable", "--class", WELDERS.code, "--out", path)["rows"] == 15
    again = welders.run("import", "timetable", path, "--class", WELDERS.code, "--dry-run")
    assert (again["same"], again["bad"], again["changed"], again["new"]) == (15, 0, 0, 0)
    assert welders.refused("template", "attendance", "--out", path) == "TEMPLATE_NEEDS_CLASS"


def test_an_archive_and_a_stamped_copy(welders, tmp_path):
    archive = welders.run("archive", "--class", WELDERS.code, "--out", str(tmp_path / "a.pdf"))
    assert "花名册" in archive["papers"]
    assert archive["pages"] > len(archive["papers"])
    paper = tmp_path / "t.pdf"
    welders.run("paper", "timetable", "--class", WELDERS.code, "--out", str(paper))
    found = welders.run("stamped", "register", str(paper), "--class", WELDERS.code)
    assert (found["kind"], found["class"], found["fits"]) == ("timetable", WELDERS.code, True)
    listed = welders.run("stamped", "list", "--class", WELDERS.code)
    assert [(one["kind"], one["differences"]) for one in listed["items"]] == [("timetable", [])]
    words = ("stamped", "corrections", "timetable", "--class", WELDERS.code, "--out", str(tmp_path / "c.pdf"))
    assert welders.refused(*words) == "STAMPED_FITS"
    logo = tmp_path / "logo.jpg"
    logo.write_bytes(jpeg("标", (300, 100)))
    answer = welders.run("letterhead", "--text", "培训基地", "--logo", str(logo))
    assert answer["text"] == "培训基地"
    assert answer["logo_bytes"] > 0
