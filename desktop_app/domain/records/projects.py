"""Records of 培训项目: the project, its catalogue versions, the answers to it, and its selection for a class."""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

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
    7 schedule
    8 institution
    9 submission: submission, submitted_on, wanted_level, affiliation, region, withdrawn
    10 grounding: enterprise, planned_on, signed, survey_files*, minutes_files*
    """,
)
PROJECT_VERSION = declare(
    30,
    "project_version",
    """
    1 entry*
    """,
    key=(KeyPart("project_id"), KeyPart("version", 2)),
    parents={"project_id": "project"},
)
PROJECT_ANSWER = declare(
    31,
    "project_answer",
    """
    1 origin: project_id, track, submission, level
    2 answer: area, answer, answered_on, reason, document
    """,
    parents={"project_id": "project"},
)
CLASS_SELECTION = declare(
    32,
    "class_selection",
    """
    1 selection: department, document, fund, selected_on
    """,
    key=(KeyPart("class_id"),),
    parents={"class_id": "training_class"},
)
PROJECT_SELECTION = declare(
    33,
    "project_selection",
    """
    1 origin: project_id, department
    2 selection: document, fund, selected_on
    """,
    parents={"project_id": "project"},
)
