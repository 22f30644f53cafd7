"""``backup`` and ``restore`` as scripts use them, and the backup of the day."""

from __future__ import annotations

import pytest

from desktop_app.store.profile_files import ProfileFiles
from tests.factories.command_line import CommandLine
from tests.factories.profiles import ADMIN, OFFICE


def test_a_backup_comes_back_with_the_same_state_hash(client, tmp_path):
    file = tmp_path / "a.backup"
    written = client.run("backup", file, user=ADMIN)
    assert written == {"file": str(file), "bytes": file.stat().st_size}
    before = client.run("state-hash")["hash"]
    client.run("class", "create", "--code", "以后")
    assert client.run("state-hash")["hash"] != before
    restored = client.run("restore", file, user=ADMIN)
    assert sorted(restored) == ["created_at", "file", "set_aside"]
    assert client.run("state-hash")["hash"] == before
    assert client.run("verify", user=ADMIN)["ok"]


def test_a_backup_comes_back_in_an_empty_folder(client, tmp_path):
    file = tmp_path / "a.backup"
    client.run("backup", file, user=ADMIN)
    before = client.run("state-hash")["hash"]
    client.profile = tmp_path / "other"
    assert client.run("restore", file)["set_aside"] is None
    assert client.run("state-hash")["hash"] == before


def test_the_office_may_not_back_up_and_people_read_lines(client, tmp_path):
    assert client.refused("backup", tmp_path / "a.backup") == "NOT_PERMITTED"
    assert not (tmp_path / "a.backup").exists()
    status, out, _ = client.call("backup", tmp_path / "a.backup", user=ADMIN, as_json=False)
    assert status == 0
    assert "已备份到" in out
    status, out, _ = client.call("restore", tmp_path / "a.backup", user=ADMIN, as_json=False)
    assert status == 0
    assert "原有数据保存在" in out


def test_a_damaged_backup_is_refused_in_chinese(client, tmp_path):
    file = tmp_path / "a.backup"
    client.run("backup", file, user=ADMIN)
    content = bytearray(file.read_bytes())
    content[9000] ^= 1
    file.write_bytes(content)
    assert client.refused("restore", file, user=ADMIN) == "BACKUP_DAMAGED"
    assert client.run("verify", user=ADMIN)["ok"]


@pytest.fixture
def files(client: CommandLine) -> ProfileFiles:
    """The files of the profile."""
    return ProfileFiles(client.profile)


def test_the_first_command_of_a_day_backs_up(client, files):
    client.run("list", "classes")
    client.run("list", "classes")
    assert len(list(files.backups.iterdir())) == 1


def test_a_failed_backup_of_the_day_warns_on_stderr_and_the_command_is_done(client, files):
    files.backups.write_text("in the way")
    status, out, err = client.call("list", "classes", user=OFFICE)
    assert status == 0
    assert out.startswith("{")
    assert "自动备份没有成功（FILE_NOT_WRITABLE）" in err
