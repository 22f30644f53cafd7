"""同步中心, 协同: what it shows and offers to whom; sticks, invitations, revocation, the plan and conflicts."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.listings.work_list import WorkItem, WorkKind, Writing
from desktop_app.services.devices import Invited
from desktop_app.services.ports import SyncStanding
from desktop_app.services.sharing import Shared, WrittenFile
from desktop_app.services.sharing_plan import SharingPlan
from tests.ui.pages.sample_profile import PASSWORD
from ui.i18n import tr
from ui.pages.sync_center.sharing_page import SharingPage

WHEN = dt.datetime(2020, 11, 26, 2, 0, tzinfo=dt.UTC)
KEY = b"k" * 16


class Exchange:
    """Ways to the others that are only noted."""

    def __init__(self):
        self.calls, self.relays, self.refused = [], [], None
        self.aside, self.ran, self.woken = 0, 0, 0
        self.shared = Shared(3, 5, 100, 200, 0, 1, {"SHARE_KEY_MISSING": 1})

    def share(self, folder, progress, cancel):
        assert self.aside == 1
        self.calls.append(("share", folder))
        return self.shared

    def export_file(self, file, device, cancel):
        self.calls.append(("out", file))
        return WrittenFile(file.name, 9, 900)

    def import_file(self, file, progress, cancel):
        self.calls.append(("in", file))
        if self.refused:
            raise self.refused
        return self.shared

    def set_relay(self, url):
        self.relays.append(url)

    def invite(self, relay, file, cancel):
        self.calls.append(("invite", relay, file))
        if self.refused:
            raise self.refused
        return Invited("ABCD-EFGH-JKMN-PQRS-TVWX-YZ12-3456-7890", 1606442400000)

    def revoke(self, device, cancel):
        self.calls.append(("revoke", device))
        return False

    # the schedule
    @contextlib.contextmanager
    def out_of_the_way(self):
        self.aside += 1
        yield
        self.aside -= 1

    def run_now(self, progress, cancel):
        self.ran += 1

    def wake(self):
        self.woken += 1

    def standing(self):
        return SyncStanding(True, False, WHEN, "SHELF_UNREACHABLE")


@pytest.fixture
def admin_desk(desk):
    desk.services.profile.log_in("limin", PASSWORD)
    return desk


@pytest.fixture
def ways(desk):
    ways = Exchange()
    services = desk.services
    services.exchange = services.membership = services.schedule = ways
    services.schedule = Schedule(ways)
    return ways


class Schedule:
    def __init__(self, ways):
        self.ways = ways
        self.run_now, self.wake, self.standing = ways.run_now, ways.wake, ways.standing

    def aside(self):
        return self.ways.out_of_the_way()


def texts(widget):
    return [one.text() for one in widget.findChildren(QLabel)]


def facts(page):
    return page.header._facts.whole_text()


def row_texts(table, row=0):
    return [table.model.data(table.model.index(row, n)) for n in range(table.model.columnCount())]


def test_who_works_alone_sees_the_own_computer_and_how_another_joins(admin_desk, ways):
    page = admin_desk.show(SharingPage(admin_desk.context))
    assert "（本机）" in row_texts(page.lists.workstations)[0]
    assert "本机单独工作" in facts(page)
    assert page.lists.tabs.bar.tabText(0) == "终端 1"
    assert page.header.primary.text() == "邀请终端"


def test_who_is_no_administrator_sees_all_and_may_exchange_by_stick(desk, ways):
    page = desk.show(SharingPage(desk.context))
    assert page.header.primary is None
    assert page.lists.workstations._actions == []
    assert not page.stick_button.isHidden()


def test_a_stick_is_written_and_read_while_the_schedule_stands_aside(desk, ways, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    page = desk.show(SharingPage(desk.context))
    page.sticks.exchange()
    assert ways.calls == [("share", tmp_path)]
    assert ways.aside == 0
    assert desk.told[-1].text == tr("wording.and").join(
        ["发出 3 条，收到 5 条", "1 处两处修改不一致", "1 页暂时收不下，会自动再试"]
    )
    assert page.lists.tabs.current() == "conflicts"


def test_files_go_out_and_come_in_and_a_foreign_one_is_told(desk, ways, tmp_path, monkeypatch):
    out = tmp_path / "协同文件.tpshare"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(out), ""))
    page = desk.show(SharingPage(desk.context))
    page.sticks.write()
    page.sticks.take()
    assert ways.calls == [("out", out), ("in", out)]
    ways.refused = AppError("SHARE_PAGE_FOREIGN")
    page.sticks.take()
    assert "另一家机构" in desk.warned[-1].text
    assert page.stick_button.isEnabled()


def test_an_invitation_by_the_relay_shows_its_code_once(admin_desk, ways):
    page = admin_desk.show(SharingPage(admin_desk.context))
    page.invite()
    panel = page.panel._content
    assert panel.form.values()["way"] == "file"  # no relay is known yet
    panel.form.set_values({"way": "relay", "relay": "http://192.168.1.10:8700"})
    panel.form.edited.emit()
    panel.act.click()
    assert ways.calls == [("invite", "http://192.168.1.10:8700", None)]
    assert panel.code.text() == "ABCD - EFGH - JKMN - PQRS\nTVWX - YZ12 - 3456 - 7890"
    assert "2020-11-27 10:00" in panel.told.text()
    assert panel.draft() is None


def test_an_address_that_is_no_relay_is_told_beside_the_field(admin_desk, ways):
    ways.refused = AppError("SHELF_UNREACHABLE", detail="192.168.1.10")
    page = admin_desk.show(SharingPage(admin_desk.context))
    page.invite()
    panel = page.panel._content
    panel.form.set_values({"way": "relay", "relay": "http://192.168.1.10"})
    panel.form.edited.emit()
    panel.act.click()
    assert any("连不上" in text for text in texts(panel.form.fields["relay"]))
    assert panel.act.isEnabled()


def test_a_workstation_is_revoked_only_after_asking(admin_desk, ways):
    page = admin_desk.show(SharingPage(admin_desk.context))
    page.ask = lambda *_: ""
    row = page.seen.overview.workstations[0]
    page.revoke([row])
    assert ways.calls == []
    page.ask = lambda *_: "act"
    page.revoke([row])
    assert ways.calls == [("revoke", row.id)]
    assert "转存点连上后自动告知" in admin_desk.told[-1].text


def test_the_plan_is_kept_and_heeded_at_once(admin_desk, ways, tmp_path):
    page = admin_desk.show(SharingPage(admin_desk.context))
    page.plan()
    panel = page.panel._content
    panel.form.set_values({"minutes": "15", "folder": str(tmp_path), "relay": "http://127.0.0.1:1"})
    panel.save()
    assert admin_desk.services.sharing_plan.plan() == SharingPlan(15, str(tmp_path), "")
    assert (ways.relays, ways.woken) == (["http://127.0.0.1:1"], 1)
    page.reload()
    assert "每 15 分钟" in facts(page)
    assert "转存点暂时连不上" in facts(page)
    page.share_now()
    assert ways.ran == 1
    panel.form.set_values({"folder": str(tmp_path / "no such")})
    panel.save()
    assert any("连不上" in text for text in texts(panel.form.fields["folder"]))


def test_of_two_values_one_is_chosen(desk, ways, monkeypatch):
    values = ((["present", 0, None], "张兰", "PC-1", WHEN), (["absent", 0, None], "何老师", "PC-2", WHEN))
    conflicts = [ConflictListItem("c1", "mark", KEY + KEY, "mark", "电工2020-02班 #3", values)]
    answered = []

    def answer(conflict, value):
        answered.append((conflict, value))
        conflicts.clear()

    monkeypatch.setattr(desk.services.history, "list_conflicts", lambda: list(conflicts))
    monkeypatch.setattr(desk.services.history, "answer_conflict", answer)
    page = desk.show(SharingPage(desk.context))
    page.open(section="conflicts")
    assert page.lists.tabs.bar.tabText(1) == "两处修改不一致 1"
    page.open_conflict(conflicts[0])
    buttons = page.panel._content.findChildren(QPushButton)
    assert {"到", "缺勤"} <= set(texts(page.panel._content))
    buttons[1].click()
    assert answered == [("c1", ["absent", 0, None])]
    assert page.lists.tabs.bar.tabText(1) == "两处修改不一致"


def test_the_work_list_leads_to_the_records(desk, ways, monkeypatch):
    class_id = desk.class_id("新能源2020-01班")
    session = desk.services.classes.list_sessions(class_id)[0]
    item = WorkItem("w", WorkKind.SESSION_NUMBER_TWICE, "session", (session.id, KEY), "1", "2",
                    (Writing("何老师", "PC-2", WHEN),))  # fmt: skip
    monkeypatch.setattr(desk.services.work_list, "list_work", lambda: [item])
    page = desk.show(SharingPage(desk.context))
    assert page.lists.tabs.bar.tabText(2) == "需要处理 1"
    page.lists.work.findChildren(QPushButton)[0].click()
    assert desk.visited == [("class", {"class_id": class_id, "tab": "timetable", "session_id": session.id})]


def test_the_two_halves_lead_to_each_other(desk, ways):
    page = desk.show(SharingPage(desk.context))
    page.halves.buttons["sync_center"].click()
    assert desk.visited == [("sync_center", {})]
    assert page.halves.buttons["sharing"].isChecked()
