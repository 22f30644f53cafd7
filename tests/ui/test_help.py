"""The help: every page and every tab of a class opens it at a section of its own, which names its clause."""

from __future__ import annotations

import re

import pytest

import resources
from ui.dialogs.help import HELP_FILE, SECTIONS, HelpDialog, name_of
from ui.pages.classes.class_page import VIEWS
from ui.pages.registry import page_registry

EVERY_ROLE = frozenset({"office", "adviser", "teacher", "head", "admin", "auditor"})
CLAUSE = re.compile(r"[二三四五六](\.[一二三四五六\d]|（)")


def sections():
    """Return heading without its clauses → heading and text of every section."""
    text = resources.path("help", HELP_FILE).read_text(encoding="utf-8")
    return {name_of(part.partition("\n")[0]): part for part in text.split("\n## ")[1:]}


def topics():
    pages = [spec.key for spec in page_registry().open_to(EVERY_ROLE)]
    return [*pages, *(f"class/{tab}" for tab in VIEWS)]


def test_every_page_and_tab_has_a_section_and_no_section_is_named_that_no_page_has():
    assert sorted(SECTIONS) == sorted(topics())
    assert set(SECTIONS.values()) <= set(sections())


@pytest.mark.parametrize("topic", sorted(SECTIONS))
def test_the_section_of_a_page_names_its_clause(topic):
    assert CLAUSE.search(sections()[SECTIONS[topic]]), SECTIONS[topic]


def test_the_help_opens_at_the_section_whatever_clauses_stand_behind_its_heading(qtbot):
    dialog = HelpDialog(None, "class/certificates")
    qtbot.addWidget(dialog)
    dialog.show()
    at = dialog.browser.verticalScrollBar().value()
    dialog.show_section("证书")
    assert at == dialog.browser.verticalScrollBar().value() > 0
    assert dialog.browser.horizontalScrollBar().maximum() == 0
