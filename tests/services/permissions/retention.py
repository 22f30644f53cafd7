"""保存与删除: proposed by the office or the administrator, decided by the head; a person's copy by the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from desktop_app.services.container import Services
from tests.factories.offices import Office, TestClock

EXPECTED = {
    "propose_deletions": "office admin",
    "confirm_deletion": "head",
    "keep_person": "head",
    "hold_people": "head auditor",
    "release_people": "head auditor",
    "export_person": "office",
}
NOT_UNDOABLE = {"confirm_deletion", "export_person", "hold_people", "keep_person", "release_people"}
NOTHING_THERE = {
    "propose_deletions": {"DELETION_NOBODY"},
    "confirm_deletion": {"DELETION_NOT_PROPOSED"},
    "keep_person": {"DELETION_NOT_PROPOSED"},
    "release_people": {"DELETION_NOT_HELD"},
}
ATTEMPTS = {
    "propose_deletions": lambda s, o: s.retention.propose(),
    "confirm_deletion": lambda s, o: s.retention.confirm(o.people[0]),
    "keep_person": lambda s, o: s.retention.keep(o.people[0], "审计"),
    "hold_people": lambda s, o: s.retention.hold(o.people[:1], "审计"),
    "release_people": lambda s, o: s.retention.release(o.people[:1], "审计结束"),
    "export_person": lambda s, o: s.personal_rights.export(o.people[0], "本人申请查阅"),
}


def _held(services: Services, office: Office) -> Callable[[], object]:
    """Let an 审计 of somebody go on."""
    services.retention.hold(office.people[:1], "审计")
    return lambda: services.retention.release(office.people[:1], "审计结束")


def _due(services: Services, office: Office) -> Callable[[], object]:
    """Let the time of keeping of somebody who never enrolled be over."""
    services.trainees.create({"name": "肖兰芳", "document_number": "42062519970427945X"})
    clock = office.profile.clock
    assert isinstance(clock, TestClock)
    clock.moment += timedelta(days=1_200)
    return services.retention.propose


PREPARED = {"propose_deletions": _due, "release_people": _held}
