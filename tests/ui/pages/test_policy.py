"""政策参数: listed with 文号 and force, set with the effect said before, withdrawn, imported with a preview."""

from __future__ import annotations

import json
from datetime import date

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity
from tests.ui.pages.user import error_of, press, type_into
from ui.advice import AdviceBridge, advice_notice


def row_of(page, code):
    return next(row for row in page.all_rows() if row.parameter.code == code)


def cells(page, code):
    row = row_of(page, code)
    return {column.key: column.text(row) for column in page.model.columns}


def test_a_list_says_value_force_document_and_source(admin):
    page = admin.page("policy")
    shown = cells(page, "class_size")
    assert (shown["value"], shown["binding"], shown["owner"], shown["state"]) == (
        "50 人",
        "参考",
        "随软件",
        "现行",
    )
    bound = cells(page, "performance_ratio")
    assert (bound["value"], bound["binding"], bound["document"]) == ("40 %", "约束", "鄂教职成〔2020〕1号")
    assert cells(page, "channel:student")["value"] == "教育专项"
    assert cells(page, "age_upper")["value"] == "法定退休年龄"


def test_a_document_says_before_it_is_set_that_the_value_will_bind(admin):
    page = admin.page("policy")
    page.open_row(row_of(page, "class_size"))
    panel = page.panel._content
    type_into(panel.form.fields["value"], "40")
    type_into(panel.form.fields["document"], "武人社〔2020〕5号")
    assert "由参考变为约束" in panel._effect.text()
    assert admin.services.policies.book().records == ()
    press(panel.save_button)
    assert (cells(page, "class_size")["value"], cells(page, "class_size")["binding"]) == ("40 人", "约束")
    assert "由参考变为约束" in admin.told[-1]


def test_wrong_fields_are_told_beside_them_and_nothing_is_set(admin):
    page = admin.page("policy")
    page.open_row(row_of(page, "class_size"))
    panel = page.panel._content
    type_into(panel.form.fields["value"], "0")
    type_into(panel.form.fields["until"], "明年")
    press(panel.save_button)
    assert error_of(panel.form.fields["value"])
    assert error_of(panel.form.fields["until"])
    type_into(panel.form.fields["value"], "40")
    type_into(panel.form.fields["until"], "2000-01-01")
    press(panel.save_button)
    assert error_of(panel.form.fields["until"])
    assert admin.services.policies.book().records == ()


def test_a_policy_file_is_shown_before_it_is_taken(admin, tmp_path):
    file = tmp_path / "policy.json"
    content = {"from": "2020-01-01", "document": "文", "parameters": [{"code": "late_add_days", "value": 3}]}
    file.write_text(json.dumps(content), encoding="utf-8")
    page = admin.page("policy")
    page.import_file(file)
    panel = page.panel._content
    assert admin.services.policies.book().records == ()
    press(panel.take_button)
    assert cells(page, "late_add_days")["value"] == "3 天"


def test_a_file_with_a_wrong_row_cannot_be_taken(admin, tmp_path):
    file = tmp_path / "policy.json"
    file.write_text(
        '{"from": "2020-01-01", "parameters": [{"code": "colour", "value": 1}]}', encoding="utf-8"
    )
    page = admin.page("policy")
    page.import_file(file)
    assert not page.panel._content.take_button.isEnabled()
    page.import_file(tmp_path / "nothing.json")
    assert admin.warned[-1]


def test_who_may_not_set_values_reads_them(office):
    page = office.page("policy")
    page.open_row(row_of(page, "class_size"))
    assert page.panel._content.foot() == []
    assert page.panel._content.form.fields == {}


def finding(person):
    error = AppError("FUNDING_NONE", person=person, class_code="电工1班", day="2020-11-02")
    return Finding("R19", Severity.WARN, error)


def test_warnings_of_a_command_become_one_notice(admin):
    bridge = AdviceBridge(admin.messages)
    bridge.take((finding("王建国"),))
    assert "王建国" in admin.warned[-1]
    many = advice_notice(tuple(finding(name) for name in ("甲", "乙", "丙", "丁", "丁", "戊")))
    assert "丙" in many.text
    assert "丁" not in many.text
    assert "2" in many.text


def test_a_value_of_a_new_subject_begins_from_blank(admin):
    page = admin.page("policy")
    page.begin_new()
    subject = page.panel._content
    subject.form.set_values({"family": "standard"})
    subject.form.edited.emit()
    assert [name for name, field in subject.form.fields.items() if not field.isHidden()] == [
        "family",
        "trade",
        "level",
    ]
    subject.save()
    assert error_of(subject.form.fields["trade"])
    subject.form.set_values({"family": "standard", "trade": "育婴员", "level": "skill5"})
    subject.save()
    assert page.panel._content._defined.code == "standard:育婴员:skill5"
    page.begin_new()
    again = page.panel._content
    again.form.set_values({"family": "channel", "group": "unemployed"})
    again.save()
    panel = page.panel._content
    panel.form.set_values({"value": "unemployment_insurance", "document": "鄂人社〔2021〕3号"})
    panel.save()
    assert admin.services.policies.book().find("channel:unemployed", date(2099, 1, 1)).value == (
        "unemployment_insurance"
    )
    page.open_code("channel:student")
    assert page.panel._content._row.text == "教育专项"
