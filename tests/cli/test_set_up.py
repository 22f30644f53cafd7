"""First run, users, classes; usage, errors and exit statuses; the process itself."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

import resources
from desktop_app.__main__ import main
from desktop_app.version import describe
from tests.factories.command_line import CommandLine
from tests.factories.profiles import ADMIN, HEAD, PASSWORD, TEACHER_NAME, clock_file

ROOT = Path(__file__).resolve().parents[2]
INIT = ("init", "--institution", "示例培训学校", "--uscc", "12420000000000000U", "--region", "420111")


@pytest.fixture
def empty(tmp_path, password, capsys):
    with clock_file(tmp_path / "clock.txt") as clock:
        yield CommandLine(tmp_path / "new", clock, capsys, user="guanli")


def process(*arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRAINING_")}
    return subprocess.run(
        [sys.executable, "-m", "desktop_app", *map(str, arguments)],
        cwd=ROOT,
        env=clean | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_init_prints_the_recovery_code_and_the_profile_opens(empty):
    answer = empty.run(*INIT, "--kind", "training-centre")
    assert sorted(answer) == ["device", "institution", "recovery_code"]
    assert len(answer["recovery_code"].replace("-", "")) == 32
    (device,) = empty.run("list", "devices")["items"]
    assert device == {"id": answer["device"], "name": device["name"], "revoked": False, "own": True}
    assert empty.run("verify") == {"ok": True, "entries": 1, "problems": []}


def test_init_a_second_time_is_refused(empty):
    empty.run(*INIT, "--kind", "training-centre")
    assert empty.refused(*INIT, "--kind", "training-centre") == "PROFILE_EXISTS"


def test_solo_lets_the_administrator_do_the_offices_work(empty):
    empty.run(*INIT, "--kind", "training-centre", "--solo")
    empty.run("class", "create", "--code", "一班")
    assert empty.run("list", "classes")["total"] == 1


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [("--uscc", "12420000000000000A", "USCC_CHECK"), ("--region", "999999", "REGION_UNKNOWN")],
)
def test_init_checks_what_it_is_told(empty, option, value, code):
    words = [*INIT, "--kind", "training-centre"]
    words[words.index(option) + 1] = value
    assert empty.refused(*words) == code
    assert empty.refused("list", "classes") == "PROFILE_NOT_SET_UP"


def test_a_weak_password_is_refused(empty, monkeypatch):
    monkeypatch.setenv("TRAINING_CLIENT_PASSWORD", "short")
    assert empty.refused(*INIT, "--kind", "training-centre") == "PASSWORD_SHORT"


def test_a_user_is_added_and_disabled(client, monkeypatch):
    monkeypatch.setenv("TRAINING_CLIENT_NEW_PASSWORD", "Wuhan-2020!")
    client.run("user", "add", "xinren", "--display", "新人", "--roles", "office,head", user=ADMIN)
    monkeypatch.setenv("TRAINING_CLIENT_PASSWORD", "Wuhan-2020!")
    assert client.run("list", "classes", user="xinren")["total"] == 0
    monkeypatch.setenv("TRAINING_CLIENT_PASSWORD", PASSWORD)
    client.run("user", "disable", "xinren", user=ADMIN)
    assert client.refused("list", "classes", user="xinren") == "LOGIN_WRONG"


def test_a_user_may_stand_for_a_teacher(client, monkeypatch):
    monkeypatch.setenv("TRAINING_CLIENT_NEW_PASSWORD", "Wuhan-2020!")
    words = ("user", "add", "xinren", "--display", "新人", "--roles", "teacher", "--teacher")
    assert client.refused(*words, "没有此人", user=ADMIN) == "TEACHER_UNKNOWN"
    assert client.run(*words, TEACHER_NAME, user=ADMIN)["user"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("user", "add", "x1", "--display", "x", "--roles", "king"), "ROLE_UNKNOWN"),
        (("user", "add", "x", "--display", "x", "--roles", "office"), "LOGIN_NAME_INVALID"),
        (("user", "disable", "nobody"), "USER_UNKNOWN"),
        (("user", "disable", ADMIN), "LAST_ADMIN"),
    ],
)
def test_wrong_users_are_refused(client, monkeypatch, words, code):
    monkeypatch.setenv("TRAINING_CLIENT_NEW_PASSWORD", "Wuhan-2020!")
    assert client.refused(*words, user=ADMIN) == code


def test_a_class_without_a_project_is_made_with_a_warning(client):
    answer = client.run("class", "create", "--code", "焊工班", "--start", "2020-11-23", "--end", "2020-12-09")
    assert [one["code"] for one in answer["warnings"]] == ["CLASS_WITHOUT_PROJECT"]
    (item,) = client.run("list", "classes")["items"]
    assert (item["id"], item["code"], item["start_on"]) == (answer["class"], "焊工班", "2020-11-23")
    assert client.refused("class", "create", "--code", "焊工班") == "CLASS_CODE_TAKEN"
    assert client.refused("class", "create", "--code", "x", "--project", "none") == "PROJECT_UNKNOWN"


def test_roles_are_asked_whatever_the_door(client):
    assert client.refused("class", "create", "--code", "一班", user=HEAD) == "NOT_PERMITTED"
    assert client.refused("list", "journal") == "NOT_PERMITTED"


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("list", "everything"),
        ("class", "create"),
        ("class", "create", "--code", "x", "--start", "tomorrow"),
        ("trainee", "edit", "00" * 16, "name"),
        ("mark", "--class", "x", "--session", "1", "--trainee", "all", "asleep"),
        ("fly",),
    ],
)
def test_wrong_usage_is_status_two(client, words):
    status, out, _ = client.call(*words)
    assert status == 2
    assert json.loads(out)["error"]["code"] == "USAGE"
    status, out, err = client.call(*words, as_json=False)
    assert (status, out) == (2, "")
    assert "USAGE" in err


def test_people_get_lines_and_errors_go_to_stderr(client):
    status, out, err = client.call("list", "classes", as_json=False)
    assert (status, err) == (0, "")
    assert out.splitlines()[-1] == resources.text("cli.count", count=0)
    status, out, err = client.call("import", "roster", "nowhere.xlsx", as_json=False)
    assert (status, out) == (1, "")
    assert err.startswith("错误 WORKBOOK_NOT_FOUND：")


def test_without_user_or_password_nothing_opens(client, monkeypatch, capsys):
    assert main(["--profile", str(client.profile), "--json", "list", "classes"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "USER_NEEDED"
    monkeypatch.delenv("TRAINING_CLIENT_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert client.refused("list", "classes") == "PASSWORD_NEEDED"


def test_a_wrong_password_is_refused_and_counted(client, monkeypatch):
    monkeypatch.setenv("TRAINING_CLIENT_PASSWORD", "Wrong-2020!")
    assert [client.refused("list", "classes") for _ in range(5)] == ["LOGIN_WRONG"] * 4 + ["LOGIN_LOCKED"]
    monkeypatch.setenv("TRAINING_CLIENT_PASSWORD", PASSWORD)
    assert client.refused("list", "classes") == "LOGIN_LOCKED"


def test_help_json_says_the_fields_of_every_command(client, capsys):
    assert main(["--json", "help", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sorted(told["import"]) == sorted(client.run("import", "roster", *_sample())) != []
    assert sorted(told["state-hash"]) == sorted(client.run("state-hash"))
    assert sorted(told["verify"]) == sorted(client.run("verify"))


def _sample():
    return (ROOT / "tests" / "data" / "workbooks" / "花名册-企业职工-焊工.xlsx", "--dry-run")


def test_the_version_answers_without_loading_what_commands_need():
    done = process("--version")
    assert (done.returncode, done.stdout) == (0, describe() + "\n")
    code = "import sys; from desktop_app.__main__ import main; main(['--version']); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    ).stdout.split()
    assert not {"sqlalchemy", "PySide6", "openpyxl", "reportlab", "argparse", "resources"} & set(loaded)


def test_the_process_prints_json_and_ends_with_the_status(client):
    words = ("--profile", client.profile, "--user", "peixunban", "--json", "state-hash")
    done = process(*words, TRAINING_CLIENT_PASSWORD=PASSWORD, TRAINING_CLOCK=str(client.clock))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == client.run("state-hash")
    done = process(*words)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (1, "PASSWORD_NEEDED")


def test_a_profile_in_use_is_refused_and_names_the_holder(client):
    from tests.factories.profiles import open_desk

    with open_desk(client.profile, day=date(2020, 12, 28)):
        words = ("--profile", client.profile, "--user", "peixunban", "--json", "list", "classes")
        done = process(*words, TRAINING_CLIENT_PASSWORD=PASSWORD)
    error = json.loads(done.stdout)["error"]
    assert (done.returncode, error["code"]) == (1, "PROFILE_IN_USE")
    assert str(os.getpid()) in error["message"]
