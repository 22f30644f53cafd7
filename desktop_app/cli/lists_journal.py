"""``list journal``, ``list conflicts`` and ``list worklist``."""

from __future__ import annotations

from dataclasses import asdict

from desktop_app.cli.invocation import Invocation
from desktop_app.cli.lists import Items, Lister
from desktop_app.domain import masking

_MASKS = {"phone": masking.mask_phone, "address": masking.mask_address}


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
                {"value": _masked(item.group, value), "user": user, "device": device, "at": at}
                for value, user, device, at in item.values
            ],
        }
        for item in invocation.services.history.list_conflicts()
    ]


def _masked(group: str, value: object) -> object:
    """Return a value as lists show it: documents, phones and addresses masked."""
    if isinstance(value, str):
        return _MASKS[group](value) if group in _MASKS else value
    if group == "document" and isinstance(value, list):
        return [value[0], *(masking.mask_document(str(one)) for one in value[1:])]
    return value


def _work(invocation: Invocation) -> Items:
    return [asdict(item) for item in invocation.services.work_list.list_work()]


LISTS = {
    "journal": Lister(_journal, ("at", "user", "command", "subject", "records", "reason")),
    "conflicts": Lister(_conflicts, ("id", "entity", "label", "values")),
    "worklist": Lister(_work, ("id", "kind", "subject", "detail", "writings")),
}
