"""The two halves of the sync centre, 协同 and 上报: two pages, with a line on both that leads to the other."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.labels import button

SHARING, REPORTING = "sharing", "sync_center"
_VIEWS = {SHARING: ("view_work_list", "refresh-cw"), REPORTING: ("view_reports", "send")}


class Halves(QWidget):
    """Two buttons side by side; nothing where the user sees only one half."""

    def __init__(self, context: PageContext, current: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self.buttons = {}
        for page, (view, icon_name) in _VIEWS.items():
            made = button(tr(f"halves.{page}"), "", icon_name)
            made.setCheckable(True)
            made.setProperty("chip", True)
            made.setChecked(page == current)
            made.clicked.connect(lambda _=False, key=page: self._go(context, key, current))
            self.buttons[page] = made
            row.addWidget(made)
            made.setVisible(bool(context.services.context.may(view)))
        row.addStretch(1)

    def _go(self, context: PageContext, page: str, current: str) -> None:
        self.buttons[page].setChecked(page == current)
        if page != current:
            context.navigate(page)
