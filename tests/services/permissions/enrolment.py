"""报名: the office alone enrols, decides, moves and corrects people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop_app.domain.records import PROJECT
from desktop_app.domain.willingness import Consent
from desktop_app.services.container import Services
from desktop_app.services.evidence import Owner, Paper
from tests.factories.offices import Office
from tests.factories.pictures import jpeg

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


def _project(services: Services, office: Office) -> None:
    """Give both classes a project of the catalogue: nobody is enrolled without one (R12)."""
    project = services.context.new_id()
    fields = {"code": "HB-1", "name": "电工", "trade": "电工", "audience": "key_group"}
    services.batches.take_pages(
        [], [(PROJECT, project, fields | {"origin": "platform", "area": "420000", "version": 1})]
    )
    for class_id in (office.class_id, office.other_class_id):
        services.classes.edit_class(class_id, {"project_id": project})


def _apply(services: Services, office: Office) -> Callable[[], object]:
    _project(services, office)
    return lambda: services.enrolment.apply(office.other_class_id, office.people[:1])


def _applied(services: Services, office: Office) -> None:
    _apply(services, office)()
    services.qualification.record_consent(office.other_class_id, office.people[:1], CONSENT)


def _admit(services: Services, office: Office) -> Callable[[], object]:
    _applied(services, office)
    return lambda: services.enrolment.admit(office.other_class_id, office.people[:1])


def _waitlist(services: Services, office: Office) -> Callable[[], object]:
    _applied(services, office)
    return lambda: services.enrolment.waitlist(office.other_class_id, office.people[:1], "名额已满")


def _reject(services: Services, office: Office) -> Callable[[], object]:
    _applied(services, office)
    return lambda: services.enrolment.reject(office.other_class_id, office.people[:1], "条件不符")


def _begin(services: Services, office: Office) -> Callable[[], object]:
    _admit(services, office)()
    return lambda: services.enrolment.begin(office.other_class_id)


def _return(services: Services, office: Office) -> Callable[[], object]:
    services.enrolment.withdraw(office.class_id, office.people[0], date(2020, 11, 9), "外出务工")
    return lambda: services.enrolment.return_(office.class_id, office.people[0], DAY, "返回")


def _reopen(services: Services, office: Office) -> Callable[[], object]:
    services.enrolment.complete(office.class_id, office.people[:1])
    return lambda: services.enrolment.reopen(office.class_id, office.people[:1], "补考")


def _match(services: Services, office: Office) -> Callable[[], object]:
    _project(services, office)
    wish = services.willingness.record(office.people[0], "电工")
    return lambda: services.willingness.match(office.other_class_id, [wish])


def _close(services: Services, office: Office) -> Callable[[], object]:
    wish = services.willingness.record(office.people[0], "电工")
    return lambda: services.willingness.close([wish], "不再需要")


def _correct(services: Services, office: Office) -> Callable[[], object]:
    person = office.people[0]
    scan = services.evidence.add(Owner("trainee", person), Paper("id_card"), jpeg("范雨"), "身份证.jpg")
    return lambda: services.identities.correct(person, {"name": "范雨涵"}, scan, "更名")


PREPARED = {
    "apply_enrolment": _apply,
    "admit_trainee": _admit,
    "waitlist_trainee": _waitlist,
    "reject_trainee": _reject,
    "begin_enrolment": _begin,
    "return_trainee": _return,
    "reopen_enrolment": _reopen,
    "match_willingness": _match,
    "close_willingness": _close,
    "correct_identity": _correct,
}
