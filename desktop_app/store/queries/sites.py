"""Sites of the institution."""

from __future__ import annotations

from sqlalchemy import Connection

from desktop_app.domain.listings.training import SiteListItem
from desktop_app.store.queries.columns import codes


def site_items(sql: Connection) -> list[SiteListItem]:
    """Return the sites by name."""
    rows = sql.exec_driver_sql(
        "SELECT s.id, s.name, s.region, s.address,"
        " (SELECT count(*) FROM training_class c WHERE c.site_id = s.id AND c.gone = 0), s.shareable"
        " FROM site s WHERE s.gone = 0 ORDER BY s.name, s.id"
    )
    return [
        SiteListItem(row[0], row[1] or "", row[2] or "", row[3] or "", row[4], codes(row[5])) for row in rows
    ]
