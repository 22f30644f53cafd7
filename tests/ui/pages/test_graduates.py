"""证书 step by step and 就业服务 in the window."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import ImportOptions
from tests.ui.pages.sample_profile import WORKBOOKS
from tests.ui.pages.user import error_of, press, type_into
from ui.pages.classes.certificates_tab import CertificatesTab
from ui.pages.guidance.tab import GuidanceTab
from ui.pages.scores import tab as scores_tab
from ui.pages.scores.resit_dialog import Resit, ResitDialog

CODE = "电工2020-02班"
NUMBER = "S000042013000204200001"


@pytest.fixture
def examined(desk):
    imports = desk.services.imports
    options = ImportOptions(held_on=date(2020, 12, 2), organisation="湖北江城技能评价中心")
    file = WORKBOOKS / "成绩-社会重点群体-电工.xlsx"
    imports.apply(imports.plan(WorkbookKind.SCORES, file, CODE, options))
    return desk


def certificates(desk):
    return desk.show(CertificatesTab(desk.context, desk.class_id(CODE)))


def services_tab(desk):
    return desk.show(GuidanceTab(desk.context, desk.class_id(CODE)))


def test_a_pass_goes_from_the_issue_list_to_the_holder(examined):
    tab = certificates(examined)
    tab._prepare()
    first = tab.all_rows()[0]
    assert {row.state for row in tab.all_rows()} == {"pending"}
    tab._open_step(first, "issue")
    panel = tab.panel._content
    press(panel.save_button)
    assert error_of(panel.form.fields["number"])
    type_into(panel.form.fields["number"], NUMBER)
    press(panel.save_button)
    held = tab.all_rows()[0]
    assert (held.state, held.number) == ("issued", NUMBER)
    tab._open_step(tab.all_rows()[1], "issue")
    panel = tab.panel._content
    type_into(panel.form.fields["number"], NUMBER)
    press(panel.save_button)
    assert held.name in error_of(panel.form.fields["number"])
    tab._open_step(held, "hand_over")
    type_into(tab.panel._content.form.fields["proxy"], "苏父")
    press(tab.panel._content.save_button)
    assert (tab.all_rows()[0].state, tab.all_rows()[0].handed_to) == ("handed_over", "苏父")


def test_only_the_steps_of_a_state_are_open(examined):
    tab = certificates(examined)
    tab._prepare()
    steps = {verb: tab._step(verb) for verb in ("issue", "hand_over", "void")}
    pending = tab.all_rows()[:1]
    assert {verb: step.fits(pending) for verb, step in steps.items()} == {
        "issue": True,
        "hand_over": False,
        "void": True,
    }


def test_whoever_lacks_a_service_is_counted_until_one_is_recorded(examined):
    tab = services_tab(examined)
    lacking = sum(row.lacking for row in tab.all_rows())
    assert lacking == len(tab.all_rows())
    tab.open_row(tab.all_rows()[0])
    panel = tab.panel._content
    type_into(panel.form.fields["on"], "2020-13-01")
    press(panel.save_button)
    assert error_of(panel.form.fields["on"])
    type_into(panel.form.fields["on"], examined.services.context.today().isoformat())
    press(panel.save_button)
    assert sum(row.lacking for row in tab.all_rows()) == lacking - 1


def test_a_hire_by_a_stranger_is_refused_beside_its_field(examined):
    tab = services_tab(examined)
    tab._open_hire(tab.all_rows()[0])
    panel = tab.panel._content
    type_into(panel.form.fields["employer"], "东风电气")
    type_into(panel.form.fields["partner_of"], "别家评价公司")
    press(panel.save_button)
    assert "别家评价公司" in error_of(panel.form.fields["partner_of"])


def test_a_resit_shows_its_people_only_and_the_first_exam_says_where_they_went(examined, monkeypatch):
    tab = examined.show(scores_tab.ScoresTab(examined.context, examined.class_id(CODE)))
    failed = tab.presenter.counts().failed
    assert failed
    asked = Resit(date(2020, 12, 20), "未合格")
    monkeypatch.setattr(scores_tab, "ask_resit", lambda _window, _today: asked)
    press(tab.resit_button)
    assert [item.resit_of is not None for item in tab.items] == [False, True]
    first, resit = tab.items
    tab.choose(resit.id)
    assert tab.presenter.counts().people == failed
    tab.choose(first.id)
    last = len(tab.presenter.components) + 1
    shown = [tab.presenter.cell((row, last)).text for row in range(len(tab.presenter.rows))]
    assert sum("已转补考" in text for text in shown) == failed


def test_a_resit_is_not_opened_without_a_reason(desk):
    dialog = ResitDialog(None, date(2020, 12, 20))
    assert not dialog.buttons["act"].isEnabled()
    type_into(dialog.reason, "未合格")
    assert dialog.buttons["act"].isEnabled()
    dialog.deleteLater()
