"""外来表格 that were learned, and the 受理号 that came back."""

from __future__ import annotations

import json

from sqlalchemy import Connection

from desktop_app.domain.foreign_forms import read_rules
from desktop_app.domain.listings.forms import FormItem

_FORMS = """
SELECT id, authority, title, version, signature, rules FROM foreign_form
WHERE gone = 0 AND rules IS NOT NULL AND withdrawn IS NOT 1 ORDER BY authority, title, version, id
"""


def form_items(sql: Connection) -> list[FormItem]:
    """Return the forms by authority, title and version."""
    return [
        FormItem(
            row[0], row[1] or "", row[2] or "", row[3] or "", row[4] or "", read_rules(json.loads(row[5])[0])
        )
        for row in sql.exec_driver_sql(_FORMS)
    ]


def acceptances(sql: Connection, class_id: bytes) -> dict[bytes, str]:
    """Return by person of a class the newest 受理号."""
    rows = sql.exec_driver_sql(
        "SELECT trainee_id, number FROM form_acceptance WHERE class_id = ? AND gone = 0 AND number IS NOT NULL"
        " ORDER BY base",
        (class_id,),
    )
    return {row[0]: row[1] for row in rows}
