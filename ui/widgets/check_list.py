"""A list of things to tick, as the editor of a form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout

from ui.widgets.form_field import OwnEditor

_ROWS = 6
_ROW = 26


class CheckList(OwnEditor):
    """``value`` is the list of keys that are ticked, in the order they are listed."""

    def __init__(self) -> None:
        super().__init__()
        self.list = QListWidget()
        self.list.setFixedHeight(_ROWS * _ROW)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.list)
        self.setFocusProxy(self.list)
        self.list.itemChanged.connect(lambda _item: self.edited.emit())

    def set_choices(self, choices: Iterable[tuple[str, str]], ticked: Sequence[str] = ()) -> None:
        """List (key, text) and tick some keys."""
        self.list.blockSignals(True)
        self.list.clear()
        for key, text in choices:
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Checked if key in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def value(self) -> list[str]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return [
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        ]

    def set_value(self, value: Any) -> None:  # noqa: ANN401 - as of OwnEditor
        wanted = set(value or ())
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            item = self.list.item(row)
            ticked = item.data(Qt.ItemDataRole.UserRole) in wanted
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
