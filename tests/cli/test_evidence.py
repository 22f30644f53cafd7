"""Evidence by command line: whose, missing, bulk with namesakes, sheets, and what verify says of lost files."""

from __future__ import annotations

import pytest

from tests.factories.pictures import jpeg
from tests.factories.profiles import ADMIN
from tests.factories.workbooks import WELDERS


@pytest.fixture
def welders(client):
    for kind, name in (("roster", "花名册"), ("timetable", "课程表")):
        client.run("import", kind, WELDERS.file(name), "--class", WELDERS.code)
    return client


def people(client):
    return client.run("list", "trainees", "--class", WELDERS.code)["items"]


def test_a_folder_is_matched_namesakes_are_asked_and_answered(welders, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    named = people(welders)
    for person in named:
        (folder / f"{person['name']}.jpg").write_bytes(jpeg(person["name"]))
    words = ("evidence", "import", folder, "--class", WELDERS.code, "--kind", "id_card")
    before = welders.run("state-hash")
    dry = welders.run(*words, "--dry-run")
    assert welders.run("state-hash") == before
    (asked,) = dry["problems"]
    assert (dry["ready"], asked["by"], len(asked["candidates"])) == (46, "namesakes", 2)
    done = welders.run(*words, "--answer", f"{asked['place']}={asked['candidates'][1]}")
    assert (done["ready"], done["added"], done["open"]) == (47, 47, 0)
    again = welders.run(*words)
    assert (again["ready"], again["same"], again["open"]) == (0, 46, 1)
    listed = welders.run("evidence", "list", "--class", WELDERS.code)
    assert sum(person["files"] for person in listed["items"]) == 47
    lacking = next(person for person in listed["items"] if person["id"] == asked["candidates"][0])
    assert {"papers": ["id_card"], "why": "scan", "rule": ""} in lacking["missing"]


def test_one_file_is_added_reviewed_shown_and_removed(welders, tmp_path):
    person = people(welders)[0]["id"]
    scan = tmp_path / "合同.jpg"
    scan.write_bytes(jpeg("合同"))
    words = ("--trainee", person, "--class", WELDERS.code)
    key = welders.run("evidence", "add", scan, "--kind", "labour_contract", *words)["evidence"]
    (item,) = welders.run("evidence", "list", "--trainee", person)["items"]
    assert (item["id"], item["owner"], item["state"]) == (key, "enrolment", "received")
    assert welders.run("evidence", "review", key, "accept") == {"changed": 1}
    assert welders.refused("evidence", "review", key, "return") == "REASON_MISSING"
    welders.run("evidence", "show", key, "--out", tmp_path / "out.jpg")
    assert (tmp_path / "out.jpg").read_bytes() == scan.read_bytes()
    edit = ("evidence", "edit", key)
    told = welders.run(*edit, "--number", "HT-7", "--issuer", "江城电气", "--valid", "2021-12-31")
    assert told == {"evidence": key, "changed": True}
    (item,) = welders.run("evidence", "list", "--trainee", person)["items"]
    assert (item["number"], item["issuer"], item["valid_until"]) == ("HT-7", "江城电气", "2021-12-31")
    assert welders.run(*edit, "--no-valid")["changed"]
    assert not welders.run(*edit, "--number", "HT-7")["changed"]
    welders.run("evidence", "remove", key, "--reason", "传错")
    assert welders.run("evidence", "list", "--trainee", person)["total"] == 0


def test_a_scan_that_is_no_picture_is_refused_and_nothing_changes(welders, tmp_path):
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(b"not a picture")
    before = welders.run("state-hash")
    words = ("mark", "--class", WELDERS.code, "--session", 1, "--trainee", "all", "present", "--sheet", scan)
    assert welders.refused(*words) == "PICTURE_UNREADABLE"
    assert welders.run("state-hash") == before


def test_marks_from_the_sheet_are_one_command_with_the_scan(welders, tmp_path):
    scan = tmp_path / "签到表.jpg"
    scan.write_bytes(jpeg("签到"))
    words = ("mark", "--class", WELDERS.code, "--session", 1, "--trainee")
    assert welders.run(*words, "all", "present", "--sheet", scan)["changed"] == 48
    (sheet,) = welders.run("evidence", "list", "--class", WELDERS.code)["of_class"]
    assert (sheet["kind"], sheet["owner"]) == ("sign_in", "session")
    assert welders.run("undo")["command"] == "mark_from_sheet"
    assert welders.run("evidence", "list", "--class", WELDERS.code)["of_class"] == []


def test_verify_names_a_lost_file_and_fetch_brings_it_back(welders, tmp_path):
    person = people(welders)[0]["id"]
    scan = tmp_path / "x.jpg"
    scan.write_bytes(jpeg("x"))
    key = welders.run("evidence", "add", scan, "--kind", "id_card", "--trainee", person)["evidence"]
    assert welders.run("evidence", "copy", tmp_path / "usb", user=ADMIN) == {"copied": 1, "lost": 0}
    for path in (welders.profile / "evidence").glob("*/*"):
        path.unlink()
    status, out, _ = welders.call("verify")
    assert status == 1
    assert f'"code": "EVIDENCE_LOST", "entry": "", "entity": "attachment", "key": "{key}"' in out
    assert welders.refused("evidence", "show", key, "--out", tmp_path / "y.jpg") == "EVIDENCE_LOST"
    assert welders.run("evidence", "fetch", tmp_path / "usb", user=ADMIN) == {"copied": 1, "lost": 0}
    assert welders.run("verify")["ok"]
