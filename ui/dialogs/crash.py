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

_ROOT = Path(__file__).resolve().parents[2]


def _place(file: Path) -> str:
    """Return where a source file lies without the folders above, which may carry a user's name."""
    if file.is_relative_to(_ROOT):
        file = file.relative_to(_ROOT)
    parts = file.parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return file.name if file.is_absolute() else file.as_posix()


def crash_details(error: BaseException, version: str) -> str:
    """Return type, place and versions of a bug. Messages, values and user folders stay out: they may be personal."""
    lines = [f"{tr('app.name')} {version}", f"Python {platform.python_version()} · Qt {qt_version}",
             f"{platform.system()} {platform.release()}", ""]  # fmt: skip
    cause: BaseException | None = error
    while cause is not None:
        code = f" ({cause.code})" if isinstance(cause, AppError) else ""
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}{code}")
        frames = traceback.extract_tb(cause.__traceback__)
        lines += [f"  {_place(Path(frame.filename))}:{frame.lineno} {frame.name}" for frame in frames]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines)


class CrashDialog(VerbDialog):
    """Tells of a bug; what was typed stays where it is."""

    def __init__(self, parent: QWidget | None, details: str) -> None:
        verbs = [Verb("continue", tr("crash.continue"), "primary"), Verb("copy", tr("crash.copy"))]
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
