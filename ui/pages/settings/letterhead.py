"""文书抬头 in the settings: the words and the logo over the class papers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop_app.domain.evidence import MAX_TEXT
from desktop_app.services.evidence_intake import read_file
from desktop_app.services.letterheads import Letterhead
from ui.dialogs.choosing import choose_files
from ui.i18n import tr
from ui.navigation import PageContext
from ui.widgets.labels import button, label

_HEIGHT = 40


class LetterheadCard(QWidget):
    """Shows the letterhead and, to those who may, changes it."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self.choose_picture: Callable[[], list[Path]] = lambda: choose_files(
            self.window(), context.preferences, many=False
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(tr("letterhead.hint"), "secondary", wrap=True))
        self.logo = QLabel()
        self.logo.setAccessibleName(tr("letterhead.logo"))
        column.addWidget(self.logo)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.text = QLineEdit()
        self.text.setMaxLength(MAX_TEXT)
        self.text.setPlaceholderText(tr("letterhead.placeholder"))
        self.text.setAccessibleName(tr("letterhead.text"))
        self.save_button = button(tr("letterhead.save"))
        self.save_button.clicked.connect(lambda _=False: self.change())
        self.picture_button = button(tr("letterhead.choose"))
        self.picture_button.clicked.connect(self.take_picture)
        self.remove_button = button(tr("letterhead.remove"), "quiet")
        self.remove_button.clicked.connect(lambda _=False: self.change(logo=b""))
        row.addWidget(self.text, 1)
        may = bool(context.services.context.may("add_evidence"))
        self.text.setReadOnly(not may)
        for made in (self.save_button, self.picture_button, self.remove_button):
            made.setVisible(may)
            row.addWidget(made)
        column.addLayout(row)
        self._may = may

    def load(self) -> None:
        """Read the letterhead anew; what is being typed stays."""
        if self._context.services.context.may("view_classes"):
            service = self._context.services.letterheads
            self._context.tasks.query(self, service.current, self._show, latest="letterhead")

    def take_picture(self) -> None:
        """Ask for a picture and set it as the logo."""
        for path in self.choose_picture()[:1]:
            self.change(path=path)

    def change(self, *, path: Path | None = None, logo: bytes | None = None) -> None:
        """Set the words as typed, and the logo: of a file, none (b""), or as it is."""
        service, text = self._context.services.letterheads, self.text.text()

        def write() -> None:
            service.change(text, read_file(path) if path is not None else logo)

        def done(_nothing: object) -> None:
            self._context.messages.tell(tr("letterhead.saved"))
            self.text.setModified(False)
            self.load()

        self._context.tasks.command(self, write, done)

    def _show(self, found: Letterhead) -> None:
        if not self.text.isModified():
            self.text.setText(found.text)
        picture = QPixmap()
        if found.logo:
            picture.loadFromData(found.logo)
        shown = (
            picture.scaledToHeight(_HEIGHT, Qt.TransformationMode.SmoothTransformation)
            if found.logo
            else picture
        )
        self.logo.setPixmap(shown)
        self.logo.setVisible(bool(found.logo))
        self.remove_button.setVisible(self._may and bool(found.logo))
