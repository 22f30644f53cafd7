"""R05: an institution drafts its own projects; both audiences need both approvals, separately (三.1)."""

from __future__ import annotations

from tests.e2e.rules.departments import CODE, departments

BOTH = ("audience=key_group,student",)


def test_r05_a_class_waits_until_each_track_has_passed(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit(fields=BOTH)
        assert platform.refused("project", "approve", CODE) == "PROJECT_TRACK_WANTED"
        platform.answer("approve", "--track", "labour")
        create = ("class", "create", "--code", "电工2021-01班", "--project", CODE)
        said = client.violates("R05", *create, names=(CODE, "教育部门"))
        assert said == "PROJECT_TRACK_PENDING"
        platform.answer("approve", "--track", "education")
        assert client.warned("R05", *create) == []
        assert [one["state"] for one in platform.show()["standings"]] == ["passed", "passed"]
