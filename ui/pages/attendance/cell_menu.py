"""The menu of the right mouse button over marks: the same as the keys, and the 课时 that 迟到 and 早退 have lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu, QWidget

from desktop_app.domain.attendance import Mark, MarkStatus
from ui.i18n import tr
from ui.pages.attendance.presenter import AttendancePresenter
from ui.pages.attendance.wording import status_text
from ui.widgets.mark_grid_model import Place

_PARTLY = frozenset({MarkStatus.LATE, MarkStatus.EARLY})


@dataclass(frozen=True, slots=True)
class CellActs:
    """What the menu calls: the keys with their marks, what a key does, writing, copying, the history of the cell."""

    keys: Mapping[str, MarkStatus]
    press: Callable[[Sequence[Place], MarkStatus], None]
    write: Callable[[Mapping[Place, Mark | None]], None]
    copy: Callable[[], object]
    history: Callable[[], object]


def cell_menu(
    parent: QWidget, presenter: AttendancePresenter, places: Sequence[Place], acts: CellActs
) -> QMenu:
    """Return the menu over some open cells."""
    menu = QMenu(parent)
    for key, status in acts.keys.items():
        text = tr("attendance.menu_mark", mark=status_text(status), digit=key)
        menu.addAction(text, lambda found=status: acts.press(places, found)).setEnabled(bool(places))
    _add_lost_hours(menu, presenter, places, acts)
    menu.addSeparator()
    clear = menu.addAction(tr("attendance.menu_clear"), lambda: acts.write(dict.fromkeys(places)))
    clear.setEnabled(bool(places))
    menu.addAction(tr("attendance.menu_copy"), acts.copy)
    menu.addAction(tr("attendance.menu_history"), acts.history)
    return menu


def _add_lost_hours(
    menu: QMenu, presenter: AttendancePresenter, places: Sequence[Place], acts: CellActs
) -> None:
    """Add 0 … the session's 课时 for the cells that say 迟到 or 早退."""
    partly = {
        place: mark.status
        for place in places
        if (mark := presenter.mark(place)) is not None and mark.status in _PARTLY
    }
    lost = menu.addMenu(tr("attendance.menu_lost"))
    lost.setEnabled(bool(partly))
    most = min((presenter.sessions[column].hours for _row, column in partly), default=-1)
    for hours in range(most + 1):
        lost.addAction(
            tr("attendance.hours", hours=hours),
            lambda n=hours: acts.write({place: Mark(status, n) for place, status in partly.items()}),
        )
