"""The list of every page: sorting, chosen columns, a count, actions on the selected rows, and an empty state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from ui.i18n import tr
from ui.preferences import Preferences
from ui.theme import ROW_HEIGHT, icon
from ui.widgets.busy import ProgressLine, Skeleton
from ui.widgets.cell_states import StateMarkDelegate
from ui.widgets.empty_state import EmptyState
from ui.widgets.labels import button, hairline, label
from ui.widgets.list_model import Column, ListTableModel, TableRows
from ui.widgets.list_view import ListView

Row = TypeVar("Row")
_MOST_RANGES = 500
MOST_CHOSEN = 2000
"""So many rows of a list that is not read whole may be acted on at once."""


@dataclass(frozen=True, slots=True)
class RowAction(Generic[Row]):
    """Something to do with the selected rows, the same in the bar and under the right mouse button.

    ``only_fitting``: the bar leaves it out where it cannot be done, because there are many more.
    """

    text_key: str
    run: Callable[[list[Row]], object]
    icon: str = ""
    many: bool = True
    danger: bool = False
    allowed: Callable[[list[Row]], bool] | None = None
    only_fitting: bool = False

    def fits(self, rows: list[Row]) -> bool:
        """Tell whether it can be done with ``rows``."""
        return bool(rows) and (self.many or len(rows) == 1) and (self.allowed is None or self.allowed(rows))


class DataTable(QWidget, Generic[Row]):
    """A framed table over a strip with the count and the actions of the selection."""

    opened = Signal(object)
    """A row was double-clicked or Enter pressed on it."""
    selection_changed = Signal(object)
    """The list of selected rows, as far as they are here."""
    rows_wanted = Signal(object, object)
    """Rows that are not all here are to be acted on: spans (first row, number of rows), and what to call with them."""
    place_wanted = Signal(object)
    """The key of a row whose place is not known here; ``show_place`` answers."""

    def __init__(
        self,
        key: str,
        model: TableRows[Row],
        preferences: Preferences,
        actions: Sequence[RowAction[Row]] = (),
        empty: EmptyState | None = None,
        count_key: str = "table.count",
    ) -> None:
        super().__init__()
        self.model = model
        self._key = f"table/{key}"
        self._preferences = preferences
        self._actions = list(actions)
        self._count_key = count_key
        self.menu_additions: list[Callable[[QMenu, list[Row]], object]] = []
        self.view = ListView()
        self.empty = empty or EmptyState(tr("table.empty"))
        self._skeleton = Skeleton()
        self._ordered_by = (-1, Qt.SortOrder.AscendingOrder)
        self._build()
        self._set_up_view()
        self._restore_columns()
        model.modelAboutToBeReset.connect(self._remember_selection)
        model.modelReset.connect(self._on_reset)
        self._kept: set[object] = set()
        self._on_reset()

    def selected(self) -> list[Row]:
        """Return the selected rows from top to bottom, as far as they are here."""
        return [row for first, count in self.view.spans() for row in self.model.held_between(first, count)]

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Show other rows; for a table that holds all of them."""
        assert isinstance(self.model, ListTableModel)
        self.model.set_rows(rows)

    def act(self, action: RowAction[Row]) -> None:
        """Run an action on the selected rows, which are fetched first where they are not all here."""
        rows = self.selected()
        if len(rows) == self.view.selected_count():
            action.run(rows)
        else:
            self.rows_wanted.emit(self.view.spans(), action.run)

    def select_key(self, key: object) -> None:
        """Select and show the row of ``key``, now or when it arrives with the next rows."""
        self._kept = {key}
        self._select_kept()

    def set_loading(self, loading: bool) -> None:
        """While the first rows are on their way, show a skeleton after 300 ms; later the old rows stay."""
        if loading and not self.model.rowCount():
            self._stack.setCurrentWidget(self._skeleton)
            self._skeleton.start()
        elif not loading:
            self._on_reset()

    def menu_for_selection(self) -> QMenu:
        """Return the menu of the right mouse button: the same actions as the bar."""
        menu = QMenu(self)
        rows = self.selected()
        for action in self._actions:
            item = menu.addAction(tr(action.text_key), lambda found=action: self.act(found))
            if action.icon:
                item.setIcon(icon(action.icon, "wrong" if action.danger else "text_secondary"))
            item.setEnabled(self._may_act(action, rows))
        for add in self.menu_additions:
            add(menu, rows)
        return menu

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        frame = QFrame()
        frame.setProperty("tableframe", True)
        layout.addWidget(frame)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        self._stack = QStackedLayout()
        for widget in (self.view, self.empty, self._skeleton):
            self._stack.addWidget(widget)
        inside.addLayout(self._stack, 1)
        self.progress = ProgressLine()
        inside.addWidget(self.progress)
        inside.addWidget(hairline())
        strip = QHBoxLayout()
        strip.setContentsMargins(12, 4, 8, 4)
        strip.setSpacing(4)
        self.count = label("", "secondary")
        strip.addWidget(self.count)
        strip.addSpacing(12)
        self._buttons: list[QPushButton] = []
        for action in self._actions:
            made = button(tr(action.text_key), "quiet", action.icon)
            made.clicked.connect(lambda _=False, found=action: self.act(found))
            strip.addWidget(made)
            self._buttons.append(made)
        strip.addStretch(1)
        self.export_button = button(tr("table.export"), "quiet", "download")
        self.export_button.hide()
        strip.addWidget(self.export_button)
        self._columns_button = button(tr("table.columns"), "quiet", "columns-3")
        self._columns_button.clicked.connect(self._show_column_menu)
        strip.addWidget(self._columns_button)
        inside.addLayout(strip)
        strip.setAlignment(Qt.AlignmentFlag.AlignVCenter)

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.model)
        view.setItemDelegate(StateMarkDelegate(view, near_text=True))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setFrameShape(QFrame.Shape.NoFrame)
        view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        view.verticalHeader().setMinimumSectionSize(ROW_HEIGHT)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        # With the table's own selection the head asks every row whether it is selected, each time it is drawn.
        header.setSelectionModel(QItemSelectionModel(self.model, header))
        header.setSectionsMovable(True)
        header.setFixedHeight(ROW_HEIGHT)
        header.setResizeContentsPrecision(
            0
        )  # a width is taken from the rows seen: the others need not be here
        header.setMinimumSectionSize(48)
        header.setSortIndicatorClearable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda _at: self._show_column_menu())
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_right_click)
        view.doubleClicked.connect(self._open)
        view.entered_row.connect(self._open)
        view.resized.connect(self._stretch)
        view.selectionModel().selectionChanged.connect(self._on_selection)

    def _restore_columns(self) -> None:
        """Put widths, order, hidden columns and sorting back as they were left; new columns come as designed."""
        header = self.view.horizontalHeader()
        kept: dict[str, Any] = self._preferences.read(self._key, {})
        for number, column in enumerate(self.model.columns):
            self.view.setColumnWidth(number, kept.get("widths", {}).get(column.key, column.width))
            self.view.setColumnHidden(number, kept.get("hidden", {}).get(column.key, column.hidden))
        names = [column.key for column in self.model.columns]
        for place, key in enumerate(key for key in kept.get("order", ()) if key in names):
            header.moveSection(header.visualIndex(names.index(key)), place)
        sort_key, descending = kept.get("sort", (None, False))
        header.setSortIndicator(
            names.index(sort_key) if sort_key in names else -1,
            Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder,
        )
        header.sortIndicatorChanged.connect(self._keep_order)
        self._keep_order(header.sortIndicatorSection())
        self.view.setSortingEnabled(True)
        header.sectionResized.connect(self._remember_columns)
        header.sectionMoved.connect(self._remember_columns)
        header.sortIndicatorChanged.connect(self._remember_columns)

    def _keep_order(self, section: int) -> None:
        """Let the arrow stay where it was when a title is clicked that chooses no order."""
        header = self.view.horizontalHeader()
        if section < 0 or self.model.can_order_by(section):
            self._ordered_by = (section, header.sortIndicatorOrder())
        else:
            header.setSortIndicator(*self._ordered_by)

    def _remember_columns(self) -> None:
        header, columns = self.view.horizontalHeader(), self.model.columns
        section = header.sortIndicatorSection()
        descending = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
        shown = [
            (number, column) for number, column in enumerate(columns) if not self.view.isColumnHidden(number)
        ]
        before: dict[str, Any] = self._preferences.read(self._key, {})
        elastic = self._elastic_last()
        widths = {c.key: self.view.columnWidth(n) for n, c in shown if not c.stretch and n != elastic}
        kept = {
            "widths": {**before.get("widths", {}), **widths},
            "hidden": {c.key: self.view.isColumnHidden(n) for n, c in enumerate(columns)},
            "order": [columns[header.logicalIndex(place)].key for place in range(len(columns))],
            "sort": [columns[section].key if 0 <= section < len(columns) else None, descending],
        }
        self._preferences.write(self._key, kept)

    def _stretch(self) -> None:
        """Let the stretching column take what the others leave, but never less than its own width.

        Where the last column shown is one of words, the stretching one grows by half, or to what its cells hold,
        and the last takes the rest, so that on a wide screen the numbers stay near the names.
        """
        view, columns = self.view, self.model.columns
        shown = self._shown()
        flagged = next((number for number in shown if columns[number].stretch), None)
        last = self._elastic_last()
        usual = sum(view.columnWidth(number) for number in shown if number not in {flagged, last})
        room = view.viewport().width() - usual
        if flagged is not None and flagged != last:
            width = columns[flagged].width
            rest = max(width, room - (columns[last].width if last is not None else 0))
            if last is not None:
                # A view that is not seen would ask every row for its width: minutes, for a journal of years.
                held = view.sizeHintForColumn(flagged) if view.isVisible() else 0
                rest = min(rest, max(width * 3 // 2, held))
            view.setColumnWidth(flagged, rest)
            room -= rest
        if last is not None:
            view.setColumnWidth(last, max(columns[last].width, room))

    def shown_columns(self) -> list[Column[Row]]:
        """Return the columns shown, from left to right."""
        return [self.model.columns[number] for number in self._shown()]

    def _shown(self) -> list[int]:
        """Return the numbers of the columns shown, from left to right."""
        header = self.view.horizontalHeader()
        places = [header.logicalIndex(place) for place in range(len(self.model.columns))]
        return [number for number in places if not self.view.isColumnHidden(number)]

    def _elastic_last(self) -> int | None:
        """Return the last column shown where it may take the rest of a table that has a stretching column."""
        shown, columns = self._shown(), self.model.columns
        if not shown or not any(columns[number].stretch for number in shown):
            return None
        return shown[-1] if columns[shown[-1]].align == "left" else None

    def set_column_shown(self, key: str, shown: bool) -> None:
        """Show or hide a column and remember it; the last one shown stays."""
        number = [column.key for column in self.model.columns].index(key)
        visible = sum(not self.view.isColumnHidden(place) for place in range(len(self.model.columns)))
        if shown or visible > 1:
            self.view.setColumnHidden(number, not shown)
            self._stretch()
            self._remember_columns()

    def _show_column_menu(self) -> None:
        menu = QMenu(self)
        for number, column in enumerate(self.model.columns):
            item: QAction = menu.addAction(tr(column.title_key))
            item.setCheckable(True)
            item.setChecked(not self.view.isColumnHidden(number))
            item.toggled.connect(lambda on, key=column.key: self.set_column_shown(key, on))
        menu.exec(self._columns_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _on_right_click(self, at: QPoint) -> None:
        if self._actions and self.view.indexAt(at).isValid():
            self.menu_for_selection().exec(self.view.viewport().mapToGlobal(at))

    def _open(self, index: QModelIndex) -> None:
        row = self.model.row_or_none(index.row())
        if row is not None:
            self.opened.emit(row)

    def _remember_selection(self) -> None:
        self._kept |= {self.model.row_key(row) for row in self.selected()}

    def _on_reset(self) -> None:
        self._skeleton.stop()
        self._stack.setCurrentWidget(self.view if self.model.rowCount() else self.empty)
        self._stretch()
        self._select_kept()
        self._on_selection()

    def _select_kept(self) -> None:
        """Select what was selected before the rows came anew; scattered thousands are let go, for Qt is slow there."""
        found = [number for number, row in self.model.held() if self.model.row_key(row) in self._kept]
        if not found:
            if len(self._kept) == 1 and not self.model.is_whole:
                self.place_wanted.emit(next(iter(self._kept)))
            return
        self._kept = set()
        starts = [
            number for place, number in enumerate(found) if place == 0 or found[place - 1] != number - 1
        ]
        if len(starts) > _MOST_RANGES:
            return
        ends = [
            number for place, number in enumerate(found) if number + 1 not in found[place + 1 : place + 2]
        ]
        chosen, last = QItemSelection(), len(self.model.columns) - 1
        for start, end in zip(starts, ends, strict=True):
            chosen.append(QItemSelectionRange(self.model.index(start, 0), self.model.index(end, last)))
        selection = self.view.selectionModel()
        selection.select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        first = self.model.index(found[0], 0)
        selection.setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.view.scrollTo(first)

    def show_place(self, key: object, place: int) -> None:
        """Select and show the row at a place that was asked for, unless something else was selected meanwhile."""
        if self._kept == {key} and place < self.model.rowCount():
            self._kept = set()
            self.view.selectRow(place)
            self.view.scrollTo(self.model.index(place, 0), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _may_act(self, action: RowAction[Row], rows: list[Row]) -> bool:
        count = self.view.selected_count()
        if self.model.is_whole or count == len(rows):
            return action.fits(rows)
        return action.many and count <= MOST_CHOSEN and (not rows or action.fits(rows))

    def _on_selection(self) -> None:
        rows, total = self.selected(), self.model.rowCount()
        selected = self.view.selected_count()
        text = tr(self._count_key, count=total)
        if selected > 1:
            text = tr("table.count_selected", count=text, selected=selected)
        if selected > MOST_CHOSEN and not self.model.is_whole:
            text = tr("table.too_many", text=text, most=MOST_CHOSEN)
        self.count.setText(text)
        for made, action in zip(self._buttons, self._actions, strict=True):
            may = self._may_act(action, rows)
            made.setVisible(selected > 0 and (may or not action.only_fitting))
            made.setEnabled(may)
        self.selection_changed.emit(rows)
