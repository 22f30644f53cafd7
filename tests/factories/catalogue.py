"""A project of the province's catalogue, as the platform's pages bring it."""

from __future__ import annotations

from desktop_app.domain.records import PROJECT
from desktop_app.services.context import Context


def publish_project(
    context: Context, code: str = "WH-DG-01", trade: str = "电工", *, area: str = "420000"
) -> bytes:
    """Store a published project and return its key."""
    key = context.new_id()
    fields = {
        "code": code,
        "name": f"{trade}（五级）",
        "trade": trade,
        "level": "skill5",
        "organisation": "湖北江城技能评价中心",
        "audience": "key_group,employee,student",
        "hours": 60,
        "origin": "platform",
        "area": area,
        "published_on": "2020-10-01",
        "version": 1,
    }
    with context.workstation.unit_of_work("platform") as work:
        work.put(PROJECT, key, fields)
    return key
