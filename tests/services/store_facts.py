"""What tests ask of a real store: digests, the journal's length, the code of a refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.journal import JournalListItem
from desktop_app.store.queries.journal import journal_items
from desktop_app.store.state_hash import value_hash
from tests.factories.offices import Office


def values(office: Office) -> str:
    """Return the digest of what users see."""
    context = office.profile.context
    assert context is not None
    with context.read() as sql:
        return value_hash(sql).digest


def ask(office: Office, query: str, *parameters: object) -> object:
    """Return the single value of a query."""
    context = office.profile.context
    assert context is not None
    with context.read() as sql:
        return sql.exec_driver_sql(query, parameters).scalar_one()


def entries(office: Office) -> int:
    """Return the length of the journal."""
    found = ask(office, "SELECT count(*) FROM journal_entry")
    assert isinstance(found, int)
    return found


def newest(office: Office) -> JournalListItem:
    """Return the newest command of the journal."""
    context = office.profile.context
    assert context is not None
    with context.read() as sql:
        return journal_items(sql, 1)[0]


def refusal(act: Callable[..., object], *given: object) -> str:
    """Run what must be refused; return the error's code."""
    with pytest.raises(AppError) as refused:
        act(*given)
    return refused.value.code
