"""``list reports`` and ``list batches``."""

from __future__ import annotations

from desktop_app.cli.invocation import Invocation
from desktop_app.cli.lists import Items, Lister
from desktop_app.cli.reporting import engine


def _reports(invocation: Invocation) -> Items:
    """One item a report (kind × class)."""
    code = invocation.arguments.class_code
    return [
        {
            "kind": item.kind,
            "class": item.class_code,
            "state": item.state,
            "version": item.version,
            "records": item.records,
            "changed": item.changed,
            "rejected": item.rejected,
            "problems": item.problems,
        }
        for item in engine(invocation).list_reports()
        if code is None or item.class_code == code
    ]


def _batches(invocation: Invocation) -> Items:
    """One item a batch, newest first."""
    return [
        {
            "id": item.id,
            "state": item.state,
            "sealed_at": item.sealed_at,
            "sealed_by": item.sealed_by,
            "reports": [
                {"kind": kind, "class": code, "version": version} for kind, code, version in item.reports
            ],
            "records": item.records,
            "pages": item.pages,
            "accepted": item.accepted,
            "rejected": item.rejected,
        }
        for item in engine(invocation).list_batches()
    ]


LISTS = {
    "reports": Lister(_reports, ("class", "kind", "state", "version", "records", "changed", "rejected")),
    "batches": Lister(_batches, ("sealed_at", "state", "records", "accepted", "rejected", "id")),
}
