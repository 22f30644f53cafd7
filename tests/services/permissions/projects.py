"""培训项目: the office drafts and submits, the administrator records the 隶属."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop_app.domain.projects import Answer, Level, Selection, Step, Track
from desktop_app.domain.records import PROJECT, PROJECT_ANSWER
from desktop_app.services.container import Services
from desktop_app.services.projects import ReceivedAnswer, answer_record
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
NOT_UNDOABLE = {"submit_project", "withdraw_project"}


def _edit(services: Services, office: Office) -> Callable[[], object]:
    project = services.projects.create_project("JC-2020-01", "电工技能提升", {"audience": "key_group"})
    return lambda: services.projects.edit_project(project, {"hours": 60})


def _in_catalogue(services: Services, office: Office) -> bytes:
    project = services.context.new_id()
    fields = {
        "code": "HB-1",
        "name": "电工",
        "origin": "platform",
        "area": "420000",
        "published_on": "2020-10-15",
    }
    services.batches.take_pages([], [(PROJECT, project, fields)])
    services.classes.edit_class(office.class_id, {"project_id": project})
    return project


def _select(services: Services, office: Office) -> Callable[[], object]:
    _in_catalogue(services, office)
    return lambda: services.projects.select_for_class(office.class_id, CHOSEN)


def _new_version(services: Services, office: Office) -> Callable[[], object]:
    project = services.projects.create_project("JC-2020-01", "电工技能提升", {"audience": "key_group"})
    passed = Step(Track.LABOUR, 1, Level.COUNTY, "420111", Answer.PASSED, date(2020, 11, 2))
    with services.context.unit_of_work("edit_project") as work:
        submitted = {"submission": 1, "submitted_on": "2020-11-01", "wanted_level": 1}
        work.put(PROJECT, project, submitted | {"affiliation": "county", "region": "420111"})
        work.put_many(PROJECT_ANSWER, [answer_record(ReceivedAnswer(project, passed))])
    return lambda: services.projects.new_version(project)


PREPARED = {"edit_project": _edit, "select_project": _select, "new_project_version": _new_version}
