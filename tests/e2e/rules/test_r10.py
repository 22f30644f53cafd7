"""R10: departments select from the published 省级 catalogue; who, 文号 and 财政资金 stand on the class (三.3)."""

from __future__ import annotations

from tests.e2e.rules.departments import CODE, departments
from tests.factories.profiles import ADMIN, LAST_DAY

CLASS = "电工2021-06班"
DOCUMENT = "鄂退役军人发〔2020〕3号"
CHOSEN = ("--department", "veterans", "--document", DOCUMENT, "--fund", "退役军人培训经费")


def test_r10_only_what_the_province_published_is_selected_with_document_and_fund(client, tmp_path):
    with departments(client, tmp_path) as platform:
        platform.submit("province", affiliation="province")
        assert platform.refused("project", "publish", CODE) == "PROJECT_NOT_PASSED"
        platform.answer("approve")
        client.run("class", "create", "--code", CLASS, "--project", CODE)
        select = ("project", "select", "--class", CLASS, "--on", LAST_DAY)
        said = client.violates("R10", *select, *CHOSEN, names=(CLASS, "省级目录"))
        assert said == "SELECTION_NOT_IN_CATALOGUE"
        assert platform.refused("project", "select", CODE, *CHOSEN) == "PROJECT_UNKNOWN"
        platform.answer("publish")
        assert platform.act("project", "select", CODE, *CHOSEN, "--on", LAST_DAY)["department"] == "veterans"
        client.run("pull", user=ADMIN)
        assert [one["department"] for one in platform.show()["selected"]] == ["veterans"]
        bare = ("--department", "veterans", "--document", " ", "--fund", " ")
        said = client.violates("R10", *select, *bare, names=(CLASS, "文号", "财政资金"))
        assert said == "SELECTION_DOCUMENT_MISSING"
        client.run(*select, *CHOSEN)
        assert platform.show()["standings"][0]["state"] == "passed", (
            "publication leaves the own project editable"
        )
        client.run("project", "new-version", CODE)
