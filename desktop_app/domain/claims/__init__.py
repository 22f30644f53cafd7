"""补贴: what a claim needs, what it is worth, who is paid, and what became of it (五.一, 六.3; R17–R19, R35)."""

from __future__ import annotations

from desktop_app.domain.claims.amounts import Standard, amount_of, share_of, standard_for
from desktop_app.domain.claims.money import ClaimMoney, Decided, Decision, claim_money, stands_as
from desktop_app.domain.claims.pack import Pack, PackItem, Per, numbers_text, pack_on, read_packs
from desktop_app.domain.claims.payees import Payee, PayeeKind, check_payee
from desktop_app.domain.claims.process import Notice, NoticeTerms, Progress, check_notice, check_progress
from desktop_app.domain.claims.readiness import Claimant, Terms, check_claimant, months_after
from desktop_app.domain.claims.students import (
    ChargeKind,
    CostSource,
    GrantBase,
    GrantFact,
    check_charge,
    check_cost,
    grant_base,
)

__all__ = [
    "ChargeKind",
    "ClaimMoney",
    "Claimant",
    "CostSource",
    "Decided",
    "Decision",
    "GrantBase",
    "GrantFact",
    "Notice",
    "NoticeTerms",
    "Pack",
    "PackItem",
    "Payee",
    "PayeeKind",
    "Per",
    "Progress",
    "Standard",
    "Terms",
    "amount_of",
    "check_charge",
    "check_claimant",
    "check_cost",
    "check_notice",
    "check_payee",
    "check_progress",
    "claim_money",
    "grant_base",
    "months_after",
    "numbers_text",
    "pack_on",
    "read_packs",
    "share_of",
    "standard_for",
    "stands_as",
]
