"""R21: distinct holders by level, trade and region up to a day; 待遇 follows a certificate (五.一.4)."""

from __future__ import annotations

import openpyxl

from tests.e2e.rules.graduates import FAILED, PASSED, certified


def test_r21_holders_are_counted_once_and_treatment_follows_a_certificate(client, tmp_path):
    found = certified(client, tmp_path)
    assert client.run("talent", "count", "--until", "2020-11-19")["people"] == 0
    counted = client.run("talent", "count", "--until", "2020-11-20")
    assert (counted["people"], counted["certificates"]) == (1, 1)
    assert list(counted["by_trade"].values()) == [1]
    treat = ("talent", "treat", "--employer", "东风电气", "--measure", "技能津贴", "--date", "2020-12-01")
    nobody = (*treat, "--trainee", found.people[FAILED])
    assert client.violates("R21", *nobody, names=(FAILED, "证书")) == "TREATMENT_WITHOUT_CERTIFICATE"
    client.run(*treat, "--trainee", found.people[PASSED])
    file = tmp_path / "talent.xlsx"
    client.run("talent", "count", "--until", "2020-12-01", "--out", file)
    cells = [cell for row in openpyxl.load_workbook(file).active.iter_rows(values_only=True) for cell in row]
    assert "持证 1 人，证书 1 人次；其中待遇兑现 1 人。" in cells
