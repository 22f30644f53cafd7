"""政策参数 and 试点: the administrator's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from desktop_app.services.container import Services
from tests.factories.offices import Office

EXPECTED = {
    "carry_policy_values": "admin",
    "set_policy_value": "admin",
    "withdraw_policy_value": "admin",
    "take_policy_file": "admin",
    "take_pilots": "admin",
}
NOTHING_THERE = {
    "carry_policy_values": {"NEW_YEAR_NO_VALUES"},
    "withdraw_policy_value": {"POLICY_VALUE_UNKNOWN"},
}
SINCE = date(2021, 1, 1)
SET = PolicyParameter("class_size", 40, since=SINCE)
OWN = PolicyParameter("class_size", None, since=SINCE, owner=Owner.INSTITUTION)
POLICY_FILE = '{"from": "2021-01-01", "parameters": [{"code": "class_size", "value": 40}]}'
PILOT_FILE = "院校名称,证书名称,级别,批次\n湖北江城职业技术学院,新能源汽车,中级,第三批\n"


def _file(office: Office, name: str, text: str) -> Path:
    path = office.profile.files.folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _withdraw(services: Services, _office: Office) -> Callable[[], object]:
    services.policies.set_value(SET)
    return lambda: services.policies.withdraw(OWN, "误设")


def _carry(services: Services, _office: Office) -> Callable[[], object]:
    services.policies.set_value(replace(SET, since=date(2020, 1, 1), until=date(2020, 12, 31)))
    return lambda: services.policies.carry(2021)


ATTEMPTS = {
    "carry_policy_values": lambda s, o: s.policies.carry(2021),
    "set_policy_value": lambda s, o: s.policies.set_value(SET),
    "withdraw_policy_value": lambda s, o: s.policies.withdraw(OWN, "误设"),
    "take_policy_file": lambda s, o: s.policies.take_file(_file(o, "policy.json", POLICY_FILE)),
    "take_pilots": lambda s, o: s.policies.take_pilots(_file(o, "pilots.csv", PILOT_FILE)),
}
PREPARED = {"carry_policy_values": _carry, "withdraw_policy_value": _withdraw}
