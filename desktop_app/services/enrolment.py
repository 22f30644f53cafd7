"""报名 along its life (requirements §4): applied, admitted, in the class, out of it, into another, and back.

Every arrow is a command with its day, reason and who. Membership follows: who leaves keeps the marks to that day, who
changes class brings the attended 课时 along, once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from desktop_app.domain import willingness
from desktop_app.domain.enrolment import join, read_periods, stored_periods
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import ClassListItem, MemberListItem
from desktop_app.domain.qualification import Enrolling
from desktop_app.domain.records import ENROLMENT
from desktop_app.domain.willingness import Consent, Wish
from desktop_app.services import access, qualification, transfers
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.duplicates import joining_findings
from desktop_app.services.enrolment_steps import (
    begin_all,
    end_wish,
    left,
    next_number,
    one_enrolment,
    person_name,
    step_fields,
    write_application,
)
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.unit_of_work import UnitOfWork


class EnrolmentService(Service):
    """The arrows of 报名."""

    def roster(self, class_id: bytes) -> list[MemberListItem]:
        """Return everybody of a class by number, applicants and those not admitted included, masked."""
        actor = self.context.require("view_trainees")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            return class_queries.member_items(sql, class_id, refused=True)

    @command("apply_enrolment")
    def apply(
        self,
        work: UnitOfWork,
        class_id: bytes,
        trainee_ids: Sequence[bytes],
        *,
        consent: Consent | None = None,
        on: date | None = None,
    ) -> int:
        """报名: let people apply to a class of a catalogue project (R12); return how many.

        Without consent it warns, and for whom nobody would pay (R19).
        Raises AppError CLASS_UNKNOWN, TRAINEE_UNKNOWN, WRONG_STEP; RuleErrors.
        """
        training_class = one_class(work.sql, class_id, self.context.today())
        self._require_project(training_class)
        day = on or self.context.today()
        for trainee_id in trainee_ids:
            write_application(work, class_id, trainee_id, day, consent)
        if consent is None or consent.given_on is None:
            names = [person_name(work, one) for one in trainee_ids]
            self.context.heed(willingness.check_consent(names, training_class.code))
        for trainee_id in trainee_ids:
            self.context.heed(
                qualification.channel_before_enrolment(work, class_id, trainee_id, self.context.today())
            )
        return len(trainee_ids)

    @command("admit_trainee")
    def admit(
        self,
        work: UnitOfWork,
        class_id: bytes,
        trainee_ids: Sequence[bytes],
        *,
        first_day: date | None = None,
        reason: str = "",
    ) -> int:
        """录取 applicants and who waits; they belong to the class from its start, or from a later day on (插班).

        Raises AppError CLASS_UNKNOWN, TRAINEE_UNKNOWN, WRONG_STEP; RuleErrors (R12).
        """
        training_class = one_class(work.sql, class_id, self.context.today())
        self._require_project(training_class)
        first = first_day or training_class.start_on or self.context.today()
        for trainee_id in trainee_ids:
            present = one_enrolment(work, class_id, trainee_id)
            fields = self._step(present, "admit", reason)
            fields["periods"] = stored_periods(join(read_periods(present["periods"]), first))
            fields["number"] = present["number"] or next_number(work.sql, class_id)
            work.put(ENROLMENT, class_id + trainee_id, fields)
            end_wish(work, present, class_id, Wish.ADMITTED, reason)
        self._heed_late(work, training_class, trainee_ids, first)
        self.context.heed(joining_findings(work.sql, class_id, trainee_ids))
        work.reason = reason.strip() or None
        return len(trainee_ids)

    @command("waitlist_trainee")
    def waitlist(self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], reason: str) -> int:
        """候补: put applicants on the waiting list, with a reason; what ``admit`` raises."""
        return self._decide(work, class_id, trainee_ids, "waitlist", reason)

    @command("reject_trainee")
    def reject(self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], reason: str) -> int:
        """不录取, with a reason; what ``admit`` raises."""
        return self._decide(work, class_id, trainee_ids, "reject", reason)

    @command("begin_enrolment")
    def begin(self, work: UnitOfWork, class_id: bytes) -> int:
        """在训: everybody who was admitted begins; return how many. AppError CLASS_UNKNOWN, NOBODY_ADMITTED."""
        training_class = one_class(work.sql, class_id, self.context.today())
        begun = begin_all(work, class_id)
        if not begun:
            raise AppError("NOBODY_ADMITTED", class_code=training_class.code)
        return begun

    @command("withdraw_trainee")
    def withdraw(
        self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, last_day: date, reason: str
    ) -> None:
        """退训: marks to ``last_day`` stay, later sessions are closed, and the person leaves 应到.

        Raises AppError TRAINEE_UNKNOWN, WRONG_STEP, REASON_MISSING, NOT_IN_CLASS.
        """
        self._leave(work, class_id, trainee_id, last_day, "withdraw", reason)

    @command("transfer_trainee")
    def transfer(
        self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, target_id: bytes, day: date, reason: str
    ) -> transfers.Transferred:
        """转班 from ``day`` on: out of one class into another, attended 课时 carried over, counted once.

        Into another 工种 nothing is carried, which is said.

        Raises AppError CLASS_UNKNOWN, TRAINEE_UNKNOWN, TRANSFER_SAME_CLASS, WRONG_STEP, REASON_MISSING,
        ALREADY_IN_CLASS, JOIN_BEFORE_LEAVING; RuleErrors.
        """
        work.reason = reason.strip() or None
        done = transfers.transfer_within(
            self.context.today(), work, class_id, trainee_id, target_id, day, reason
        )
        self.context.heed(done.findings)
        return done

    @command("return_trainee")
    def return_(self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, day: date, reason: str) -> None:
        """Let somebody who left come back into the same record from ``day`` on.

        Who has brought the 课时 of this class into another goes back by 转班: AppError RETURN_BY_TRANSFER. Raises
        AppError TRAINEE_UNKNOWN, WRONG_STEP, REASON_MISSING, JOIN_BEFORE_LEAVING.
        """
        present = one_enrolment(work, class_id, trainee_id)
        fields = self._step(present, "return", reason)
        elsewhere = transfers.carrier_of(work.sql, class_id, trainee_id)
        if elsewhere is not None:
            raise AppError("RETURN_BY_TRANSFER", person=person_name(work, trainee_id), class_code=elsewhere)
        fields["periods"] = stored_periods(join(read_periods(present["periods"]), day))
        work.reason = reason.strip() or None
        work.put(ENROLMENT, class_id + trainee_id, fields)

    @command("complete_enrolment")
    def complete(
        self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], reason: str = ""
    ) -> int:
        """结业; return how many. Raises AppError TRAINEE_UNKNOWN, WRONG_STEP."""
        return self._finish(work, class_id, trainee_ids, "complete", reason)

    @command("fail_enrolment")
    def fail(self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], reason: str) -> int:
        """未结业, with a reason; return how many. Raises AppError TRAINEE_UNKNOWN, WRONG_STEP, REASON_MISSING."""
        return self._finish(work, class_id, trainee_ids, "fail", reason)

    @command("reopen_enrolment")
    def reopen(self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], reason: str) -> int:
        """Take 结业 or 未结业 back; return how many. Raises AppError TRAINEE_UNKNOWN, WRONG_STEP, REASON_MISSING."""
        return self._finish(work, class_id, trainee_ids, "reopen", reason)

    def _require_project(self, training_class: ClassListItem) -> None:
        has_project = training_class.project_id is not None
        self.context.heed(willingness.check_project(training_class.code, has_project=has_project))

    def _heed_late(
        self, work: UnitOfWork, training_class: ClassListItem, trainee_ids: Sequence[bytes], first: date
    ) -> None:
        allowed = policy_book(work.sql).get("late_add_days", first)
        names = [person_name(work, one) for one in trainee_ids]
        late = willingness.check_late(names, training_class.code, training_class.start_on, first, allowed)
        self.context.heed(late)

    def _step(self, present: Mapping[str, object], verb: str, reason: str) -> dict[str, object]:
        """Return the fields of an arrow: state, day and reason; AppError WRONG_STEP, REASON_MISSING."""
        return step_fields(present, verb, reason, self.context.today())

    def _decide(
        self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], verb: str, reason: str
    ) -> int:
        training_class = one_class(work.sql, class_id, self.context.today())
        for trainee_id in trainee_ids:
            present = one_enrolment(work, class_id, trainee_id)
            who = Enrolling(person_name(work, trainee_id), training_class.code, self.context.today())
            self.context.heed(willingness.check_decision(who, reason))
            work.put(ENROLMENT, class_id + trainee_id, self._step(present, verb, reason))
            end_wish(
                work, present, class_id, Wish.WAITLISTED if verb == "waitlist" else Wish.REJECTED, reason
            )
        work.reason = reason.strip() or None
        return len(trainee_ids)

    def _finish(
        self, work: UnitOfWork, class_id: bytes, trainee_ids: Sequence[bytes], verb: str, reason: str
    ) -> int:
        work.reason = reason.strip() or None
        for trainee_id in trainee_ids:
            present = one_enrolment(work, class_id, trainee_id)
            work.put(ENROLMENT, class_id + trainee_id, self._step(present, verb, reason))
        return len(trainee_ids)

    def _leave(
        self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, last_day: date, verb: str, reason: str
    ) -> None:
        present = one_enrolment(work, class_id, trainee_id)
        fields = self._step(present, verb, reason)
        fields["periods"] = stored_periods(left(read_periods(present["periods"]), last_day))
        work.reason = reason.strip() or None
        work.put(ENROLMENT, class_id + trainee_id, fields)
