"""班级: the office prepares, files and opens classes and takes each step of their life."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

from desktop_app.domain.opening import Duty, StaffMember
from desktop_app.domain.records import CLASS_OPENING, ENROLMENT, TRAINING_CLASS
from desktop_app.services.container import Services
from desktop_app.services.timetable import PlannedSession
from tests.factories.offices import Office

STEPS = {
    "file_class": "preparing",
    "open_class": "filed",
    "suspend_class": "running",
    "resume_class": "suspended",
    "extend_class": "running",
    "cancel_class": "preparing",
    "finish_class": "running",
    "assess_class": "taught",
    "complete_class": "assessed",
    "archive_class": "completed",
    "reopen_class": "taught",
}
EXPECTED = dict.fromkeys([*STEPS, "prepare_opening", "join_session", "move_people"], "office")
STAFF = [StaffMember("王芳", duty, full_time=True) for duty in Duty]
ATTEMPTS = {
    "prepare_opening": lambda s, o: s.opening.prepare(o.class_id, {"channel": "skill_action"}, STAFF),
    "file_class": lambda s, o: s.opening.file_class(o.class_id),
    "open_class": lambda s, o: s.opening.open_class(o.class_id),
    "suspend_class": lambda s, o: s.class_steps.suspend(o.class_id, "设备检修"),
    "resume_class": lambda s, o: s.class_steps.resume(o.class_id),
    "extend_class": lambda s, o: s.class_steps.extend(o.class_id, date(2021, 3, 1), "学员出差"),
    "cancel_class": lambda s, o: s.class_steps.cancel(o.class_id, "报名不足"),
    "finish_class": lambda s, o: s.class_steps.finish_teaching(o.class_id),
    "assess_class": lambda s, o: s.class_steps.assess(o.class_id),
    "complete_class": lambda s, o: s.class_steps.complete(o.class_id),
    "archive_class": lambda s, o: s.class_steps.archive(o.class_id),
    "reopen_class": lambda s, o: s.class_steps.reopen(o.class_id, "补登考勤"),
    "move_people": lambda s, o: s.class_steps.move_people(o.class_id, o.other_class_id, "两班合一"),
    "join_session": lambda s, o: s.opening.join_session(o.sessions[0], o.other_class_id),
}
NOTHING_THERE = {command: {"WRONG_STEP"} for command, state in STEPS.items() if state != "preparing"} | {
    "file_class": {"FUNDING_MISSING"},
    "open_class": {"FUNDING_MISSING"},
    "cancel_class": {"CLASS_HAS_MARKS"},
    "join_session": {"JOINT_SESSION_MISSING"},
}


def _in_state(command: str) -> Callable[[Services, Office], Callable[[], object]]:
    """Return what puts a class into the state that a step begins in; the other class, which has no marks."""

    def prepare(services: Services, office: Office) -> Callable[[], object]:
        with services.context.unit_of_work("edit_class") as work:
            work.put(TRAINING_CLASS, office.class_id, {"state": STEPS[command]})
            work.put(
                CLASS_OPENING,
                office.class_id,
                {"channel": "skill_action", "staff": [["王芳", duty.value, 1] for duty in Duty]},
            )
        return lambda: ATTEMPTS[command](services, office)

    return prepare


def _session(services: Services, office: Office, start: time, end: time) -> bytes:
    """Give the other class a session on the day of the first session."""
    planned = PlannedSession(date(2020, 11, 9), start, end, 4, "安全生产", "offline", "二号楼", ("周敏",))
    return services.timetable.add_session(office.other_class_id, planned)


def _cancel(services: Services, office: Office) -> Callable[[], object]:
    return lambda: services.class_steps.cancel(office.other_class_id, "报名不足")


def _finish(services: Services, office: Office) -> Callable[[], object]:
    services.trainees.enrol(office.other_class_id, office.people[:1], "employee")
    session = _session(services, office, time(8), time(11, 20))
    with services.context.unit_of_work("edit_class") as work:
        work.put(ENROLMENT, office.other_class_id + office.people[0], {"periods": [["2020-11-09", None]]})
        work.put(TRAINING_CLASS, office.other_class_id, {"state": "running"})
    services.attendance.mark_class(session)
    return lambda: services.class_steps.finish_teaching(office.other_class_id)


def _complete(services: Services, office: Office) -> Callable[[], object]:
    office.as_role("teacher").assessments.lock(office.assessment_id)
    return _in_state("complete_class")(office.as_role("office"), office)


def _join(services: Services, office: Office) -> Callable[[], object]:
    _session(services, office, time(14), time(17, 20))
    return lambda: services.opening.join_session(office.sessions[0], office.other_class_id)


PREPARED = {
    command: _in_state(command)
    for command in ("file_class", "open_class", "suspend_class", "resume_class", "extend_class", "assess_class",
                    "archive_class", "reopen_class")
} | {
    "cancel_class": _cancel,
    "finish_class": _finish,
    "complete_class": _complete,
    "join_session": _join,
}  # fmt: skip
