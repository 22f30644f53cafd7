"""The three doors."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMessageBox, QWidget

from desktop_app.domain.errors import AppError, FieldErrors
from ui.dialogs.crash import CrashDialog, crash_details
from ui.messages import Messages, describe, show_field_errors
from ui.widgets.form_field import Form, FormField


@pytest.fixture
def messages():
    return Messages("0.1.0")


def test_a_known_error_is_said_with_what_to_do_next():
    notice = describe(AppError("SAMPLE_WRONG", row=12))
    assert (notice.text, notice.hint) == ("第12行 手机号不对。", "请核对。")


def test_a_code_without_a_sentence_is_named():
    assert "NEVER_SEEN" in describe(AppError("NEVER_SEEN")).text


def test_field_errors_stand_beside_their_fields_and_the_first_takes_the_focus(qtbot):
    form = Form()
    qtbot.addWidget(form)
    form.add("name", FormField("姓名", QLineEdit()))
    form.add("phone", FormField("手机", QLineEdit("1")))
    form.show()
    form.fields["name"].set_error("旧的错误")
    show_field_errors(form, FieldErrors({"phone": AppError("SAMPLE_WRONG", row=1)}))
    assert form.fields["phone"].editor.property("state") == "wrong"
    assert form.fields["name"].editor.property("state") == ""
    assert form.focusWidget() is form.fields["phone"].editor


def test_a_known_error_is_a_banner_in_the_frame(messages, qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    messages.set_host(host)
    with qtbot.waitSignal(messages.banner) as told:
        messages.report(host, AppError("SAMPLE_WRONG", row=1))
    assert told.args[0].level == "wrong"


def test_a_known_error_without_a_frame_is_a_box(messages, qtbot):
    seen = []

    def close():
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append((box.text(), box.informativeText()))
        box.close()

    QTimer.singleShot(50, close)
    messages.report(None, AppError("SAMPLE_WRONG", row=1))
    assert seen == [("第1行 手机号不对。", "请核对。")]


def secret_bug():
    name = "王建国420106199003070011"
    raise ValueError(name)


def test_details_of_a_bug_hold_places_but_no_values():
    with pytest.raises(ValueError, match="王建国") as caught:
        secret_bug()
    details = crash_details(caught.value, "0.1.0")
    assert "王建国" not in details
    assert "420106" not in details
    assert "ValueError" in details
    assert "tests/ui/test_messages.py" in details
    assert "secret_bug" in details


def test_details_name_no_folder_of_the_user(tmp_path):
    script = tmp_path / "王建国" / "plug.py"
    script.parent.mkdir()
    script.write_text("1 / 0\n", encoding="utf-8")
    with pytest.raises(ZeroDivisionError) as caught:
        exec(compile(script.read_text(encoding="utf-8"), str(script), "exec"))
    details = crash_details(caught.value, "0.1.0")
    assert "plug.py:1" in details
    assert "王建国" not in details


def test_a_bug_opens_one_crash_dialog_whose_details_can_be_copied(messages, qtbot):
    seen = []

    def act():
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, CrashDialog)
        messages.report(None, RuntimeError("again"))
        dialog.buttons["copy"].click()
        seen.append(QGuiApplication.clipboard().text())
        dialog.buttons["continue"].click()
        seen.append(dialog.result())

    QTimer.singleShot(50, act)
    messages.report(None, KeyError("x"))
    assert "KeyError" in seen[0]
    assert seen[1] == QDialog.DialogCode.Accepted


def test_uncaught_errors_come_to_the_crash_dialog(messages, monkeypatch):
    caught = []
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    monkeypatch.setattr(messages, "bug", caught.append)
    messages.catch_bugs()
    sys.excepthook(ValueError, ValueError("x"), None)
    assert [type(error) for error in caught] == [ValueError]


def test_telling_carries_the_undo(messages, qtbot):
    with qtbot.waitSignal(messages.toast) as told:
        messages.tell("已为 47 人登记到课", "撤销", lambda: None)
    assert told.args[0].action == "撤销"
