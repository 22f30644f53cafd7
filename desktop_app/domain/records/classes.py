"""Records of 班级."""

from __future__ import annotations

from desktop_app.domain.records.base import declare

TRAINING_CLASS = declare(
    7,
    "training_class",
    """
    1 code
    2 project: project_id, catalogue_version
    3 dates: start_on, end_on
    4 advisers*
    5 state
    6 place: site_id, place
    7 organisation
    """,
)
