"""离岗: who takes over the classes, asked in the question that disables the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop_app.domain.listings.people import UserListItem
from desktop_app.domain.users import Role
from ui.dialogs.ask import Verb, VerbDialog
from ui.i18n import tr
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import choice_box
from ui.widgets.labels import label
from ui.wording import roles_text

ADVISING = frozenset({Role.ADVISER, Role.OFFICE})


@dataclass(frozen=True, slots=True)
class Leaving:
    """What was answered: the successor's login name, None where no class needs one."""

    successor: str | None


def successors(leaving: UserListItem, accounts: Sequence[UserListItem]) -> list[UserListItem]:
    """Return who may take over the classes: 班主任 before 培训办, never who is disabled or leaves."""
    able = [
        one
        for one in accounts
        if one.id != leaving.id and not one.disabled and not ADVISING.isdisjoint(one.roles)
    ]
    return sorted(able, key=lambda one: (Role.ADVISER not in one.roles, one.display, one.login))


class LeavingDialog(VerbDialog):
    """Disables an account; where it advises classes the verb stays closed until a successor is chosen."""

    def __init__(self, parent: QWidget | None, row: UserListItem, able: Sequence[UserListItem]) -> None:
        verb = tr("users.leave_verb", count=row.advises) if row.advises else tr("users.disable")
        verbs = [Verb("disable", verb, "danger"), Verb("", tr("ask.cancel"))]
        detail = (
            tr("users.leave_detail", name=row.display, count=row.advises)
            if row.advises
            else tr("users.disable_detail")
        )
        super().__init__(parent, tr("users.disable_question", name=row.display), detail, verbs)
        self._needed = bool(row.advises)
        choices = [
            (one.login, tr("users.successor_item", name=one.display, roles=roles_text(one.roles)))
            for one in able
        ]
        self.field = FormField(tr("users.successor"), choice_box(choices), required=True)
        if not self._needed:
            self.field.setParent(None)
            return
        self.content.addWidget(self.field)
        self.field.setVisible(bool(able))
        if not able:
            self.content.addWidget(label(tr("users.no_successor"), wrap=True, tone="wrong"))
        self.field.set_value(able[0].login if len(able) == 1 else "")
        self.field.edited.connect(self._on_chosen)
        self._on_chosen()
        self.field.editor.setFocus()

    def leaving(self) -> Leaving | None:
        """Return the answer, None when the user turned back."""
        if self.answer != "disable":
            return None
        return Leaving(str(self.field.value()) if self._needed else None)

    def _on_chosen(self) -> None:
        self.buttons["disable"].setEnabled(bool(self.field.value()))


def ask_leaving(
    parent: QWidget | None, row: UserListItem, accounts: Sequence[UserListItem]
) -> Leaving | None:
    """Ask whether an account is to be disabled, and who takes over its classes; None when the user turned back."""
    dialog = LeavingDialog(parent, row, successors(row, accounts))
    dialog.exec()
    return dialog.leaving()
