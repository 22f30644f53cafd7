"""Users of the institution and their slots on this workstation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from desktop_app.domain import passwords
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import DeviceListItem, UserListItem
from desktop_app.domain.records import TEACHER, TRAINING_CLASS, USER
from desktop_app.domain.users import Role, User, check_login
from desktop_app.services.access import advised_classes
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
        until: date | None = None,
    ) -> bytes:
        """Add an account and its slot here; return its key. ``until`` is the last day of an inspector's account.

        Raises AppError LOGIN_NAME_INVALID, LOGIN_NAME_TAKEN, PASSWORD_*, ROLE_UNKNOWN, ACCOUNT_ENDS_BEFORE.
        """
        name = check_login(login)
        self.context.require("add_user")
        passwords.check_password(password, name, display)
        user_id = self._add_user(name, display, sorted(roles), teacher_id, until)
        self._profile.grant(name, password)
        self._profile.slots.bind(name, user_id)
        return user_id

    @command("add_user", undoable=False)
    def _add_user(
        self,
        work: UnitOfWork,
        name: str,
        display: str,
        roles: list[Role],
        teacher_id: bytes | None,
        until: date | None,
    ) -> bytes:
        if accounts.user_by_login(work.sql, name) is not None:
            raise AppError("LOGIN_NAME_TAKEN", login=name)
        if not roles:
            raise AppError("ROLE_UNKNOWN", value="")
        user_id = self.context.new_id()
        fields: dict[str, object] = {
            "login": name,
            "display": display.strip() or name,
            "roles": [role.value for role in roles],
        }
        if until is not None:
            if until < self.context.today():
                raise AppError("ACCOUNT_ENDS_BEFORE", until=until.isoformat())
            fields["until"] = until.isoformat()
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

    def disable(self, login: str, successor: str | None = None) -> int:
        """Let somebody go (离岗): disable the account, drop its slot here, hand its classes over; return how many.

        The name stays in history. Raises AppError USER_UNKNOWN, USER_DISABLED, OWN_ACCOUNT, LAST_ADMIN,
        SUCCESSOR_NEEDED where the account is 班主任 of a class, SUCCESSOR_SAME, SUCCESSOR_ROLE.
        """
        handed_over = self._disable(login, successor)
        self._profile.slots.remove(login)
        return handed_over

    @command("disable_user", undoable=False)
    def _disable(self, work: UnitOfWork, login: str, successor: str | None) -> int:
        user = accounts.user_by_login(work.sql, login)
        if user is None:
            raise AppError("USER_UNKNOWN", login=login)
        _keep_an_admin(work, user.id)
        if user.id == self.context.require_actor().user.id:
            raise AppError("OWN_ACCOUNT")
        heir = None if successor is None else _successor(work, user, successor)
        classes = advised_classes(work.sql, user.id)
        if classes and heir is None:
            raise AppError("SUCCESSOR_NEEDED", name=user.display, count=len(classes))
        work.put(USER, user.id, {"disabled": 1})
        if heir is not None:
            self._hand_over(work, classes, user, heir)
        return len(classes)

    def _hand_over(self, work: UnitOfWork, classes: Iterable[bytes], user: User, heir: User) -> None:
        """Let the successor advise from today on; the former adviser's days end yesterday or never began."""
        today = self.context.today()
        for class_id in sorted(classes):
            present = work.fields(TRAINING_CLASS, class_id)
            assert present is not None
            listed = present["advisers"]
            assert isinstance(listed, list)
            kept = [
                [who, first, today.isoformat() if who == user.id.hex() and last is None else last]
                for who, first, last in listed
            ]
            already = any(who == heir.id.hex() and last is None for who, _, last in kept)
            added = [] if already else [[heir.id.hex(), today.isoformat(), None]]
            work.put(TRAINING_CLASS, class_id, {"advisers": [*kept, *added]})

    def unlock(self, login: str) -> None:
        """Clear the failed attempts of an account on this workstation."""
        self.context.require("unlock_user")
        self._profile.slots.unlock(login)

    def change_password(self, old: str, new: str) -> None:
        """Change the acting user's password on this workstation; AppError LOGIN_WRONG, PASSWORD_*."""
        actor = self.context.require("change_password")
        self._profile.check_password(actor.user.login, old)
        self._profile.grant(actor.user.login, new, actor.user.display)
        self._profile.slots.bind(actor.user.login, actor.user.id)

    def reset_password(self, login: str, new: str) -> None:
        """Give another user a new password on this workstation; administrators only."""
        self.context.require("add_user")
        with self.context.read() as sql:
            user = accounts.user_by_login(sql, login)
        if user is None or user.disabled:
            raise AppError("USER_UNKNOWN", login=login)
        self._profile.grant(login, new, user.display)
        self._profile.slots.bind(login, user.id)


def _successor(work: UnitOfWork, leaving: User, login: str) -> User:
    heir = accounts.user_by_login(work.sql, login)
    if heir is None or heir.disabled:
        raise AppError("USER_UNKNOWN", login=login)
    if heir.id == leaving.id:
        raise AppError("SUCCESSOR_SAME")
    if heir.roles.isdisjoint({Role.ADVISER, Role.OFFICE}):
        raise AppError("SUCCESSOR_ROLE", name=heir.display)
    return heir


def _keep_an_admin(work: UnitOfWork, leaving: bytes) -> None:
    others = [
        user
        for user in accounts.users(work.sql)
        if user.id != leaving and Role.ADMIN in user.roles and not user.disabled
    ]
    if not others:
        raise AppError("LAST_ADMIN")
