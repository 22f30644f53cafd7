"""政策参数: what must be there before it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from desktop_app.domain.policy_parameters import Owner, PolicyParameter
from desktop_app.services.container import Services
from tests.factories.offices import Office

EXPECTED: dict[str, str] = {}
ATTEMPTS: dict[str, Callable[[Services, Office], object]] = {}
NOTHING_THERE: dict[str, set[str]] = {}
SINCE = date(2020, 11, 1)


def _withdraw(services: Services, _office: Office) -> Callable[[], object]:
    services.policies.set_value(PolicyParameter("class_size", 40, since=SINCE))
    present = PolicyParameter("class_size", None, since=SINCE, owner=Owner.INSTITUTION)
    return lambda: services.policies.withdraw(present, "误设")


PREPARED = {"withdraw_policy_value": _withdraw}
