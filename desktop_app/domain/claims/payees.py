"""Who is paid (五.一.2, R19): 承训机构 that advanced the money, 企业, or 个人 who paid first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule

MAX_TEXT = 100
_CARD = (12, 19)
_LUHN_BASE = 10


class PayeeKind(StrEnum):
    """承训机构 (垫付, with 委托书), 企业, 个人 (先缴后补, with 票据)."""

    INSTITUTION = "institution"
    EMPLOYER = "employer"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Payee:
    """An account: 户名, 开户行, 账号. ``paper`` is the number of 委托书 or 票据."""

    kind: PayeeKind
    holder: str = ""
    bank: str = ""
    account: str = ""
    paper: str = ""


@rule("R19")
def check_payee(payee: Payee, whose: str, class_code: str) -> tuple[Finding, ...]:
    """Find what a payee lacks; ``whose`` is the person, or the class's code for an account of all.

    户名, 开户行, 账号 block; so do 委托书 (institution) and 票据 (person). A card number of 个人 whose check digit is
    wrong warns; 对公账户 have none.
    """
    found = [
        _finding(Severity.BLOCK, "CLAIM_PAYEE_LACKS", whose, class_code, field)
        for field in ("holder", "bank", "account")
        if not getattr(payee, field).strip()
    ]
    if payee.kind is not PayeeKind.EMPLOYER and not payee.paper.strip():
        code = "CLAIM_MANDATE_MISSING" if payee.kind is PayeeKind.INSTITUTION else "CLAIM_RECEIPT_MISSING"
        found.append(_finding(Severity.BLOCK, code, whose, class_code, "paper"))
    digits = payee.account.replace(" ", "")
    if payee.kind is PayeeKind.PERSON and digits and not _is_card(digits):
        found.append(_finding(Severity.WARN, "CLAIM_CARD_DOUBTFUL", whose, class_code, "account"))
    return tuple(found)


def _is_card(digits: str) -> bool:
    """Tell whether a personal card's length and check digit (ISO/IEC 7812) are right."""
    low, high = _CARD
    if not (digits.isascii() and digits.isdecimal() and low <= len(digits) <= high):
        return False
    total = 0
    for place, sign in enumerate(reversed(digits)):
        number = int(sign) * (2 if place % 2 else 1)
        total += number if number < _LUHN_BASE else number - 9
    return total % _LUHN_BASE == 0


def _finding(severity: Severity, code: str, whose: str, class_code: str, field: str) -> Finding:
    params: dict[str, object] = {"name": whose, "class_code": class_code}
    if code == "CLAIM_PAYEE_LACKS":
        params["field"] = _FIELDS[field]
    return Finding("R19", severity, AppError(code, **params), entity="claim", field=field)


_FIELDS = {"holder": "户名", "bank": "开户行", "account": "账号"}
