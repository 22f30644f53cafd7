"""What every service shares: the open workstation, who acts, and the door through which commands go.

A command is a service method marked with ``@command("code")``: its permission is checked, it runs inside one
unit of work, and the kinds of records it changed are told to the listeners afterwards.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Concatenate, ParamSpec, TypeVar

from desktop_app.domain import policy
from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, require
from desktop_app.domain.users import Actor
from desktop_app.services.ports import AdviceListener, ChangeListener
from desktop_app.store import undo_steps
from desktop_app.store.database import Connection
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork
from desktop_app.store.workstation import Workstation

COMMANDS: dict[str, str] = {}

S = TypeVar("S", bound="Service")
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(slots=True)
class Context:
    """The open store and the acting user; None before login, and for what the schedule does."""

    workstation: Workstation
    actor: Actor | None = None
    listeners: list[ChangeListener] = field(default_factory=list)
    advice_listeners: list[AdviceListener] = field(default_factory=list)
    fetch_file: Callable[[bytes], None] | None = (
        None  # an evidence file, by its hash, from where colleagues put it
    )
    _advice: list[Finding] = field(default_factory=list)
    _account_changes: int = 0

    @property
    def clock(self) -> Clock:
        """Return the profile's clock."""
        return self.workstation.clock

    def today(self) -> date:
        """Return the date in Asia/Shanghai."""
        return self.clock.today()

    def now(self) -> datetime:
        """Return the instant (UTC)."""
        return self.clock.now()

    def new_id(self) -> bytes:
        """Return a new record key."""
        return self.workstation.ids.new()

    def require_actor(self) -> Actor:
        """Return who acts; AppError LOGIN_REQUIRED."""
        if self.actor is None:
            raise AppError("LOGIN_REQUIRED")
        return self.actor

    def require(self, code: str) -> Actor:
        """Check a command or view; AppError NOT_PERMITTED names it."""
        actor = self.require_actor()
        if not policy.allows(actor.roles, code):
            raise AppError("NOT_PERMITTED", command=code)
        return actor

    def may(self, code: str) -> bool:
        """Tell whether the acting user may run a command or see a view."""
        return self.actor is not None and policy.allows(self.actor.roles, code)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a consistent view of the store."""
        with self.workstation.read() as connection:
            yield connection

    @contextmanager
    def unit_of_work(self, code: str) -> Iterator[UnitOfWork]:
        """Run a command as the acting user (or the device); tell the listeners what changed and what was warned of."""
        self._advice.clear()
        user = b"" if self.actor is None else self.actor.user.id
        with self.workstation.unit_of_work(code, user) as work:
            self._heed_colleagues(work.sql, code)
            yield work
            if work.undoable and user:
                work.after_entry.append(functools.partial(undo_steps.push, user=user))
        self.tell(frozenset(work.changed))
        if self._advice:
            advice = tuple(self._advice)
            for listener in list(self.advice_listeners):
                listener(advice)

    def _heed_colleagues(self, sql: Connection, code: str) -> None:
        """Look again at who acts where entries of others have changed accounts since: they would refuse this entry.

        Raises AppError NOT_PERMITTED, USER_DISABLED, USER_UNKNOWN; then nothing is written.
        """
        changes = self.workstation.account_changes
        if self.actor is None or changes == self._account_changes:
            return
        former = self.actor.user
        user = accounts.user(sql, former.id)
        if user is None:
            raise AppError("USER_UNKNOWN", login=former.login)
        if user.disabled:
            raise AppError("USER_DISABLED", login=former.login)
        self.actor = accounts.actor_of(sql, user)
        if code in policy.COMMANDS:
            self.require(code)
        self._account_changes = changes

    def heed(self, findings: Iterable[Finding]) -> None:
        """Let rules decide inside a command: RuleErrors where one blocks; warnings are told after the commit."""
        self._advice.extend(require(findings))

    @contextmanager
    def device_work(self, code: str) -> Iterator[UnitOfWork]:
        """Run what the schedule does under the device key, whoever is logged in (``policy.DEVICE_COMMANDS``)."""
        if code not in policy.DEVICE_COMMANDS:
            raise AppError("NOT_PERMITTED", command=code)
        with self.workstation.unit_of_work(code) as work:
            yield work
        self.tell(frozenset(work.changed))

    def bring_in_log(self) -> None:
        """Bring the store's log into its file where it has grown; called soon after commands, beside them."""
        self.workstation.database.bring_in_log()

    def tell(self, changed: frozenset[str]) -> None:
        """Tell the listeners which kinds of records changed."""
        if changed:
            for listener in list(self.listeners):
                listener(changed)


class Service:
    """Base of all services."""

    def __init__(self, context: Context) -> None:
        self.context = context


def command(
    code: str, *, undoable: bool = True
) -> Callable[[Callable[Concatenate[S, UnitOfWork, P], R]], Callable[Concatenate[S, P], R]]:
    """Mark a service method as a command: it takes the unit of work first, callers leave that out."""

    def wrap(method: Callable[Concatenate[S, UnitOfWork, P], R]) -> Callable[Concatenate[S, P], R]:
        COMMANDS[code] = f"{method.__module__}.{method.__qualname__}"

        @functools.wraps(method)
        def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            self.context.require(code)
            with self.context.unit_of_work(code) as work:
                work.undoable = undoable
                return method(self, work, *args, **kwargs)

        return run

    return wrap
