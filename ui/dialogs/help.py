"""The user help and the line about the program."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

import resources
from desktop_app.version import describe
from ui.dialogs.ask import Verb, VerbDialog
from ui.i18n import tr

HELP_FILE = "使用说明.md"
WIDTH, HEIGHT = 720, 600
SECTIONS = {
    "dashboard": "工作台",
    "trainees": "学员",
    "willingness": "意愿登记",
    "projects": "培训项目",
    "classes": "班级",
    "class": "班级",
    "class/roster": "报名、录取与转班",
    "class/timetable": "课次变更",
    "class/opening": "开班与班级状态",
    "class/attendance": "考勤",
    "class/inspections": "过程检查",
    "class/scores": "成绩",
    "class/certificates": "证书",
    "class/guidance": "就业服务",
    "class/claims": "补贴",
    "class/employment": "就业跟踪",
    "class/evidence": "佐证",
    "teachers": "教师",
    "talent": "技能人才",
    "supervision": "督导与风险",
    "claims": "补贴",
    "statistics": "统计与每周一览",
    "performance": "绩效",
    "imports": "导入",
    "forms": "外来表格",
    "evidence_import": "佐证",
    "sync_center": "上报",
    "sharing": "多台终端与协同",
    "policy": "政策参数",
    "retention": "保存期限与个人的权利",
    "users": "用户与离岗",
    "journal": "操作日志",
    "settings": "备份与恢复",
}
"""Where the help of a page, or of a tab of the class page, begins: a heading without its clauses in brackets."""


def name_of(heading: str) -> str:
    """Return a heading of the help without the clauses in brackets behind it."""
    return heading.partition("（")[0]


class HelpDialog(VerbDialog):
    """Shows the help, opened at what the user is looking at."""

    def __init__(self, parent: QWidget | None, page: str = "") -> None:
        super().__init__(parent, tr("help.title"), "", [Verb("close", tr("help.close"), "primary")])
        self.setMaximumWidth(WIDTH + 160)
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.document().setMarkdown(resources.path("help", HELP_FILE).read_text(encoding="utf-8"))
        _wrap_code(self.browser.document())
        self.setMinimumSize(WIDTH + 48, HEIGHT)
        self.content.addWidget(self.browser)
        self._section = SECTIONS.get(page, "")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_section(self._section)

    def show_section(self, heading: str) -> None:
        """Bring a heading to the top, named without its clauses; nothing happens where there is none."""
        document = self.browser.document()
        block = document.begin()
        while heading and block.isValid():
            if block.blockFormat().headingLevel() and name_of(block.text()) == heading:
                top = document.documentLayout().blockBoundingRect(block).top()
                self.browser.verticalScrollBar().setValue(int(top))
                return
            block = block.next()


def _wrap_code(document: QTextDocument) -> None:
    """Let the lines of examples wrap: one long line would let all of the help scroll sideways."""
    block = document.begin()
    while block.isValid():
        if block.blockFormat().nonBreakableLines():
            shown = block.blockFormat()
            shown.setNonBreakableLines(False)
            QTextCursor(block).setBlockFormat(shown)
        block = block.next()


class AboutDialog(VerbDialog):
    """Which program and which build this is."""

    def __init__(self, parent: QWidget | None) -> None:
        verbs = [Verb("close", tr("help.close"), "primary")]
        super().__init__(parent, tr("app.name"), tr("about.detail", version=describe()), verbs)
