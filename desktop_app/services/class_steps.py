"""班级 once it has opened: 停训, 延期, 结课, 考核, 结业, 归档, 取消, 重新打开, each with its day (requirements §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desktop_app.domain import classes
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import ENROLMENT
from desktop_app.domain.life_cycles import SESSION as SESSION_CYCLE
from desktop_app.domain.listings.training import ClassListItem
from desktop_app.domain.records import SESSION, TRAINING_CLASS
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.employment import pass_findings
from desktop_app.services.guidance import completion_findings
from desktop_app.services.opening import take_step
from desktop_app.services.transfers import transfer_within
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import opening as queries
from desktop_app.store.unit_of_work import UnitOfWork

MOVABLE = frozenset({"admitted", "attending"})
"""States of enrolments out of which a 转班 leads."""


class ClassStepService(Service):
    """The steps of a class. Each raises AppError CLASS_UNKNOWN, WRONG_STEP, STEP_TO_COME, STEP_BEFORE.

    ``on`` is the day of the step, today where None; undo takes a step back whole.
    """

    @command("suspend_class")
    def suspend(self, work: UnitOfWork, class_id: bytes, reason: str, on: date | None = None) -> None:
        """停训 from a day on, with a reason: nothing is marked until it goes on; AppError REASON_MISSING."""
        self._step(work, class_id, "suspend", on, reason)

    @command("resume_class")
    def resume(self, work: UnitOfWork, class_id: bytes, on: date | None = None) -> int:
        """Go on after 停训: what fell into it and has no marks is called off (停课); return how many sessions."""
        present = work.fields(TRAINING_CLASS, class_id)
        since = None if present is None else present["state_on"]
        self._step(work, class_id, "resume", on)
        until = on or self.context.today()
        return _call_off(work, class_id, str(since or until.isoformat()), until.isoformat())

    @command("extend_class")
    def extend(
        self, work: UnitOfWork, class_id: bytes, end_on: date, reason: str, on: date | None = None
    ) -> None:
        """延期 to another last day; AppError REASON_MISSING, EXTENSION_NOT_LATER, DATES_REVERSED."""
        item = self._step(work, class_id, "extend", on, reason)
        classes.check_extension(item.end_on, end_on, item.start_on)
        work.put(TRAINING_CLASS, class_id, {"end_on": end_on.isoformat()})

    @command("cancel_class")
    def cancel(self, work: UnitOfWork, class_id: bytes, reason: str, on: date | None = None) -> int:
        """取消 a class that has not opened: its sessions are called off; return how many.

        Raises AppError REASON_MISSING, CLASS_HAS_MARKS where somebody was marked already.
        """
        item = self._step(work, class_id, "cancel", on, reason)
        marked = work.sql.exec_driver_sql(
            "SELECT count(*) FROM mark m JOIN session s ON s.id = m.session_id"
            " WHERE s.class_id = ? AND m.gone = 0 AND m.status IS NOT NULL",
            (class_id,),
        ).scalar_one()
        if marked:
            raise AppError("CLASS_HAS_MARKS", training_class=item.code, count=marked)
        return _call_off(work, class_id, date.min.isoformat(), date.max.isoformat())

    @command("finish_class")
    def finish_teaching(self, work: UnitOfWork, class_id: bytes, on: date | None = None) -> None:
        """结课; RuleErrors while a held session lacks marks or one is still to come."""
        self._step(work, class_id, "finish_teaching", on)

    @command("assess_class")
    def assess(self, work: UnitOfWork, class_id: bytes, on: date | None = None) -> None:
        """考核; RuleErrors where the class has no assessment."""
        self._step(work, class_id, "assess", on)

    @command("complete_class")
    def complete(self, work: UnitOfWork, class_id: bytes, on: date | None = None) -> None:
        """结业; RuleErrors while scores are missing or not locked; R16 warns of who was never served (四.4)."""
        item = self._step(work, class_id, "complete", on)
        work.put(TRAINING_CLASS, class_id, {"completed_on": (on or self.context.today()).isoformat()})
        self.context.heed(completion_findings(work.sql, class_id, item.code))
        self.context.heed(pass_findings(work.sql, class_id, self.context.today()))

    @command("archive_class")
    def archive(self, work: UnitOfWork, class_id: bytes, on: date | None = None) -> None:
        """归档 a class that is completed."""
        self._step(work, class_id, "archive", on)

    @command("reopen_class")
    def reopen(self, work: UnitOfWork, class_id: bytes, reason: str, on: date | None = None) -> None:
        """重新打开 with a reason: back to 在训; AppError REASON_MISSING, CLASS_CLAIMED until its claim is withdrawn."""
        item = self._step(work, class_id, "reopen", on, reason)
        classes.check_unclaimed(queries.claim_states(work.sql, class_id), item.code)
        work.put(TRAINING_CLASS, class_id, {"completed_on": None})

    @command("move_people")
    def move_people(
        self,
        work: UnitOfWork,
        class_id: bytes,
        target_id: bytes,
        reason: str,
        *,
        day: date | None = None,
        trainees: Sequence[bytes] | None = None,
    ) -> int:
        """合班 and 拆班: take all members of a class, or some, into another from a day on; return how many.

        Each is a 转班: marks stay, attended 课时 are carried over once. Raises AppError CLASS_UNKNOWN, REASON_MISSING,
        NOBODY_TO_MOVE and what a 转班 raises; then nobody is moved.
        """
        if not reason.strip():
            raise AppError("REASON_MISSING")
        today = self.context.today()
        chosen = trainees
        if chosen is None:
            members = class_queries.member_items(work.sql, class_id)
            chosen = [one.trainee_id for one in members if ENROLMENT.state_of(one.state) in MOVABLE]
        if not chosen:
            raise AppError("NOBODY_TO_MOVE", training_class=one_class(work.sql, class_id, today).code)
        for trainee in chosen:
            moved = transfer_within(today, work, class_id, trainee, target_id, day or today, reason)
            self.context.heed(moved.findings)
        work.reason = reason.strip()
        return len(chosen)

    def _step(
        self, work: UnitOfWork, class_id: bytes, verb: str, on: date | None, reason: str = ""
    ) -> ClassListItem:
        today = self.context.today()
        item = take_step(work, class_id, verb, on or today, today, reason)
        self.context.heed(classes.next_step(verb, queries.class_facts(work.sql, class_id, today)))
        return item


def _call_off(work: UnitOfWork, class_id: bytes, since: str, until: str) -> int:
    """Call off (停课) the planned sessions of a class from a day up to, not including, another that have no marks."""
    rows = work.sql.exec_driver_sql(
        "SELECT s.id, s.state FROM session s WHERE s.class_id = ? AND s.gone = 0 AND s.held_on >= ? AND s.held_on < ?"
        " AND NOT EXISTS (SELECT 1 FROM mark m WHERE m.session_id = s.id AND m.gone = 0 AND m.status IS NOT NULL)",
        (class_id, since, until),
    ).all()
    planned = [key for key, state in rows if SESSION_CYCLE.state_of(state) == "planned"]
    return work.put_many(SESSION, [(key, {"state": "cancelled"}) for key in planned])
