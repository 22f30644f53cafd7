"""The states of things and the arrows between them (requirements §4): one table per thing.

Each arrow is a command with date, reason and who; a wrong arrow is refused. A record that was written before its
states existed has none: it stands in the state that its ``Cycle`` names as ``unset``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop_app.domain.errors import AppError
from resources import Worded


@dataclass(frozen=True, slots=True)
class Cycle:
    """The life of one kind of thing. ``arrows`` maps verb to {state before: state after}.

    ``asks_reason`` are the verbs that are not done without a reason, ``former`` words that older records say.
    """

    thing: str
    unset: str
    arrows: Mapping[str, Mapping[str, str]]
    asks_reason: frozenset[str] = frozenset()
    former: Mapping[str, str] = field(default_factory=dict)

    @property
    def states(self) -> frozenset[str]:
        """Return every state."""
        return frozenset(state for arrow in self.arrows.values() for pair in arrow.items() for state in pair)

    def state_of(self, stored: object) -> str:
        """Return the state that a stored value means."""
        return self.unset if stored is None else self.former.get(str(stored), str(stored))

    def verbs(self, stored: object) -> tuple[str, ...]:
        """Return what can be done in a state, in the order of the table."""
        state = self.state_of(stored)
        return tuple(verb for verb, arrow in self.arrows.items() if state in arrow)

    def after(self, stored: object, verb: str, reason: str = "") -> str:
        """Return the state after a verb; AppError WRONG_STEP, REASON_MISSING."""
        state = self.state_of(stored)
        arrow = self.arrows[verb]
        if state not in arrow:
            raise AppError(
                "WRONG_STEP",
                thing=Worded(f"thing.{self.thing}"),
                state=Worded(f"state.{self.thing}.{state}"),
                verb=Worded(f"verb.{self.thing}.{verb}"),
            )
        if verb in self.asks_reason and not reason.strip():
            raise AppError("REASON_MISSING")
        return arrow[state]


ENROLMENT = Cycle(
    "enrolment",
    "attending",
    {
        "apply": {"willing": "applied", "rejected": "applied"},
        "admit": {"applied": "admitted", "waitlisted": "admitted"},
        "waitlist": {"applied": "waitlisted"},
        "reject": {"applied": "rejected", "waitlisted": "rejected", "willing": "rejected"},
        "begin": {"admitted": "attending"},
        "withdraw": {"admitted": "withdrawn", "attending": "withdrawn"},
        "transfer": {"admitted": "transferred", "attending": "transferred"},
        "return": {"withdrawn": "attending", "transferred": "attending"},
        "complete": {"attending": "completed"},
        "fail": {"attending": "not_completed"},
        "reopen": {"completed": "attending", "not_completed": "attending"},
    },
    frozenset({"reject", "withdraw", "transfer", "return", "fail", "reopen"}),
    {"enrolled": "attending", "refused": "rejected"},
)
"""意愿登记 willing → 报名 applied → 录取 admitted / 候补 waitlisted / 不录取 rejected → 在训 attending →
结业 completed / 未结业 not_completed; 退训 withdrawn, 转班 transferred, and back into the same record."""

TRAINING_CLASS = Cycle(
    "training_class",
    "running",
    {
        "file": {"preparing": "filed"},
        "open": {"filed": "running", "preparing": "running"},
        "suspend": {"running": "suspended"},
        "resume": {"suspended": "running"},
        "extend": {
            "preparing": "preparing",
            "filed": "filed",
            "running": "running",
            "suspended": "suspended",
        },
        "cancel": {"preparing": "cancelled", "filed": "cancelled"},
        "finish_teaching": {"running": "taught"},
        "assess": {"taught": "assessed"},
        "complete": {"assessed": "completed", "taught": "completed"},
        "archive": {"completed": "archived"},
        "reopen": {"taught": "running", "assessed": "running", "completed": "running", "archived": "running"},
    },
    frozenset({"suspend", "extend", "cancel", "reopen"}),
)
"""筹备 preparing → 已备案 filed → 在训 running ⇄ 停训 suspended → 结课 taught → 考核 assessed → 结业 completed →
归档 archived; 延期 extend, 取消 before opening, 重新打开 with reason. What stands in the way of a step (no 备案, blank
marks) are rules, not arrows."""

SESSION = Cycle(
    "session",
    "planned",
    {
        "reschedule": {"planned": "planned"},
        "substitute": {"planned": "planned", "held": "held"},
        "call_off": {"planned": "cancelled"},
        "reinstate": {"cancelled": "planned"},
        "make_up_class": {"cancelled": "cancelled"},
        "make_up_people": {"held": "held"},
    },
    frozenset({"reschedule", "substitute", "call_off", "reinstate", "make_up_class", "make_up_people"}),
)
"""计划 planned; 已上 held is what has marks, derived and never stored; 调课 reschedule, 代课 substitute, 停课 call_off
and back; 补课 of a called-off session for the class, of a held one for those who missed it."""

CANDIDATE = Cycle(
    "candidate",
    "registered",
    {
        "schedule": {"registered": "scheduled"},
        "score": {"registered": "scored", "scheduled": "scored"},
        "miss": {"registered": "absent", "scheduled": "absent"},
        "defer": {"registered": "deferred", "scheduled": "deferred"},
        "disqualify": {"registered": "disqualified", "scheduled": "disqualified", "scored": "disqualified"},
        "recall": {"absent": "registered", "deferred": "registered"},
        "resit": {"scored": "resitting", "absent": "resitting", "deferred": "resitting"},
    },
    frozenset({"defer", "disqualify", "recall"}),
)
"""报考 registered → 排考 scheduled → 有成绩 scored / 缺考 absent / 缓考 deferred / 违纪取消 disqualified → 补考;
recall takes a 缺考 or 缓考 back that was recorded of somebody who came."""

CERTIFICATE = Cycle(
    "certificate",
    "issued",
    {
        "issue": {"pending": "issued"},
        "hand_over": {"issued": "handed_over"},
        "correct": {"issued": "replaced", "handed_over": "replaced"},
        "reissue": {"issued": "replaced", "handed_over": "replaced"},
        "void": {"pending": "void", "issued": "void", "handed_over": "void"},
    },
    frozenset({"correct", "reissue", "void"}),
)
"""待发 pending → 已发 issued → 领取 handed_over; 更正 and 补发 put a further issue in its place, 作废 void."""

CLAIM = Cycle(
    "claim",
    "draft",
    {
        "check": {"draft": "checking"},
        "approve": {"checking": "checked"},
        "return": {"checking": "draft"},
        "publish": {"checked": "published"},
        "submit": {"published": "submitted"},
        "send_back": {"submitted": "draft"},
        "withdraw": {
            "checking": "draft",
            "checked": "draft",
            "published": "draft",
            "submitted": "draft",
        },
        "decide": {"submitted": "decided", "decided": "decided"},
        "pay": {"decided": "paid", "paid": "paid"},
        "recover": {"paid": "recovered", "recovered": "recovered"},
    },
    frozenset({"return", "send_back", "withdraw", "recover"}),
)
"""草稿 draft → 校内审核 checking, checked → 公示 published → 已报 submitted → 核准 per person decided → 拨付 paid in
instalments; 退回 return (校内) and send_back (主管部门), 撤回 withdraw, 追回 recovered. decide, pay and recover are the
department's acts and come by pull."""

CYCLES: tuple[Cycle, ...] = (ENROLMENT, TRAINING_CLASS, SESSION, CANDIDATE, CERTIFICATE, CLAIM)
