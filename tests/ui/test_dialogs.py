"""Questions, reasons, passwords, and the fields they are made of."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDateEdit,
    QLineEdit,
    QPlainTextEdit,
)

from ui.dialogs.ask import ReasonDialog, Verb, VerbDialog, ask, ask_keep_draft, ask_reason
from ui.dialogs.password import NewPasswordDialog, PasswordDialog, ask_new_password, ask_password
from ui.widgets.form_field import Form, FormField

VERBS = [Verb("discard", "放弃修改", "danger"), Verb("keep", "继续编辑")]


def answer_with(act):
    QTimer.singleShot(50, lambda: act(QApplication.activeModalWidget()))


def test_buttons_are_the_verbs_given_and_the_answer_is_its_key(qtbot):
    answer_with(lambda dialog: dialog.buttons["discard"].click())
    assert ask(None, "放弃未保存的修改？", "", VERBS) == "discard"


def test_escape_answers_the_last_verb(qtbot):
    answer_with(lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape))
    assert ask(None, "放弃未保存的修改？", "", VERBS) == "keep"


def test_enter_never_takes_the_dangerous_verb(qtbot):
    dialog = VerbDialog(None, "放弃未保存的修改？", "", VERBS)
    qtbot.addWidget(dialog)
    assert dialog.buttons["keep"].isDefault()
    assert not dialog.buttons["discard"].isDefault()


@pytest.mark.parametrize(("key", "thrown_away"), [("discard", True), ("keep", False)])
def test_drafts_are_thrown_away_only_when_said(qtbot, key, thrown_away):
    answer_with(lambda dialog: dialog.buttons[key].click())
    assert ask_keep_draft(None) is thrown_away


@pytest.mark.parametrize(("text", "open_"), [("", False), (" 错 ", False), ("错了", True)])
def test_a_reason_of_two_characters_opens_the_verb(qtbot, text, open_):
    dialog = ReasonDialog(None, "更正考勤需要原因", "", "更正考勤")
    qtbot.addWidget(dialog)
    dialog.findChild(QPlainTextEdit).setPlainText(text)
    assert dialog.buttons["act"].isEnabled() is open_


def test_a_reason_can_be_picked(qtbot):
    def act(dialog):
        chip = next(
            made for made in dialog.findChildren(type(dialog.buttons["act"])) if made.text() == "补交假条"
        )
        chip.click()
        dialog.buttons["act"].click()

    answer_with(act)
    assert ask_reason(None, "更正考勤需要原因", "", "更正考勤", ["补交假条"]) == "补交假条"


def test_turning_back_gives_no_reason(qtbot):
    answer_with(lambda dialog: dialog.reject())
    assert ask_reason(None, "更正考勤需要原因", "", "更正考勤") is None


def test_a_password_is_hidden_and_handed_back(qtbot):
    def act(dialog):
        assert isinstance(dialog, PasswordDialog)
        assert dialog._field.editor.echoMode() == QLineEdit.EchoMode.Password
        assert not dialog.buttons["act"].isEnabled()
        dialog._field.editor.setText("Abc-12345")
        dialog.buttons["act"].click()

    answer_with(act)
    assert ask_password(None, "输入密码", "", "封存") == "Abc-12345"


def too_short(password):
    return "密码太短。" if len(password) < 8 else ""


@pytest.mark.parametrize(
    ("first", "second", "open_"),
    [
        ("", "", False),
        ("short", "short", False),
        ("Abc-12345", "Abc-1234", False),
        ("Abc-12345", "Abc-12345", True),
    ],
)
def test_a_new_password_must_keep_the_rules_and_be_typed_twice(qtbot, first, second, open_):
    dialog = NewPasswordDialog(None, "设置新密码", "", too_short)
    qtbot.addWidget(dialog)
    dialog._first.editor.setText(first)
    dialog._second.editor.setText(second)
    assert dialog.buttons["act"].isEnabled() is open_


def test_turning_back_sets_no_password(qtbot):
    answer_with(lambda dialog: dialog.reject())
    assert ask_new_password(None, "设置新密码", "", too_short) is None


def combo():
    made = QComboBox()
    for key, text in (("id", "居民身份证"), ("passport", "护照")):
        made.addItem(text, key)
    return made


@pytest.mark.parametrize(
    ("editor", "value"),
    [
        (QLineEdit, "王建国"),
        (combo, "passport"),
        (QDateEdit, date(1990, 3, 7)),
        (QCheckBox, True),
        (QPlainTextEdit, "备注"),
    ],
)
def test_a_field_shows_and_reads_its_value(qtbot, editor, value):
    field = FormField("字段", editor())
    qtbot.addWidget(field)
    field.set_value(value)
    assert field.value() == value


def test_only_the_user_edits(qtbot):
    field = FormField("姓名", QLineEdit())
    qtbot.addWidget(field)
    told = []
    field.edited.connect(lambda: told.append(1))
    field.set_value("王")
    assert told == []
    qtbot.keyClicks(field.editor, "a")
    assert told == [1]


def test_an_error_takes_the_place_of_the_note_and_goes_again(qtbot):
    field = FormField("住址", QLineEdit(), note="户籍不在湖北的，请填居住证地址")
    qtbot.addWidget(field)
    field.set_error("太长。")
    assert "太长。" in field._line.text()
    field.set_error("")
    assert field._line.text() == "户籍不在湖北的，请填居住证地址"
    field.set_warning("与李春梅相同。")
    assert field.editor.property("state") == "waiting"


def test_a_form_hands_its_values_over_by_name(qtbot):
    form = Form()
    qtbot.addWidget(form)
    form.add_heading("身份")
    form.add("name", FormField("姓名", QLineEdit(), required=True))
    form.add("type", FormField("证件类型", combo()))
    form.set_values({"name": " 王建国 ", "type": "id"})
    assert form.values() == {"name": "王建国", "type": "id"}
