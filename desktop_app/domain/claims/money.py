"""What became of a claim: decisions per person, instalments, what is taken back; all in 分."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """全额, 核减, 不予."""

    APPROVED = "approved"
    REDUCED = "reduced"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decided:
    """A department's decision on a person; ``fen`` is what it approves, 0 for 不予."""

    decision: Decision
    fen: int
    reason: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class ClaimMoney:
    """Sums of a claim: claimed = approved + reduced + refused + undecided; ``paid`` counts before ``recovered``."""

    claimed: int = 0
    approved: int = 0
    reduced: int = 0
    refused: int = 0
    undecided: int = 0
    paid: int = 0
    recovered: int = 0

    @property
    def outstanding(self) -> int:
        """Return what is approved and not paid yet."""
        return max(0, self.approved - self.paid)


def claim_money(
    lines: Mapping[bytes, int],
    decisions: Mapping[bytes, Decided],
    payments: Iterable[tuple[bytes, int]],
    not_taken: Collection[bytes] = (),
) -> ClaimMoney:
    """Add up a claim; ``lines`` 分 claimed by person, ``payments`` (person, 分) with 追回 below zero.

    Of ``not_taken`` the platform did not take the line: refused, while no department has decided otherwise.
    A decision on somebody who is not in the claim counts nowhere.
    """
    approved = reduced = refused = undecided = 0
    for person, fen in lines.items():
        decided = decisions.get(person)
        if decided is None and person not in not_taken:
            undecided += fen
        elif decided is None or decided.decision is Decision.REFUSED:
            refused += fen
        else:
            granted = min(fen, decided.fen)
            approved += granted
            reduced += fen - granted
    amounts = [fen for person, fen in payments if person in lines]
    paid = sum(fen for fen in amounts if fen > 0)
    recovered = -sum(fen for fen in amounts if fen < 0)
    return ClaimMoney(sum(lines.values()), approved, reduced, refused, undecided, paid, recovered)


def stands_as(state: str, decided: bool, money: ClaimMoney) -> str:
    """Return where a claim stands once the department's word is read beside its own state."""
    if state != "submitted":
        return state
    if money.recovered:
        return "recovered"
    if money.paid:
        return "paid"
    return "decided" if decided else state
