"""同步中心: states of reports, pre-flight that leads to screens, sealing with numbers, offline as normal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton

from desktop_app.services.ports import NEVER, no_progress
from desktop_app.services.reporting import LostReport, PlatformComparison, SyncOutcome
from tests.fakes.reporting import GOOD_CODE, FakeReporting
from tests.ui.pages.reports import problem, rejected, report
from tests.ui.pages.sample_profile import PASSWORD
from tests.ui.pages.user import type_into
from ui.pages.sync_center.page import SyncCenterPage
from ui.pages.sync_center.wording import report_target, target

KEY = b"k" * 16
OTHER = b"o" * 16


@pytest.fixture
def admin_desk(desk):
    desk.services.profile.log_in("limin", PASSWORD)
    return desk


def open_page(desk, **kwargs):
    reports = kwargs.pop("reports", [report(desk, "roster", "ready", changed=12)])
    fake = FakeReporting(reports=reports, **kwargs)
    desk.join(fake)
    return desk.show(SyncCenterPage(desk.context)), fake


def column(table, key):
    number = [one.key for one in table.model.columns].index(key)
    return [table.model.data(table.model.index(row, number)) for row in range(table.model.rowCount())]


def test_every_report_shows_its_state_in_words(admin_desk):
    items = [
        report(admin_desk, "roster", "accepted"),
        report(admin_desk, "attendance", "changed", changed=12),
        report(admin_desk, "assessment", "rejected", rejected=1),
        report(admin_desk, "certificate", "empty"),
    ]
    page, _fake = open_page(admin_desk, reports=items)
    assert column(page.lists.reports, "state") == ["● 已受理", "△ 上报后变更 12 项", "✕ 退回 1", "– 无内容"]
    assert "上报后变更 12 条" in page.header._facts.text()
    page.open(section="changed")
    assert column(page.lists.reports, "kind") == ["课程与考勤"]


def test_what_is_known_is_shown_at_once_while_what_changed_is_looked_at(admin_desk):
    seen = []

    class Slow(FakeReporting):
        def known_standing(self):
            return [report(admin_desk, "roster", "accepted")], self.preflight()

        def list_reports(self, progress=no_progress, cancel=NEVER):
            progress(3, 350)
            seen.extend([page.header._facts.text(), *column(page.lists.reports, "state")])
            return super().list_reports()

    admin_desk.join(Slow(reports=[report(admin_desk, "roster", "changed", changed=2)]))
    page = SyncCenterPage(admin_desk.context)
    admin_desk.show(page)
    assert "正在核对变更过的班级 3/350" in seen[0]
    assert seen[1:] == ["● 已受理"]
    assert column(page.lists.reports, "state") == ["△ 上报后变更 2 项"]
    assert "正在核对" not in page.header._facts.text()


@pytest.mark.parametrize(
    ("kind", "key", "page", "params"),
    [
        ("trainee", KEY, "trainees", {"trainee_id": KEY}),
        ("mark", KEY + OTHER, "class", {"tab": "attendance", "session_id": KEY, "trainee_id": OTHER}),
        ("session", KEY, "class", {"tab": "timetable", "session_id": KEY}),
        ("score", KEY + OTHER, "class", {"tab": "scores", "assessment_id": KEY}),
        ("certificate", KEY + OTHER + b"\0\0", "class", {"tab": "certificates", "trainee_id": OTHER}),
        ("enrolment", KEY + OTHER, "class", {"tab": "roster", "trainee_id": OTHER}),
        ("finisher", KEY + OTHER, "class", {"tab": "roster", "trainee_id": OTHER}),
        ("completion", KEY, "class", {"tab": "roster"}),
        ("claim", KEY + b"\0\2\0\1", "class", {"tab": "claims"}),
        ("claim_line", KEY + b"\0\2\0\1" + OTHER, "class", {"tab": "claims", "trainee_id": OTHER}),
        ("follow_up", KEY + OTHER + b"\0\1", "class", {"tab": "employment", "trainee_id": OTHER}),
        ("opening", KEY, "class", {"tab": "opening"}),
        ("class", KEY, "class", {}),
        ("submission", KEY, "projects", {"project_id": KEY}),
        ("rectification", KEY, "supervision", {"order_id": KEY}),
    ],
)
def test_every_problem_leads_to_the_screen_where_it_is_put_right(desk, kind, key, page, params):
    found, given = target(problem(desk, kind, key))
    assert found == page
    assert given.pop("field") == "phone"
    assert {name: value for name, value in given.items() if name != "class_id"} == params


@pytest.mark.parametrize(
    ("kind", "page", "params"),
    [
        ("roster", "class", {"tab": "roster"}),
        ("assessment", "class", {"tab": "scores"}),
        ("employment", "class", {"tab": "employment"}),
        ("project", "projects", {}),
        ("rectification", "supervision", {}),
    ],
)
def test_every_report_leads_to_where_it_is_kept(desk, kind, page, params):
    item = report(desk, kind, "accepted")
    found, given = report_target(item)
    ids = {"projects": "project_id", "supervision": "order_id"}
    assert (found, given) == (page, {ids.get(page, "class_id"): item.class_id, **params})


def test_a_problem_is_opened_by_its_row(admin_desk):
    page, _fake = open_page(admin_desk, problems=[problem(admin_desk, "trainee", KEY)])
    assert column(page.lists.problems, "severity") == ["✕ 不能报"]
    page.lists.problems.opened.emit(page.lists.problems.model.row(0))
    assert admin_desk.visited == [("trainees", {"trainee_id": KEY, "field": "phone"})]


def test_sealing_says_the_numbers_first_then_seals_and_pushes(admin_desk, answers):
    page, fake = open_page(admin_desk, problems=[problem(admin_desk, "trainee", KEY)])
    answers.verb("act")
    page.seal_button.click()
    detail = answers.questions[0].findChildren(QLabel)[1].text()
    assert "将封存 1 项报送、11 条记录并上报；另有 1 条检查没有通过" in detail
    assert fake.calls == ["push"]
    assert admin_desk.told[-1].text == "省平台已受理 12 条记录"
    assert column(page.lists.batches, "state") == ["● 已有回执"]
    assert not page.seal_button.isEnabled()


def test_turning_back_seals_nothing(admin_desk, answers):
    page, fake = open_page(admin_desk)
    answers.verb("")
    page.seal_button.click()
    assert fake.list_batches() == []


def test_a_correction_of_accepted_records_asks_for_its_reason(admin_desk, answers):
    page, fake = open_page(admin_desk, reports=[report(admin_desk, "roster", "changed", changed=2)])
    answers.reason("登记有误")
    page.seal_button.click()
    assert fake.reasons == ["登记有误"]


def test_only_the_chosen_reports_are_sealed(admin_desk, answers):
    items = [
        report(admin_desk, "roster", "ready", changed=12),
        report(admin_desk, "attendance", "ready", changed=9),
    ]
    page, fake = open_page(admin_desk, reports=items)
    answers.verb("act")
    page.seal([items[1]])
    assert fake.list_batches()[0].reports == (("attendance", "电工2020-02班", 1),)


def test_nothing_that_passes_the_pre_flight_is_told_and_shows_the_problems(admin_desk, answers):
    page, fake = open_page(
        admin_desk,
        reports=[report(admin_desk, "roster", "ready", changed=1)],
        problems=[problem(admin_desk, "trainee", KEY)],
    )
    page.seal_button.click()
    assert page.lists.tabs.current() == "problems"
    assert fake.list_batches() == []


def test_offline_is_told_in_passing_and_the_batch_waits(admin_desk, answers):
    page, fake = open_page(admin_desk)
    fake.reachable = False
    answers.verb("act")
    page.seal_button.click()
    assert admin_desk.warned == []
    assert "有网络时上报" in admin_desk.told[-1].text
    assert column(page.lists.batches, "state") == ["□ 已封存"]
    fake.reachable = True
    page.push(fake.list_batches())
    assert column(page.lists.batches, "state") == ["● 已有回执"]


def test_rejected_records_come_to_the_front_each_with_its_way_to_correct_it(admin_desk, answers):
    item = rejected(admin_desk, "certificate", KEY + OTHER + b"\0\0")
    page, _fake = open_page(admin_desk, rejected=[item])
    answers.verb("act")
    page.seal_button.click()
    assert page.lists.tabs.current() == "rejected"
    assert column(page.lists.rejected, "reason") == ["没有证书编号。"]
    page.lists.rejected.opened.emit(item)
    assert admin_desk.visited[-1][1]["tab"] == "certificates"
    assert "退回 1 条" in admin_desk.told[-1].text


def test_a_batch_opens_with_its_timeline_and_a_sealed_one_can_be_dissolved(admin_desk, answers):
    page, fake = open_page(admin_desk)
    fake.seal()
    page.mark_stale()
    page.open_batch(fake.list_batches()[0])
    assert page.panel.current_key() == fake.list_batches()[0].id.hex()
    answers.verb("act")
    page.dissolve(fake.list_batches())
    page.mark_stale()
    assert column(page.lists.batches, "state") == ["– 已解散"]


def test_a_batch_goes_out_as_a_file_and_its_receipt_file_comes_back(admin_desk, monkeypatch, tmp_path):
    page, fake = open_page(admin_desk)
    fake.seal()
    page.mark_stale()
    (batch,) = fake.list_batches()
    file = tmp_path / "批次.tpb"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    page.open_batch(batch)
    next(one for one in page.panel.findChildren(QPushButton) if one.text() == "存为批次文件").click()
    assert file.exists()
    assert "批次.tpb" in admin_desk.told[-1].text
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    assert page.receipt_action.isVisible()
    page.receipt_action.trigger()
    assert "已受理" in admin_desk.told[-1].text
    page.receipt_action.trigger()
    assert admin_desk.told[-1].text == "这份回执以前已经导入，没有变化"
    file.write_bytes(b"other")
    page.receipt_action.trigger()
    assert "这不是批次文件或回执文件。" in admin_desk.warned[-1].text


def test_a_batch_that_nobody_answers_says_so_and_what_to_do(admin_desk):
    page, fake = open_page(admin_desk)
    fake.seal()
    fake.batches = [replace(one, state="delivered", problem="BATCH_WITHOUT_RECEIPT") for one in fake.batches]
    page.mark_stale()
    assert column(page.lists.batches, "state") == ["△ 已成报表，无回执"]
    page.open_batch(fake.list_batches()[0])
    told = " ".join(one.text() for one in page.panel.findChildren(QLabel))
    assert "没有回执，不算已受理" in told
    assert "先解散这个批次" in told


def test_turning_back_from_a_file_does_nothing(admin_desk, monkeypatch):
    page, fake = open_page(admin_desk)
    fake.seal()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    page.files.export(fake.list_batches()[0])
    page.receipt_action.trigger()
    assert not {"export_batch", "import_receipt"} & set(fake.calls)


def test_before_joining_the_page_looks_normal_and_the_code_is_checked_beside_its_field(admin_desk):
    page, fake = open_page(admin_desk, joined=False)
    assert page._stack.currentWidget() is page.empty
    assert page.seal_button.isHidden()
    page.empty.button.click()
    panel = page.panel._content
    type_into(panel.form.fields["url"], "https://platform.example")
    type_into(panel.form.fields["code"], "WRONG")
    panel.act.click()
    assert "登记码不对" in panel.form.fields["code"]._line.text()
    type_into(panel.form.fields["code"], GOOD_CODE)
    panel.act.click()
    assert fake.calls == ["join", "join", "sync", "pull"]
    assert page._stack.currentWidget() is page.lists


@pytest.mark.parametrize(("sent", "said"), [(0, "600 / 1000"), (20_480, "600 / 1000 · 已发送 20 KB")])
def test_a_push_shows_records_and_bytes(admin_desk, monkeypatch, sent, said):
    page, fake = open_page(admin_desk)
    seen = []

    def sync(progress, _cancel):
        fake.sent_bytes = sent
        progress(600, 1000)
        seen.append(page.progress._count.text())
        return SyncOutcome((), 0)

    monkeypatch.setattr(fake, "sync", sync)
    page.sync_now()
    assert seen == [said]


def restored():
    lost = (LostReport("roster", "电工2020-02班", 1, 2), LostReport("claim", "电工2020-02班", 0, 1))
    return PlatformComparison("https://platform.example", anew=False, behind=True, lost=lost, records=12)


def test_a_restored_platform_is_compared_and_confirmed_with_a_reason(admin_desk):
    page, fake = open_page(admin_desk)
    page.compare_action.trigger()
    assert fake.calls == ["compare"]
    fake.comparison = restored()
    asked = []
    page.ask_reason = lambda *told: asked.append(told) or None
    page.compare_action.trigger()
    _window, question, detail, verb, suggestions = asked[0]
    assert "重建或恢复" in question
    assert "电工2020-02班 名册：平台存有第 1 版，本机已受理第 2 版" in detail
    assert "电工2020-02班 补贴申报：平台没有" in detail
    assert "12 条" in detail
    assert verb == "确认并重新封存"
    page.ask_reason = lambda *_: suggestions[0]
    page.compare_action.trigger()
    assert fake.calls[-4:] == ["compare", f"confirm: {suggestions[0]}", "sync", "pull"]


def test_a_platform_that_began_anew_asks_for_a_reason_beside_the_code(admin_desk):
    page, fake = open_page(admin_desk)
    fake.comparison = restored()
    page.rejoin_action.trigger()
    panel = page.panel._content
    why = panel.form.fields["why"]
    assert why.isHidden()
    type_into(panel.form.fields["url"], "https://platform.example")
    type_into(panel.form.fields["code"], GOOD_CODE)
    panel.act.click()
    assert not why.isHidden()
    type_into(why, "主管部门通知：平台已重建")
    panel.act.click()
    assert "confirm: 主管部门通知：平台已重建" in fake.calls


def test_the_office_sees_reports_but_neither_seals_nor_joins(desk):
    page, _fake = open_page(desk)
    assert page.seal_button.isHidden()
    assert page.sync_button.isHidden()
    assert page.lists.reports._actions[0].text_key == "sync.see_class"
    assert desk.show(SyncCenterPage(desk.context)).empty.button.isHidden()


def test_without_a_reporting_service_the_page_says_that_daily_work_goes_on(admin_desk):
    page = admin_desk.show(SyncCenterPage(admin_desk.context))
    assert page._stack.currentWidget() is page.empty
    assert "不影响日常登记" in page.empty._detail.text()
