"""R15: a certificate only for a pass, its number once per kind and issuer, void ones included (四.3)."""

from __future__ import annotations

from tests.e2e.rules.graduates import FAILED, NUMBER, OTHER, PASSED, examined
from tests.e2e.rules.people import CLASS


def test_r15_only_who_passed_gets_a_certificate(client, tmp_path):
    found = examined(client, tmp_path)
    code = client.violates("R15", *found.issue(FAILED), names=(FAILED, CLASS, "没有合格"))
    assert code == "CERTIFICATE_NOT_PASSED_BY"
    other_law = found.issue(PASSED, NUMBER, "--kind", "special_operation")
    assert client.violates("R15", *other_law, names=(PASSED, CLASS)) == "CERTIFICATE_OTHER_LAW"
    assert client.warned("R15", *found.issue(PASSED, "12345")) == ["CERTIFICATE_SHAPE"]
    client.run("undo")
    assert client.warned("R15", *found.issue(PASSED)) == []


def test_r15_a_number_is_not_used_again_after_it_was_void(client, tmp_path):
    found = examined(client, tmp_path)
    assert client.run("certificate", "prepare", "--class", CLASS)["prepared"] == 1
    key = client.run(*found.issue(PASSED))["certificate"]
    assert client.refused(*found.issue(PASSED)) == "WRONG_STEP"
    client.run("certificate", "hand-over", key, "--proxy", "钱父")
    assert client.refused("certificate", "hand-over", key) == "WRONG_STEP"
    assert client.refused("certificate", "void", key) == "REASON_MISSING"
    stands = ("--number", NUMBER, "--date", "2020-11-28", "--reason", "遗失")
    new = client.run("certificate", "reissue", key, *stands)["certificate"]
    client.run("certificate", "void", new, "--reason", "冒领")
    states = [one["state"] for one in client.run("list", "certificates", "--class", CLASS)["items"]]
    assert states == ["replaced", "void"]
    assert (
        client.violates("R15", *found.issue(PASSED), names=(PASSED, CLASS, NUMBER)) == "CERTIFICATE_TAKEN_BY"
    )
    client.run(*found.issue(PASSED, OTHER))
