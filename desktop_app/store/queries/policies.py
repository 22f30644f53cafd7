"""政策参数 and the 1+X 试点 table as the store has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection

from desktop_app.domain.listings.policies import PolicyHistoryItem, PolicyListItem, ValueState
from desktop_app.domain.pilots import Pilot, PilotTable
from desktop_app.domain.policy_definitions import (
    definition,
    definition_or_none,
    definitions,
    families,
    family_of,
    plain_text,
)
from desktop_app.domain.policy_parameters import Owner, PolicyBook, PolicyParameter, shipped
from desktop_app.store.journal import JournalStore
from desktop_app.store.queries.columns import day

_VALUES = (
    "SELECT parameter, value, document, region, channel, since, until, owner FROM policy_value WHERE gone = 0"
)
_PILOTS = "SELECT school, certificate, level, batch, owner, published_on, document FROM pilot WHERE gone = 0"


def policy_book(sql: Connection) -> PolicyBook:
    """Return the values that govern acts: edited and pulled ones, withdrawn ones left out, shipped ones included.

    Ask it as of the day of the act: ``policy_book(work.sql).get("class_size", class_.start_on, region=…)``.
    """
    rows = sql.exec_driver_sql(f"{_VALUES} AND coalesce(withdrawn, 0) = 0 ORDER BY id")
    return PolicyBook(tuple(_parameter(row) for row in rows))


def pilot_table(sql: Connection) -> PilotTable:
    """Return the published 院校 × 证书 × 级别 × 批次, withdrawn rows left out (R01)."""
    rows = sql.exec_driver_sql(f"{_PILOTS} AND coalesce(withdrawn, 0) = 0 ORDER BY id")
    return PilotTable(
        tuple(
            Pilot(
                school=row[0] or "",
                certificate=row[1] or "",
                level=row[2],
                batch=row[3] or "",
                owner=Owner(row[4] or Owner.INSTITUTION),
                published_on=day(row[5]),
                document=row[6],
            )
            for row in rows
        )
    )


def _parameter(row: Sequence[Any]) -> PolicyParameter:
    defined = definition_or_none(row[0])
    return PolicyParameter(
        code=row[0],
        value=json.loads(row[1])[0] if row[1] else None,
        unit=defined.unit if defined else "",
        name=defined.name if defined else row[0],
        document=row[2],
        region=row[3],
        channel=row[4],
        since=day(row[5]),
        until=day(row[6]),
        owner=Owner(row[7] or Owner.INSTITUTION),
    )


def policy_items(book: PolicyBook, on: date) -> list[PolicyListItem]:
    """Return, by area and parameter, the value that holds on a day for each region and channel, or the next to come."""
    order = {one.code: number for number, one in enumerate((*definitions(), *families()))}
    areas = list(dict.fromkeys(one.area for one in (*definitions(), *families())))
    places: dict[tuple[str, str | None, str | None], list[PolicyParameter]] = {}
    for one in (*shipped(), *book.records):
        places.setdefault((one.code, one.region, one.channel), []).append(one)
    items: list[PolicyListItem] = []
    for (code, region, channel), values in places.items():
        defined = definition_or_none(code)
        if defined is None:
            continue
        later = [one for one in values if _state(book, one, on) is ValueState.COMING]
        governing = [one for one in values if _state(book, one, on) is ValueState.GOVERNS]
        shown = governing or later or [max(values, key=lambda one: (one.owner, one.since or date.min))]
        key = "|".join((code, region or "", channel or ""))
        text = plain_text(defined, shown[0].value)
        rest = len(later) - (shown[0] in later)
        items.append(PolicyListItem(key, defined.area, shown[0], text, _state(book, shown[0], on), rest))
    items.sort(
        key=lambda item: (
            areas.index(item.area),
            order.get(item.parameter.code, order.get(family_of(item.parameter.code), 0)),
            item.key,
        )
    )
    return items


def policy_history(sql: Connection, code: str, on: date) -> list[PolicyHistoryItem]:
    """Return every value of a parameter, withdrawn ones too, the latest first day first; shipped ones last."""
    book = policy_book(sql)
    defined = definition(code)
    journal = JournalStore(sql)
    users: dict[bytes, str] = dict(sql.exec_driver_sql("SELECT id, coalesce(display, login) FROM user").all())
    rows = sql.exec_driver_sql(
        f"{_VALUES.replace('SELECT ', 'SELECT base, later, withdrawn, ')} AND parameter = ?", (code,)
    ).all()
    items: list[PolicyHistoryItem] = []
    for row in rows:
        value = _parameter(row[3:])
        header, note, _ = journal.changes(max([row[0], *_written_later(row[1])]))
        state = ValueState.WITHDRAWN if row[2] else _state(book, value, on)
        at = datetime.fromtimestamp(header.stamp.ms / 1000, UTC)
        text = plain_text(defined, value.value)
        items.append(PolicyHistoryItem(value, text, state, users.get(header.user, ""), at, note.reason or ""))
    items.sort(key=lambda item: (item.parameter.since or date.min, item.parameter.owner), reverse=True)
    shipped_ones = [one for one in shipped() if one.code == code]
    return items + [
        PolicyHistoryItem(one, plain_text(defined, one.value), _state(book, one, on)) for one in shipped_ones
    ]


def _written_later(packed: bytes | None) -> list[int]:
    return list(msgspec.msgpack.decode(packed, type=dict[int, int]).values()) if packed else []


def _state(book: PolicyBook, value: PolicyParameter, on: date) -> ValueState:
    if value.since is not None and value.since > on:
        return ValueState.COMING
    if value.until is not None and value.until < on:
        return ValueState.ENDED
    governing = book.find(value.code, on, region=value.region, channel=value.channel)
    return ValueState.GOVERNS if governing == value else ValueState.OVERRULED
