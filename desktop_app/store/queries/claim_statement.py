"""补贴申报 as it is reported: claims that were submitted, with their people."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from desktop_app.domain import turnout
from desktop_app.store import aliases
from desktop_app.store.queries import attendance as attendance_queries
from desktop_app.store.queries import claims as queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries.policies import policy_book

SUBMITTED = "submitted"


def reported_claims(sql: Connection, class_id: bytes) -> Iterator[tuple[str, bytes, dict[str, object]]]:
    """Yield kind, key and fields of the submitted claims of a class and of their people."""
    items = [one for one in queries.claim_items(sql, class_id=class_id) if one.stored == SUBMITTED]
    if not items:
        return
    members = class_queries.member_items(sql, class_id)
    sessions = class_queries.session_items(sql, class_id=class_id)
    marks = attendance_queries.marks(sql, class_id)
    twins = aliases.twins_of(sql, class_id)
    for item in items:
        if item.state_on is None or item.reviewed_on is None or item.notice is None:
            continue
        yield (
            "claim",
            item.key,
            {
                "channel": item.channel,
                "made_on": item.made_on.isoformat(),
                "submitted_on": item.state_on.isoformat(),
                "reviewed_on": item.reviewed_on.isoformat(),
                "notice_from": item.notice.first.isoformat(),
                "notice_until": item.notice.last.isoformat(),
                "payee_kind": item.payee.kind.value,
                "department": item.department or None,
                "solo": item.solo,
                **_account(item.payee),
            },
        )
        rules = turnout.rules_on(policy_book(sql), item.made_on)
        counts = turnout.count_members(sessions, members, marks, item.state_on, rules)
        for person, line in sorted(queries.claim_lines(sql, item.key).items()):
            count = counts.get(twins.get(person, person))
            yield (
                "claim_line",
                item.key + twins.get(person, person),
                {
                    "group": line.chosen_group,
                    "fen": line.fen,
                    "standard_fen": line.standard_fen,
                    "planned_hours": 0 if count is None else count.planned,
                    "attended_hours": 0 if count is None else count.attended,
                    "certified": line.certified,
                    "document": line.document or None,
                    **_account(line.payee),
                },
            )


def _account(payee: object) -> dict[str, object]:
    return {name: getattr(payee, name) or None for name in ("holder", "bank", "account", "paper")}
