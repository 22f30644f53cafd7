"""R08: any of the nine catalogue fields that is empty blocks the submission, each named (三.2)."""

from __future__ import annotations

import pytest

from tests.e2e.rules.departments import CODE, departments
from tests.factories.profiles import ADMIN

FIELDS = {
    "audience": "培训对象",
    "institution": "承训机构名称",
    "content": "培训内容",
    "form": "培训形式",
    "hours": "培训时长",
    "schedule": "班次时间",
    "organisation": "证书",
    "fee_fen": "费用",
    "subsidy_fen": "补贴",
}


def test_r08_every_empty_field_of_the_catalogue_is_named(client, tmp_path):
    with departments(client, tmp_path) as platform:
        client.run("project", "affiliation", "county", user=ADMIN)
        platform.draft(*(f"{name}=" for name in FIELDS))
        submit = ("project", "submit", CODE, "--level", "county")
        assert client.violates("R08", *submit, names=(CODE, *FIELDS.values())) == "CATALOGUE_FIELD_EMPTY"
        client.run("project", "edit", CODE, *("fee_fen=0", "subsidy_fen=0", "audience=employee", "hours=60"))
        client.run(
            "project", "edit", CODE, "institution=湖北江城职业技术学院", "content=安全用电", "form=面授"
        )
        client.run("project", "edit", CODE, "organisation=湖北楚才职业技能评价中心")
        assert client.violates("R08", *submit, names=("班次时间",)) == "CATALOGUE_FIELD_EMPTY"
        client.run("project", "edit", CODE, "schedule=每周六、周日")
        client.run(*submit)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("hours=-1", "NUMBER_WANTED"),
        ("fee_fen=-5", "NUMBER_WANTED"),
        ("hours=2001", "PROJECT_NUMBER_RANGE"),
        ("audience=everyone", "AUDIENCE_UNKNOWN"),
        ("level=skill9", "LEVEL_UNKNOWN"),
        ("colour=red", "FIELD_UNKNOWN"),
    ],
)
def test_r08_bad_input_is_refused_and_nothing_changes(client, tmp_path, field, code):
    client.run("project", "create", "--code", CODE, "--name", "电工")
    before = client.run("state-hash", user=ADMIN)
    assert client.refused("project", "edit", CODE, field) == code
    assert client.run("state-hash", user=ADMIN) == before
