"""Projects between an office and the platform: what is pulled, kept as versions, taken late, and never undone by it."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.projects import Answer, Level
from desktop_app.domain.records import INSTITUTION, PROJECT, PROJECT_VERSION
from desktop_app.domain.users import Role
from sync.contract.records import SubmissionFields
from sync.contract.rules import submission_problems
from sync.contract.statement import Statement
from sync.platform.database import writing
from sync.platform.projects import Opinion, answer_project, publish_project
from tests.factories.offices import PASSWORD
from tests.sync.reporting.offices import TODAY

CODE = "JC-2020-01"
ENTRY = {
    "name": "电工技能提升",
    "audience": "key_group",
    "institution": "湖北江城职业技术学院",
    "content": "安全用电",
    "form": "面授",
    "hours": 60,
    "schedule": "每周六",
    "trade": "电工",
    "level": "skill5",
    "organisation": "湖北楚才职业技能评价中心",
    "fee_fen": 0,
    "subsidy_fen": 120000,
}
SUBMISSION = SubmissionFields(
    **ENTRY,
    code=CODE,
    version=1,
    submission=1,
    submitted_on=TODAY,
    wanted_level="city",
    affiliation="county",
    region="420111",
    enterprise="武汉长江电气有限公司",
    planned_on=date(2020, 12, 1),
    surveys=1,
    signed=True,
)


def submitted(office, project: bytes | None = None) -> bytes:
    """Submit and report a project whose survey is on paper elsewhere."""
    services = office.services
    with services.context.unit_of_work("edit_class") as work:
        found = work.sql.exec_driver_sql("SELECT id, region FROM institution").one()
        work.put(INSTITUTION, found[0], {"affiliation": "county"})
        project = project or services.context.new_id()
        draft = {**ENTRY, "code": CODE, "origin": "own", "version": 1}
        grounds = {"enterprise": "武汉长江电气有限公司", "planned_on": "2020-12-01", "signed": 1}
        work.put(PROJECT, project, {**draft, **grounds, "survey_files": ["00" * 16]})
    office.as_role(Role.OFFICE).projects.submit_project(project, Level.CITY)
    office.profile.log_in("admin", PASSWORD)
    office.report_all()
    return project


def answered(office, answer: Answer, reason: str = "") -> None:
    with writing(office.platform.engine) as connection:
        answer_project(connection, office.platform.clock, CODE, Opinion(answer, reason=reason))


def test_a_submission_is_accepted_as_it_was_made_and_both_sides_agree(office):
    project = submitted(office)
    assert office.same_as_platform()
    assert office.reported()[1]["submission"] == 1
    kinds = {(item.kind, item.class_code) for item in office.engine.list_reports()}
    assert ("project", CODE) in kinds
    assert office.services.projects.details(project).versions == (1,)


def test_answers_that_come_before_their_project_are_taken_once_it_is_here(office):
    project = submitted(office)
    answered(office, Answer.PASSED)
    with office.services.context.unit_of_work("edit_class") as work:
        work.delete(PROJECT_VERSION, project + b"\0\1")
        work.delete(PROJECT, project)
    office.engine.pull()
    with office.services.context.unit_of_work("edit_class") as work:
        work.put(PROJECT, project, {"code": CODE})
    office.engine.pull()
    assert [one.answer for one in office.services.projects.details(project).history] == [Answer.PASSED]
    before = office.services.batches.known_projects()
    office.engine.pull()
    assert office.services.batches.known_projects() == before


def test_publication_leaves_the_own_project_the_institutions(office):
    project = submitted(office)
    answered(office, Answer.PASSED)
    with writing(office.platform.engine) as connection:
        assert publish_project(connection, office.platform.clock, CODE) == "420111"
    office.engine.pull()
    item = office.services.projects.details(project).item
    assert (item.origin, item.area, item.published_on) == ("own", "420111", TODAY)


def test_an_entry_of_the_catalogue_is_kept_as_its_version(office):
    office.engine.pull()
    found = [one for one in office.services.projects.list_details() if one.item.origin == "platform"]
    assert found
    for one in found:
        assert one.versions == (one.item.version,)
        assert one.standings == ()
        assert not one.editable
    lines = {line.code: line for line in office.services.projects.catalogue()}
    assert lines.keys() == {one.item.code for one in found}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"wanted_level": "county", "affiliation": "city"}, "PROJECT_LEVEL_BELOW"),
        ({"region": "420000"}, "AFFILIATION_REGION"),
        ({"audience": "other"}, "AUDIENCE_UNKNOWN"),
        ({"signed": False}, "PROJECT_GROUNDING_MISSING"),
        ({"signed": False, "minutes": 1}, None),
        ({"submitted_on": date(2020, 12, 21)}, "SUBMISSION_IN_FUTURE"),
        ({"level": "skill9"}, "FIELD_NOT_IN_LIST"),
    ],
)
def test_the_platform_judges_a_submission(changes, code):
    key = bytes(range(16))
    values = {name: getattr(SUBMISSION, name) for name in SubmissionFields.__struct_fields__}
    found = list(submission_problems(key, SubmissionFields(**values | changes), Statement(key.hex(), TODAY)))
    assert [one.code for one in found] == ([code] if code else [])
    other = list(submission_problems(key[::-1], SUBMISSION, Statement(key.hex(), TODAY)))
    assert [one.code for one in other] == ["PROJECT_NOT_OF_REPORT"]


def test_what_was_never_reported_is_not_answered(office):
    with pytest.raises(AppError) as refused:
        answered(office, Answer.PASSED)
    assert refused.value.code == "PROJECT_UNKNOWN"
