"""R19: who is paid: 承训机构 with 委托书, 企业, or 个人 who paid first, with 票据 (五.一.2)."""

from __future__ import annotations

from tests.e2e.rules.claims import CHANNEL, PAYEE, drafted
from tests.e2e.rules.graduates import PASSED
from tests.e2e.rules.people import CLASS


def test_r19_a_payee_is_complete_before_the_claim_goes(client, tmp_path):
    found = drafted(client, tmp_path)
    without_mandate = ("claim", "payee", *CHANNEL, *PAYEE[:-2])
    assert client.warned("R19", *without_mandate) == ["CLAIM_MANDATE_MISSING"]
    assert (
        client.violates("R19", "claim", "review", *CHANNEL, names=(CLASS, "委托书"))
        == "CLAIM_MANDATE_MISSING"
    )
    client.run("claim", "payee", *CHANNEL, "--kind", "person")
    assert (
        client.violates("R19", "claim", "review", *CHANNEL, names=(PASSED, CLASS, "账号"))
        == "CLAIM_PAYEE_LACKS"
    )
    own = ("--trainee", found.people[PASSED], "--holder", PASSED, "--bank", "农行", "--paper", "票据1")
    doubtful = client.warned("R19", "claim", "payee", *CHANNEL, *own, "--account", "6222020000000000008")
    assert doubtful == ["CLAIM_CARD_DOUBTFUL"]
    client.run("claim", "payee", *CHANNEL, *own, "--account", "4539578763621486")
    shown = str(client.run("claim", "show", *CHANNEL))
    assert "************1486" in shown
    assert "4539578763621486" not in shown
    assert client.run("claim", "review", *CHANNEL)["state"] == "checking"
