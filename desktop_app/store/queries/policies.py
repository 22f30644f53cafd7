"""政策参数 and the 1+X 试点 table as the store has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.pilots import Pilot, PilotTable
from desktop_app.domain.policy_definitions import definition_or_none
from desktop_app.domain.policy_parameters import Owner, PolicyBook, PolicyParameter
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
