"""What people are shown of claims beyond one of them: all of a class, what waits for whom, how a 公示 would begin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from desktop_app.domain import claims
from desktop_app.domain.claims import Notice
from desktop_app.domain.claims.keys import CHANNELS
from desktop_app.domain.listings.claims import ClaimItem, ClaimWaiting, ClassClaims
from desktop_app.domain.monday import SOON_DAYS
from desktop_app.services.claim_facts import masked_claim, notice_terms, sheet_of
from desktop_app.store.database import Connection
from desktop_app.store.queries import claims as queries
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries.enrolment import class_region
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.repositories.accounts import institution

COMMAND_OF = {
    "check": "approve_claim",
    "publish": "publish_claim",
    "submit": "submit_claim",
    "not_taken": "remove_from_claim",
    "due": "draft_claim",
}
"""Whose turn it is with what waits: those who may run the command."""
MONTHS = "claim_months"
OVERDUE_DAYS = 30
"""Days after its last day for which a claim that nobody made is still told of."""
_MONTH_SLACK = 5
"""Days by which the ends of months may differ."""
LONGEST_NOTICE = 60
"""Days after which no end of a 公示 is proposed any more."""


def class_claims(sql: Connection, class_id: bytes, chosen: bytes | None, today: date) -> ClassClaims:
    """Return the claims of a class, one of them with its people: the chosen one, else the newest."""
    items = queries.claim_items(sql, class_id=class_id)
    shown = next((one for one in items if one.key == chosen), None) or newest_of(items)
    members = class_queries.member_items(sql, class_id)
    usual = Counter(one.channel for one in members if one.channel in CHANNELS).most_common(1)
    return ClassClaims(
        tuple(masked_claim(one) for one in items),
        None if shown is None else sheet_of(sql, shown.key, today),
        usual[0][0] if usual and usual[0][0] else "",
    )


def newest_of(items: list[ClaimItem]) -> ClaimItem | None:
    """Return the newest claim, None where there is none."""
    return max(items, key=lambda one: (one.period, one.made_on, one.key), default=None)


def claims_waiting(sql: Connection, may: Callable[[str], bool], today: date) -> list[ClaimWaiting]:
    """Return the claims whose next step is that of somebody who ``may``: review, 公示, 申报, a person to take out."""
    found = [one for one in queries.claims_waiting(sql, today) if may(COMMAND_OF[one.kind])]
    if may(COMMAND_OF["due"]):
        found += claims_due(sql, today, today - timedelta(days=OVERDUE_DAYS))
    return found


def claims_due(sql: Connection, today: date, first: date) -> list[ClaimWaiting]:
    """Return the classes whose people must be claimed for between ``first`` and 30 days from now (R35), soonest first.

    The time runs from the certificate: ``claim_months`` as of today, by region and channel.
    """
    book, until = policy_book(sql), today + timedelta(days=SOON_DAYS)
    spans = {one.number() for one in book.all_of(MONTHS) if one.value}
    if not spans:
        return []
    oldest = claims.months_after(first, -max(spans)) - timedelta(days=_MONTH_SLACK)
    newest = claims.months_after(until, -min(spans)) + timedelta(days=_MONTH_SLACK)
    found: dict[tuple[bytes, date], ClaimWaiting] = {}
    for one in queries.unclaimed(sql, oldest, newest):
        region = class_region(sql, one.class_id)
        months = book.get(MONTHS, today, region=region, channel=one.channel).number()
        due_on = claims.months_after(one.issued_on, months)
        if months and first <= due_on <= until:
            known = found.get((one.class_id, due_on))
            people = one.people + (0 if known is None else known.people)
            found[one.class_id, due_on] = ClaimWaiting(
                "due", b"", one.class_id, one.class_code, due_on, 0, people
            )
    return sorted(found.values(), key=lambda one: (one.since, one.class_code))


def proposed_notice(sql: Connection, item: ClaimItem, today: date) -> Notice:
    """Return a 公示 from today for as long as it must be, with publisher, place and telephone of the one before."""
    former = [one for one in queries.claim_items(sql) if one.notice is not None and one.key != item.key]
    known = max(former, key=lambda one: one.made_on, default=None)
    before = None if known is None else known.notice
    terms = notice_terms(sql, item, today)
    return Notice(
        institution(sql).name if before is None else before.publisher,
        "" if before is None else before.place,
        today,
        terms.shortest_end(today, LONGEST_NOTICE),
        "" if before is None else before.phone,
    )
