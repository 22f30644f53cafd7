"""A class's life by command line, from roster to certificates, read back by ``list``."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest

from tests.factories.profiles import ADMIN, TEACHER
from tests.factories.workbooks import STUDENTS, WELDERS, sheet_rows, write_csv

IMPORT_FIELDS = ["bad", "changed", "mapping", "new", "normalised", "problems", "rows", "same"]


def numbers(answer):
    return {name: value for name, value in answer.items() if isinstance(value, int) and value}


def take_in(client, sample):
    for kind, name in (("roster", "花名册"), ("timetable", "课程表")):
        client.run("import", kind, sample.file(name), "--class", sample.code)


@pytest.fixture
def welders(client):
    take_in(client, WELDERS)
    return client


def items(client, noun, sample=WELDERS, **options):
    return client.run("list", noun, "--class", sample.code, **options)["items"]


def test_import_answers_as_documented_and_a_dry_run_changes_nothing(client):
    words = ("import", "roster", WELDERS.file("花名册"), "--class", WELDERS.code)
    before = client.run("state-hash")
    dry = client.run(*words, "--dry-run")
    assert sorted(dry) == IMPORT_FIELDS
    assert numbers(dry) == {"rows": 48, "new": 48}
    assert dry["mapping"]["C"] == "document_number"
    for problem in dry["problems"]:
        assert sorted(problem) == ["code", "column", "hint", "message", "row", "sheet", "value"]
    assert client.run("state-hash") == before
    assert client.run(*words) == dry
    assert numbers(client.run(*words)) == {"rows": 48, "same": 48}


def test_the_counted_facts_are_read_back(welders):
    done = welders.run("import", "attendance", WELDERS.file("考勤表"), "--class", WELDERS.code)
    assert numbers(done) == {"rows": 48, "new": 48}
    rows = items(welders, "attendance")
    assert len(rows) == 48
    assert sum(len(row["marks"]) for row in rows) == 48 * 15
    assert sum(row["attended_sessions"] for row in rows) == WELDERS.attended
    assert {(row["planned_hours"], row["expected_sessions"], row["unmarked_sessions"]) for row in rows} == {
        (60, 15, 0)
    }
    below = [row["name"] for row in rows if float(row["subsidy_rate"].rstrip("%")) < 80]
    assert below == ["秦欣鹏"]
    welders.run(
        "import", "scores", WELDERS.file("成绩"), "--class", WELDERS.code, "--date", "2020-12-12",
        "--organisation", "评价中心",
    )  # fmt: skip
    scores = items(welders, "scores")
    assert {(row["kind"], row["held_on"], row["organisation"]) for row in scores} == {
        ("level", "2020-12-12", "评价中心")
    }
    assert sum(row["conclusion"] == "passed" for row in scores) == WELDERS.passed
    absent = [row for row in scores if any(one["state"] == "absent" for one in row["scores"].values())]
    assert len(absent) == 3
    assert scores[0]["scores"] == {
        "theory": {"state": "scored", "value": 630},
        "practice": {"state": "scored", "value": 700},
    }
    people = items(welders, "trainees")
    assert [person["name"] for person in people].count("卢军") == 2
    assert all("*" in person["document_number"] and "*" in person["phone"] for person in people)


def test_bad_rows_exit_with_zero_and_come_back_marked(welders, tmp_path):
    rows = [list(row) for row in sheet_rows(WELDERS.file("考勤表"))[2:]]
    rows[1][3] = "？"
    path = write_csv(tmp_path / "attendance.csv", rows)
    target = tmp_path / "errors.xlsx"
    done = welders.run("import", "attendance", path, "--class", WELDERS.code, "--errors", target)
    assert numbers(done) == {"rows": 48, "new": 47, "bad": 1}
    problem = done["problems"][0]
    assert (problem["row"], problem["column"], problem["value"], problem["code"]) == (
        2,
        "D",
        "？",
        "MARK_UNKNOWN",
    )
    book = openpyxl.load_workbook(target)
    assert problem["message"] in book.worksheets[0]["D2"].comment.text
    book.close()


def test_questions_are_answered_by_options(welders, tmp_path):
    rows = [[*row[:2], *row[3:]] for row in sheet_rows(WELDERS.file("考勤表"))[2:]]
    rows[1][2] = None
    path = write_csv(tmp_path / "attendance.csv", rows)
    words = ("import", "attendance", path, "--class", WELDERS.code)
    asked = welders.run(*words, "--dry-run")
    assert numbers(asked) == {"rows": 48, "new": 45, "bad": 3}
    assert {one["code"] for one in asked["problems"]} >= {"SAME_NAME", "BLANK_MEANING"}
    assert numbers(welders.run(*words, "--same-names", "number", "--blank", "unmarked")) == {
        "rows": 48,
        "new": 48,
    }


def test_marks_by_hand_need_a_reason_after_the_day(welders):
    first = items(welders, "trainees")[0]["id"]
    one = ("mark", "--class", WELDERS.code, "--session", 1, "--trainee", first)
    everybody = ("mark", "--class", WELDERS.code, "--session", 1, "--trainee", "all")
    assert welders.run(*one, "late")["changed"] == 1
    assert welders.run(*everybody, "present")["changed"] == 47
    assert welders.refused(*one, "absent") == "MARK_REASON_MISSING"
    assert welders.run(*one, "leave", "--reason", "sick")["changed"] == 1
    mark = items(welders, "attendance")[0]["marks"][0]
    assert mark == {"session": 1, "status": "leave", "lost_hours": 0, "reason": "sick"}
    assert welders.run(*everybody, "clear", "--reason", "重新登记")["changed"] == 48
    assert items(welders, "attendance")[0]["marks"] == []
    assert welders.refused("mark", "--class", WELDERS.code, "--session", 99, "--trainee", "all", "late") == (
        "SESSION_UNKNOWN"
    )


def test_a_session_to_come_takes_no_marks(welders):
    welders.set_day(date(2020, 11, 23))
    words = ("--confirm-clock", "mark", "--class", WELDERS.code, "--trainee", "all", "present", "--session")
    assert welders.run(*words, 1)["changed"] == 48
    assert welders.refused(*words, 2) == "SESSION_IN_FUTURE"


def test_a_trainee_is_edited_with_a_reason_and_found(welders):
    person = items(welders, "trainees")[0]
    edit = ("trainee", "edit", person["id"])
    assert welders.refused(*edit, "name=袁玲紫") == "REASON_MISSING"
    assert welders.run(*edit, "name=袁玲紫", "--reason", "与身份证核对")["changed"] == ["name"]
    assert welders.refused(*edit, "phone=123") == "PHONE_INVALID"
    assert welders.refused(*edit, "colour=red") == "FIELD_UNKNOWN"
    assert welders.refused("trainee", "edit", "zz", "phone=13900000000") == "ID_INVALID"
    assert [one["name"] for one in welders.run("search", "ylz")["items"]] == ["袁玲紫"]
    assert welders.run("search", "卢军")["total"] == 2


def test_a_teacher_types_and_locks_the_own_scores(client):
    take_in(client, STUDENTS)
    people = items(client, "trainees", STUDENTS)
    enter = ("score", "enter", "--class", STUDENTS.code, "--trainee")
    assert client.refused(*enter, people[0]["id"], "theory=80") == "NOT_PERMITTED"
    assert client.run("list", "scores", "--class", STUDENTS.code)["total"] == 0
    assert client.refused("score", "lock", "--class", STUDENTS.code, user=TEACHER) == "ASSESSMENT_MISSING"
    client.run("score", "create", "--class", STUDENTS.code, user=TEACHER)
    assert client.refused(*enter, people[0]["id"], "theory=101", user=TEACHER) == "SCORE_RANGE"
    assert client.refused(*enter, people[0]["id"], "review=80", user=TEACHER) == "COMPONENT_UNKNOWN"
    client.run(*enter, people[0]["id"], "theory=85.5", "practice=缺考", user=TEACHER)
    assert client.refused("score", "lock", "--class", STUDENTS.code, user=TEACHER) == "SCORES_INCOMPLETE"
    for person in people[1:]:
        client.run(*enter, person["id"], "theory=80", "practice=60", user=TEACHER)
    client.run("score", "lock", "--class", STUDENTS.code, user=TEACHER)
    rows = items(client, "scores", STUDENTS)
    assert {row["kind"] for row in rows} == {"completion"}
    assert [row["conclusion"] for row in rows] == ["failed"] + ["passed"] * 44
    assert client.refused(*enter, people[0]["id"], "theory=90", user=TEACHER) == "SCORES_LOCKED"
    unlock = ("score", "unlock", "--class", STUDENTS.code)
    assert client.refused(*unlock, user=ADMIN) == "REASON_MISSING"
    assert client.run(*unlock, "--reason", "登分有误", user=ADMIN)["locked"] is False


def test_certificates_are_taken_in_and_corrected(welders, tmp_path):
    welders.run("import", "scores", WELDERS.file("成绩"), "--class", WELDERS.code)
    passed = [row for row in items(welders, "scores") if row["conclusion"] == "passed"]
    rows = [
        [row["number"], row["name"], row["ticket"], f"S0000420130002042{row['number']:05d}", "2020-12-25"]
        for row in passed
    ]
    path = write_csv(tmp_path / "c.csv", [["序号", "姓名", "准考证号", "证书编号", "发证日期"], *rows])
    done = welders.run("import", "certificates", path, "--class", WELDERS.code)
    assert numbers(done) == {"rows": 42, "new": 42}
    first, second = items(welders, "certificates")[:2]
    edit = ("certificate", "edit", first["id"])
    assert welders.refused(*edit, "number=S000042013000204290001") == "REASON_MISSING"
    assert welders.refused(*edit, f"number={second['number']}", "--reason", "更正") == "CERTIFICATE_TAKEN"
    assert welders.refused(*edit, "state=void", "--reason", "更正") == "FIELD_UNKNOWN"
    welders.run(*edit, "number=S000042013000204290001", "--reason", "按更正函")
    assert items(welders, "certificates")[0]["number"] == "S000042013000204290001"


def test_undo_and_redo_name_what_they_take_back(welders):
    after = welders.run("state-hash", "--values")
    undone = welders.run("undo")
    assert (undone["command"], undone["label"]) == ("import_timetable", "导入课程表")
    assert WELDERS.code in undone["subject"]
    assert welders.run("state-hash", "--values")["hash"] != after["hash"]
    assert welders.run("list", "sessions", "--class", WELDERS.code)["total"] == 0
    welders.run("undo")
    assert welders.run("list", "trainees")["total"] == 0
    assert welders.refused("undo") == "UNDO_CHANGED_LATER"  # the teacher, whom an administrator has linked
    assert welders.refused("undo", user=TEACHER) == "NOTHING_TO_UNDO"
    welders.run("redo")
    welders.run("redo")
    assert welders.run("state-hash", "--values")["hash"] == after["hash"]
    assert welders.refused("redo") == "NOTHING_TO_REDO"


def test_the_journal_says_who_did_what(welders):
    found = welders.run("list", "journal", user=ADMIN)["items"]
    assert [item["command"] for item in found[:2]] == ["import_timetable", "import_roster"]
    assert found[0]["user"] == "peixunban"
    assert found[1]["reason"] == WELDERS.file("花名册").name
    assert welders.run("list", "conflicts")["items"] == []
    assert welders.refused("conflict", "answer", "x", "mine") == "CONFLICT_UNKNOWN"
    assert welders.run("verify", user=ADMIN)["ok"] is True


def test_people_see_what_an_import_takes_for_granted(client):
    words = ("import", "roster", WELDERS.file("花名册"), "--class", WELDERS.code, "--dry-run")
    status, out, _ = client.call(*words, as_json=False)
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("检查结果（没有改动）：共 48 行，新增 48")
    assert lines[1] == f"班级 {WELDERS.code} 还没有，将一并建立。"
    assert lines[2] == "报名日期 2020-11-02，来自表上的填表日期。"
    assert any(line.startswith("提醒 C20：") for line in lines)


def test_papers_are_written_as_their_ending_says(welders, tmp_path):
    for name, head in (("roster.pdf", b"%PDF"), ("roster.xlsx", b"PK")):
        done = welders.run("paper", "roster", "--class", WELDERS.code, "--out", tmp_path / name)
        content = (tmp_path / name).read_bytes()
        assert content.startswith(head)
        assert (done["file"], done["bytes"]) == (str(tmp_path / name), len(content))
    words = ("paper", "--class", WELDERS.code, "--out", tmp_path / "a.pdf")
    assert welders.refused(*words, "poster") == "PAPER_UNKNOWN"
    assert welders.refused("paper", "roster", "--class", WELDERS.code, "--out", "a.doc") == "PAPER_FORMAT"
