"""Accounts: who leaves hands the classes over; an inspector's account ends by itself."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from tests.factories.offices import PASSWORD


def refused(act, *given, **named):
    with pytest.raises(AppError) as caught:
        act(*given, **named)
    return caught.value.code


def test_an_adviser_who_leaves_needs_a_successor(office):
    services = office.as_role(Role.ADMIN)
    assert refused(services.accounts.disable, "adviser") == "SUCCESSOR_NEEDED"
    assert refused(services.accounts.disable, "adviser", "adviser") == "SUCCESSOR_SAME"
    assert refused(services.accounts.disable, "adviser", "auditor") == "SUCCESSOR_ROLE"
    assert refused(services.accounts.disable, "adviser", "nobody") == "USER_UNKNOWN"
    assert not next(item for item in services.accounts.list_users() if item.login == "adviser").disabled


def test_the_classes_go_to_the_successor_and_the_name_stays(office):
    services = office.as_role(Role.ADMIN)
    assert services.accounts.disable("adviser", "office") == 1
    one = next(item for item in services.accounts.list_users() if item.login == "adviser")
    assert (one.disabled, one.has_slot) == (True, False)
    with services.context.read() as sql:
        row = sql.exec_driver_sql(
            "SELECT advisers FROM training_class WHERE id = ?", (office.class_id,)
        ).one()
    heir = next(item for item in services.accounts.list_users() if item.login == "office")
    today = services.context.today().isoformat()
    assert [(who == heir.id.hex(), last) for who, _, last in json.loads(row[0])] == [
        (False, today),
        (True, None),
    ]
    assert refused(office.profile.log_in, "adviser", PASSWORD) == "LOGIN_WRONG"


def test_an_inspector_comes_in_until_the_last_day(office):
    services = office.as_role(Role.ADMIN)
    today = services.context.today()
    assert (
        refused(services.accounts.add_user, "early", "检查", [Role.AUDITOR], PASSWORD, until=date(2019, 1, 1))
        == "ACCOUNT_ENDS_BEFORE"
    )
    services.accounts.add_user("inspector", "检查", [Role.AUDITOR], PASSWORD, until=today)
    assert office.profile.log_in("inspector", PASSWORD).actor.user.until == today
    office.profile.clock.moment += timedelta(days=1)
    assert refused(office.profile.log_in, "inspector", PASSWORD) == "ACCOUNT_ENDED"
