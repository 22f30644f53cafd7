"""就业跟踪, 处置 of flags, 整改回复: the office writes, head and auditor dispose of what blocks."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.domain.employment import FollowUp, Status
from desktop_app.domain.records import SUPERVISION_EVENT
from desktop_app.domain.risk.kinds import Decision
from desktop_app.services.container import Services
from tests.factories.offices import TODAY, Office
from tests.services.permissions import enrolment

ORDER = b"\5" * 16

EXPECTED = {
    "record_follow_up": "office adviser",
    "remove_follow_up": "office adviser",
    "dispose_hint": "office",
    "dispose_block": "head auditor",
    "reply_to_order": "office",
}
NOT_UNDOABLE = {"dispose_block"}
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
    "reply_to_order": lambda s, _: s.supervision.reply(ORDER, "已补签到", "王主任"),
}


def _removal(services: Services, office: Office) -> Callable[[], object]:
    ATTEMPTS["record_follow_up"](services, office)
    return lambda: ATTEMPTS["remove_follow_up"](services, office)


def _hint(services: Services, office: Office) -> Callable[[], object]:
    """Somebody is admitted to a class beside another."""
    enrolment.PREPARED["admit_trainee"](services, office)()
    flag = next(one for one in services.risks.flags() if not one.blocks)
    return lambda: services.risks.dispose_hint(flag.id, Decision.CLEARED, "两班日期错开")


def _reply(services: Services, office: Office) -> Callable[[], object]:
    """A department has ordered something."""
    act = {"kind": "order", "department": "市人社局", "document": "督1号", "issued_on": TODAY.isoformat()}
    with services.context.device_work("platform") as work:
        work.put(SUPERVISION_EVENT, ORDER, {**act, "requirement": "补签到表", "deadline": "2020-12-20"})
    return lambda: ATTEMPTS["reply_to_order"](services, office)


PREPARED = {
    "remove_follow_up": _removal,
    "dispose_hint": _hint,
    "reply_to_order": _reply,
}
