"""Training projects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from desktop_app.domain.listings.training import ProjectListItem
from desktop_app.store.queries.columns import day

_PROJECTS = """
SELECT p.id, p.code, p.name, p.trade, p.level, p.organisation, p.audience, p.hours, p.form, p.content, p.fee_fen,
       p.subsidy_fen, p.origin, p.area, p.published_on, p.version,
       (SELECT count(*) FROM training_class c WHERE c.project_id = p.id AND c.gone = 0)
FROM project p WHERE p.gone = 0
"""


def project_items(sql: Connection) -> list[ProjectListItem]:
    """Return projects by code."""
    return [_item(row) for row in sql.exec_driver_sql(f"{_PROJECTS} ORDER BY p.code, p.id")]


def project_by_code(sql: Connection, code: str) -> ProjectListItem | None:
    """Return the project of a code."""
    row = sql.exec_driver_sql(f"{_PROJECTS} AND p.code = ? ORDER BY p.id LIMIT 1", (code.strip(),)).first()
    return None if row is None else _item(row)


def _item(row: Sequence[Any]) -> ProjectListItem:
    values = list(row)
    values[14] = day(values[14])
    return ProjectListItem(*values)
