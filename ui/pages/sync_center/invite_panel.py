"""邀请终端: by the relay or by a file; the code is shown once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton

from desktop_app.domain.errors import AppError
from desktop_app.services.devices import Invited
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import moment_text

RELAY, FILE = "relay", "file"
ENDING = "tpinvite"
Make = Callable[[str | None, Path | None], object]
"""Makes an invitation by a relay (None: the one that is kept) or into a file."""


class InvitePanel(FormPanel):
    """``make`` begins the work; the page hands what came of it to ``show_code`` or ``show_refused``."""

    def __init__(self, context: PageContext, relay: str, make: Make) -> None:
        super().__init__()
        self._context, self._make, self._code = context, make, ""
        self.column.insertWidget(0, label(tr("sharing.invite_detail"), "facts", wrap=True))
        ways = [(RELAY, tr("sharing.way_relay")), (FILE, tr("sharing.way_file"))]
        self.form.add("way", FormField(tr("sharing.way"), choice_box(ways), note=tr("sharing.way_note")))
        self.form.add(
            "relay",
            FormField(
                tr("sharing.relay"),
                text_line(tr("sharing.relay_example")),
                note=tr("sharing.relay_invite_note"),
            ),
        )
        self.load({"way": RELAY if relay else FILE, "relay": relay})
        self.code = label("", "heading", wrap=True)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.told = label("", "facts", wrap=True)
        self.copy = button(tr("sharing.copy_code"), "", "copy")
        self.copy.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addStretch(1)
        for widget in (self.code, self.told):
            self.column.addWidget(widget)
        self.column.addLayout(row)
        self.act = button(tr("sharing.make_invitation"), "primary")
        self.act.clicked.connect(self.save)
        self.form.edited.connect(self._draw)
        self._draw()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.act]

    def draft(self) -> None:
        """Keep nothing: an invitation is made at once or not at all."""

    def save(self) -> None:
        values = self.form.values()
        relay = values["relay"].strip() or None
        file: Path | None = None
        if values["way"] == FILE:
            name = str(Path.home() / f"{tr('sharing.invitation_name')}.{ENDING}")
            chosen, _kind = QFileDialog.getSaveFileName(
                self.window(),
                tr("sharing.invitation_title"),
                name,
                f"{tr('sharing.invitation_file')} (*.{ENDING})",
            )
            if not chosen:
                return
            file = Path(chosen)
        self.act.setEnabled(False)
        self._make(relay, file)

    def show_code(self, made: Invited, file: Path | None) -> None:
        """Show the code with what is to be done with it; it is kept nowhere."""
        self._code = made.code
        groups = made.code.split("-")
        half = len(groups) // 2
        self.code.setText("\n".join(" - ".join(part) for part in (groups[:half], groups[half:])))
        until = moment_text(datetime.fromtimestamp(made.expires_ms / 1000, UTC))
        key = "sharing.code_told" if file is None else "sharing.code_told_file"
        self.told.setText(tr(key, until=until, file="" if file is None else file.name))
        self._draw()

    def show_refused(self, error: AppError) -> None:
        """Say why there is no invitation."""
        self._draw()
        if error.code in {"RELAY_URL", "SHELF_UNREACHABLE", "INVITATION_WAY_MISSING", "RELAY_NEEDED"}:
            notice = describe(error)
            self.form.show_field_errors({"relay": f"{notice.text}{notice.hint}"})
        else:
            self._context.messages.report(self, error)

    def _draw(self) -> None:
        values = self.form.values()
        by_relay = values["way"] == RELAY
        self.form.fields["relay"].setVisible(by_relay)
        self.act.setEnabled(not by_relay or bool(values["relay"].strip()))
        for widget in (self.code, self.told, self.copy):
            widget.setVisible(bool(self._code))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        self.copy.setText(tr("code.copied"))
