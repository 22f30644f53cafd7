"""结业: the report, its paper and the class say the same numbers, and both go when the class is opened again."""

from __future__ import annotations

import openpyxl
import pytest

from desktop_app.store.queries import statements
from tests.e2e.rules.graduates import FAILED, PASSED, TODAY, certified, run_through
from tests.e2e.rules.people import CLASS
from tests.factories.desks import client, password
from tests.factories.profiles import open_desk

__all__ = ["client", "password"]
DONE = "2020-11-28"


@pytest.fixture
def completed(client, tmp_path):
    """A class of two that ran: one passed and holds the certificate, the other failed."""
    found = certified(client, tmp_path)
    run_through(client)
    client.run("class", "complete", CLASS, "--on", DONE)
    return found


def reported(client):
    with open_desk(client.profile, day=TODAY) as desk, desk.services.context.read() as sql:
        class_id = desk.services.classes.class_by_code(CLASS).id
        return list(statements.completion(sql, class_id))


def test_report_and_paper_of_a_completed_class_say_the_same(completed, tmp_path):
    whole, *people = reported(completed.client)
    assert whole.fields == {
        "completed_on": DONE,
        "enrolled": 2,
        "completed": 1,
        "not_completed": 1,
        "withdrawn": 0,
        "transferred": 0,
        "passed": 1,
        "certified": 1,
    }
    facts = {one.key[16:].hex(): one.fields for one in people}
    assert facts[completed.people[PASSED].replace("-", "")] == {
        "outcome": "completed",
        "planned_hours": 4,
        "attended_hours": 4,
        "conclusion": "passed",
        "certified": True,
    }
    assert facts[completed.people[FAILED].replace("-", "")]["outcome"] == "not_completed"
    file = tmp_path / "completion.xlsx"
    completed.client.run("paper", "completion", "--class", CLASS, "--out", file)
    cells = [cell for row in openpyxl.load_workbook(file).active.iter_rows(values_only=True) for cell in row]
    said = "参训 2 人：结业 1 人，未结业 1 人，退训 0 人，转班 0 人；考核合格 1 人（含补考），获证 1 人。"
    assert said in cells
    assert {"结业", "未结业", f"结业日期：{DONE}"} <= {
        part for cell in cells if cell for part in str(cell).split("　　")
    }


def test_a_class_keeps_its_day_of_completion_until_it_is_opened_again(completed):
    completed.client.run("class", "archive", CLASS)
    assert reported(completed.client)[0].fields["completed_on"] == DONE
    completed.client.run("class", "reopen", CLASS, "--reason", "补录一人")
    assert reported(completed.client) == []
    completed.client.run("undo")
    assert reported(completed.client)[0].fields["completed_on"] == DONE


def test_a_resit_passed_after_the_completion_changes_the_report(completed, tmp_path):
    client = completed.client
    client.run("exam", "resit", "--class", CLASS, "--date", "2020-11-30", "--reason", "实操未合格")
    assert reported(client)[0].fields["not_completed"] == 1
    file = tmp_path / "resit.csv"
    file.write_text(f"序号,姓名,准考证号,理论,实操\n2,{FAILED},42010002,70,66\n", encoding="utf-8-sig")
    client.run("import", "scores", file, "--class", CLASS, "--date", "2020-11-30")
    whole = reported(client)[0].fields
    assert (whole["completed"], whole["not_completed"], whole["passed"], whole["certified"]) == (2, 0, 2, 1)
