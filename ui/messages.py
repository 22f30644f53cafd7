"""The three doors for errors: beside the field, a banner or dialog with what to do next, or the crash dialog."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.rules import RuleErrors
from ui.dialogs.crash import CrashDialog, crash_details
from ui.i18n import has_text, tr
from ui.widgets.notices import Notice

NAMED = 3
"""How many errors of one act a notice names; the rest are counted."""


class TakesFieldErrors(Protocol):
    """A form that can show an error beside each of its fields."""

    def show_field_errors(self, errors: dict[str, str]) -> None: ...


def describe(error: AppError) -> Notice:
    """Return the sentence of a known error and what to do next; where rules stopped an act, of every cause."""
    if isinstance(error, RuleErrors) and len(error.findings) > 1:
        return together([one.error for one in error.findings], "wrong")
    return _described(error)


def together(errors: Iterable[AppError], level: str) -> Notice:
    """Return one notice for several errors: the first in full, the next two by name, the rest counted."""
    told = list(dict.fromkeys(_described(error) for error in errors))
    text = " ".join(one.text for one in told[:NAMED])
    if len(told) > NAMED:
        more = "advice.more_causes" if level == "wrong" else "advice.more"
        text = tr(more, text=text, count=len(told) - NAMED)
    return Notice(text, told[0].hint, level)


def _described(error: AppError) -> Notice:
    """Return sentence and hint of one error; a code without a sentence is named as it is."""
    key = f"error.{error.code}"
    if not has_text(key):
        return Notice(tr("error.UNKNOWN", code=error.code), tr("hint.UNKNOWN"))
    text = tr(key, **error.params)
    hint = f"hint.{error.code}"
    return Notice(text, tr(hint, **error.params) if has_text(hint) else "")


def error_text(code: str, params: Mapping[str, object]) -> str:
    """Return the sentence of a code; what the platform sent that this version has no words for stays as it is."""
    try:
        return describe(AppError(code, **params)).text
    except KeyError:
        return code


def hint_text(code: str, params: Mapping[str, object]) -> str:
    """Return what to do about a code, "" where there is no sentence."""
    try:
        return describe(AppError(code, **params)).hint
    except KeyError:
        return ""


def show_field_errors(form: TakesFieldErrors, error: FieldErrors) -> None:
    """First door: put each field's sentence beside the field."""
    form.show_field_errors({name: describe(wrong).text for name, wrong in error.fields.items()})


class Messages(QObject):
    """Where the window tells people things; the only place of QMessageBox.

    The frame that is open connects ``banner`` and ``toast`` and calls ``set_host``; before there is one,
    a known error is a dialog.
    """

    banner = Signal(object)
    toast = Signal(object)

    def __init__(self, version: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._version = version
        self._host: QWidget | None = None
        self._crash_open = False

    def set_host(self, host: QWidget | None) -> None:
        """Say which window shows banners now (None: none does)."""
        self._host = host

    def report(self, owner: QObject | None, error: BaseException) -> None:
        """Send any error through the right door."""
        if isinstance(error, AppError):
            self.known(error, owner)
        else:
            self.bug(error)

    def known(self, error: AppError, owner: QObject | None = None) -> None:
        """Second door: a banner in the frame; a dialog where a modal one covers it or there is no frame."""
        notice = describe(error)
        modal = QApplication.activeModalWidget()
        if self._host is not None and modal is None:
            self.banner.emit(notice)
            return
        parent = modal or (owner.window() if isinstance(owner, QWidget) else None)
        box = QMessageBox(QMessageBox.Icon.Warning, tr("app.name"), notice.text, parent=parent)
        box.setInformativeText(notice.hint)
        box.addButton(tr("ask.understood"), QMessageBox.ButtonRole.AcceptRole)
        box.exec()

    def bug(self, error: BaseException) -> None:
        """Third door: the crash dialog, one at a time; what was typed stays."""
        if self._crash_open:
            return
        self._crash_open = True
        try:
            CrashDialog(QApplication.activeWindow(), crash_details(error, self._version)).exec()
        finally:
            self._crash_open = False

    def tell(self, text: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Say in passing that something is done, e.g. with an "撤销" to press."""
        self.toast.emit(Notice(text, level="done", action=action, run=run))

    def warn(
        self, text: str, hint: str = "", action: str = "", run: Callable[[], object] | None = None
    ) -> None:
        """Say in a banner what waits for the user."""
        self.banner.emit(Notice(text, hint, "waiting", action, run))

    def catch_bugs(self) -> None:
        """Send exceptions that nobody caught to the crash dialog instead of ending the program."""
        before = sys.excepthook

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                before(kind, error, trace)
            else:
                self.bug(error.with_traceback(trace))

        sys.excepthook = hook
