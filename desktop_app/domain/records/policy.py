"""Records of 政策参数 and of the 1+X 试点 table; their keys follow from what they are about (``domain/ids``).

``owner`` is a number of ``policy_parameters.Owner``; ``value`` a list of one item, so that any JSON value fits.
"""

from __future__ import annotations

from desktop_app.domain.records.base import declare

POLICY_VALUE = declare(
    20,
    "policy_value",
    """
    1 place: parameter, region, channel, since, owner
    2 terms: value*, document, until
    3 withdrawn
    """,
)
PILOT = declare(
    21,
    "pilot",
    """
    1 place: school, certificate, level, batch, owner
    2 terms: published_on, document
    3 withdrawn
    """,
)
