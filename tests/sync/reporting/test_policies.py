"""政策参数 from the department to an office: published as a signed file, pulled, before the institution's own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.pilots import Standing, pilots
from desktop_app.domain.policy_changes import Effect
from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from desktop_app.store.queries import policies
from sync.platform.database import writing
from sync.platform.policies import publish_file

DAY = date(2021, 3, 1)
CONTENT = {
    "document": "鄂人社〔2021〕3号",
    "from": "2021-03-01",
    "parameters": [
        {"code": "class_size", "value": 40},
        {"code": "standard:电工:skill5", "value": {"hours": 80, "content": ["安全用电"]}},
    ],
    "pilots": [{"school": "江城学院", "certificate": "新能源汽车", "level": "x2", "batch": "第三批"}],
}


def publish(office, tmp_path: Path, content: object) -> dict[str, int]:
    file = tmp_path / "policy.json"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    with writing(office.platform.engine) as connection:
        return publish_file(connection, office.platform.clock, file)


def test_what_the_platform_publishes_goes_before_the_institutions(office, tmp_path):
    service = office.services.policies
    own = PolicyParameter("class_size", 45, since=DAY)
    assert service.set_value(own).effect is Effect.ADVISES
    assert publish(office, tmp_path, CONTENT) == {"values": 2, "pilots": 1}
    assert office.engine.pull() == 1
    found = service.book().get("class_size", DAY)
    assert (found.value, found.owner, found.document) == (40, Owner.PLATFORM, "鄂人社〔2021〕3号")
    assert found.blocks
    assert service.book().get("class_size", date(2021, 2, 28)).value == 50
    assert service.effect(own).effect is Effect.OVERRULED
    with office.services.context.read() as sql:
        table = policies.pilot_table(sql)
    assert pilots(table, "江城学院", "新能源汽车", "x2", DAY).pilot.owner is Owner.PLATFORM
    assert pilots(table, "江城学院", "新能源汽车", "x3", DAY).standing is Standing.NOT_LISTED


def test_the_same_file_again_publishes_nothing_and_a_correction_replaces(office, tmp_path):
    publish(office, tmp_path, CONTENT)
    office.engine.pull()
    assert publish(office, tmp_path, CONTENT) == {"values": 0, "pilots": 0}
    assert office.engine.pull() == 0
    ended = {"from": "2021-03-01", "parameters": [{"code": "class_size", "value": 40, "until": "2021-03-31"}]}
    assert publish(office, tmp_path, ended) == {"values": 1, "pilots": 0}
    office.engine.pull()
    book = office.services.policies.book()
    assert [book.get("class_size", day).value for day in (DAY, date(2021, 3, 31), date(2021, 4, 1))] == [
        40,
        40,
        50,
    ]


def test_a_file_with_a_wrong_row_is_not_published(office, tmp_path):
    wrong = {
        "from": "2021-03-01",
        "parameters": [{"code": "class_size", "value": 40}, {"code": "colour", "value": 1}],
    }
    with pytest.raises(AppError) as refused:
        publish(office, tmp_path, wrong)
    assert (refused.value.code, refused.value.params["row"]) == ("POLICY_FILE_ROW", 2)
    assert office.engine.pull() == 0


def test_the_platforms_value_is_never_the_institutions_to_withdraw(office, tmp_path):
    publish(office, tmp_path, CONTENT)
    office.engine.pull()
    theirs = office.services.policies.book().get("class_size", DAY)
    with pytest.raises(AppError) as refused:
        office.services.policies.withdraw(theirs, "不适用")
    assert refused.value.code == "POLICY_VALUE_NOT_OURS"
    assert office.services.policies.book().get("class_size", DAY) == theirs
