"""就业跟踪 by month with 凭证, and the rates with their base (六.3, 四.4; R36, R32)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop_app.domain import employment
from desktop_app.domain.employment import FollowUp, Rate, Rates
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import numbered
from desktop_app.domain.listings.employment import FollowedPerson
from desktop_app.domain.policy_parameters import PolicyBook
from desktop_app.domain.records import FOLLOW_UP
from desktop_app.domain.rules import Finding
from desktop_app.services import access
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import employment as queries
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class EmploymentSheet:
    """The people of a class with their follow-ups, the rates today, and since when a follow-up is due by person."""

    people: tuple[FollowedPerson, ...]
    rates: Rates
    due: dict[bytes, date]
    warnings: tuple[Finding, ...]


class EmploymentService(Service):
    """Who works where, proved by what, and what that comes to."""

    def sheet(self, class_id: bytes) -> EmploymentSheet:
        """Return the follow-ups of a class; AppError NOT_YOUR_CLASS."""
        actor = self.context.require("view_employment")
        today = self.context.today()
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            found = queries.people(sql, class_id=class_id)
            book = policy_book(sql)
        rates = rates_of(book, found, today)
        due = {
            one.trainee_id: day
            for one in found
            if one.ended_on is not None and one.category != employment.STUDENT
            if (day := employment.due_on(one.ended_on, tuple(one.months.values()), today)) is not None
        }
        code = found[0].class_code if found else ""
        return EmploymentSheet(tuple(found), rates, due, _warnings(book, code, rates, today))

    def warnings(self) -> tuple[Finding, ...]:
        """Return the early warnings of R32 of every class and of the institution, employment and pass."""
        self.context.require("view_employment")
        today = self.context.today()
        with self.context.read() as sql:
            return early_warnings(sql, today)

    @command("record_follow_up")
    def record(self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, given: FollowUp) -> bytes:
        """Write what was found out about a person in the month of the follow-up; return its key.

        Raises AppError NOT_YOUR_CLASS, NOT_A_MEMBER, EMPLOYMENT_TEXT_LONG; RuleErrors of R36.
        """
        access.require_class(work.sql, self.context.require_actor(), class_id)
        person = next(
            (one for one in queries.people(work.sql, class_id=class_id) if one.trainee_id == trainee_id), None
        )
        if person is None:
            raise AppError("NOT_A_MEMBER", number="")
        texts = (given.employer, given.post, given.voucher_number, given.credit_code)
        if max(map(len, texts)) > employment.MAX_TEXT:
            raise AppError("EMPLOYMENT_TEXT_LONG", limit=employment.MAX_TEXT)
        self.context.heed(
            employment.check_follow_up(
                person.name, person.class_code, given, person.started_on, self.context.today()
            )
        )
        key = numbered(class_id + trainee_id, employment.month_number(given.followed_on))
        work.put(FOLLOW_UP, key, stored(given))
        return key

    @command("remove_follow_up")
    def remove(self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, month: int, reason: str) -> None:
        """Take back what was entered wrongly; AppError NOT_YOUR_CLASS, FOLLOW_UP_UNKNOWN, REASON_MISSING."""
        access.require_class(work.sql, self.context.require_actor(), class_id)
        key = numbered(class_id + trainee_id, month)
        if work.fields(FOLLOW_UP, key) is None:
            raise AppError("FOLLOW_UP_UNKNOWN")
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        work.delete(FOLLOW_UP, key)


def stored(given: FollowUp) -> dict[str, object]:
    """Return a follow-up as its record keeps it."""

    def day(value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    return {
        "status": given.status.value,
        "since": day(given.since),
        "employer": given.employer.strip() or None,
        "credit_code": given.credit_code.strip() or None,
        "post": given.post.strip() or None,
        "contract_from": day(given.contract_from),
        "contract_until": day(given.contract_until),
        "insured": given.insured,
        "matched": given.matched,
        "voucher_kind": None if given.voucher_kind is None else given.voucher_kind.value,
        "voucher_number": given.voucher_number.strip() or None,
        "voucher_on": day(given.voucher_on),
        "followed_on": given.followed_on.isoformat(),
    }


def rates_of(book: PolicyBook, people: Iterable[FollowedPerson], on: date) -> Rates:
    """Return the rates of people on a day, 升学 and 参军 by the parameters of that day."""
    return employment.rates(
        (one.graduate for one in people),
        on,
        study_counts=book.get("employment_counts_study", on).value is True,
        army_counts=book.get("employment_counts_army", on).value is True,
    )


def _warnings(book: PolicyBook, subject: str, rates: Rates, on: date) -> tuple[Finding, ...]:
    limit = book.get("employment_rate_warning", on)
    return employment.check_rate("employment", subject, rates.employment, limit)


_PASSED = """
SELECT c.code, sum(coalesce(s.conclusion, '') = 'passed'), count(*) FROM score s
JOIN assessment a ON a.id = s.assessment_id AND a.gone = 0 AND a.kind = 'level' AND a.resit_of IS NULL
JOIN training_class c ON c.id = a.class_id AND c.gone = 0
WHERE s.gone = 0 AND s.conclusion IS NOT NULL {only} GROUP BY c.id ORDER BY c.code
"""


def pass_rates(sql: Connection, class_id: bytes | None = None) -> dict[str, Rate]:
    """Return the pass rate of the level assessment by class, 补考 apart."""
    only, values = ("", ()) if class_id is None else ("AND c.id = ?", (class_id,))
    rows = sql.exec_driver_sql(_PASSED.format(only=only), values)
    return {row[0] or "": Rate(int(row[1]), int(row[2])) for row in rows}


def pass_findings(sql: Connection, class_id: bytes, on: date) -> tuple[Finding, ...]:
    """Return what R32 warns of as a class is completed: its pass rate below the line."""
    limit = policy_book(sql).get("pass_rate_warning", on)
    rates = pass_rates(sql, class_id)
    return tuple(
        told for code, rate in rates.items() for told in employment.check_rate("pass", code, rate, limit)
    )


def early_warnings(sql: Connection, today: date) -> tuple[Finding, ...]:
    """Return every early warning of R32: by class and for the institution, pass first. No line fixed: none."""
    book = policy_book(sql)
    institution = str(sql.exec_driver_sql("SELECT name FROM institution WHERE gone = 0").scalar() or "")
    found: list[Finding] = []
    limit = book.get("pass_rate_warning", today)
    if limit.value is not None:
        passed = pass_rates(sql)
        whole = sum(passed.values(), Rate(0, 0))
        for subject, rate in [(institution, whole), *passed.items()]:
            found += employment.check_rate("pass", subject, rate, limit)
    if book.get("employment_rate_warning", today).value is not None:
        people = queries.people(sql)
        by_class: dict[str, list[FollowedPerson]] = {}
        for one in people:
            by_class.setdefault(one.class_code, []).append(one)
        found += _warnings(book, institution, rates_of(book, people, today), today)
        for code, own in by_class.items():
            found += _warnings(book, code, rates_of(book, own, today), today)
    return tuple(found)
