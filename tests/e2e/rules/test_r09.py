"""R09: the catalogue is versioned; a class keeps the version it opened on (三.2)."""

from __future__ import annotations

from tests.e2e.rules.departments import CODE, departments

CLASS = "电工2021-03班"


def test_r09_a_class_keeps_the_version_that_it_opened_on(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit()
        platform.answer("approve")
        client.run("class", "create", "--code", CLASS, "--project", CODE)
        assert client.run("project", "new-version", CODE)["version"] == 2
        client.run("project", "edit", CODE, "hours=90")
        client.run("class", "create", "--code", "电工2021-04班", "--project", CODE)
        client.run("project", "submit", CODE, "--level", "county")
        platform.report("--reason", "第二版")
        platform.answer("approve")
        client.run("class", "create", "--code", "电工2021-05班", "--project", CODE)
        kept = {code: client.run("project", "show", "--class", code) for code in CLASSES}
        assert {code: (one["version"], one["entry"]["hours"]) for code, one in kept.items()} == CLASSES
        assert platform.show()["versions"] == [1, 2]


CLASSES = {CLASS: (1, 60), "电工2021-04班": (1, 60), "电工2021-05班": (2, 90)}
