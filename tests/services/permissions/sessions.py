"""课次变更 and 过程检查: the office changes, office and 班主任 write down visits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from desktop_app.domain.inspections import InspectionNote
from desktop_app.domain.session_changes import Online
from desktop_app.services.container import Services
from desktop_app.services.session_changes import Moved
from desktop_app.services.timetable import PlannedSession
from tests.factories.offices import TODAY, Office

EXPECTED = {
    "reschedule_session": "office",
    "substitute_teacher": "office",
    "call_off_session": "office",
    "reinstate_session": "office",
    "make_up_session": "office",
    "describe_online": "office",
    "record_inspection": "office adviser",
    "remove_inspection": "office",
}
NOTHING_THERE = {
    "reinstate_session": {"WRONG_STEP"},
    "make_up_session": {"WRONG_STEP"},
    "remove_inspection": {"INSPECTION_UNKNOWN"},
}
LATER = PlannedSession(date(2020, 11, 16), time(14), time(17, 20), 4, "直流电路", "offline", "实训楼B203", ())


def _reschedule(services: Services, office: Office) -> object:
    return services.session_changes.reschedule(office.sessions[2], Moved(date(2020, 11, 13)), "实训室检修")


def _substitute(services: Services, office: Office) -> object:
    return services.session_changes.substitute(office.sessions[2], ["刘洋"], "陈志强出差")


def _record(services: Services, office: Office) -> object:
    note = InspectionNote(TODAY, time(15), "黄督导", 3)
    return services.inspections.record(office.class_id, note, office.sessions[1])


ATTEMPTS = {
    "reschedule_session": _reschedule,
    "substitute_teacher": _substitute,
    "call_off_session": lambda s, o: s.session_changes.call_off(o.sessions[2], "停电"),
    "reinstate_session": lambda s, o: s.session_changes.reinstate(o.sessions[2], "来电了"),
    "make_up_session": lambda s, o: s.session_changes.make_up(o.sessions[2], LATER, "停电"),
    "describe_online": lambda s, o: s.session_changes.set_online(o.sessions[2], Online("学习通", 180, 2)),
    "record_inspection": _record,
    "remove_inspection": lambda s, o: s.inspections.remove(b"\3" * 16, "填错了"),
}


def _called_off(services: Services, office: Office) -> None:
    services.session_changes.call_off(office.sessions[2], "停电")


def _reinstate(services: Services, office: Office) -> Callable[[], object]:
    _called_off(services, office)
    return lambda: services.session_changes.reinstate(office.sessions[2], "来电了")


def _make_up(services: Services, office: Office) -> Callable[[], object]:
    _called_off(services, office)
    return lambda: services.session_changes.make_up(office.sessions[2], LATER, "停电")


def _remove(services: Services, office: Office) -> Callable[[], object]:
    note = InspectionNote(TODAY, time(15), "黄督导", 3)
    made = services.inspections.record(office.class_id, note)
    return lambda: services.inspections.remove(made, "填错了")


PREPARED = {"reinstate_session": _reinstate, "make_up_session": _make_up, "remove_inspection": _remove}
