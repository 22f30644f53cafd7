"""Fills 培训协议 and 学员承诺书 from a class."""

from __future__ import annotations

from collections.abc import Sequence

import resources
from desktop_app.domain import codes, turnout
from desktop_app.domain.listings.training import ClassListItem, MemberListItem, SessionListItem
from desktop_app.domain.papers import PaperHead
from desktop_app.domain.papers.signed import AGREEMENT, Agreements, Commitments, SignedSheets, Signer

_LEFT = frozenset({"withdrawn", "transferred"})


def signed(
    kind: str,
    head: PaperHead,
    item: ClassListItem,
    members: Sequence[MemberListItem],
    sessions: Sequence[SessionListItem],
) -> SignedSheets:
    """Return the pages of those who are in a class; a 在校学生 is charged nothing (五.一.1)."""
    people = tuple(
        Signer(
            one.number or place,
            one.name,
            one.document_number,
            one.phone,
            codes.category_name(one.category) if one.category else "",
        )
        for place, one in enumerate(members, 1)
        if one.state not in _LEFT
    )
    students = bool(members) and all(one.category == "student" for one in members)
    made = Agreements if kind == AGREEMENT else Commitments
    return made(
        head,
        people,
        hours=turnout.planned_hours(sessions),
        place=item.place or item.site_name or "",
        organisation=item.organisation or "",
        fee=resources.text("papers.signed.free") if students else "",
    )
