"""The user help and the line about the program."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTextBrowser, QWidget

import resources
from desktop_app.version import describe
from ui.dialogs.ask import Verb, VerbDialog
from ui.i18n import tr

HELP_FILE = "使用说明.md"
WIDTH, HEIGHT = 720, 600
# Where the help of a page begins; other pages open at the top.
SECTIONS = {
    "dashboard": "工作台",
    "trainees": "学员",
    "projects": "培训项目",
    "classes": "班级",
    "class": "班级",
    "talent": "技能人才（五.一.3、五.一.4）",
    "imports": "导入",
    "policy": "政策参数",
    "sync_center": "上报",
    "settings": "备份与恢复",
}


class HelpDialog(VerbDialog):
    """Shows the help, opened at what the user is looking at."""

    def __init__(self, parent: QWidget | None, page: str = "") -> None:
        super().__init__(parent, tr("help.title"), "", [Verb("close", tr("help.close"), "primary")])
        self.setMaximumWidth(WIDTH + 160)
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.document().setMarkdown(resources.path("help", HELP_FILE).read_text(encoding="utf-8"))
        self.setMinimumSize(WIDTH + 48, HEIGHT)
        self.content.addWidget(self.browser)
        self._section = SECTIONS.get(page, "")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_section(self._section)

    def show_section(self, heading: str) -> None:
        """Bring a heading to the top; nothing happens where there is none of that name."""
        document = self.browser.document()
        block = document.begin()
        while heading and block.isValid():
            if block.blockFormat().headingLevel() and block.text() == heading:
                top = document.documentLayout().blockBoundingRect(block).top()
                self.browser.verticalScrollBar().setValue(int(top))
                return
            block = block.next()


class AboutDialog(VerbDialog):
    """Which program and which build this is."""

    def __init__(self, parent: QWidget | None) -> None:
        verbs = [Verb("close", tr("help.close"), "primary")]
        super().__init__(parent, tr("app.name"), tr("about.detail", version=describe()), verbs)
