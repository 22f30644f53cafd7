"""What one person's training is worth: the standard table as of a date, else the catalogue's 补贴; integer 分."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.policy_parameters import PolicyBook

TABLE = "subsidy_amounts"
SHARE = "completion_share"
WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Standard:
    """分 for one person with a certificate, and the document that says so ("" where none does)."""

    fen: int
    document: str = ""


def standard_for(
    book: PolicyBook,
    on: date,
    trade: str,
    level: str,
    *,
    region: str | None = None,
    channel: str | None = None,
    catalogue_fen: int = 0,
) -> Standard | None:
    """Return the standard of a trade and level (code) on a day; None where nothing fixes one.

    The table's rows are ``{"trade", "level", "fen"}``; without a fitting row the 补贴 of the catalogue entry holds
    (三.2). A row without a trade holds for every trade of its level.
    """
    found = book.find(TABLE, on, region=region, channel=channel)
    rows = found.value if found is not None and isinstance(found.value, list) else []
    for wanted in (trade.strip(), ""):
        for row in rows:
            fen = row.get("fen")
            fits = str(row.get("trade", "")).strip() == wanted and row.get("level") == level
            if fits and isinstance(fen, int) and not isinstance(fen, bool) and fen > 0:
                return Standard(fen, (found.document or "") if found is not None else "")
    return Standard(catalogue_fen) if catalogue_fen > 0 else None


def share_of(book: PolicyBook, on: date, *, region: str | None = None, channel: str | None = None) -> int:
    """Return what a bare 培训合格证书 is paid of the standard, in 万分比; 0 where nothing is fixed."""
    found = book.find(SHARE, on, region=region, channel=channel)
    return 0 if found is None else found.number()


def amount_of(standard: Standard | None, *, certified: bool, share: int = 0) -> int:
    """Return the 分 of a person: the standard with a certificate, its share without one, rounded down to 分."""
    if standard is None:
        return 0
    return standard.fen if certified else standard.fen * share // WHOLE
