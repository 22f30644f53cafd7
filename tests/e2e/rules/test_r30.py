"""R30: hires by partners of the evaluation organisation are recorded (六.2)."""

from __future__ import annotations

from tests.e2e.rules.graduates import PASSED, examined
from tests.e2e.rules.people import CLASS


def test_r30_a_hire_is_by_a_partner_of_the_class_s_organisation(client, tmp_path):
    found = examined(client, tmp_path)
    organisation = client.run("list", "scores", "--class", CLASS)["items"][0]["organisation"]
    hire = ("guidance", "hire", *found.of(PASSED), "--employer", "东风电气", "--date", "2020-12-01")
    wrong = (*hire, "--partner-of", "别家评价公司")
    code = client.violates("R30", *wrong, names=(PASSED, CLASS, organisation, "别家评价公司"))
    assert code == "HIRE_OTHER_ORGANISATION"
    client.run(*hire, "--partner-of", organisation)
    people = client.run("guidance", "list", "--class", CLASS)["items"]
    assert [one["lacking"] for one in people] == [False, True]
