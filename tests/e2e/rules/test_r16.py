"""R16: whoever is 未就业 at completion had at least one service (四.4)."""

from __future__ import annotations

from tests.e2e.rules.graduates import FAILED, PASSED, examined, run_through
from tests.e2e.rules.people import CLASS

DONE = "2020-12-01"


def test_r16_each_unemployed_person_has_a_service(client, tmp_path):
    found = examined(client, tmp_path)
    assert client.run("guidance", "list", "--class", CLASS)["lacking"] == 2
    record = ("guidance", "record", *found.of(PASSED), "--kind", "career")
    too_late = (*record, "--date", "2020-12-02")
    assert client.violates("R16", *too_late, names=(PASSED, CLASS, "2020-12-02")) == "GUIDANCE_DATE"
    client.run(*record, "--date", "2020-12-01", "--provider", "organisation", "--note", "推荐电气岗位")
    people = client.run("guidance", "list", "--class", CLASS)["items"]
    assert [one["name"] for one in people if one["lacking"]] == [FAILED]


def test_r16_a_class_that_is_completed_names_who_had_none(client, tmp_path):
    found = examined(client, tmp_path)
    run_through(client)
    client.run("guidance", "record", *found.of(PASSED), "--kind", "career", "--date", "2020-12-01")
    answer = client.run("class", "complete", CLASS, "--on", DONE)
    (told,) = [one for one in answer["warnings"] if one["rule"] == "R16"]
    assert told["code"] == "GUIDANCE_LACKING"
    assert FAILED in told["message"]
    assert CLASS in told["message"]
    client.run("undo")
    client.run("guidance", "record", *found.of(FAILED), "--kind", "career", "--date", "2020-12-01")
    assert client.warned("R16", "class", "complete", CLASS, "--on", DONE) == []
