"""R03: an employee has an employer with its credit code; a missing one warns, at import too (二.3)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, PERSON, USCC, enrolled
from tests.factories.pictures import jpeg


def test_r03_an_employee_names_the_employer_and_its_code(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("employed=yes", "employer=东风电气")
    answer = client.run(*person.choose("employee"))
    told = [one for one in answer["warnings"] if one["code"] == "EMPLOYER_USCC_MISSING"]
    assert told[0]["rule"] == "R03"
    assert all(name in told[0]["message"] for name in (PERSON, CLASS, "东风电气"))
    person.facts(f"employer_uscc={USCC}")
    assert "EMPLOYER_USCC_MISSING" not in client.warned("R03", *person.choose("employee"))


def test_r03_a_roster_of_employees_without_codes_warns(client, tmp_path):
    file = tmp_path / "roster.csv"
    file.write_text(
        "姓名,身份证号,人员类别,工作单位\n钱进,420106199001011039,企业在岗职工,东风电气\n", encoding="utf-8"
    )
    found = client.run("import", "roster", file, "--class", CLASS)
    assert "EMPLOYER_CODE_MISSING" in {one["code"] for one in found["problems"]}


def test_r03_an_employee_without_contract_or_insurance_is_warned_of(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("employed=yes", "employer=东风电气", f"employer_uscc={USCC}")
    answer = client.run(*person.choose("employee"))
    (told,) = [one for one in answer["warnings"] if one["rule"] == "R03"]
    assert told["code"] == "EVIDENCE_NO_SCAN"
    assert all(name in told["message"] for name in (PERSON, CLASS, "劳动合同"))
    scan = tmp_path / "合同.jpg"
    scan.write_bytes(jpeg("合同"))
    client.run("evidence", "add", scan, "--kind", "labour_contract", *person.words)
    assert client.warned("R03", *person.choose("employee")) == []
