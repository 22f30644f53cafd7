"""The store's log beside the window: commands leave it to a lane of its own."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop_app.store.database import AUTOMATIC_CHECKPOINT_PAGES, OVERDUE_CHECKPOINT_PAGES
from ui.store_log import StoreLog


def automatic(desk) -> int:
    with desk.services.context.workstation.database.writer() as sql:
        return sql.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one()


def test_commands_leave_the_log_to_the_window_which_looks_once_after_however_many(desk, qtbot, monkeypatch):
    assert automatic(desk) == AUTOMATIC_CHECKPOINT_PAGES
    StoreLog(desk.services, desk.tasks, desk.context.changes, QObject(desk.tasks))
    qtbot.waitUntil(lambda: automatic(desk) == OVERDUE_CHECKPOINT_PAGES)
    looks: list[int] = []
    database = desk.services.context.workstation.database
    monkeypatch.setattr(database, "bring_in_log", lambda: looks.append(1))
    for _ in range(5):
        desk.context.changes.announce({"mark"})
    qtbot.waitUntil(lambda: looks != [])
    assert looks == [1]
