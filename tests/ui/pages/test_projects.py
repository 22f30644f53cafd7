"""培训项目 in the window: a draft with what it lacks, its submission, answers as steps, a new version."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.projects import Answer, Level, Step, Track
from desktop_app.domain.records import INSTITUTION, PROJECT_ANSWER
from desktop_app.services.projects import ReceivedAnswer, answer_record
from tests.factories.pictures import jpeg
from tests.ui.pages.user import choose, error_of, press, type_into

CODE = "JC-2020-01"
LINES = {
    "trade": "电工",
    "organisation": "湖北楚才职业技能评价中心",
    "form": "集中面授",
    "hours": "60",
    "schedule": "每周六、周日",
    "fee_fen": "0",
    "subsidy_fen": "1,200.00",
    "enterprise": "武汉长江电气有限公司",
    "planned_on": "2020-10-08",
}


@pytest.fixture
def page(office):
    with office.services.context.unit_of_work("set_affiliation") as work:
        key = work.sql.exec_driver_sql("SELECT id FROM institution").scalar()
        work.put(INSTITUTION, key, {"affiliation": "county"})
    return office.page("projects")


def begun(page):
    page.begin_new()
    panel = page.panel._content
    type_into(panel.form.fields["code"], CODE)
    type_into(panel.form.fields["name"], "电工技能提升")
    press(panel.save_button)
    return page.panel._content


def completed(page, tmp_path):
    panel = begun(page)
    panel.form.fields["key_group"].editor.setChecked(True)
    choose(panel.form.fields["level"], "skill5")
    panel.form.fields["content"].editor.setPlainText("安全用电、线路安装")
    for name, text in LINES.items():
        type_into(panel.form.fields[name], text)
    panel.form.fields["signed"].editor.setChecked(True)
    file = tmp_path / "调研.jpg"
    file.write_bytes(jpeg("调研"))
    panel.pick("survey_files", [file])
    return panel


def state(page):
    row = page.all_rows()[0]
    return {column.key: column.text(row) for column in page.model.columns}


def test_a_draft_names_what_it_lacks_and_keeps_what_is_typed(page):
    panel = begun(page)
    assert page.panel.current_key() == page.all_rows()[0].item.id.hex()
    assert state(page)["state"] == "草稿"
    for word in ("培训对象", "培训内容", "班次时间", "补贴", "需求调研材料", "参与制定的企业"):
        assert word in panel._missing.text()
    type_into(panel.form.fields["schedule"], "每周六")
    assert "班次时间" not in panel._missing.text()
    press(panel.save_button)
    assert page.all_rows()[0].schedule == "每周六"


def test_wrong_fields_are_told_beside_them_and_nothing_is_saved(page):
    panel = begun(page)
    for name, text in (("hours", "六十"), ("fee_fen", "-5"), ("planned_on", "去年")):
        type_into(panel.form.fields[name], text)
    press(panel.save_button)
    for name in ("hours", "fee_fen", "planned_on"):
        assert error_of(panel.form.fields[name]), name
    assert page.all_rows()[0].item.hours is None
    type_into(panel.form.fields["hours"], "0")
    type_into(panel.form.fields["fee_fen"], "0")
    type_into(panel.form.fields["planned_on"], "2031-01-01")
    press(panel.save_button)
    assert "今天之后" in error_of(panel.form.fields["planned_on"])


def test_a_complete_draft_is_submitted_and_its_answers_are_steps(page, office, tmp_path):
    panel = completed(page, tmp_path)
    assert "可以提交" in panel._missing.text()
    choose(panel._level, int(Level.CITY))
    panel.submit()
    assert state(page)["state"] == "人社部门：县级审核中"
    row = page.all_rows()[0]
    assert (row.item.fee_fen, row.item.subsidy_fen, len(row.survey_files)) == (0, 120000, 1)
    passed = Step(
        Track.LABOUR, 1, Level.COUNTY, "420111", Answer.PASSED, date(2020, 10, 20), "", "洪人社〔2020〕12号"
    )
    back = Step(Track.LABOUR, 1, Level.CITY, "420100", Answer.RETURN, date(2020, 10, 30), "课时不足")
    with office.services.context.unit_of_work("platform") as work:
        answers = [answer_record(ReceivedAnswer(row.item.id, one)) for one in (passed, back)]
        work.put_many(PROJECT_ANSWER, answers)
    page.reload()
    shown = state(page)
    assert (shown["state"], shown["areas"]) == ("人社部门：已退回", "洪山区")
    page.open_row(page.all_rows()[0])
    assert "hours" in page.panel._content.form.fields


def test_a_submission_without_survey_is_refused_and_the_draft_stays(page, office, tmp_path):
    panel = completed(page, tmp_path)
    panel._picked["survey_files"].clear()
    panel.submit()
    assert state(page)["state"] == "草稿"
    assert any("需求调研" in str(one) for one in office.warned)
    assert page.all_rows()[0].item.hours == 60
