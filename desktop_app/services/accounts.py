"""Users of the institution and their slots on this workstation."""

from __future__ import annotations

from collections.abc import Iterable

from desktop_app.domain import passwords
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import DeviceListItem, UserListItem
from desktop_app.domain.records import TEACHER, USER
from desktop_app.domain.users import Role, check_login
from desktop_app.services.context import Service, command
from desktop_app.services.profile import Profile
from desktop_app.store.queries import people
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork


class AccountService(Service):
    """Accounts. Users, roles and ``disabled`` are shared with the other workstations, passwords never."""

    def __init__(self, profile: Profile) -> None:
        assert profile.context is not None
        super().__init__(profile.context)
        self._profile = profile

    def list_users(self) -> list[UserListItem]:
        """Return all accounts; administrators only."""
        self.context.require("view_users")
        slots = frozenset(self._profile.slots.logins())
        with self.context.read() as sql:
            return people.user_items(sql, slots)

    def institution(self) -> accounts.Institution:
        """Return the institution of this profile."""
        with self.context.read() as sql:
            return accounts.institution(sql)

    def list_devices(self) -> list[DeviceListItem]:
        """Return the workstations of the institution."""
        self.context.require("view_classes")
        with self.context.read() as sql:
            return people.device_items(sql, self.context.workstation.device)

    def add_user(
        self,
        login: str,
        display: str,
        roles: Iterable[Role],
        password: str,
        *,
        teacher_id: bytes | None = None,
    ) -> bytes:
        """Add an account and its slot here; return its key.

        Raises AppError LOGIN_NAME_INVALID, LOGIN_NAME_TAKEN, PASSWORD_*, ROLE_UNKNOWN.
        """
        name = check_login(login)
        self.context.require("add_user")
        passwords.check_password(password, name, display)
        user_id = self._add_user(name, display, sorted(roles), teacher_id)
        self._profile.grant(name, password)
        return user_id

    @command("add_user", undoable=False)
    def _add_user(
        self, work: UnitOfWork, name: str, display: str, roles: list[Role], teacher_id: bytes | None
    ) -> bytes:
        if accounts.user_by_login(work.sql, name) is not None:
            raise AppError("LOGIN_NAME_TAKEN", login=name)
        if not roles:
            raise AppError("ROLE_UNKNOWN", value="")
        user_id = self.context.new_id()
        fields = {"login": name, "display": display.strip() or name, "roles": [role.value for role in roles]}
        work.put(USER, user_id, {**fields, "disabled": 0})
        if teacher_id is not None:
            if work.fields(TEACHER, teacher_id) is None:
                raise AppError("TEACHER_UNKNOWN")
            work.put(TEACHER, teacher_id, {"user_id": user_id})
        return user_id

    def change_roles(self, user_id: bytes, roles: Iterable[Role]) -> None:
        """Give an account other roles, in force at once; the last administrator keeps that role.

        Raises AppError USER_UNKNOWN, ROLE_UNKNOWN for none, LAST_ADMIN.
        """
        self._change_roles(user_id, sorted(set(roles)))
        self._profile.refresh_actor()

    @command("change_roles", undoable=False)
    def _change_roles(self, work: UnitOfWork, user_id: bytes, chosen: list[Role]) -> None:
        if accounts.user(work.sql, user_id) is None:
            raise AppError("USER_UNKNOWN", login="")
        if not chosen:
            raise AppError("ROLE_UNKNOWN", value="")
        if Role.ADMIN not in chosen:
            _keep_an_admin(work, user_id)
        work.put(USER, user_id, {"roles": [role.value for role in chosen]})

    def disable(self, login: str) -> None:
        """Disable an account (离岗) and drop its slot here; AppError USER_UNKNOWN, OWN_ACCOUNT, LAST_ADMIN."""
        self._disable(login)
        self._profile.slots.remove(login)

    @command("disable_user", undoable=False)
    def _disable(self, work: UnitOfWork, login: str) -> None:
        user = accounts.user_by_login(work.sql, login)
        if user is None:
            raise AppError("USER_UNKNOWN", login=login)
        _keep_an_admin(work, user.id)
        if user.id == self.context.require_actor().user.id:
            raise AppError("OWN_ACCOUNT")
        work.put(USER, user.id, {"disabled": 1})

    def unlock(self, login: str) -> None:
        """Clear the failed attempts of an account on this workstation."""
        self.context.require("unlock_user")
        self._profile.slots.unlock(login)

    def change_password(self, old: str, new: str) -> None:
        """Change the acting user's password on this workstation; AppError LOGIN_WRONG, PASSWORD_*."""
        actor = self.context.require("change_password")
        self._profile.check_password(actor.user.login, old)
        self._profile.grant(actor.user.login, new, actor.user.display)

    def reset_password(self, login: str, new: str) -> None:
        """Give another user a new password on this workstation; administrators only."""
        self.context.require("add_user")
        with self.context.read() as sql:
            user = accounts.user_by_login(sql, login)
        if user is None or user.disabled:
            raise AppError("USER_UNKNOWN", login=login)
        self._profile.grant(login, new, user.display)


def _keep_an_admin(work: UnitOfWork, leaving: bytes) -> None:
    others = [
        user
        for user in accounts.users(work.sql)
        if user.id != leaving and Role.ADMIN in user.roles and not user.disabled
    ]
    if not others:
        raise AppError("LAST_ADMIN")
