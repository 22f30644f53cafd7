"""``list journal`` and ``list conflicts``."""

from __future__ import annotations

from dataclasses import asdict

from desktop_app.cli.invocation import Invocation
from desktop_app.cli.lists import Items, Lister


def _journal(invocation: Invocation) -> Items:
    return [asdict(item) for item in invocation.services.history.list_journal()]


def _conflicts(invocation: Invocation) -> Items:
    return [
        {
            "id": item.id,
            "entity": item.entity,
            "key": item.key,
            "group": item.group,
            "label": item.label,
            "values": [
                {"value": value, "user": user, "device": device, "at": at}
                for value, user, device, at in item.values
            ],
        }
        for item in invocation.services.history.list_conflicts()
    ]


LISTS = {
    "journal": Lister(_journal, ("at", "user", "command", "subject", "records", "reason")),
    "conflicts": Lister(_conflicts, ("id", "entity", "label", "values")),
}
