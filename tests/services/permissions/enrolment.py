"""报名: the office alone enrols, decides, moves and corrects people."""

from __future__ import annotations

from datetime import date

from desktop_app.domain.willingness import Consent

OFFICE = (
    "apply_enrolment",
    "admit_trainee",
    "waitlist_trainee",
    "reject_trainee",
    "begin_enrolment",
    "withdraw_trainee",
    "transfer_trainee",
    "return_trainee",
    "complete_enrolment",
    "fail_enrolment",
    "reopen_enrolment",
    "set_circumstances",
    "choose_group",
    "record_consent",
    "record_willingness",
    "match_willingness",
    "close_willingness",
    "correct_identity",
)
EXPECTED = dict.fromkeys(OFFICE, "office")
NOTHING_THERE = {
    "apply_enrolment": {"ENROLMENT_WITHOUT_PROJECT"},
    "admit_trainee": {"ENROLMENT_WITHOUT_PROJECT"},
    "waitlist_trainee": {"WRONG_STEP"},
    "reject_trainee": {"WRONG_STEP"},
    "begin_enrolment": {"NOBODY_ADMITTED"},
    "return_trainee": {"WRONG_STEP"},
    "reopen_enrolment": {"WRONG_STEP"},
    "match_willingness": {"ENROLMENT_WITHOUT_PROJECT"},
    "close_willingness": {"WISH_UNKNOWN"},
    "correct_identity": {"IDENTITY_SCAN_MISSING"},
}
NOBODY = b"\3" * 16
DAY = date(2020, 11, 10)
CONSENT = Consent("2020-11", DAY, DAY)
ATTEMPTS = {
    "apply_enrolment": lambda s, o: s.enrolment.apply(o.other_class_id, o.people[:1]),
    "admit_trainee": lambda s, o: s.enrolment.admit(o.class_id, o.people[:1]),
    "waitlist_trainee": lambda s, o: s.enrolment.waitlist(o.class_id, o.people[:1], "名额已满"),
    "reject_trainee": lambda s, o: s.enrolment.reject(o.class_id, o.people[:1], "条件不符"),
    "begin_enrolment": lambda s, o: s.enrolment.begin(o.class_id),
    "withdraw_trainee": lambda s, o: s.enrolment.withdraw(o.class_id, o.people[0], DAY, "外出务工"),
    "transfer_trainee": lambda s, o: s.enrolment.transfer(
        o.class_id, o.people[0], o.other_class_id, DAY, "时间冲突"
    ),
    "return_trainee": lambda s, o: s.enrolment.return_(o.class_id, o.people[0], DAY, "返回"),
    "complete_enrolment": lambda s, o: s.enrolment.complete(o.class_id, o.people[:1]),
    "fail_enrolment": lambda s, o: s.enrolment.fail(o.class_id, o.people[:1], "缺考"),
    "reopen_enrolment": lambda s, o: s.enrolment.reopen(o.class_id, o.people[:1], "补考"),
    "set_circumstances": lambda s, o: s.qualification.set_circumstances(o.people[0], {"groups": "veteran"}),
    "choose_group": lambda s, o: s.qualification.choose_group(o.class_id, o.people[0], "veteran"),
    "record_consent": lambda s, o: s.qualification.record_consent(o.class_id, o.people[:1], CONSENT),
    "record_willingness": lambda s, o: s.willingness.record(o.people[0], "电工"),
    "match_willingness": lambda s, o: s.willingness.match(o.class_id, []),
    "close_willingness": lambda s, o: s.willingness.close([NOBODY], "不再需要"),
    "correct_identity": lambda s, o: s.identities.correct(o.people[0], {"name": "范雨涵"}, NOBODY, "更名"),
}
