"""What sharing brought that somebody must look at, and the decisions that mend it."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.work_list import DIFFERENT, SAME, WorkItem, WorkKind
from desktop_app.domain.records import PERSON_LINK, TRAINEE, USER
from desktop_app.domain.users import Role, check_login
from desktop_app.services.context import Service, command
from desktop_app.store.queries import work_list
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

_JUDGED = frozenset({WorkKind.REFUSED, WorkKind.OVERRULED, WorkKind.CLOCK_AHEAD})


class WorkListService(Service):
    """The work list: derived from the present records, so that an item is gone once they are mended."""

    def list_work(self) -> list[WorkItem]:
        """Return what waits for somebody with the acting user's roles.

        What was refused or overruled is the head's and the administrator's matter, accounts are the administrator's,
        people the office's; auditors, the head and the administrator see all of it.
        """
        roles = self.context.require("view_work_list").roles
        with self.context.read() as sql:
            items = work_list.work_items(sql)
        if roles & {Role.HEAD, Role.ADMIN, Role.AUDITOR}:
            return items
        hidden = _JUDGED | {WorkKind.LOGIN_TWICE}
        return [item for item in items if item.kind not in hidden]

    def class_of(self, item: WorkItem) -> bytes | None:
        """Return the class of the first record that an item is about, None where it is about none of a class."""
        with self.context.read() as sql:
            return work_list.class_of(sql, item.entity, item.keys[0]) if item.keys else None

    @command("link_people")
    def decide(self, work: UnitOfWork, first: bytes, second: bytes, decision: str) -> None:
        """Say that two people are one (``same``) or not (``different``), whatever their names; undoable.

        Raises AppError PERSON_LINK_INVALID (the same id twice, another word), TRAINEE_UNKNOWN.
        """
        if first == second or decision not in {SAME, DIFFERENT}:
            raise AppError("PERSON_LINK_INVALID")
        for person in (first, second):
            if work.fields(TRAINEE, person) is None:
                raise AppError("TRAINEE_UNKNOWN")
        work.put(PERSON_LINK, min(first, second) + max(first, second), {"decision": decision})

    @command("rename_user", undoable=False)
    def rename(self, work: UnitOfWork, user_id: bytes, login: str) -> None:
        """Give an account another login name, where two workstations gave one twice.

        The user needs a slot under the new name, which an administrator adds. AppError USER_UNKNOWN,
        LOGIN_NAME_INVALID, LOGIN_NAME_TAKEN.
        """
        name = check_login(login)
        if accounts.user(work.sql, user_id) is None:
            raise AppError("USER_UNKNOWN", login=name)
        holder = accounts.user_by_login(work.sql, name)
        if holder is not None and holder.id != user_id:
            raise AppError("LOGIN_NAME_TAKEN", login=name)
        work.put(USER, user_id, {"login": name})
