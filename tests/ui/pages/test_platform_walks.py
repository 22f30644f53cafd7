"""The way of a project and of a claim in the window against a platform that answers, step by step as users take it."""

from __future__ import annotations

import json
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel

from desktop_app import bootstrap
from desktop_app.services.profile import Profile
from tests.e2e.rules.claims import FIRST, claimable, with_papers
from tests.e2e.rules.departments import CODE, NAME, departments, survey
from tests.e2e.rules.graduates import FAILED, NUMBER, PASSED
from tests.e2e.rules.people import CLASS, PROJECT
from tests.factories.desks import client, password
from tests.factories.profiles import ADMIN, COST, HEAD, INSTITUTION, LAST_DAY, OFFICE, PASSWORD, open_desk
from tests.ui.pages.frame import Frame
from tests.ui.pages.user import choose, press, settle, type_into
from ui.i18n import tr

__all__ = ["client", "password"]
LINES = {
    "trade": "电工",
    "organisation": "湖北楚才职业技能评价中心",
    "form": "集中面授",
    "hours": "60",
    "schedule": "每周六、周日",
    "fee_fen": "0",
    "subsidy_fen": "1,200.00",
    "enterprise": "武汉长江电气有限公司",
    "planned_on": "2020-12-01",
}
PAYEE = {"holder": "江城职院", "bank": "工行", "account": "3202000012345678", "paper": "委1"}


@pytest.fixture
def seat(client, tmp_path, window_application, monkeypatch):
    """Sits a user down at the window on the office's profile, with the engine that reports; what is asked is agreed."""
    monkeypatch.setattr("ui.pages.sync_center.page.ask", lambda *_asked: "act")
    monkeypatch.setattr("ui.pages.sync_center.page.ask_reason", lambda *_asked: "按退回意见修改")

    @contextmanager
    def sit(login):
        profile = Profile(client.profile, cost=COST)
        profile.log_in(login, PASSWORD)
        frame = Frame(bootstrap.services(profile), tmp_path / "window.ini")
        try:
            yield frame
        finally:
            frame.close()

    return sit


def known_to_platform(folder, client):
    """Write what the platform knows beforehand: the project of the class, and the certificate's number."""
    with open_desk(client.profile, day=LAST_DAY) as desk:
        (project,) = desk.services.projects.list_details()
    facts = {
        "id": project.item.id.hex(),
        "code": PROJECT,
        "name": "电工（五级）",
        "trade": "电工",
        "level": "skill5",
        "organisation": "湖北江城技能评价中心",
        "audience": "key_group,employee,student",
        "hours": 4,
        "form": "集中面授",
        "area": "420000",
        "version": 1,
        "published_on": "2020-10-01",
        "content": "安全用电",
        "fee_fen": 0,
        "subsidy_fen": 120_000,
    }
    numbers = [{"number": NUMBER, "uscc": INSTITUTION.uscc}]
    file = folder / "seed.json"
    file.write_text(json.dumps({"projects": [facts], "certificate_numbers": numbers}), encoding="utf-8")
    return file


def claims_tab(frame):
    class_id = frame.services.classes.class_by_code(CLASS).id
    return frame.page("class", class_id=class_id, tab="claims").tabs.made("claims")


def set_end(frame, day):
    page = frame.window.page_widget("class")
    page.edit()
    type_into(page.panel._content.form.fields["end_on"], day)
    press(page.panel._content.save_button)


def choose_step(tab, verb):
    """Choose a step from the menu that offers it."""
    text = tr(f"claims.do.{verb}")
    (action,) = [one for one in tab.steps.menu().actions() if one.text() == text]
    action.trigger()


def draft_for_payee(frame):
    """Draft the claim of the class, name who is paid, and find that papers are lacking."""
    tab = claims_tab(frame)
    set_end(frame, "2020-11-11")
    press(tab.draft)
    press(tab.panel._content.save_button)
    press(tab.payee)
    for name, text in PAYEE.items():
        type_into(tab.panel._content.form.fields[name], text)
    press(tab.panel._content.save_button)
    choose_step(tab, "check")
    assert "身份证明" in str(frame.warned)


def test_a_claim_goes_from_its_pack_to_the_payment(client, tmp_path, seat):
    """五.一, 六.3: every arrow that the office and the departments take, by what the window offers."""
    found = claimable(client, tmp_path)
    for place, person in enumerate(found.people.values()):
        client.run("trainee", "edit", person, f"phone=1380000111{place}")
    client.run("trainee", "facts", found.people[FAILED], "groups=veteran")
    client.run("enrolment", "choose", *found.of(FAILED), "--group", "veteran")
    with departments(client, tmp_path) as platform:
        platform.act("seed", known_to_platform(tmp_path, client))
        with seat(OFFICE) as frame:
            draft_for_payee(frame)
        with_papers(found)
        with seat(OFFICE) as frame:
            tab = claims_tab(frame)
            choose_step(tab, "check")
            assert tr("state.claim.checking") in tab.facts.text()
        with seat(HEAD) as frame:
            tab = claims_tab(frame)
            choose_step(tab, "approve")
        client.set_day(FIRST)
        with seat(OFFICE) as frame:
            tab = claims_tab(frame)
            choose_step(tab, "publish")
            panel = tab.panel._content
            for name, text in (("place", "公告栏"), ("phone", "027-87654321")):
                type_into(panel.form.fields[name], text)
            press(panel.save_button)
            assert tr("state.claim.published") in tab.facts.text()
        client.set_day(LAST_DAY)
        with seat(OFFICE) as frame:
            tab = claims_tab(frame)
            choose_step(tab, "submit")
            assert tr("state.claim.submitted") in tab.facts.text()
            key = frame.services.claims.items()[0].key.hex()
        with seat(ADMIN) as frame:
            page = frame.page("sync_center")
            press(page.seal_button)
            assert (frame.told[-1], frame.warned) == (tr("sync.pushed", accepted=14, rejected=0), [])
            press(page.sync_button)  # the list of evidence goes behind its claim
        platform.act("claim", "approve", key, "--document", "核〔2020〕1号", "--on", LAST_DAY)
        assert (
            platform.act("claim", "pay", key, "--document", "拨〔2020〕1号", "--on", LAST_DAY)["fen"]
            == 120_000
        )
        with seat(ADMIN) as frame:
            press(frame.page("sync_center").sync_button)
        with seat(OFFICE) as frame:
            tab = claims_tab(frame)
            assert tr("state.claim.paid") in tab.facts.text()
            assert "1,200.00" in tab.facts.text()
            tab.open_row(next(row for row in tab.all_rows() if row.name == PASSED))
            said = " ".join(one.text() for one in tab.panel._content.findChildren(QLabel))
            assert "拨〔2020〕1号" in said


def test_a_project_goes_from_its_draft_to_the_pass_by_what_is_pulled(client, tmp_path, seat):
    """三.1-三.3: drafted with its survey, submitted, reported, returned, mended, passed on the way up."""
    client.run("project", "affiliation", "county", user=ADMIN)
    with departments(client, tmp_path) as platform:
        with seat(OFFICE) as frame:
            page = frame.page("projects")
            page.begin_new()
            type_into(page.panel._content.form.fields["code"], CODE)
            type_into(page.panel._content.form.fields["name"], NAME)
            press(page.panel._content.save_button)
            panel = page.panel._content
            panel.form.fields["key_group"].editor.setChecked(True)
            choose(panel.form.fields["level"], "skill5")
            panel.form.fields["content"].editor.setPlainText("安全用电、线路安装")
            for name, text in LINES.items():
                type_into(panel.form.fields[name], text)
            panel.form.fields["signed"].editor.setChecked(True)
            panel.pick("survey_files", [survey(tmp_path)])
            panel.submit()
            assert state_of(page) == "人社部门：县级审核中"
        report(seat)
        platform.act("project", "return", CODE, "--reason", "课时不足", "--on", LAST_DAY)
        pull(seat)
        with seat(OFFICE) as frame:
            page = frame.page("projects")
            assert state_of(page) == "人社部门：已退回"
            page.open_row(page.all_rows()[0])
            settle()
            why = next(
                one
                for one in page.panel._content.findChildren(QLabel)
                if one.text() == tr("projects.reason", reason="课时不足")
            )
            name = page.panel._content.form.fields["name"]
            assert why.mapToGlobal(QPoint()).y() < name.mapToGlobal(QPoint()).y()
            type_into(page.panel._content.form.fields["hours"], "80")
            page.panel._content.submit()
        report(seat)
        platform.act("project", "approve", CODE, "--document", "洪人社〔2020〕12号", "--on", LAST_DAY)
        pull(seat)
        with seat(OFFICE) as frame:
            page = frame.page("projects")
            page.open_row(page.all_rows()[0])
            assert state_of(page) == "人社部门：已通过"


def state_of(page):
    column = next(one for one in page.model.columns if one.key == "state")
    return column.text(page.all_rows()[0])


def report(seat):
    """Seal and push what is ready; the administrator does."""
    with seat(ADMIN) as frame:
        press(frame.page("sync_center").seal_button)
        assert frame.warned == []


def pull(seat):
    """Take what the platform says."""
    with seat(ADMIN) as frame:
        press(frame.page("sync_center").sync_button)
        assert frame.warned == []
