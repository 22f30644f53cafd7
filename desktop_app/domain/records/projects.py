"""Records of 培训项目."""

from __future__ import annotations

from desktop_app.domain.records.base import declare

PROJECT = declare(
    6,
    "project",
    """
    1 identity: code, name
    2 certificate: trade, level, organisation
    3 audience
    4 plan: hours, form, content
    5 money: fee_fen, subsidy_fen
    6 publication: origin, area, published_on, version
    """,
)
