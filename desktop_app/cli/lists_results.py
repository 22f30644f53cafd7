"""``list scores``, ``list certificates`` and ``list claims``."""

from __future__ import annotations

from typing import Any

from desktop_app.cli.claims import told
from desktop_app.cli.invocation import Invocation
from desktop_app.cli.lists import Items, Lister, chosen_classes
from desktop_app.domain.assessments import Score
from desktop_app.domain.ids import numbered


def _scores(invocation: Invocation) -> Items:
    """One item a person and assessment; scores in tenths of a point."""
    service = invocation.services.assessments
    found: Items = []
    for one in chosen_classes(invocation):
        for assessment in service.list_assessments(one.id):
            found += [
                {
                    "class": one.code,
                    "assessment": assessment.id,
                    "kind": assessment.kind,
                    "held_on": assessment.held_on,
                    "organisation": assessment.organisation,
                    "locked": assessment.locked,
                    "trainee": row.trainee_id,
                    "number": row.number,
                    "name": row.name,
                    "ticket": row.ticket,
                    "scores": {code.value: _score(score) for code, score in row.scores.items()},
                    "total": row.total,
                    "conclusion": row.conclusion.value,
                    "candidate": row.candidate,
                    "resit_of": assessment.resit_of,
                }
                for row in service.sheet(assessment.id).rows
            ]
    return found


def _score(score: Score) -> dict[str, Any]:
    return {"state": score.state.value, "value": score.value}


def _certificates(invocation: Invocation) -> Items:
    code = invocation.arguments.class_code
    class_id = None if code is None else invocation.services.classes.class_by_code(code).id
    return [
        {
            "id": numbered(item.assessment_id + item.trainee_id, item.issue),
            "class": item.class_code,
            "assessment": item.assessment_id,
            "trainee": item.trainee_id,
            "issue": item.issue,
            "person_number": item.person_number,
            "name": item.name,
            "document_number": item.document_number,
            "number": item.number,
            "kind": item.kind,
            "issued_on": item.issued_on,
            "issuer": item.issuer,
            "state": item.state,
            "trade": item.trade,
            "level": item.level,
        }
        for item in invocation.services.certificates.list_certificates(class_id)
    ]


def _claims(invocation: Invocation) -> Items:
    """One item a claim, its money in 分."""
    code = invocation.arguments.class_code
    class_id = None if code is None else invocation.services.classes.class_by_code(code).id
    return [told(one) | {"class": one.class_code} for one in invocation.services.claims.items(class_id)]


LISTS = {
    "scores": Lister(_scores, ("class", "kind", "number", "name", "ticket", "scores", "conclusion")),
    "claims": Lister(_claims, ("class", "channel", "state", "people")),
    "certificates": Lister(_certificates, ("class", "person_number", "name", "number", "issued_on", "state")),
}
