"""The panel at the right and its drafts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.preferences import Preferences
from ui.widgets.labels import button
from ui.widgets.side_panel import MIN_WIDTH, PanelContent, WithPanel


class NameForm(PanelContent):
    def __init__(self, saved="王建国"):
        super().__init__()
        self.saved = saved
        self.line = QLineEdit(saved)
        QVBoxLayout(self).addWidget(self.line)

    def draft(self):
        return {"name": self.line.text()} if self.line.text() != self.saved else None

    def restore(self, draft):
        self.line.setText(draft["name"])


@pytest.fixture
def place(qtbot, preferences):
    main = QWidget()
    main.list = QLineEdit()
    QVBoxLayout(main).addWidget(main.list)
    made = WithPanel(main, preferences, "people")
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def open_form(place, key="1"):
    form = NameForm()
    place.panel.open_panel(key, "编辑学员", form, [button("保存", "primary")])
    return form


def test_it_opens_at_its_usual_width_beside_the_list(place):
    open_form(place)
    assert place.panel.isVisible()
    assert 390 <= place.panel.width() <= 410
    assert place.main.isVisible()


def test_the_first_field_takes_the_focus(place):
    form = open_form(place)
    assert place.window().focusWidget() is form.line


def test_escape_in_the_list_closes_it_too(place, qtbot):
    open_form(place)
    place.main.list.setFocus()
    qtbot.keyClick(place.main.list, Qt.Key.Key_Escape)
    assert not place.panel.isVisible()


def test_escape_in_a_field_closes_it_and_gives_the_focus_back(place, qtbot):
    form = open_form(place)
    form.line.setFocus()
    with qtbot.waitSignal(place.panel.closed):
        qtbot.keyClick(form.line, Qt.Key.Key_Escape)
    assert not place.panel.isVisible()
    assert place.panel.current_key() == ""


def test_what_was_typed_is_there_again_when_the_same_record_opens(place, qtbot):
    open_form(place).line.setText("王建民")
    place.panel.close_panel()
    assert place.panel.has_drafts()
    assert open_form(place, "2").line.text() == "王建国"
    assert open_form(place, "1").line.text() == "王建民"


def test_another_record_opened_over_it_keeps_the_draft_too(place):
    open_form(place, "1").line.setText("王建民")
    open_form(place, "2")
    assert open_form(place, "1").line.text() == "王建民"


def test_a_draft_typed_back_to_what_was_is_no_draft(place):
    form = open_form(place)
    form.line.setText("王建民")
    place.panel.close_panel()
    form = open_form(place)
    form.line.setText("王建国")
    place.panel.close_panel()
    assert not place.panel.has_drafts()


def test_a_saved_draft_is_forgotten(place):
    open_form(place).line.setText("王建民")
    place.panel.forget_draft("1")
    place.panel.close_panel()
    assert open_form(place).line.text() == "王建国"


def test_another_user_finds_no_draft(place):
    open_form(place, "1").line.setText("王建民")
    open_form(place, "2").line.setText("李")
    place.panel.forget_all()
    assert not place.panel.isVisible()
    assert not place.panel.has_drafts()


def test_its_width_is_remembered(place, qtbot, preferences, tmp_path):
    open_form(place)
    place.setSizes([600, 588])
    place.splitterMoved.emit(600, 1)
    preferences.save()
    again = WithPanel(QWidget(), Preferences(tmp_path / "window.ini"), "people")
    qtbot.addWidget(again)
    again.resize(1200, 600)
    again.show()
    again.panel.open_panel("1", "编辑学员", NameForm(), [])
    assert abs(again.panel.width() - place.panel.width()) <= 2


def test_it_is_never_narrower_than_a_form(place):
    open_form(place)
    place.setSizes([1180, 20])
    assert place.panel.width() >= MIN_WIDTH
