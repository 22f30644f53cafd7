"""Risk flags and their 处置 (六.3; R37, R38): 提示 by the office with a reason, 阻断 by head or auditor."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.risks import RiskFlag
from desktop_app.domain.records import FLAG_DISPOSAL
from desktop_app.domain.risk import disposal
from desktop_app.domain.risk.kinds import Decision
from desktop_app.domain.users import Role
from desktop_app.services import access
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import risks as queries
from desktop_app.store.queries import supervision
from desktop_app.store.unit_of_work import UnitOfWork

DISPOSERS = (Role.HEAD, Role.AUDITOR)


class RiskService(Service):
    """What was found, with its evidence, and what was decided about it."""

    def flags(self, class_id: bytes | None = None) -> list[RiskFlag]:
        """Return flags, 阻断 first, those of a class alone; last those whose facts were corrected after a decision.

        Raises AppError NOT_YOUR_CLASS.
        """
        actor = self.context.require("view_risks")
        with self.context.read() as sql:
            if class_id is not None:
                access.require_class(sql, actor, class_id)
            return queries.flags(sql, class_id=class_id)

    def counts(self) -> tuple[int, int]:
        """Return how many 阻断 and how many 提示 flags are open."""
        self.context.require("view_risks")
        with self.context.read() as sql:
            return queries.counts(sql)

    def names(self, people: Sequence[bytes]) -> dict[bytes, str]:
        """Return the names of the people of a flag."""
        self.context.require("view_risks")
        with self.context.read() as sql:
            return {key: _name(sql, key) for key in people}

    @command("dispose_hint")
    def dispose_hint(self, work: UnitOfWork, flag_id: bytes, decision: Decision, reason: str) -> None:
        """Dispose of a 提示 with a reason: cleared 排除 or confirmed 属实.

        Raises AppError FLAG_UNKNOWN, FLAG_BLOCKS, REASON_MISSING, REASON_LONG; warns FLAG_OWN_ENTRY.
        """
        flag = self._flag(work.sql, flag_id)
        if flag.blocks:
            raise AppError("FLAG_BLOCKS", kind=flag.kind)
        self._dispose(work, flag, decision, reason)

    @command("dispose_block", undoable=False)
    def dispose_block(self, work: UnitOfWork, flag_id: bytes, decision: Decision, reason: str) -> None:
        """Dispose of a 阻断 with a reason; confirmed, it goes on to block until its facts are corrected.

        Raises AppError FLAG_UNKNOWN, FLAG_IS_HINT, REASON_MISSING, REASON_LONG; RuleErrors FLAG_OWN_ENTRY for who
        entered what it speaks of.
        """
        flag = self._flag(work.sql, flag_id)
        if not flag.blocks:
            raise AppError("FLAG_IS_HINT", kind=flag.kind)
        self._dispose(work, flag, decision, reason)

    def _flag(self, sql: Connection, flag_id: bytes) -> RiskFlag:
        flag = queries.flag(sql, flag_id)
        if flag is None:
            raise AppError("FLAG_UNKNOWN")
        return flag

    def _dispose(self, work: UnitOfWork, flag: RiskFlag, decision: Decision, reason: str) -> None:
        told = reason.strip()
        if not told:
            raise AppError("REASON_MISSING")
        if len(told) > disposal.MAX_REASON:
            raise AppError("REASON_LONG", limit=disposal.MAX_REASON)
        actor = self.context.require_actor()
        solo = bool(work.sql.exec_driver_sql("SELECT solo FROM institution WHERE gone = 0").scalar())
        authors = supervision.authors(work.sql, flag.subjects)
        self.context.heed(
            disposal.check_disposal(flag.kind, actor.user.id, authors, blocks=flag.blocks, solo=solo)
        )
        authority = next((role.value for role in DISPOSERS if flag.blocks and role in actor.roles), "office")
        fields = {
            "kind": flag.kind,
            "class_id": flag.class_id,
            "decision": decision.value,
            "disposed_on": self.context.today().isoformat(),
            "authority": authority,
            "reason": told,
            "facts": [list(fact) for fact in flag.facts],
            "people": [person.hex() for person in flag.people],
        }
        work.reason = told
        work.put(FLAG_DISPOSAL, flag.id, fields)


def _name(sql: Connection, key: bytes) -> str:
    row = sql.exec_driver_sql("SELECT name FROM trainee WHERE id = ?", (key,)).first()
    return "" if row is None else row[0] or ""
