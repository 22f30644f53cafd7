"""校内审核: set by an administrator, done by the head in the sync centre, seen by whoever seals."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel

from desktop_app.domain.users import Role
from tests.fakes.reporting import FakeReporting
from tests.ui.pages.reports import report
from tests.ui.pages.sample_profile import PASSWORD
from ui.pages.sync_center.page import SyncCenterPage

REASON = "电话待核对"


def log_in(desk, login):
    desk.services.profile.log_in(login, PASSWORD)


@pytest.fixture
def reviewed(desk):
    """A sync centre as a user sees it while two reports wait for 周健."""
    log_in(desk, "limin")
    desk.services.accounts.add_user("zhoujian", "周健", [Role.HEAD], PASSWORD)

    def show(login, *, reviews=("waiting", "waiting")):
        log_in(desk, login)
        kinds = zip(("roster", "attendance"), reviews, strict=True)
        fake = FakeReporting(
            reports=[report(desk, kind, "ready", changed=12, review=review) for kind, review in kinds]
        )
        desk.join(fake)
        return desk.show(SyncCenterPage(desk.context)), fake

    return show


def states(page):
    model = page.lists.reports.model
    number = [one.key for one in model.columns].index("state")
    return [model.data(model.index(row, number)) for row in range(model.rowCount())]


def action_keys(page):
    return [action.text_key for action in page.lists.reports._actions]


def test_whoever_seals_sees_what_waits_with_whom_and_cannot_seal_it(reviewed):
    page, _fake = reviewed("limin")
    assert states(page) == ["○ 可上报，待校内审核"] * 2
    assert "2 项等 周健 审核" in page.header._facts.text()
    assert not page.seal_button.isEnabled()
    assert "sync.approve" not in action_keys(page)


def test_the_head_approves_one_and_returns_the_other_with_a_reason(reviewed, answers):
    page, _fake = reviewed("zhoujian")
    assert "2 项等您审核" in page.header._facts.text()
    rows = list(page.lists.snapshot.reports)
    answers.verb("act")
    page.review(rows[:1], send_back=False)
    answers.reason(REASON)
    page.review(rows[1:], send_back=True)
    assert "电工2020-02班 名册" in answers.questions[0].findChildren(QLabel)[1].text()
    page.reload()
    assert states(page) == ["○ 可上报，已审核", f"○ 可上报，审核退回：{REASON}"]
    assert "审核退回 1 项" in page.header._facts.text()


def test_turning_back_decides_nothing(reviewed, answers):
    page, fake = reviewed("zhoujian")
    answers.verb("")
    page.review(list(page.lists.snapshot.reports), send_back=False)
    assert {item.review for item in fake.reports} == {"waiting"}


def test_who_entered_the_marks_is_told_plainly(reviewed, answers, desk):
    page, fake = reviewed("zhoujian")
    fake.refuses_review = True
    answers.verb("act")
    page.review(list(page.lists.snapshot.reports)[:1], send_back=False)
    assert "您录入过 电工2020-02班 的考勤或成绩" in desk.warned[-1].text


def test_sealing_says_how_many_records_wait_for_review(reviewed, answers):
    page, _fake = reviewed("limin", reviews=("approved", "waiting"))
    answers.verb("")
    page.seal_button.click()
    assert "另有 12 条等待校内审核" in answers.questions[0].findChildren(QLabel)[1].text()


def test_nothing_approved_is_said_instead_of_nothing_ready(reviewed, answers, desk):
    page, _fake = reviewed("limin")
    page.seal([])
    assert desk.warned[-1].text == "还没有通过校内审核的报送事项，暂时不能封存。"


def test_the_chip_of_the_review_finds_what_waits(reviewed):
    page, _fake = reviewed("limin", reviews=("approved", "waiting"))
    page.open(section="review")
    assert states(page) == ["○ 可上报，待校内审核"]


def test_an_administrator_sets_the_review_and_the_affiliation(admin):
    card = admin.page("settings").reviewing
    card.review.click()
    assert admin.services.reviews.is_required()
    card.affiliation.setCurrentIndex(card.affiliation.findData("city"))
    card.affiliation.activated.emit(card.affiliation.currentIndex())
    assert admin.services.accounts.institution().affiliation == "city"
    assert admin.told == ["已启用校内审核", "隶属已登记为 市属"]
    card.review.click()
    assert not admin.services.reviews.is_required()


def test_others_see_the_setting_and_cannot_turn_it(office):
    card = office.page("settings").reviewing
    assert not card.review.isEnabled()
    assert not card.affiliation.isEnabled()
