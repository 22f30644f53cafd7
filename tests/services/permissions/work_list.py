"""What sharing brought that somebody must look at."""

from __future__ import annotations

EXPECTED = {"link_people": "office", "rename_user": "admin"}
NOT_UNDOABLE = {"rename_user"}
NOTHING_THERE: dict[str, set[str]] = {}
ATTEMPTS = {
    "link_people": lambda s, o: s.work_list.decide(o.people[0], o.people[1], "same"),
    "rename_user": lambda s, o: s.work_list.rename(_auditor(s), "shenji"),
}


def _auditor(services) -> bytes:
    with services.context.read() as sql:
        return bytes(sql.exec_driver_sql("SELECT id FROM user WHERE login = 'auditor'").one()[0])
