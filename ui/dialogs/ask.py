"""A question with verbs for buttons, and the question for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.widgets.labels import button, label


@dataclass(frozen=True, slots=True)
class Verb:
    """One way to answer: what it does in words, never 是/否; ``kind`` as of ui.widgets.labels.button."""

    key: str
    text: str
    kind: str = ""


class VerbDialog(QDialog):
    """A question, a sentence of detail, room for content, and a row of verbs at the lower right.

    The last verb is where Esc leads: it changes nothing.
    """

    def __init__(self, parent: QWidget | None, question: str, detail: str, verbs: Sequence[Verb]) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("app.name"))
        self.setModal(True)
        self.setMinimumWidth(440)
        self.setMaximumWidth(640)
        self.answer = verbs[-1].key
        self.buttons: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(label(question, "heading", wrap=True))
        if detail:
            layout.addWidget(label(detail, wrap=True))
        self.content = QVBoxLayout()
        self.content.setSpacing(8)
        layout.addLayout(self.content)
        layout.addSpacing(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        for verb in reversed(verbs):
            made = button(verb.text, verb.kind)
            made.setAutoDefault(False)
            made.clicked.connect(lambda _=False, key=verb.key: self._choose(key))
            row.addWidget(made)
            self.buttons[verb.key] = made
        layout.addLayout(row)
        first = self.buttons[verbs[0].key]
        safe = self.buttons[verbs[-1].key] if verbs[0].kind == "danger" else first
        safe.setDefault(True)
        safe.setFocus()

    def _choose(self, key: str) -> None:
        self.answer = key
        self.accept()


def ask(parent: QWidget | None, question: str, detail: str, verbs: Sequence[Verb]) -> str:
    """Show the question and return the key of the verb chosen; Esc answers the last one."""
    dialog = VerbDialog(parent, question, detail, verbs)
    dialog.exec()
    return dialog.answer


def ask_keep_draft(parent: QWidget | None) -> bool:
    """Ask whether typed changes may be thrown away; true = throw away."""
    verbs = [Verb("discard", tr("ask.discard"), "danger"), Verb("keep", tr("ask.keep_editing"))]
    return ask(parent, tr("ask.discard_question"), tr("ask.discard_detail"), verbs) == "discard"


class ReasonDialog(VerbDialog):
    """Asks for the reason of an act; the verb stays closed until there is one of at least two characters."""

    def __init__(
        self, parent: QWidget | None, question: str, detail: str, verb: str, suggestions: Sequence[str] = ()
    ):
        super().__init__(parent, question, detail, [Verb("act", verb, "primary"), Verb("", tr("ask.cancel"))])
        self._text = QPlainTextEdit()
        self._text.setPlaceholderText(tr("ask.reason_placeholder"))
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(88)
        self._text.textChanged.connect(self._on_text)
        if suggestions:
            row = QHBoxLayout()
            row.setSpacing(8)
            for suggestion in suggestions:
                chip = QPushButton(suggestion)
                chip.setProperty("chip", True)
                chip.setAutoDefault(False)
                chip.clicked.connect(lambda _=False, text=suggestion: self._text.setPlainText(text))
                row.addWidget(chip)
            row.addStretch(1)
            self.content.addLayout(row)
        self.content.addWidget(self._text)
        self._on_text()
        self._text.setFocus(Qt.FocusReason.OtherFocusReason)

    def reason(self) -> str:
        """Return the reason typed, without surrounding blanks."""
        return self._text.toPlainText().strip()

    def _on_text(self) -> None:
        self.buttons["act"].setEnabled(len(self.reason()) >= 2)


def ask_reason(
    parent: QWidget | None, question: str, detail: str, verb: str, suggestions: Sequence[str] = ()
) -> str | None:
    """Ask for a reason; None when the user turned back."""
    dialog = ReasonDialog(parent, question, detail, verb, suggestions)
    dialog.exec()
    return dialog.reason() if dialog.answer == "act" else None
