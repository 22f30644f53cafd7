"""``policy`` and ``pilot`` as scripts use them; the department's ``policy publish``."""

from __future__ import annotations

import json

import resources
from sync.platform.__main__ import main as platform_main
from tests.factories.profiles import ADMIN, HEAD

PLACE = ("--from", "2021-01-01")


def held(client, code, day):
    items = client.run("policy", "list", "--on", day)["items"]
    return [(one["value"], one["binds"], one["state"]) for one in items if one["code"] == code]


def test_a_dry_run_says_the_effect_and_changes_nothing(client):
    before = client.run("state-hash")["hash"]
    words = ("policy", "set", "class_size", "40", *PLACE, "--document", "武人社〔2021〕5号")
    said = client.run(*words, "--dry-run", user=ADMIN)
    assert (said["effect"], said["before"], said["after"]) == ("binds", "50", "40")
    assert "由参考变为约束" in said["message"]
    assert client.run("state-hash")["hash"] == before
    assert client.run(*words, user=ADMIN) == said
    assert held(client, "class_size", "2021-01-01") == [(40, True, "governs")]
    assert held(client, "class_size", "2020-12-31")[0][:2] == (50, False)
    withdrawn = client.run("policy", "withdraw", "class_size", *PLACE, "--reason", "废止", user=ADMIN)
    assert withdrawn["effect"] == "loosens"
    newest = client.run("policy", "history", "class_size")["items"][0]
    assert (newest["state"], newest["reason"]) == ("withdrawn", "废止")


def test_refusals_leave_the_state_as_it_is(client):
    before = client.run("state-hash")["hash"]
    refused = [
        (("class_size", "0", *PLACE), "PARAMETER_RANGE"),
        (("class_size", "many", *PLACE), "PARAMETER_VALUE"),
        (("colour", "1", *PLACE), "PARAMETER_UNKNOWN"),
        (("class_size", "40", *PLACE, "--until", "2020-12-31"), "DATES_REVERSED"),
        (("class_size", "40", *PLACE, "--document", "  "), "DOCUMENT_BLANK"),
        (("graduate_years", "3", *PLACE), "DOCUMENT_NEEDED"),
    ]
    for words, code in refused:
        assert client.refused("policy", "set", *words, user=ADMIN) == code
    for user in (client.user, HEAD):
        assert client.refused("policy", "set", "class_size", "40", *PLACE, user=user) == "NOT_PERMITTED"
    assert client.run("state-hash")["hash"] == before


def test_a_year_without_holidays_is_a_warning_until_it_is_imported(client, tmp_path):
    warned = client.run("policy", "list", "--on", "2098-06-01")["warnings"]
    assert [one["code"] for one in warned] == ["HOLIDAYS_UNKNOWN"] * 2
    year = {"off": {"元旦": ["01-01"]}, "work": []}
    rows = [{"code": f"holidays:{one}", "value": year} for one in (2098, 2099)]
    file = tmp_path / "holidays.json"
    file.write_text(
        json.dumps({"from": "2097-11-01", "document": "国办发明电〔2097〕7号", "parameters": rows})
    )
    assert client.run("policy", "import", file, "--dry-run", user=ADMIN)["new"] == 2
    assert client.run("policy", "import", file, user=ADMIN)["new"] == 2
    assert client.run("policy", "list", "--on", "2098-06-01")["warnings"] == []


def test_pilots_come_from_a_spreadsheet(client, tmp_path):
    file = tmp_path / "pilots.csv"
    file.write_text(
        "院校,证书,级别,批次\n江城学院,新能源汽车,中级,第三批\n峡江学院,新能源汽车,特级,第三批\n",
        encoding="utf-8",
    )
    found = client.run("pilot", "import", file, user=ADMIN)
    assert (found["rows"], found["new"], found["bad"]) == (2, 1, 1)
    assert [one["row"] for one in found["problems"]] == [3]
    assert [one["school"] for one in client.run("pilot", "list")["items"]] == ["江城学院"]


def test_the_department_publishes_a_file_once(tmp_path, capsys):
    def run(*words):
        status = platform_main(["--db", f"sqlite:///{tmp_path / 'p.db'}", "--json", *words])
        return status, json.loads(capsys.readouterr().out)

    file = tmp_path / "policy.json"
    file.write_text('{"from": "2021-03-01", "parameters": [{"code": "class_size", "value": 40}]}')
    run("seed", str(resources.path("demo", "platform.json")))
    assert run("policy", "publish", str(file)) == (0, {"values": 1, "pilots": 0})
    assert run("policy", "publish", str(file)) == (0, {"values": 0, "pilots": 0})
    file.write_text('{"parameters": [{"code": "class_size", "value": 40}]}')
    assert run("policy", "publish", str(file))[1]["error"]["code"] == "POLICY_FILE_ROW"
