"""R17: 在校学生 pay nothing for training and certificate; what they cost is booked with its source (五.一.1)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, PERSON, enrolled


def test_r17_a_student_is_charged_nothing_but_what_a_document_allows(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("school=江城职业技术学院")
    client.run(*person.choose("student", "--reason", "在校"))
    charge = ("student", "charge", *person.words)
    names = (PERSON, CLASS, "100.00")
    fee = (*charge, "--kind", "training", "--fen", "10000", "--document", "校发〔2020〕1号")
    assert client.violates("R17", *fee, names=names) == "STUDENT_FEE"
    exam = (*charge, "--kind", "certificate", "--fen", "10000")
    assert client.violates("R17", *exam, names=names) == "STUDENT_FEE"
    book = (*charge, "--kind", "materials", "--fen", "10000")
    assert client.violates("R17", *book, names=names) == "STUDENT_CHARGE_DOCUMENT"
    client.run(*book, "--document", "鄂价费〔2020〕1号")
    cost = ("student", "cost", *person.words, "--kind", "examination", "--fen", "30000")
    assert client.violates("R17", *cost, names=(PERSON, CLASS)) == "STUDENT_COST_SOURCE"
    client.run(*cost, "--source", "tuition")
    listed = client.run("student", "list", "--class", CLASS)["items"]
    assert sorted((one["is_charge"], one["fen"], one["source"]) for one in listed) == [
        (False, 30_000, "tuition"),
        (True, 10_000, ""),
    ]
