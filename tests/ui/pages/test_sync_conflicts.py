"""Conflicts and the work list in the window: both sides with people and times, and what may be done about it."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.listings.work_list import WorkItem, WorkKind, Writing
from tests.ui.pages.frame import bury
from ui.pages.sync_center.conflict_panel import ConflictPanel
from ui.pages.sync_center.work_panel import WorkActs, WorkPanel, item_text

WHEN = dt.datetime(2020, 11, 26, 2, 0, tzinfo=dt.UTC)
PHONES = (("13900000001", "张兰", "PC-1", WHEN), ("13900000002", "何老师", "PC-2", WHEN))


def conflict(entity="trainee", values=PHONES):
    return ConflictListItem("c1", entity, b"k" * 16, "phone", "袁玲子", values)


def texts(widget):
    return [one.text() for one in widget.findChildren(QLabel)]


def test_a_third_value_may_be_typed_where_such_values_are_typed_anyhow():
    answered = []
    panel = ConflictPanel(conflict(), answered.append)
    assert {"13900000001", "13900000002"} <= set(texts(panel))
    assert not panel.take_third.isEnabled()
    panel.third.setText(" 13900000003 ")
    assert panel.draft() == {"third": " 13900000003 "}
    panel.take_third.click()
    assert answered == ["13900000003"]
    again = ConflictPanel(conflict(), answered.append)
    again.restore({"third": "139"})
    assert again.third.text() == "139"


@pytest.mark.parametrize(
    "shown",
    [conflict("mark"), conflict(values=((["id_card", "1"], "", "", WHEN), (["id_card", "2"], "", "", WHEN)))],
)
def test_of_codes_and_groups_of_fields_one_is_chosen(shown):
    panel = ConflictPanel(shown, [].append)
    assert len(panel.findChildren(QPushButton)) == 2


def test_who_may_not_answer_only_looks():
    assert ConflictPanel(conflict(), None).findChildren(QPushButton) == []


def work(kind, entity="", subject="袁玲子 / 袁铃子", detail=""):
    return WorkItem("w1", kind, entity, (b"a", b"b"), subject, detail, (Writing("何老师", "PC-2", WHEN),))


def test_people_of_one_number_are_joined_or_parted_from_the_list():
    said, opened = [], []
    panel = WorkPanel(WorkActs(opened.append, lambda item, decision: said.append((item.id, decision))))
    panel.show_items([work(WorkKind.NAMES_DIFFER, "trainee")])
    for one in panel.findChildren(QPushButton):
        one.click()
    assert said == [("w1", "same"), ("w1", "different")]
    assert [item.id for item in opened] == ["w1"]
    panel.show_items([])
    bury()  # what was taken out goes while its panel still lives, as in the window
    assert any("没有需要处理的事项" in text for text in texts(panel))


def test_who_may_not_decide_still_sees_what_is_to_do():
    panel = WorkPanel(WorkActs(lambda item: None, None))
    panel.show_items([work(WorkKind.JOINED, "trainee")])
    assert [one.text() for one in panel.findChildren(QPushButton)] == ["打开"]


@pytest.mark.parametrize("kind", list(WorkKind))
def test_every_kind_says_what_it_is_in_words(kind):
    text = item_text(
        work(kind, subject="create_trainee" if kind in {"refused", "overruled"} else "焊工", detail="2")
    )
    assert "{" not in text
    assert "create_trainee" not in text
    refused = item_text(work(WorkKind.REFUSED, subject="create_trainee", detail="ROLE_LACKING"))
    assert refused == "何老师在PC-2的“新建学员”没有生效：没有这项权限。"
