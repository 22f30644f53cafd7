"""补贴: the office drafts and submits, the head reviews and answers objections."""

from __future__ import annotations

from datetime import date

from desktop_app.domain.claims import ChargeKind, Notice, Payee, PayeeKind
from desktop_app.domain.claims.keys import claim_key
from desktop_app.domain.performance import CostKind
from desktop_app.domain.records import CLAIM
from desktop_app.services.claims import StudentLine

EXPECTED = {
    "draft_claim": "office",
    "add_to_claim": "office",
    "remove_from_claim": "office",
    "set_claim_payee": "office",
    "set_claim_account": "office",
    "send_claim_to_review": "office",
    "approve_claim": "head",
    "return_claim": "head",
    "publish_claim": "office",
    "object_to_claim": "office head",
    "answer_objection": "head",
    "submit_claim": "office",
    "withdraw_claim": "office head",
    "record_claim_return": "office",
    "charge_student": "office",
    "book_student_cost": "office",
}
NOT_UNDOABLE = {
    "send_claim_to_review",
    "approve_claim",
    "return_claim",
    "answer_objection",
    "submit_claim",
    "withdraw_claim",
    "record_claim_return",
}
_NO_CLAIM = {"CLAIM_UNKNOWN"}
NOTHING_THERE = {
    name: _NO_CLAIM
    for name in EXPECTED
    if name not in {"draft_claim", "charge_student", "book_student_cost", "answer_objection"}
} | {"answer_objection": {"CLAIM_OBJECTION_UNKNOWN"}}
CHANNEL = "skill_action"
DAY = date(2020, 11, 1)
NOTICE = Notice("江城职院", "公告栏", DAY, date(2020, 11, 8), "027-87654321")
PAYEE = Payee(PayeeKind.INSTITUTION, "江城职院", "工行", "3202000000", "委1")


def _key(office):
    return claim_key(office.class_id, CHANNEL, DAY)


ATTEMPTS = {
    "draft_claim": lambda s, o: s.claims.draft(o.class_id, CHANNEL),
    "add_to_claim": lambda s, o: s.claims.add(_key(o), o.people[:1]),
    "remove_from_claim": lambda s, o: s.claims.remove(_key(o), o.people[:1], "不合格"),
    "set_claim_payee": lambda s, o: s.claims.set_payee(_key(o), PAYEE),
    "set_claim_account": lambda s, o: s.claims.set_account(_key(o), o.people[0], PAYEE),
    "send_claim_to_review": lambda s, o: s.claim_steps.send_to_review(_key(o)),
    "approve_claim": lambda s, o: s.claim_steps.approve(_key(o)),
    "return_claim": lambda s, o: s.claim_steps.return_to_draft(_key(o), "缺材料"),
    "publish_claim": lambda s, o: s.claim_steps.publish(_key(o), NOTICE),
    "object_to_claim": lambda s, o: s.claims.object(_key(o), o.people[0], "群众", "未参训"),
    "answer_objection": lambda s, o: s.claims.answer(b"o" * 16, upheld=False, answer="已核实"),
    "submit_claim": lambda s, o: s.claim_steps.submit(_key(o)),
    "withdraw_claim": lambda s, o: s.claim_steps.withdraw(_key(o), "改金额"),
    "record_claim_return": lambda s, o: s.claim_steps.record_return(_key(o), "缺章"),
    "charge_student": lambda s, o: s.claims.charge(
        o.class_id, o.people[0], ChargeKind.MATERIALS, StudentLine(0, DAY)
    ),
    "book_student_cost": lambda s, o: s.claims.book_cost(
        o.class_id, o.people[0], CostKind.TEXTBOOKS, StudentLine(4_000, DAY, "", "tuition")
    ),
}


def _drafted(services, office, state="draft"):
    """Draft a claim with one person, in a state."""
    key = services.claims.draft(office.class_id, CHANNEL)
    services.claims.add(key, office.people[:1])
    with services.context.unit_of_work("draft_claim") as work:
        work.put(CLAIM, key, {"state": state})
    return key


def _on_draft(act, state="draft"):
    def prepare(services, office):
        key = _drafted(services, office, state)
        return lambda: act(services, office, key)

    return prepare


PREPARED = {
    "add_to_claim": _on_draft(lambda s, o, key: s.claims.add(key, o.people[1:2])),
    "remove_from_claim": _on_draft(lambda s, o, key: s.claims.remove(key, o.people[:1], "不合格")),
    "set_claim_payee": _on_draft(lambda s, o, key: s.claims.set_payee(key, PAYEE)),
    "set_claim_account": _on_draft(lambda s, o, key: s.claims.set_account(key, o.people[0], PAYEE)),
    "publish_claim": _on_draft(lambda s, o, key: s.claim_steps.publish(key, NOTICE), "checked"),
    "object_to_claim": _on_draft(
        lambda s, o, key: s.claims.object(key, o.people[0], "群众", "未参训"), "published"
    ),
}
