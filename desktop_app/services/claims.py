"""补贴申报: drafts with their people, amounts and payees; 公示 objections; students' charges and costs (R17–R19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from desktop_app.domain import claims
from desktop_app.domain.claims import ChargeKind, CostSource, GrantBase, Notice, Payee, PayeeKind
from desktop_app.domain.claims.keys import claim_key
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import CLAIM as CYCLE
from desktop_app.domain.listings.claims import ClaimItem, ClaimSheet, ClaimWaiting, ClassClaims, StudentMoney
from desktop_app.domain.listings.training import MemberListItem
from desktop_app.domain.performance import CostKind
from desktop_app.domain.qualification import STUDENT
from desktop_app.domain.records import CLAIM, CLAIM_LINE, CLAIM_OBJECTION, COST, STUDENT_CHARGE, Entity
from desktop_app.domain.rules import Severity
from desktop_app.services import claim_overview
from desktop_app.services.claim_facts import ClaimFacts, claim_facts, masked_claim, one_claim, sheet_of
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service, command
from desktop_app.store.database import Connection
from desktop_app.store.queries import claims as queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.unit_of_work import UnitOfWork

MAX_TEXT = 200
DRAFT = "draft"
_LEFT = frozenset({"withdrawn", "transferred", "rejected", "waitlisted", "not_completed", "applied"})


@dataclass(frozen=True, slots=True)
class StudentLine:
    """Money of one student on a day: 分 and 文号 or voucher; ``source`` of a cost alone."""

    fen: int
    on: date
    document: str = ""
    source: str = ""


class ClaimService(Service):
    """Claims as drafts and lists; their steps are in ``claim_steps``."""

    def items(self, class_id: bytes | None = None) -> list[ClaimItem]:
        """Return claims with their money, accounts masked."""
        self.context.require("view_claims")
        with self.context.read() as sql:
            return [masked_claim(one) for one in queries.claim_items(sql, class_id=class_id)]

    def sheet(self, key: bytes) -> ClaimSheet:
        """Return a claim with its people and every cause that holds it back; AppError CLAIM_UNKNOWN."""
        self.context.require("view_claims")
        with self.context.read() as sql:
            return sheet_of(sql, key, self.context.today())

    def of_class(self, class_id: bytes, chosen: bytes | None = None) -> ClassClaims:
        """Return the claims of a class, one of them with its people: the chosen one, else the newest."""
        self.context.require("view_claims")
        with self.context.read() as sql:
            return claim_overview.class_claims(sql, class_id, chosen, self.context.today())

    def waiting(self) -> list[ClaimWaiting]:
        """Return the claims whose next step is the acting user's."""
        self.context.require("view_claims")
        with self.context.read() as sql:
            return claim_overview.claims_waiting(sql, self.context.may, self.context.today())

    def proposed_notice(self, key: bytes) -> Notice:
        """Return how a 公示 that begins today would be; AppError CLAIM_UNKNOWN."""
        self.context.require("view_claims")
        with self.context.read() as sql:
            return claim_overview.proposed_notice(sql, one_claim(sql, key), self.context.today())

    def newest(self, class_id: bytes, channel: str | None = None) -> ClaimItem:
        """Return the newest claim of a class, from a channel where it is named; AppError CLAIM_UNKNOWN."""
        fitting = [one for one in self.items(class_id) if channel in {None, one.channel}]
        found = claim_overview.newest_of(fitting)
        if found is None:
            raise AppError("CLAIM_UNKNOWN")
        return found

    def student_money(self, class_id: bytes) -> list[StudentMoney]:
        """Return what the students of a class were charged and cost (R17)."""
        self.context.require("view_claims")
        with self.context.read() as sql:
            return queries.student_money(sql, class_id)

    def grant_base(
        self, first: date, last: date, *, class_code: str | None = None, project: str | None = None
    ) -> GrantBase:
        """Return the base of the student grant in a period, of a class or a project where one is named (R18)."""
        self.context.require("view_claims")
        with self.context.read() as sql:
            facts = queries.grant_facts(sql)
        chosen = [
            one for one in facts if class_code in {None, one.class_code} and project in {None, one.project}
        ]
        return claims.grant_base(chosen, first, last)

    @command("draft_claim")
    def draft(self, work: UnitOfWork, class_id: bytes, channel: str, department: str = "") -> bytes:
        """Begin the claim of a class from a channel, with everybody of it who passed; return its key.

        A claim of this month that is a draft takes in who has come since, and the standard of today.
        Raises AppError CLASS_UNKNOWN, CLAIM_CHANNEL_UNKNOWN, CLAIM_TEXT_LONG, CLAIM_NOT_DRAFT.
        """
        today = self.context.today()
        training_class = one_class(work.sql, class_id, today)
        key = claim_key(class_id, channel, today)
        _check_text(department)
        present = work.fields(CLAIM, key)
        if present is not None and present["made_on"] is not None:
            _require_draft(present["state"], training_class.code)
        fields: dict[str, object] = {"made_on": today.isoformat(), "department": department.strip() or None}
        if present is None or present["state"] is None:
            fields |= {
                "state": DRAFT,
                "state_on": today.isoformat(),
                "payee_kind": PayeeKind.INSTITUTION.value,
            }
        work.put(CLAIM, key, fields)
        item = one_claim(work.sql, key)
        facts = claim_facts(work.sql, item, today)
        chosen = [
            one.trainee_id for one in facts.members if one.trainee_id in facts.lines or _fits(one, facts)
        ]
        work.put_many(CLAIM_LINE, [(key + person, _line(facts, person)) for person in chosen])
        return key

    @command("add_to_claim")
    def add(self, work: UnitOfWork, key: bytes, trainee_ids: Sequence[bytes]) -> int:
        """Put people of the class into a draft; return how many are new. What keeps them out is told, not refused.

        Raises AppError CLAIM_UNKNOWN, CLAIM_NOT_DRAFT, NOT_A_MEMBER.
        """
        facts = self._draft(work, key)
        rows = []
        for person in dict.fromkeys(trainee_ids):
            if person not in facts.claimants:
                raise AppError("NOT_A_MEMBER", number="")
            rows.append((key + person, _line(facts, person)))
        return work.put_many(CLAIM_LINE, rows)

    @command("remove_from_claim")
    def remove(self, work: UnitOfWork, key: bytes, trainee_ids: Sequence[bytes], reason: str) -> int:
        """Take people out of a draft with a reason, or those whom the platform did not take out of what went up.

        Returns how many were in it. Raises AppError CLAIM_UNKNOWN, CLAIM_NOT_DRAFT, REASON_MISSING.
        """
        item = one_claim(work.sql, key)
        lines, decided = queries.claim_lines(work.sql, key), queries.decisions(work.sql, key)
        open_to_go = queries.not_taken(work.sql, key).keys() - decided.keys()
        if item.stored != "submitted" or not open_to_go.issuperset(trainee_ids):
            _require_draft(item.stored, item.class_code)
        if not reason.strip():
            raise AppError("REASON_MISSING")
        work.reason = reason.strip()
        present = [person for person in dict.fromkeys(trainee_ids) if person in lines]
        for person in present:
            work.put(CLAIM_LINE, key + person, {"fen": None, "standard_fen": None, "document": None})
        return len(present)

    @command("set_claim_payee")
    def set_payee(self, work: UnitOfWork, key: bytes, payee: Payee, *, keep_account: bool = False) -> None:
        """Say who is paid: 承训机构, 企业 or each person (R19); ``keep_account``: a blank one is the present one.

        Raises AppError CLAIM_UNKNOWN, CLAIM_NOT_DRAFT, CLAIM_TEXT_LONG.
        """
        self._draft(work, key)
        fields = _payee_fields(payee, keep_account=keep_account)
        work.put(CLAIM, key, {"payee_kind": payee.kind.value} | fields)
        self._advise_payee(work.sql, key)

    @command("set_claim_account")
    def set_account(
        self, work: UnitOfWork, key: bytes, trainee_id: bytes, payee: Payee, *, keep_account: bool = False
    ) -> None:
        """Enter the account and 票据 of a person who paid first; AppError as ``set_payee``, CLAIM_PERSON_UNKNOWN."""
        facts = self._draft(work, key)
        if trainee_id not in facts.lines:
            raise AppError("CLAIM_PERSON_UNKNOWN")
        fields = _payee_fields(payee, keep_account=keep_account)
        if "account" not in fields:
            payee = replace(payee, account=facts.lines[trainee_id].payee.account)
        work.put(CLAIM_LINE, key + trainee_id, fields)
        name = facts.claimants[trainee_id].name
        found = claims.check_payee(replace(payee, kind=PayeeKind.PERSON), name, facts.item.class_code)
        self.context.heed(one for one in found if one.severity is Severity.WARN)

    @command("object_to_claim")
    def object(self, work: UnitOfWork, key: bytes, trainee_id: bytes, raised_by: str, content: str) -> bytes:
        """Record an 异议 against a person during or after the 公示; return its key.

        Raises AppError CLAIM_UNKNOWN, CLAIM_PERSON_UNKNOWN, CLAIM_NOT_PUBLISHED, CLAIM_OBJECTION_EMPTY,
        CLAIM_TEXT_LONG.
        """
        item = one_claim(work.sql, key)
        if trainee_id not in queries.claim_lines(work.sql, key):
            raise AppError("CLAIM_PERSON_UNKNOWN")
        if item.stored not in {"published", "submitted"}:
            raise AppError("CLAIM_NOT_PUBLISHED", class_code=item.class_code)
        if not content.strip():
            raise AppError("CLAIM_OBJECTION_EMPTY")
        _check_text(content, raised_by)
        objection = self.context.new_id()
        class_id, channel, period = CLAIM.split_key(key)
        fields: dict[str, object] = {
            "class_id": class_id,
            "channel": channel,
            "period": period,
            "trainee_id": trainee_id,
            "raised_on": self.context.today().isoformat(),
            "raised_by": raised_by.strip() or None,
            "content": content.strip(),
        }
        work.put(CLAIM_OBJECTION, objection, fields)
        return objection

    @command("answer_objection", undoable=False)
    def answer(self, work: UnitOfWork, objection_id: bytes, *, upheld: bool, answer: str) -> None:
        """Answer an 异议; one that is upheld keeps its person out of the claim.

        Raises AppError CLAIM_OBJECTION_UNKNOWN, REASON_MISSING for an empty answer, CLAIM_TEXT_LONG.
        """
        if work.fields(CLAIM_OBJECTION, objection_id) is None:
            raise AppError("CLAIM_OBJECTION_UNKNOWN")
        if not answer.strip():
            raise AppError("REASON_MISSING")
        _check_text(answer)
        today = self.context.today().isoformat()
        work.put(
            CLAIM_OBJECTION,
            objection_id,
            {"answered_on": today, "upheld": int(upheld), "answer": answer.strip()},
        )

    @command("charge_student")
    def charge(
        self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, kind: ChargeKind, line: StudentLine
    ) -> bytes:
        """Record what a person of a class was charged; return its key.

        Raises RuleErrors of R17; AppError CLAIM_AMOUNT, DATE_FUTURE, NOT_A_MEMBER, CLAIM_TEXT_LONG.
        """
        member, code = self._member(work.sql, class_id, trainee_id, line)
        student = _is_student(member)
        self.context.heed(
            claims.check_charge(member.name, code, kind, line.fen, line.document, student=student)
        )
        return self._book(work, STUDENT_CHARGE, class_id, trainee_id, kind, line)

    @command("book_student_cost")
    def book_cost(
        self, work: UnitOfWork, class_id: bytes, trainee_id: bytes, kind: CostKind, line: StudentLine
    ) -> bytes:
        """Book what the institution bears for one person, with its source; errors as ``charge``."""
        member, code = self._member(work.sql, class_id, trainee_id, line)
        source = line.source or None
        if source is not None and source not in {one.value for one in CostSource}:
            raise AppError("STUDENT_SOURCE_UNKNOWN", value=source[:40])
        self.context.heed(claims.check_cost(member.name, code, source, student=_is_student(member)))
        return self._book(work, COST, class_id, trainee_id, kind, line)

    def _book(
        self,
        work: UnitOfWork,
        entity: Entity,
        class_id: bytes,
        trainee_id: bytes,
        kind: ChargeKind | CostKind,
        line: StudentLine,
    ) -> bytes:
        key = self.context.new_id()
        fields: dict[str, object] = {
            "class_id": class_id,
            "trainee_id": trainee_id,
            "kind": kind.value,
            "fen": line.fen,
            "on_day": line.on.isoformat(),
            "document": line.document.strip() or None,
        }
        if entity is COST:
            fields["source"] = line.source or None
        work.put(entity, key, fields)
        return key

    def _member(
        self, sql: Connection, class_id: bytes, trainee_id: bytes, line: StudentLine
    ) -> tuple[MemberListItem, str]:
        code = one_class(sql, class_id, self.context.today()).code
        found = [one for one in class_queries.member_items(sql, class_id) if one.trainee_id == trainee_id]
        if not found:
            raise AppError("NOT_A_MEMBER", number="")
        if line.fen < 0:
            raise AppError("CLAIM_AMOUNT")
        if line.on > self.context.today():
            raise AppError("DATE_FUTURE", date=line.on.isoformat())
        _check_text(line.document)
        return found[0], code

    def _draft(self, work: UnitOfWork, key: bytes) -> ClaimFacts:
        item = one_claim(work.sql, key)
        _require_draft(item.stored, item.class_code)
        return claim_facts(work.sql, item, self.context.today())

    def _advise_payee(self, sql: Connection, key: bytes) -> None:
        """Say what the payee still lacks; it blocks at 申报."""
        item = one_claim(sql, key)
        if item.payee.kind is not PayeeKind.PERSON:
            found = claims.check_payee(item.payee, item.class_code, item.class_code)
            self.context.heed(replace(one, severity=Severity.WARN) for one in found)


def _fits(member: MemberListItem, facts: ClaimFacts) -> bool:
    """Tell whether a draft takes somebody in by itself: of this channel, there to the end, passed."""
    who = facts.claimants[member.trainee_id]
    return (
        member.channel == facts.item.channel and member.state not in _LEFT and who.passed and not who.claimed
    )


def _line(facts: ClaimFacts, person: bytes) -> dict[str, object]:
    who, standard = facts.claimants[person], facts.standard
    certified = who.certificate is not None
    return {
        "chosen_group": who.chosen_group,
        "fen": claims.amount_of(standard, certified=certified, share=facts.terms.share),
        "standard_fen": 0 if standard is None else standard.fen,
        "document": None if standard is None else standard.document or None,
        "certified": int(certified),
    }


def _payee_fields(payee: Payee, *, keep_account: bool) -> dict[str, object]:
    texts = {name: getattr(payee, name).strip() for name in ("holder", "bank", "account", "paper")}
    _check_text(*texts.values())
    if keep_account and not texts["account"]:
        del texts["account"]
    return {name: text or None for name, text in texts.items()}


def _check_text(*texts: str) -> None:
    if any(len(text) > MAX_TEXT for text in texts):
        raise AppError("CLAIM_TEXT_LONG", limit=MAX_TEXT)


def _require_draft(state: object, class_code: str) -> None:
    if CYCLE.state_of(state) != DRAFT:
        raise AppError("CLAIM_NOT_DRAFT", class_code=class_code)


def _is_student(member: MemberListItem) -> bool:
    return STUDENT in {member.chosen_group, member.category}
