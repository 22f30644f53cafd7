"""用户: accounts and roles; passwords belong to this workstation alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop_app.domain.listings.people import UserListItem
from desktop_app.domain.passwords import password_problems
from ui.dialogs.password import ask_new_password
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.users.edit_panel import UserPanel
from ui.pages.users.leaving import ask_leaving
from ui.pages.users.table_model import user_table_model
from ui.panel_page import ListPage
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.page import Crumb
from ui.wording import roles_text

ACTIVE, DISABLED = "active", "disabled"


class UsersPage(ListPage[UserListItem]):
    """Add accounts, change roles, disable who left, let in again who locked themselves out."""

    def __init__(self, context: PageContext) -> None:
        actions: list[RowAction[UserListItem]] = [
            RowAction("users.open", lambda rows: self.open_row(rows[0]), "pencil", many=False),
            RowAction("users.admit", lambda rows: self.reset(rows[0]), "key-round", many=False, allowed=_has_no_slot,
                      only_fitting=True),
            RowAction("users.reset", lambda rows: self.reset(rows[0]), "key-round", many=False, allowed=_has_slot,
                      only_fitting=True),
            RowAction("users.unlock", lambda rows: self.unlock(rows[0]), "lock-open", many=False, allowed=_all_active),
            RowAction("users.disable", lambda rows: self.disable(rows[0]), "trash-2", many=False, danger=True,
                      allowed=_all_active),
        ]  # fmt: skip
        super().__init__(
            context,
            "users",
            tr("page.users"),
            user_table_model(context.services.context.today()),
            placeholder=tr("users.search"),
            empty=EmptyState(tr("users.empty"), icon_name="user-cog"),
            actions=actions,
            count_key="users.count",
        )
        self.filters.add_chips(
            [(ACTIVE, tr("users.active")), (DISABLED, tr("users.disabled"))], exclusive=True
        )
        if self.may("add_user"):
            self.header.set_primary(tr("users.new"), self.begin_new, "plus")
        self.set_crumbs([Crumb(tr("page.users"))])
        self.set_hints([("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))])
        self.reload_on(context.changes, {"user", "teacher"})

    def fetcher(self) -> Callable[[], Sequence[UserListItem]]:
        service = self.context.services.accounts
        return service.list_users  # type: ignore[no-any-return]

    def keeps(self, row: UserListItem) -> bool:
        chosen, text = self.filters.chosen(), self.filters.text().lower()
        if (ACTIVE in chosen and row.disabled) or (DISABLED in chosen and not row.disabled):
            return False
        return not text or any(
            text in word.lower() for word in (row.display, row.login, roles_text(row.roles))
        )

    def rows_shown(self, rows: Sequence[UserListItem]) -> None:
        disabled = sum(row.disabled for row in rows)
        self.header.set_facts(
            tr("users.total", count=len(rows) - disabled),
            tr("users.total_disabled", count=disabled) if disabled else "",
        )

    def row_panel_key(self, row: UserListItem) -> str:
        return row.id.hex() if self.panel.current_key() != "new" else ""

    def begin_new(self) -> None:
        """Begin the form of a new account, or go on with its draft."""
        self._show("new", tr("users.new"), UserPanel(self.context, None))

    def open_row(self, row: UserListItem) -> None:
        content = UserPanel(self.context, row)
        content.reset_asked.connect(lambda: self.reset(row))
        content.unlock_asked.connect(lambda: self.unlock(row))
        content.disable_asked.connect(lambda: self.disable(row))
        self._show(row.id.hex(), row.display, content)

    def reset(self, row: UserListItem) -> None:
        """Give somebody a new password on this workstation, or a first one: then they can log in here too."""

        def problem(password: str) -> str:
            found = password_problems(password, (row.login, row.display))
            return describe(found[0]).text if found else ""

        asked = "reset" if row.has_slot else "admit"
        password = ask_new_password(
            self.window(),
            tr(f"users.{asked}_question", name=row.display),
            tr(f"users.{asked}_detail"),
            problem,
        )
        if password is not None:
            accounts = self.context.services.accounts
            self.context.tasks.command(
                self,
                lambda: accounts.reset_password(row.login, password),
                lambda _nothing: self._told(tr(f"users.{asked}_done", name=row.display)),
            )

    def unlock(self, row: UserListItem) -> None:
        """Clear somebody's failed attempts."""
        accounts = self.context.services.accounts
        self.context.tasks.command(
            self,
            lambda: accounts.unlock(row.login),
            lambda _nothing: self.context.messages.tell(tr("users.unlock_done", name=row.display)),
        )

    def disable(self, row: UserListItem) -> None:
        """Disable an account after asking, with who takes over its classes."""
        every = self.all_rows()
        leaving = ask_leaving(self.window(), row, every)
        if leaving is None:
            return
        heir = next((one.display for one in every if one.login == leaving.successor), "")
        accounts, successor = self.context.services.accounts, leaving.successor
        self.context.tasks.command(
            self,
            lambda: accounts.disable(row.login, successor),
            lambda count: self._told(
                tr("users.leave_done", name=row.display, heir=heir, count=count)
                if count
                else tr("users.disable_done", name=row.display)
            ),
        )

    def _show(self, key: str, title: str, content: UserPanel) -> None:
        content.saved.connect(lambda user_id: self._on_saved(key, user_id))
        self.panel.open_panel(key, title, content, content.foot())

    def _told(self, text: str) -> None:
        self.panel.close_panel()
        self.context.messages.tell(text)
        self.mark_stale()

    def _on_saved(self, key: str, user_id: bytes) -> None:
        self.panel.forget_draft(key)
        self.table.select_key(user_id)
        self._told(tr("users.saved"))


def _all_active(rows: list[UserListItem]) -> bool:
    return all(not row.disabled for row in rows)


def _has_slot(rows: list[UserListItem]) -> bool:
    return _all_active(rows) and rows[0].has_slot


def _has_no_slot(rows: list[UserListItem]) -> bool:
    return _all_active(rows) and not rows[0].has_slot
