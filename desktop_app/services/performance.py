"""绩效 (五.二): 收支台账 by class, 绩效总量, what was approved of it, and who gets what (R22–R24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from desktop_app.domain import performance
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.figures import LedgerItem, Performance
from desktop_app.domain.money import format_fen
from desktop_app.domain.performance import AnnualReport, CostKind, IncomeKind, Money, Recipient, Share, Volume
from desktop_app.domain.records import ALLOCATION, COST, INCOME, PERFORMANCE_POOL, TEACHER, USER, Entity
from desktop_app.domain.rules import Finding, Severity
from desktop_app.domain.statistics import Dimension, Figure, Measure, Scope, tabulate
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.services.figures import all_facts
from desktop_app.store.database import Connection
from desktop_app.store.queries import ledgers, people
from desktop_app.store.queries import statistics as queries
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

_PEOPLE: Mapping[Recipient, Entity] = {Recipient.TEACHER: TEACHER, Recipient.USER: USER}
_LINES: Mapping[str, Entity] = {"income": INCOME, "cost": COST}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to whom a share may go; ``hours`` 课时 taught in the year."""

    recipient: Recipient
    id: bytes
    name: str
    hours: int
    login: str = ""


class PerformanceService(Service):
    """The ledger and the pool of a year."""

    def overview(self, year: int) -> Performance:
        """Return the year: ledger, pool, approval, allocation; AppError YEAR_RANGE."""
        self.context.require("view_performance")
        with self.context.read() as sql:
            return year_of_performance(sql, year, self.context.today())

    def annual_report(self, year: int) -> AnnualReport:
        """Return the annual report of a year up to today, or to its last day (R22); AppError YEAR_RANGE."""
        self.context.require("view_performance")
        with self.context.read() as sql:
            return annual_report(sql, year, self.context.today())

    def lines(self, year: int) -> list[LedgerItem]:
        """Return the lines of the ledger of a year; AppError YEAR_RANGE."""
        self.context.require("view_performance")
        with self.context.read() as sql:
            return ledgers.ledger_items(sql, Scope(*performance.year_of(year)))

    def recipients(self, year: int) -> list[Candidate]:
        """Return who may be allocated something, teachers first, with the 课时 that each taught in the year."""
        self.context.require("view_performance")
        with self.context.read() as sql:
            scope = Scope(*performance.year_of(year))
            hours = {one.teacher_id: one.hours for one in queries.teacher_hours(sql, scope)}
            teachers = [
                Candidate(Recipient.TEACHER, one.id, one.name, hours.get(one.id, 0))
                for one in people.teacher_items(sql)
            ]
            users = [
                Candidate(Recipient.USER, one.id, one.display, 0, one.login) for one in accounts.users(sql)
            ]
        return [*teachers, *users]

    def recipient_named(self, year: int, recipient: Recipient, name: str) -> bytes:
        """Return the key of a teacher by name, of a colleague by name or login; AppError ALLOCATION_PERSON."""
        for one in self.recipients(year):
            if one.recipient is recipient and name in {one.name, one.login}:
                return one.id
        raise AppError("ALLOCATION_PERSON")

    @command("add_income")
    def add_income(self, work: UnitOfWork, class_id: bytes, money: Money) -> bytes:
        """Book income of a class; return the line's key.

        Raises AppError CLASS_UNKNOWN, LEDGER_KIND, LEDGER_AMOUNT, LEDGER_FUTURE, LEDGER_TEXT_LONG, and
        INCOME_FROM_CLAIM for 财政性补贴 of a class that claims it: its payments are in the ledger by themselves.
        """
        performance.check_money(money, IncomeKind, self.context.today())
        if money.kind == IncomeKind.SUBSIDY and ledgers.is_paid_by_claim(work.sql, class_id):
            raise AppError("INCOME_FROM_CLAIM")
        return self._book(work, INCOME, class_id, money, {})

    @command("add_cost")
    def add_cost(self, work: UnitOfWork, class_id: bytes, money: Money) -> bytes:
        """Book 必要成本 of a class; return the line's key.

        Raises what ``add_income`` raises. Warns with ALLOCATION_OVER_POOL where the pool no longer bears what is
        allocated.
        """
        performance.check_money(money, CostKind, self.context.today())
        key = self._book(work, COST, class_id, money, {"trainee_id": None})
        self._warn_of_excess(work, money.on.year)
        return key

    @command("remove_ledger_line")
    def remove_line(self, work: UnitOfWork, direction: str, key: bytes, reason: str) -> None:
        """Take a line out of the ledger, with a reason; AppError LEDGER_LINE_UNKNOWN, REASON_MISSING."""
        entity = _LINES[direction]
        line = work.fields(entity, key)
        if line is None:
            raise AppError("LEDGER_LINE_UNKNOWN")
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        work.delete(entity, key)
        self._warn_of_excess(work, date.fromisoformat(str(line["on_day"])).year)

    @command("set_performance_ratio")
    def set_ratio(self, work: UnitOfWork, year: int, ratio: int, document: str) -> None:
        """Set the ratio of a year in 万分比, with its 文号; RuleErrors of R23, AppError YEAR_RANGE."""
        _first, last = performance.year_of(year)
        self._require_public(work.sql)
        limit = policy_book(work.sql).get("performance_ratio", min(last, self.context.today()))
        self.context.heed(performance.check_ratio(ratio, limit))
        fields = {"ratio": ratio, "ratio_document": document.strip() or None}
        work.put(PERFORMANCE_POOL, _year_key(year), fields)
        self._warn_of_excess(work, year)

    @command("record_pool_approval")
    def record_approval(self, work: UnitOfWork, year: int, fen: int, on: date, document: str) -> None:
        """Record what 人社财政 fixed as the pool of a year, by which document.

        RuleErrors of R23 (more than the ledger yields, not a public college); AppError YEAR_RANGE, LEDGER_FUTURE,
        APPROVAL_DOCUMENT.
        """
        self._require_public(work.sql)
        found = year_of_performance(work.sql, year, self.context.today())
        if on > self.context.today():
            raise AppError("LEDGER_FUTURE", date=on.isoformat())
        if not document.strip():
            raise AppError("APPROVAL_DOCUMENT", year=year)
        self.context.heed(performance.check_approval(year, fen, found.pool))
        fields = {"approved_fen": fen, "approved_on": on.isoformat(), "document": document.strip()}
        work.put(PERFORMANCE_POOL, _year_key(year), fields)
        self._warn_of_excess(work, year)

    @command("allocate_performance")
    def allocate(self, work: UnitOfWork, year: int, recipient: Recipient, person: bytes, fen: int) -> None:
        """Allocate 分 of the pool to a teacher or colleague; 0 takes the allocation back.

        RuleErrors of R23 and R24; AppError YEAR_RANGE, ALLOCATION_PERSON, LEDGER_AMOUNT. The front-line share warns.
        """
        self._require_public(work.sql)
        if work.fields(_PEOPLE[recipient], person) is None:
            raise AppError("ALLOCATION_PERSON")
        if fen < 0:
            raise AppError("LEDGER_AMOUNT", amount=format_fen(fen))
        found = year_of_performance(work.sql, year, self.context.today())
        others = [share for share in found.shares if share.person != person]
        teaching = person in _teaching(work.sql, year)
        after = [*others, Share(person, "", fen, teaching and recipient is Recipient.TEACHER)]
        if fen:
            self.context.heed(performance.check_allocations(year, after, found.available))
        level = policy_book(work.sql).get("front_line_share_warning", self.context.today())
        self.context.heed(performance.check_front_line(year, after, level))
        work.put(ALLOCATION, _year_key(year) + person, {"kind": recipient.value, "fen": fen})

    def _book(
        self, work: UnitOfWork, entity: Entity, class_id: bytes, money: Money, more: Mapping[str, object]
    ) -> bytes:
        one_class(work.sql, class_id, self.context.today())
        key = self.context.new_id()
        fields: dict[str, object] = {
            "class_id": class_id,
            "kind": money.kind,
            "fen": money.fen,
            "on_day": money.on.isoformat(),
            "document": money.document.strip() or None,
            **more,
        }
        work.put(entity, key, fields)
        return key

    def _require_public(self, sql: Connection) -> None:
        self.context.heed(performance.check_institution(accounts.institution(sql).kind))

    def _warn_of_excess(self, work: UnitOfWork, year: int) -> None:
        """What is right by itself may leave less than is allocated already: that is said, not refused."""
        found = year_of_performance(work.sql, year, self.context.today())
        if not found.shares:
            return
        excess = performance.check_allocations(year, found.shares, found.available)
        self.context.heed(_as_warnings(excess))


def _as_warnings(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(replace(one, severity=Severity.WARN) for one in findings)


def _year_key(year: int) -> bytes:
    return year.to_bytes(2, "big")


def _teaching(sql: Connection, year: int) -> frozenset[bytes]:
    scope = Scope(*performance.year_of(year))
    return frozenset(one.teacher_id for one in queries.teacher_hours(sql, scope) if one.hours)


def year_of_performance(sql: Connection, year: int, today: date) -> Performance:
    """Return the ledger, pool, approval and allocation of a year; AppError YEAR_RANGE."""
    scope = Scope(*performance.year_of(year))
    limit = policy_book(sql).get("performance_ratio", min(scope.last, today))
    stored = ledgers.stored_pool(sql, year)
    ratio = limit.number() if stored.ratio is None else stored.ratio
    by_class = ledgers.class_ledgers(ledgers.ledger_items(sql, scope))
    income, cost = sum(one.income for one in by_class), sum(one.cost for one in by_class)
    public = not performance.check_institution(accounts.institution(sql).kind)
    return Performance(
        year,
        public,
        ratio,
        stored.ratio_document or (limit.document or "" if stored.ratio is None else ""),
        by_class,
        income,
        cost,
        performance.pool(ratio, income, cost) if public else 0,
        stored.approved_fen,
        stored.approved_on,
        stored.document,
        ledgers.shares(sql, year, _teaching(sql, year)),
    )


def annual_report(sql: Connection, year: int, today: date) -> AnnualReport:
    """Return the annual report of a year (R22); AppError YEAR_RANGE."""
    scope = Scope(*performance.year_of(year))
    facts = all_facts(sql, scope, today)
    totals: dict[Measure, Figure] = {one.measure: one for one in tabulate(facts, scope, Dimension.TOTAL)}
    trained, passed, employed = (
        totals[Measure.TRAINED],
        totals[Measure.PASSED],
        totals[Measure.EMPLOYED],
    )
    volume = Volume(
        len({fact.class_id for fact in facts if fact.measure is Measure.TRAINED}),
        trained.times,
        trained.people,
        sum(one.hours for one in queries.teacher_hours(sql, scope)),
        passed.base,
        passed.times,
        totals[Measure.CERTIFIED].times,
    )
    return performance.annual_report(year, min(scope.last, today), volume, employed.times, employed.base)
