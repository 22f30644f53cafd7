"""证书 step by step and 就业服务 in the window."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.guidance import Guidance, GuidanceKind, Provider
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.imports.plan import ImportOptions
from tests.ui.pages.sample_profile import WORKBOOKS
from tests.ui.pages.user import error_of, press, type_into
from ui.pages.classes.certificates_tab import CertificatesTab
from ui.pages.classes.roster_tab import RosterTab
from ui.pages.guidance.tab import GuidanceTab
from ui.pages.scores.tab import ScoresTab

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


def test_a_certificate_is_corrected_reissued_and_voided_each_with_a_reason(examined):
    """Each leaves the former one in the list; a number is never used again."""
    tab = certificates(examined)
    tab._prepare()
    person = tab.all_rows()[0].trainee_id

    def issues():
        return [(row.state, row.number) for row in tab.all_rows() if row.trainee_id == person]

    def take_step(verb, number=None, reason=""):
        row = next(one for one in reversed(tab.all_rows()) if one.trainee_id == person)
        tab._open_step(row, verb)
        panel = tab.panel._content
        for name, text in (("number", number), ("reason", reason)):
            if text:
                type_into(panel.form.fields[name], text)
        press(panel.save_button)
        return panel

    take_step("issue", NUMBER)
    other, third = NUMBER[:-1] + "2", NUMBER[:-1] + "3"
    assert error_of(take_step("correct", other).form.fields["reason"])
    tab.panel.close_panel()
    take_step("correct", other, "姓名错字")
    assert issues() == [("replaced", NUMBER), ("issued", other)]
    take_step("reissue", third, "本人遗失")
    assert issues() == [("replaced", NUMBER), ("replaced", other), ("issued", third)]
    take_step("void", reason="冒领")
    assert issues()[-1] == ("void", third)


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


def test_a_service_that_was_entered_wrongly_is_taken_back_with_a_reason(examined):
    tab = services_tab(examined)
    row = tab.all_rows()[0]
    day = examined.services.context.today()
    service = Guidance(GuidanceKind.CAREER, day, Provider.INSTITUTION)
    examined.services.guidance.record(row.class_id, row.trainee_id, service)
    asked = []
    tab.ask_reason = lambda _window, question, *_rest: asked.append(question) or "重复登记"
    tab.remove_last(tab.all_rows()[0])
    assert row.name in asked[0]
    assert tab.all_rows()[0].services == ()
    assert len(examined.told) == 1


def test_people_complete_a_class_or_not_and_it_can_be_taken_back(examined, answers):
    tab = examined.show(RosterTab(examined.context, examined.class_id(CODE)))
    tab.decide("complete", tab.all_rows()[:2])
    answers.reason("考核不合格")
    tab.decide("fail", tab.all_rows()[2:3])
    assert [row.state for row in tab.all_rows()[:3]] == ["completed", "completed", "not_completed"]
    answers.reason("登记有误")
    tab.decide("reopen", tab.all_rows()[:1])
    assert tab.all_rows()[0].state == "attending"


def test_a_hire_by_a_stranger_is_refused_beside_its_field(examined):
    tab = services_tab(examined)
    tab._open_hire(tab.all_rows()[0])
    panel = tab.panel._content
    type_into(panel.form.fields["employer"], "东风电气")
    type_into(panel.form.fields["partner_of"], "别家评价公司")
    press(panel.save_button)
    assert "别家评价公司" in error_of(panel.form.fields["partner_of"])


def exam_tab(desk):
    return desk.show(ScoresTab(desk.context, desk.class_id(CODE)))


def take(tab, verb, **fields):
    """Take a step of an exam in its panel and return the panel."""
    tab.exams.begin(verb)
    panel = tab.panel._content
    for name, text in fields.items():
        type_into(panel.form.fields[name], text)
    press(panel.save_button)
    return panel


def marked(tab, row):
    tab.grid.set_current(row, 0)
    return tab.presenter.rows[row]


def test_a_resit_shows_its_people_only_and_the_first_exam_says_where_they_went(examined):
    tab = exam_tab(examined)
    failed = tab.presenter.counts().failed
    assert failed
    panel = take(tab, "resit", on="2020-12-20")
    assert error_of(panel.form.fields["reason"])
    type_into(panel.form.fields["reason"], "未合格")
    press(panel.save_button)
    assert [item.resit_of is not None for item in tab.items] == [False, True]
    first, resit = tab.items
    assert tab.presenter.assessment.id == resit.id
    assert tab.presenter.counts().people == failed
    tab.choose(first.id)
    last = len(tab.presenter.components) + 1
    shown = [tab.presenter.cell((row, last)).text for row in range(len(tab.presenter.rows))]
    assert sum("已转补考" in text for text in shown) == failed
    assert "resit" not in tab.exams.verbs()


def test_a_class_goes_from_registration_to_the_room_in_the_window(desk):
    tab = exam_tab(desk)
    assert tab.exams.verbs() == ["open"]
    panel = take(tab, "open", on="2020-02-30")
    assert error_of(panel.form.fields["on"])
    type_into(panel.form.fields["on"], "2020-12-02")
    press(panel.save_button)
    assert tab.exams.verbs() == ["schedule", "miss", "defer", "recall", "disqualify"]
    panel = take(tab, "schedule", time="9点半吧", place="实训楼 B101")
    assert error_of(panel.form.fields["time"])
    type_into(panel.form.fields["time"], "9:30")
    press(panel.save_button)
    assert (tab.presenter.assessment.starts_at, tab.presenter.assessment.place) == ("09:30", "实训楼 B101")
    assert "09:30 实训楼 B101" in tab.facts.text()
    assert {row.candidate for row in tab.presenter.rows} == {"scheduled"}
    assert tab.presenter.cell((0, len(tab.presenter.components) + 1)).text == "已排考"
    assert all(row.ticket for row in tab.presenter.rows)
    assert not tab.exams.fits("schedule")


def test_what_became_of_a_candidate_is_said_once(desk):
    tab = exam_tab(desk)
    take(tab, "open", on="2020-12-02")
    marked(tab, 0)
    take(tab, "miss")
    marked(tab, 1)
    assert error_of(take(tab, "defer").form.fields["reason"])
    tab.panel.close_panel()
    take(tab, "defer", reason="住院")
    assert [row.candidate for row in tab.presenter.rows[:2]] == ["absent", "deferred"]
    assert not tab.exams.fits("miss")
    marked(tab, 2)
    assert tab.exams.fits("miss")
    assert not tab.exams.fits("recall")
    marked(tab, 1)
    assert error_of(take(tab, "recall").form.fields["reason"])
    tab.panel.close_panel()
    take(tab, "recall", reason="已到考，监考记错")
    assert [row.candidate for row in tab.presenter.rows[:2]] == ["absent", "registered"]
    assert desk.services.assessments.sheet(tab.presenter.assessment.id).rows[0].conclusion == "failed"
