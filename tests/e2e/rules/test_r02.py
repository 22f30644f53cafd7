"""R02: each group has its papers; missing ones warn at enrolment and do not stop it (二.2)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, PERSON, enrolled
from tests.factories.pictures import jpeg


def test_r02_a_group_needs_its_paper_and_the_enrolment_goes_on(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("groups=veteran")
    answer = client.run(*person.choose("veteran"))
    told = [one for one in answer["warnings"] if one["rule"] == "R02"]
    assert [one["code"] for one in told] == ["EVIDENCE_NO_SCAN"]
    assert all(name in told[0]["message"] for name in (PERSON, CLASS, "退役"))
    scan = tmp_path / "退役证.jpg"
    scan.write_bytes(jpeg("退役证"))
    client.run("evidence", "add", scan, "--kind", "veteran", *person.words, "--number", "鄂退2020001")
    assert client.warned("R02", *person.choose("veteran")) == []
