"""Backups in the window: one a day by itself, one by hand, and trouble told with what to do."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from desktop_app.domain.errors import AppError
from tests.ui.pages.user import press
from ui.daily_backup import DailyBackup
from ui.pages.settings.page import SettingsPage


def daily(desk):
    return DailyBackup(desk.services, desk.tasks, desk.context.messages, QObject(desk.tasks))


def test_the_first_login_of_a_day_backs_up_quietly_and_only_once(desk, profile_folder):
    for _login in range(2):
        daily(desk).start()
    assert len(list((profile_folder / "backups").glob("*-daily.backup"))) == 1
    assert (desk.told, desk.warned) == ([], [])


def test_trouble_is_told_once_with_what_to_do(desk, monkeypatch):
    trouble = AppError("DISK_FULL", file="2020.backup")
    monkeypatch.setattr(type(desk.services.backup), "daily", lambda _self: trouble)
    desk.services.profile.backup_trouble = AppError("BACKUP_BUSY")
    made = daily(desk)
    made.start()
    made.make()
    assert [notice.text for notice in desk.warned] == [
        "升级前的自动备份没有成功：数据正被长时间读取，暂时不能备份。",
        "今天的自动备份没有成功：磁盘已满，“2020.backup”写不进去。",
    ]
    assert all(notice.hint for notice in desk.warned)
    assert desk.services.profile.backup_trouble is None


def test_the_settings_show_the_last_backup_and_how_many_are_kept(desk):
    page = desk.show(SettingsPage(desk.context))
    assert page.backups.last.text() == "还没有"
    daily(desk).start()
    page.backups.load()
    assert page.backups.last.text().startswith("2020-11-26")
    assert page.backups.kept.text().startswith("1 份")
    assert page.backups.now.isHidden()


@pytest.fixture
def admin_page(admin):
    return admin, admin.page("settings")


def test_an_administrator_backs_up_to_a_file_of_their_choice(admin_page, tmp_path, profile_folder):
    frame, page = admin_page
    target = tmp_path / "一份.backup"
    page.backups.choose_file = lambda _name: target
    press(page.backups.now)
    assert target.stat().st_size > 100_000
    assert "已备份到 一份.backup" in frame.told[-1]
    assert page.backups.now.isEnabled()
    target.write_bytes(b"something else")
    press(page.backups.now)
    assert frame.warned == ["“一份.backup”已存在，而且不是备份。"]
    assert target.read_bytes() == b"something else"
