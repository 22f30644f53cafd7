"""The lines above the people of a claim."""

from __future__ import annotations

from desktop_app.domain.listings.claims import ClaimSheet
from desktop_app.domain.money import capital, format_fen
from ui.i18n import tr
from ui.messages import describe
from ui.pages.claims.table_model import channel_text
from ui.wording import day_text

_LATER = frozenset({"CLAIM_NOT_REVIEWED", "CLAIM_NO_NOTICE"})
"""What the state and the next step say already."""


def facts_of(sheet: ClaimSheet) -> list[str]:
    """Return the lines on top: where the claim stands, its money, payee, 公示, and what holds it back as a whole."""
    item, money = sheet.item, sheet.item.money
    lines = [
        " · ".join(
            (
                channel_text(item.channel),
                tr(f"state.claim.{item.state}"),
                tr("claims.fact.made", day=day_text(item.made_on, weekday=False)),
                tr("claims.fact.people", count=item.people),
                tr("claims.fact.claimed", amount=format_fen(money.claimed), capital=capital(money.claimed)),
            )
        )
    ]
    if item.state in {"decided", "paid", "recovered"}:
        cut = money.reduced + money.refused
        lines.append(
            tr("claims.fact.money", approved=format_fen(money.approved), cut=format_fen(cut),
               paid=format_fen(money.paid), recovered=format_fen(money.recovered))
        )  # fmt: skip
    payee = item.payee
    named = " ".join(part for part in (payee.holder, payee.bank, payee.account) if part) or "—"
    lines.append(tr("claims.fact.payee", kind=tr(f"claims.payee.{payee.kind}"), named=named))
    if item.notice is not None:
        days = (day_text(item.notice.first, weekday=False), day_text(item.notice.last, weekday=False))
        lines.append(tr("claims.fact.notice", first=days[0], last=days[1], place=item.notice.place))
    if item.reviewer:
        key = "claims.fact.solo" if item.solo else "claims.fact.reviewed"
        lines.append(tr(key, name=item.reviewer, day=day_text(item.reviewed_on, weekday=False)))
    if item.stored != "submitted":
        lines += [f"△ {describe(one.error).text}" for one in sheet.causes if one.error.code not in _LATER]
    return lines
