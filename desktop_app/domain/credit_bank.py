"""学分银行 (五.一.3, R20): a certificate goes once to each bank, with consent and the person's account; conversions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain.certificates import HELD
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule


class Bank(StrEnum):
    """职业教育国家学分银行, 湖北省终身学习学分银行."""

    NATIONAL = "national"
    HUBEI = "hubei"


@dataclass(frozen=True, slots=True)
class Deposit:
    """What a person asks for: the bank, the own account there, the day of the consent (None = not given)."""

    bank: Bank
    account: str
    consent_on: date | None


@dataclass(frozen=True, slots=True)
class Conversion:
    """学分转换: the course that the certificate replaces, the school that grants it; ``tenths`` of a credit."""

    course: str
    school: str
    granted_on: date
    tenths: int


@rule("R20")
def check_deposit(
    name: str, class_code: str, deposit: Deposit, *, state: str, already: bool, today: date
) -> tuple[Finding, ...]:
    """Block a deposit without consent or account, of a certificate that nobody holds, or the second to one bank.

    Codes CREDIT_CONSENT, CREDIT_ACCOUNT, CREDIT_NO_CERTIFICATE, CREDIT_TWICE.
    """
    causes = []
    if deposit.consent_on is None or deposit.consent_on > today:
        causes.append("CREDIT_CONSENT")
    if not deposit.account.strip():
        causes.append("CREDIT_ACCOUNT")
    if state not in HELD:
        causes.append("CREDIT_NO_CERTIFICATE")
    if already:
        causes.append("CREDIT_TWICE")
    return tuple(
        Finding("R20", Severity.BLOCK, AppError(code, name=name, class_code=class_code)) for code in causes
    )


@rule("R20")
def check_conversion(name: str, class_code: str, conversion: Conversion, today: date) -> tuple[Finding, ...]:
    """A conversion names course and school, is above 0 credits and on a day that has come; CREDIT_CONVERSION."""
    whole = conversion.course.strip() and conversion.school.strip() and conversion.tenths > 0
    if whole and conversion.granted_on <= today:
        return ()
    error = AppError("CREDIT_CONVERSION", name=name, class_code=class_code)
    return (Finding("R20", Severity.BLOCK, error),)
