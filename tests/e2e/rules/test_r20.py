"""R20: with consent and account, a certificate goes once to each credit bank (五.一.3)."""

from __future__ import annotations

from openpyxl import load_workbook

from tests.e2e.rules.graduates import FAILED, NUMBER, PASSED, certified
from tests.e2e.rules.people import CLASS


def test_r20_a_deposit_needs_consent_and_goes_once_to_a_bank(client, tmp_path):
    found = certified(client, tmp_path)
    deposit = ("credit", "deposit", *found.of(PASSED), "--bank", "hubei", "--account", "=HB2020001")
    assert client.violates("R20", *deposit, names=(PASSED, CLASS, "同意")) == "CREDIT_CONSENT"
    agreed = (*deposit, "--consent", "2020-11-30")
    client.run(*agreed)
    assert client.violates("R20", *agreed, names=(PASSED, CLASS, "已经存入")) == "CREDIT_TWICE"
    stranger = ("credit", "deposit", *found.of(FAILED), "--bank", "hubei", "--account", "HB2")
    assert client.refused(*stranger, "--consent", "2020-11-30") == "CERTIFICATE_UNKNOWN"
    out = tmp_path / "hubei.xlsx"
    assert client.run("credit", "export", "--bank", "hubei", "--out", out)["certificates"] == 1
    cells = [cell.value for cell in list(load_workbook(out).active.iter_rows())[1]]
    assert cells[:3] == [PASSED, "420106199001011039", "=HB2020001"]
    assert NUMBER in cells
    assert client.refused("credit", "export", "--bank", "hubei", "--out", out) == "CREDIT_NOTHING"
    convert = ("credit", "convert", *found.of(PASSED), "--course", "电工基础", "--school", "江城职业学院")
    assert client.violates("R20", *convert, "--tenths", "0", names=(PASSED, CLASS)) == "CREDIT_CONVERSION"
    client.run(*convert, "--tenths", "20")
    assert [one["course"] for one in client.run("credit", "list")["conversions"]] == ["电工基础"]
