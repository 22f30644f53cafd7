"""R14: 职业技能等级考核 is joint, after the last session, and corrected by a new file only (四.3)."""

from __future__ import annotations

from hashlib import sha256

from tests.e2e.rules.graduates import EXAM_DAY, FAILED, PASSED, SESSION_DAY, taught
from tests.e2e.rules.people import CLASS


def test_r14_the_level_exam_is_not_before_the_last_session(client, tmp_path):
    taught(client, tmp_path)
    early = ("exam", "open", "--class", CLASS, "--date", "2020-11-09")
    assert client.violates("R14", *early, names=(CLASS, "2020-11-09", str(SESSION_DAY))) == (
        "ASSESSMENT_TOO_EARLY"
    )
    client.run("exam", "open", "--class", CLASS, "--date", SESSION_DAY)


def test_r14_results_come_from_the_organisation_and_a_correction_is_a_new_file(client, tmp_path):
    found = taught(client, tmp_path)
    file = found.results()
    early = ("import", "scores", file, "--class", CLASS, "--date", "2020-11-09")
    assert client.violates("R14", *early, names=(CLASS, "2020-11-09")) == "ASSESSMENT_TOO_EARLY"
    client.run(*found.import_results(file))
    again = found.results("again.csv", theory=90)
    client.run(*found.import_results(again))
    first = ("import", "scores", found.results(), "--class", CLASS, "--date", EXAM_DAY)
    assert client.violates("R14", *first, names=(CLASS, "1")) == "CORRECTION_NEEDS_FILE"
    kept = client.run("exam", "files", "--class", CLASS)["items"]
    assert [one["file_name"] for one in kept] == [file.name, again.name]
    assert kept[1]["digest"] == sha256(again.read_bytes()).hexdigest()
    copy = tmp_path / "copy.csv"
    again.unlink()
    size = client.run("exam", "file", kept[1]["id"], "--out", copy)["bytes"]
    assert (sha256(copy.read_bytes()).hexdigest(), size) == (kept[1]["digest"], kept[1]["size"])
    remove = ("evidence", "remove", kept[0]["id"], "--reason", "不再需要")
    assert client.refused(*remove) == "RESULT_FILE_KEPT"
    client.run("undo")
    kept = client.run("exam", "files", "--class", CLASS)["items"]
    assert [one["file_name"] for one in kept] == [file.name]


def test_r14_a_failed_component_is_sat_again_and_the_passed_one_carried(client, tmp_path):
    found = taught(client, tmp_path)
    client.run(*found.import_results())
    resit = ("exam", "resit", "--class", CLASS, "--date", "2020-11-25")
    assert client.refused(*resit) == "REASON_MISSING"
    assert client.refused(*resit, "--trainee", found.people[PASSED], "--reason", "再考") == "RESIT_PASSED"
    client.run(*resit, "--reason", "实操未合格")
    rows = client.run("list", "scores", "--class", CLASS)["items"]
    again = [row for row in rows if row["resit_of"]]
    assert [(row["name"], row["candidate"], sorted(row["scores"])) for row in again] == [
        (FAILED, "registered", ["theory"])
    ]
    assert [row["candidate"] for row in rows if not row["resit_of"]] == ["scored", "resitting"]
    sitting = (
        "exam",
        "schedule",
        "--class",
        CLASS,
        "--date",
        "2020-11-25",
        "--time",
        "09:00",
        "--place",
        "B101",
    )
    assert client.run(*sitting)["scheduled"] == 1
    miss = ("exam", "miss", *found.of(FAILED), "--date", "2020-11-25")
    client.run(*miss)
    rows = client.run("list", "scores", "--class", CLASS)["items"]
    (again,) = [row for row in rows if row["resit_of"]]
    assert (again["candidate"], again["conclusion"]) == ("absent", "failed")
    client.run("undo")
    file = tmp_path / "resit.csv"
    file.write_text("序号,姓名,准考证号,理论,实操\n2,孙丽,42010002,70,66\n", encoding="utf-8-sig")
    client.run("import", "scores", file, "--class", CLASS, "--date", "2020-11-25")
    rows = client.run("list", "scores", "--class", CLASS)["items"]
    assert [row["conclusion"] for row in rows if row["resit_of"]] == ["passed"]
    assert client.refused(*miss) == "WRONG_STEP"
    client.run(*found.issue(FAILED))


def test_a_score_over_the_full_mark_is_a_bad_row(client, tmp_path):
    found = taught(client, tmp_path)
    answer = client.run(*found.import_results(found.results("over.csv", theory=101)))
    assert [one["code"] for one in answer["problems"] if one["code"] == "SCORE_RANGE"] == ["SCORE_RANGE"]
