"""补贴 from 草稿 to 申报, 退回 and 撤回 (六.3, R35); each arrow a command with date, reason and who.

核准, 拨付 and 追回 are the department's: they come by pull (``claim_answers``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from desktop_app.domain import claims
from desktop_app.domain.claims import Notice, PayeeKind
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import CLAIM as CYCLE
from desktop_app.domain.listings.claims import ClaimItem
from desktop_app.domain.records import CLAIM
from desktop_app.domain.rules import Finding
from desktop_app.services.claim_facts import (
    ClaimFacts,
    claim_facts,
    notice_terms,
    one_claim,
    person_causes,
    progress_of,
)
from desktop_app.services.context import Service, command
from desktop_app.store.queries import claims as queries
from desktop_app.store.queries import reviews
from desktop_app.store.unit_of_work import UnitOfWork

MAX_TEXT = 100
_BEGUN_ANEW: dict[str, object] = dict.fromkeys(
    ("reviewed_by", "reviewed_on", "solo", "publisher", "place", "notice_from", "notice_until", "phone")
)
"""Review and 公示 of a claim that is a draft again."""


class ClaimStepService(Service):
    """The arrows of a claim."""

    @command("send_claim_to_review", undoable=False)
    def send_to_review(self, work: UnitOfWork, key: bytes) -> None:
        """送校内审核: everybody in it is ready, the pack of class and people is there; 撤回 leads back, with a reason.

        Raises AppError CLAIM_UNKNOWN, WRONG_STEP; RuleErrors of R35, R04, R19 with every cause by person.
        """
        item = self._step(work, key, "check")
        facts = claim_facts(work.sql, item, self.context.today())
        self.context.heed(self._causes(facts, work, before_review=True))

    @command("approve_claim", undoable=False)
    def approve(self, work: UnitOfWork, key: bytes) -> None:
        """校内审核: by somebody who entered neither marks nor scores of the class, unless 一人办班.

        Raises AppError CLAIM_UNKNOWN, WRONG_STEP, REVIEW_OWN_WORK; RuleErrors of R35.
        """
        actor = self.context.require_actor()
        item = self._step(work, key, "approve")
        if not actor.solo and actor.user.id in reviews.authors(work.sql, item.class_id):
            raise AppError("REVIEW_OWN_WORK", code=item.class_code)
        facts = claim_facts(work.sql, item, self.context.today())
        self.context.heed(self._causes(facts, work, before_review=True))
        today = self.context.today().isoformat()
        fields = {"reviewed_by": actor.user.id, "reviewed_on": today, "solo": int(actor.solo)}
        work.put(CLAIM, key, fields)

    @command("return_claim", undoable=False)
    def return_to_draft(self, work: UnitOfWork, key: bytes, reason: str) -> None:
        """校内退回 with a reason; AppError CLAIM_UNKNOWN, WRONG_STEP, REASON_MISSING."""
        self._step(work, key, "return", reason)

    @command("publish_claim")
    def publish(self, work: UnitOfWork, key: bytes, notice: Notice) -> None:
        """公示 of the people and amounts, for as long as the parameter asks.

        Raises AppError CLAIM_UNKNOWN, WRONG_STEP, CLAIM_NOTICE_EMPTY, CLAIM_TEXT_LONG; RuleErrors of R35.
        """
        texts = {name: getattr(notice, name).strip() for name in ("publisher", "place", "phone")}
        if not all(texts.values()):
            raise AppError("CLAIM_NOTICE_EMPTY")
        if any(len(text) > MAX_TEXT for text in texts.values()):
            raise AppError("CLAIM_TEXT_LONG", limit=MAX_TEXT)
        item = self._step(work, key, "publish")
        terms = notice_terms(work.sql, item, notice.first)
        self.context.heed(claims.check_notice(notice, item.class_code, terms))
        days = {"notice_from": notice.first.isoformat(), "notice_until": notice.last.isoformat()}
        work.put(CLAIM, key, texts | days)

    @command("submit_claim", undoable=False)
    def submit(self, work: UnitOfWork, key: bytes) -> None:
        """申报: from now on it is reported; it cannot be undone, only withdrawn before anything is decided.

        Raises AppError CLAIM_UNKNOWN, WRONG_STEP; RuleErrors of R35, R04, R19 with every cause by person.
        """
        before = one_claim(work.sql, key)
        facts = claim_facts(work.sql, before, self.context.today(), masked=False)
        causes = tuple(self._causes(facts, work, before_review=False))
        self._step(work, key, "submit")
        self.context.heed(causes)

    @command("withdraw_claim", undoable=False)
    def withdraw(self, work: UnitOfWork, key: bytes, reason: str) -> None:
        """撤回 to 草稿 before anything is decided; AppError CLAIM_UNKNOWN, WRONG_STEP, REASON_MISSING."""
        self._step(work, key, "withdraw", reason)

    @command("record_claim_return", undoable=False)
    def record_return(self, work: UnitOfWork, key: bytes, reason: str) -> None:
        """主管部门退回 with its reason: the claim is a draft again. AppError as ``withdraw``."""
        self._step(work, key, "send_back", reason)

    def _step(self, work: UnitOfWork, key: bytes, verb: str, reason: str = "") -> ClaimItem:
        item = one_claim(work.sql, key)
        state = CYCLE.after(item.state, verb, reason)
        work.reason = reason.strip() or None
        fields: dict[str, object] = {"state": state, "state_on": self.context.today().isoformat()}
        if state == "draft":
            fields |= _BEGUN_ANEW
        work.put(CLAIM, key, fields)
        return replace(item, state=state, stored=state)

    def _causes(self, facts: ClaimFacts, work: UnitOfWork, *, before_review: bool) -> Iterable[Finding]:
        item = facts.item
        for member in facts.members:
            if member.trainee_id in facts.lines:
                yield from person_causes(facts, member.trainee_id)
        yield from claims.check_progress(
            progress_of(work.sql, facts), self.context.today(), before_review=before_review
        )
        if item.payee.kind is not PayeeKind.PERSON:
            yield from claims.check_payee(item.payee, item.class_code, item.class_code)
            return
        for person, line in facts.lines.items():
            yield from claims.check_payee(line.payee, facts.claimants[person].name, item.class_code)


def reopen_claims(work: UnitOfWork, class_id: bytes, trainee_id: bytes, today: date) -> None:
    """Let the claims that a certificate stood for be drafts again, as far as nothing is decided (证书作废)."""
    for item in queries.claim_items(work.sql, class_id=class_id):
        on_its_way = "withdraw" in CYCLE.verbs(item.state)
        if on_its_way and trainee_id in queries.claim_lines(work.sql, item.key):
            fields: dict[str, object] = {"state": "draft", "state_on": today.isoformat()}
            work.put(CLAIM, item.key, fields | _BEGUN_ANEW)
