"""``device`` and ``share`` as scripts use them: a second workstation that works offline and agrees in the end."""

from __future__ import annotations

import pytest

from desktop_app.config import NEW_PASSWORD_VARIABLE
from tests.factories.command_line import CommandLine
from tests.factories.profiles import ADMIN, OFFICE, PASSWORD
from tests.factories.workbooks import WELDERS


@pytest.fixture
def second(client, tmp_path, capsys, monkeypatch):
    """A workstation that has joined by a file, without any network."""
    monkeypatch.setenv(NEW_PASSWORD_VARIABLE, PASSWORD)
    file = tmp_path / "invitation"
    made = client.run("device", "invite", "--file", file, user=ADMIN)
    other = CommandLine(tmp_path / "second", client.clock, capsys, ADMIN)
    joined = other.run("device", "join", "--code", made["code"], "--file", file)
    assert joined["entries"] > 0
    other.run("user", "admit", OFFICE)
    return other


def states(*desks):
    return [desk.run("state-hash", user=ADMIN)["hash"] for desk in desks]


def test_a_second_workstation_works_offline_and_agrees_by_stick(client, second, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    client.run("import", "roster", WELDERS.file("花名册"), "--class", WELDERS.code)
    client.run("share", "--folder", stick)
    second.run("share", "--folder", stick)
    first = client.run("list", "trainees")["items"][0]
    for desk, phone in ((client, "13871230001"), (second, "13871230002")):
        desk.run("trainee", "edit", first["id"], f"phone={phone}", "--reason", "本人来电", user=OFFICE)
    client.run("share", "--folder", stick, user=ADMIN)
    assert second.run("share", "--folder", stick)["conflicts"] == 1
    client.run("share", "--folder", stick, user=ADMIN)
    (conflict,) = second.run("list", "conflicts", user=OFFICE)["items"]
    second.run("conflict", "answer", conflict["id"], "mine", user=OFFICE)
    second.run("share", "--folder", stick)
    assert client.run("share", "--folder", stick, user=ADMIN)["conflicts"] == 0
    here, there = states(client, second)
    assert here == there
    assert client.run("verify", user=ADMIN)["ok"]
    assert second.run("verify")["ok"]
    assert client.run("state-hash", user=ADMIN)["unsent"] == 0


def test_by_file_from_one_to_the_other(client, second, tmp_path):
    file = tmp_path / "for colleagues"
    written = second.run("share", "--export", file)
    assert written["entries"] > 0
    assert file.stat().st_size == written["bytes"]
    assert client.run("share", "--import", file, user=ADMIN)["received"] == 1
    here, there = states(client, second)
    assert here == there


def test_without_a_relay_or_a_folder_it_says_what_to_do(client):
    assert client.refused("share", user=ADMIN) == "SHARING_WAY_MISSING"
