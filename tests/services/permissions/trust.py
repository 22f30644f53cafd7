"""就业跟踪, 处置 of flags, 整改回复: the office writes, head and auditor dispose of what blocks."""

from __future__ import annotations

from desktop_app.domain.employment import FollowUp, Status
from desktop_app.domain.risk.kinds import Decision
from tests.factories.offices import TODAY

EXPECTED = {
    "record_follow_up": "office adviser",
    "remove_follow_up": "office adviser",
    "dispose_hint": "office",
    "dispose_block": "head auditor",
    "reply_to_order": "office",
}
NOT_UNDOABLE: set[str] = set()
NOTHING_THERE = {
    "remove_follow_up": {"FOLLOW_UP_UNKNOWN"},
    "dispose_hint": {"FLAG_UNKNOWN"},
    "dispose_block": {"FLAG_UNKNOWN"},
    "reply_to_order": {"ORDER_UNKNOWN"},
}
ATTEMPTS = {
    "record_follow_up": lambda s, o: s.employment.record(
        o.class_id, o.people[0], FollowUp(Status.UNEMPLOYED, TODAY)
    ),
    "remove_follow_up": lambda s, o: s.employment.remove(o.class_id, o.people[0], 251, "填错了"),
    "dispose_hint": lambda s, _: s.risks.dispose_hint(b"\4" * 16, Decision.CLEARED, "已核实"),
    "dispose_block": lambda s, _: s.risks.dispose_block(b"\4" * 16, Decision.CLEARED, "已核实"),
    "reply_to_order": lambda s, _: s.supervision.reply(b"\5" * 16, "已补签到", "王主任"),
}
