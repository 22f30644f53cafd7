"""``list trainees`` and ``list devices``."""

from __future__ import annotations

from typing import Any

from desktop_app.cli.invocation import Invocation
from desktop_app.cli.lists import Items, Lister
from desktop_app.domain.listings.people import TraineeListItem
from desktop_app.domain.listings.training import MemberListItem

TRAINEE_COLUMNS = ("id", "name", "document_number", "phone", "category", "classes")


def trainee_item(item: TraineeListItem) -> dict[str, Any]:
    """Return a trainee for the list, masked."""
    return {
        "id": item.id,
        "name": item.name,
        "document_type": item.document_type,
        "document_number": item.document_number,
        "sex": item.sex,
        "birth": item.birth,
        "ethnicity": item.ethnicity,
        "education": item.education,
        "studying": item.studying,
        "phone": item.phone,
        "category": item.category,
        "key_group": item.key_group,
        "classes": item.classes,
    }


def _member_item(item: MemberListItem, code: str) -> dict[str, Any]:
    return {
        "id": item.trainee_id,
        "number": item.number,
        "name": item.name,
        "document_type": item.document_type,
        "document_number": item.document_number,
        "sex": item.sex,
        "birth": item.birth,
        "ethnicity": item.ethnicity,
        "education": item.education,
        "studying": item.studying,
        "phone": item.phone,
        "category": item.category,
        "key_group": item.key_group,
        "enrolled_on": item.enrolled_on,
        "evidence_kind": item.evidence_kind,
        "employer": item.employer,
        "post": item.post,
        "student_number": item.student_number,
        "major": item.major,
        "state": item.state,
        "classes": [code],
    }


def _trainees(invocation: Invocation) -> Items:
    """All visible trainees; of one class by number, with what their enrolment says."""
    code = invocation.arguments.class_code
    if code is None:
        return [trainee_item(item) for item in invocation.services.trainees.list_trainees()]
    training_class = invocation.services.classes.class_by_code(code)
    members = invocation.services.classes.list_members(training_class.id)
    return [_member_item(item, training_class.code) for item in members]


def _devices(invocation: Invocation) -> Items:
    return [
        {"id": item.id, "name": item.name, "revoked": item.revoked, "own": item.own}
        for item in invocation.services.accounts.list_devices()
    ]


LISTS = {
    "trainees": Lister(_trainees, TRAINEE_COLUMNS),
    "devices": Lister(_devices, ("id", "name", "revoked", "own")),
}
