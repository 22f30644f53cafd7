"""Records of 外来表格: how a form of a bureau or 评价组织 is filled, and the number under which it took somebody.

``rules`` is a list of one item, so that any JSON value fits (``domain/foreign_forms``). A form's key follows from
authority, title and version (``domain/ids``): two workstations that learn the same one have one record.
"""

from __future__ import annotations

from desktop_app.domain.records.base import KeyPart, declare

FOREIGN_FORM = declare(
    105,
    "foreign_form",
    """
    1 name: authority, title, version
    2 rules: signature, rules*
    3 withdrawn
    """,
)
FORM_ACCEPTANCE = declare(
    106,
    "form_acceptance",
    """
    1 acceptance: number
    """,
    key=(KeyPart("form_id"), KeyPart("class_id"), KeyPart("trainee_id")),
    parents={"form_id": "foreign_form", "class_id": "training_class", "trainee_id": "trainee"},
)
"""受理号 of a person, as the reply file states it."""
