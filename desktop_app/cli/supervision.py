"""``risk`` and ``supervision``: flags and their 处置, orders of the department and 整改回复 (六.3)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.parser import Parsers, add_command, add_noun, iso_date
from desktop_app.domain import ids
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import RECTIFICATION
from desktop_app.domain.records import BY_NUMBER
from desktop_app.domain.risk.kinds import Decision
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file


def register(commands: Parsers) -> None:
    """Add ``risk`` and ``supervision``."""
    verbs = add_noun(commands, "risk")
    listed = add_command(verbs, "list", "risk_list", _list)
    listed.add_argument("--class", dest="class_code", metavar="CODE")
    dispose = add_command(verbs, "dispose", "risk_dispose", _dispose)
    dispose.add_argument("flag", metavar="ID")
    dispose.add_argument("--decision", choices=[one.value for one in Decision], default=Decision.CLEARED)
    dispose.add_argument("--reason", default="", metavar="TEXT")
    verbs = add_noun(commands, "supervision")
    add_command(verbs, "list", "supervision_list", _events)
    reply = add_command(verbs, "reply", "supervision_reply", _reply)
    reply.add_argument("order", metavar="ID")
    reply.add_argument("--measures", required=True, metavar="TEXT")
    reply.add_argument("--responsible", required=True, metavar="TEXT")
    reply.add_argument("--date", type=iso_date, metavar="DATE")
    attach = add_command(verbs, "attach", "supervision_attach", _attach)
    attach.add_argument("order", metavar="ID")
    attach.add_argument("file", type=Path, metavar="FILE")
    paper = add_command(verbs, "paper", "supervision_paper", _paper)
    paper.add_argument("order", metavar="ID")
    paper.add_argument("--out", type=Path, required=True, metavar="FILE")


def risk_items(invocation: Invocation) -> list[dict[str, Any]]:
    """Return the flags, those of ``--class`` alone, 阻断 first, as ``list risks`` and ``risk list`` say them."""
    code = invocation.arguments.class_code
    class_id = None if code is None else invocation.services.classes.class_by_code(code).id
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "blocks": one.blocks,
            "open": one.is_open,
            "holds": one.holds,
            "class": one.class_code,
            "facts": dict(one.facts),
            "people": list(one.people),
            "evidence": [{"entity": BY_NUMBER[number].name, "key": key} for number, key in one.subjects],
            "decision": one.decision,
            "disposed_on": one.disposed_on,
            "authority": one.authority,
            "reason": one.reason,
        }
        for one in invocation.services.risks.flags(class_id)
    ]


def _list(invocation: Invocation) -> Answer:
    items = risk_items(invocation)
    blocking = sum(one["blocks"] and one["open"] for one in items)
    hints = sum(not one["blocks"] and one["open"] for one in items)
    lines = [resources.text("cli.risks_counted", blocking=blocking, hints=hints)]
    lines += [
        "\t".join((resources.text(f"risk.kind.{one['kind']}"), one["class"], one["id"].hex()))
        for one in items
    ]
    return Answer({"total": len(items), "blocking": blocking, "hints": hints, "items": items}, lines)


def _dispose(invocation: Invocation) -> Answer:
    given = invocation.arguments
    service = invocation.services.risks
    key = ids.from_text(given.flag)
    flag = next((one for one in service.flags() if one.id == key and one.holds), None)
    if flag is None:
        raise AppError("FLAG_UNKNOWN")
    act = service.dispose_block if flag.blocks else service.dispose_hint
    act(key, Decision(given.decision), given.reason)
    return Answer({"flag": key, "decision": given.decision}, [resources.text("cli.risk_disposed")])


def _events(invocation: Invocation) -> Answer:
    found = invocation.services.supervision.events()
    items = [
        asdict(one.event)
        | {"standing": one.standing.value, "reply": None if one.reply is None else asdict(one.reply)}
        for one in found
    ]
    lines = [
        "\t".join(
            (
                resources.text(f"supervision.kind.{one.event.kind.value}"),
                one.event.document,
                resources.text(f"supervision.standing.{one.standing.value}"),
                one.event.id.hex(),
            )
        )
        for one in found
    ]
    return Answer({"total": len(items), "items": items}, lines)


def _reply(invocation: Invocation) -> Answer:
    given = invocation.arguments
    key = ids.from_text(given.order)
    invocation.services.supervision.reply(key, given.measures, given.responsible, given.date)
    return Answer({"order": key}, [resources.text("cli.supervision_replied")])


def _attach(invocation: Invocation) -> Answer:
    given = invocation.arguments
    owner = Owner("supervision_event", ids.from_text(given.order))
    key = invocation.services.evidence.add(
        owner, Paper(RECTIFICATION), read_file(given.file), given.file.name
    )
    return Answer({"evidence": key}, [resources.text("cli.supervision_attached")])


def _paper(invocation: Invocation) -> Answer:
    given = invocation.arguments
    written = invocation.services.follow_up_papers.rectification(ids.from_text(given.order), given.out)
    line = resources.text("papers.written", file=written.file.name)
    return Answer({"file": str(written.file), "bytes": written.size}, [line])
