"""R27: a project carries its demand survey and the plan worked out with others, before it is submitted (六.2)."""

from __future__ import annotations

from tests.e2e.rules.departments import CODE, FIELDS, GROUND, NAME, survey
from tests.factories.profiles import ADMIN

MISSING = ("需求调研", "企业", "方案制定日期", "纪要或签字")


def test_r27_survey_and_plan_come_before_the_submission(client, tmp_path):
    client.run("project", "affiliation", "county", user=ADMIN)
    client.run("project", "create", "--code", CODE, "--name", NAME, *FIELDS)
    submit = ("project", "submit", CODE, "--level", "county")
    assert client.violates("R27", *submit, names=(CODE, *MISSING)) == "PROJECT_GROUNDING_MISSING"
    assert client.refused("project", "ground", CODE, "--planned-on", "2021-01-01") == "PLAN_IN_FUTURE"
    client.run("project", "ground", CODE, *GROUND)
    assert client.violates("R27", *submit, names=("需求调研",)) == "PROJECT_GROUNDING_MISSING"
    client.run("project", "ground", CODE, "--survey", survey(tmp_path), "--minutes", survey(tmp_path))
    client.run(*submit)
