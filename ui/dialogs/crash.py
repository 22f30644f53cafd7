"""What the user sees of a bug: that the input is still there, and details to copy without personal data."""

from __future__ import annotations

import platform
import traceback
from pathlib import Path

from PySide6 import __version__ as qt_version
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop_app.domain.errors import AppError
from ui.dialogs.ask import Verb, VerbDialog
from ui.i18n import tr


def crash_details(error: BaseException, version: str) -> str:
    """Return type, place and versions of a bug. Messages, values and user folders stay out: they may be personal."""
    lines = [f"{tr('app.name')} {version}", f"Python {platform.python_version()} · Qt {qt_version}",
             f"{platform.system()} {platform.release()}", ""]  # fmt: skip
    cause: BaseException | None = error
    while cause is not None:
        code = f" ({cause.code})" if isinstance(cause, AppError) else ""
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}{code}")
        for frame in traceback.extract_tb(cause.__traceback__):
            place = "/".join(Path(frame.filename).parts[-3:])
            lines.append(f"  {place}:{frame.lineno} {frame.name}")
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)


class CrashDialog(VerbDialog):
    """Tells of a bug; what was typed stays where it is."""

    def __init__(self, parent: QWidget | None, details: str) -> None:
        verbs = [Verb("copy", tr("crash.copy")), Verb("continue", tr("crash.continue"), "primary")]
        super().__init__(parent, tr("crash.title"), tr("crash.detail"), verbs)
        self._details = QPlainTextEdit(details)
        self._details.setReadOnly(True)
        self._details.setFixedHeight(200)
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.content.addWidget(self._details)
        self.setMinimumWidth(600)
        self.buttons["continue"].setFocus()

    def _choose(self, key: str) -> None:
        if key == "copy":
            QGuiApplication.clipboard().setText(self._details.toPlainText())
            self.buttons["copy"].setText(tr("crash.copied"))
            return
        super()._choose(key)
