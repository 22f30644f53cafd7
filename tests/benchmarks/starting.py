"""Processes of their own for ``bench_start``: a bare window, the login, and the way from the password to 工作台.

``python -m tests.benchmarks.starting bare`` ends with its first paint, ``login FOLDER`` when the login has taken a key.
``desk FOLDER LOGIN SECONDS`` waits that long after the first paint, enters the password and prints as JSON how many
seconds passed until the frame stands on 工作台 with its data.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

PASSWORD = "Ceshi-2020!"


def bare() -> None:
    """Show one table in one window and leave as soon as it is painted."""
    from PySide6.QtCore import QObject, QTimer
    from PySide6.QtGui import QStandardItemModel
    from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

    class Paint(QObject):
        def eventFilter(self, watched: QObject, event: Any) -> bool:  # noqa: N802 - Qt's own name
            if event.type() == event.Type.Paint:
                QTimer.singleShot(0, lambda: os._exit(0))
            return False

    application = QApplication([])
    window, table = QMainWindow(), QTableView()
    table.setModel(QStandardItemModel(20, 5))
    window.setCentralWidget(table)
    paint = Paint()
    window.installEventFilter(paint)
    window.show()
    application.exec()


def login(folder: str) -> None:
    """Start as a user does and leave as soon as the login, painted, has taken a key."""
    from PySide6.QtCore import Qt

    from ui import session

    def type_one(window: Any) -> None:
        press(window.password.editor, Qt.Key.Key_A, "a")
        os._exit(0 if window.password.value() == "a" else 1)

    _watch(session, type_one)
    _start(folder)


def desk(folder: str, user: str, seconds: str) -> None:
    """Start, wait, log in, and tell how long 工作台 took to come with its data."""
    from PySide6.QtCore import QTimer

    from ui import app, session
    from ui.tasks import Lane

    running: list[Any] = []
    begun = [0.0]

    class Running(app.App):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given)
            running.append(self)

    def enter(window: Any) -> None:
        window.user.set_value(user)
        window.password.set_value(PASSWORD)
        begun[0] = time.perf_counter()
        window.sign_in()
        look.start()

    def is_there() -> None:
        window = running[0].window
        # After a change of schema or program all reports are looked at again behind the screen, for minutes.
        if window is not None and window.isVisible() and running[0].tasks.is_idle(but=Lane.BACKGROUND):
            taken = time.perf_counter() - begun[0]
            if not window.page_widget("dashboard").isVisible():
                os._exit(1)
            sys.stdout.write(json.dumps({"seconds": taken}))
            sys.stdout.flush()
            os._exit(0)

    look = QTimer()
    look.setInterval(2)
    look.timeout.connect(is_there)
    app.App = Running
    _watch(session, lambda window: QTimer.singleShot(round(float(seconds) * 1000), lambda: enter(window)))
    _start(folder)


def press(widget: Any, key: Any, text: str) -> None:
    """Give a widget a key as the system does."""
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtGui import QKeyEvent

    QCoreApplication.sendEvent(
        widget, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    )


def _watch(session: Any, seen: Any) -> None:
    """Call ``seen`` with the login after its first paint, beside what the product does then."""

    class Watch(session.FirstPaint):  # type: ignore[misc]
        def __init__(self, window: Any) -> None:
            super().__init__(window)
            self.seen.connect(lambda: seen(window))

    session.FirstPaint = Watch


def _start(folder: str) -> None:
    from desktop_app.__main__ import main

    if not (Path(folder) / "keys.json").exists():
        os._exit(2)
    sys.exit(main(["--profile", folder]))


if __name__ == "__main__":
    {"bare": bare, "login": login, "desk": desk}[sys.argv[1]](*sys.argv[2:])
