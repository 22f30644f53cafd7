"""培训项目: the office drafts and submits, the administrator records the 隶属."""

from __future__ import annotations

from datetime import date

from desktop_app.domain.projects import Level, Selection
from desktop_app.services.container import Services
from tests.factories.offices import Office

EXPECTED = {
    "set_affiliation": "admin",
    "create_project": "office",
    "edit_project": "office",
    "submit_project": "office",
    "withdraw_project": "office",
    "new_project_version": "office",
    "select_project": "office",
}
NOTHING_THERE = {
    "edit_project": {"PROJECT_UNKNOWN"},
    "submit_project": {"PROJECT_UNKNOWN"},
    "withdraw_project": {"PROJECT_UNKNOWN"},
    "new_project_version": {"PROJECT_UNKNOWN"},
    "select_project": {"CLASS_WITHOUT_PROJECT"},
}
NOBODY = b"\3" * 16
CHOSEN = Selection("veterans", "鄂退役军人发〔2020〕3号", "退役军人培训经费", date(2020, 11, 2))


def _create(services: Services, _office: Office) -> object:
    return services.projects.create_project("JC-2020-01", "电工技能提升", {"audience": "key_group"})


ATTEMPTS = {
    "set_affiliation": lambda s, o: s.projects.set_affiliation("county"),
    "create_project": _create,
    "edit_project": lambda s, o: s.projects.edit_project(NOBODY, {"hours": 60}),
    "submit_project": lambda s, o: s.projects.submit_project(NOBODY, Level.COUNTY),
    "withdraw_project": lambda s, o: s.projects.withdraw_project(NOBODY, "填错了"),
    "new_project_version": lambda s, o: s.projects.new_version(NOBODY),
    "select_project": lambda s, o: s.projects.select_for_class(o.class_id, CHOSEN),
}
