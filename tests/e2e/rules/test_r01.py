"""R01: 在校学生 only where the 学籍院校 pilots the certificate (二.1)."""

from __future__ import annotations

from tests.e2e.rules.people import CLASS, PERSON, enrolled
from tests.factories.profiles import ADMIN


def test_r01_a_student_trains_where_the_school_pilots_the_certificate(client, tmp_path):
    person = enrolled(client, tmp_path)
    person.facts("school=江城职业学院")
    assert client.warned("R01", *person.choose("student")) == ["PILOT_UNKNOWN"]
    client.run("undo")
    pilots = tmp_path / "pilots.csv"
    pilots.write_text("院校,证书,级别,批次\n峡江学院,电工,五级,第一批\n", encoding="utf-8")
    client.run("pilot", "import", pilots, user=ADMIN)
    code = client.violates("R01", *person.choose("student"), names=(PERSON, CLASS, "江城职业学院", "电工"))
    assert code == "SCHOOL_NOT_PILOT"
    person.facts("school=峡江学院")
    assert client.warned("R01", *person.choose("student")) == []
