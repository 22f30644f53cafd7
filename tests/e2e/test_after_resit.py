"""After a 补考: the register still names everybody."""

from __future__ import annotations

import openpyxl
import pytest

from desktop_app.excel.scores import read_scores
from tests.e2e.rules import graduates
from tests.e2e.rules.people import CLASS
from tests.factories.desks import client, password
from tests.factories.workbooks import write_csv

__all__ = ["client", "password"]
DAY = "2020-11-25"
NAME = graduates.PASSED
HEAD = ["序号", "姓名", "准考证号", "理论", "实操"]


@pytest.fixture
def namesakes(client, tmp_path, monkeypatch):
    """Two 钱进 in one class, the second of whom passes the 补考."""
    people = ((NAME, graduates.PEOPLE[0][1]), (NAME, graduates.PEOPLE[1][1]))
    monkeypatch.setattr(graduates, "PEOPLE", people)
    graduates.taught(client, tmp_path)
    rows = [[1, NAME, "42010001", 80, 75], [2, NAME, "42010002", 70, 50]]
    file = write_csv(tmp_path / "results.csv", [HEAD, *rows])
    scores = ("import", "scores", "--class", CLASS, "--same-names", "number", "--date")
    client.run(*scores, graduates.EXAM_DAY, file)
    client.run("exam", "resit", "--class", CLASS, "--date", DAY, "--reason", "实操未合格")
    file = write_csv(tmp_path / "resit.csv", [HEAD, [2, NAME, "42010002", 70, 66]])
    client.run(*scores, DAY, file)
    return client


def test_the_register_keeps_everybody_with_the_resit_beside_the_first_sitting(namesakes, tmp_path):
    file = tmp_path / "register.xlsx"
    namesakes.run("paper", "scores", "--class", CLASS, "--out", file)
    read = read_scores(file)
    assert [row.person.number for row in read.rows] == [1, 2]
    assert [row.conclusion for row in read.rows] == ["合格", "合格"]
    rows = openpyxl.load_workbook(file).worksheets[0].iter_rows(values_only=True)
    second = next(row for row in rows if "42010002" in row)
    assert {"实操 66", 68} <= set(second)
