"""Certificates: kinds, the shape of their numbers, and what stands in the way of an issue (R15).

A number is unique per kind and issuer and never reused, not even after 作废. 特种作业操作证 is another law's
certificate and stands beside the others so that nobody enters it as a 职业技能等级证书.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import CERTIFICATE
from desktop_app.domain.rules import Finding, Severity, rule

_LEVEL = re.compile(r"[A-Z]\d{21}")
_ONE_X = re.compile(r"[A-Z0-9]{12,30}")
_NOISE = re.compile(r"[\s_\-—–]+")
MAX_NUMBER = 40


class CertificateKind(StrEnum):
    """职业技能等级证书, 1+X 证书, 职业资格证书, 培训合格证书, 特种作业操作证."""

    LEVEL = "level"
    ONE_X = "one_x"
    QUALIFICATION = "qualification"
    COMPLETION = "completion"
    SPECIAL_OPERATION = "special_operation"


class CertificateState(StrEnum):
    """待发 → 已发 → 领取; replaced by a further issue (更正, 补发); 作废."""

    PENDING = "pending"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    REPLACED = "replaced"
    VOID = "void"


HELD = frozenset({CertificateState.ISSUED, CertificateState.HANDED_OVER})
"""States in which a person holds the certificate."""


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """A certificate number as it is stored."""

    normalised: str
    problem: AppError | None = None
    warning: AppError | None = None


def normalise_number(text: str) -> str:
    """Return a number half-width, in capitals, without spaces and dashes."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_number(text: str, kind: str = CertificateKind.LEVEL) -> NumberCheck:
    """Check a certificate number.

    Problems: CERTIFICATE_EMPTY, CERTIFICATE_TOO_LONG.
    Warnings: CERTIFICATE_SHAPE where a 职业技能等级 number is not one
    letter and 21 digits, ONE_X_SHAPE where a 1+X number is not 12 to 30 letters and digits.
    """
    number = normalise_number(text)
    if not number:
        return NumberCheck("", AppError("CERTIFICATE_EMPTY"))
    if len(number) > MAX_NUMBER:
        return NumberCheck(number, AppError("CERTIFICATE_TOO_LONG", limit=MAX_NUMBER))
    if kind == CertificateKind.LEVEL and not _LEVEL.fullmatch(number):
        return NumberCheck(number, warning=AppError("CERTIFICATE_SHAPE", value=number, length=len(number)))
    if kind == CertificateKind.ONE_X and not _ONE_X.fullmatch(number):
        return NumberCheck(number, warning=AppError("ONE_X_SHAPE", value=number))
    return NumberCheck(number)


@rule("R15")
def check_issue(
    name: str,
    class_code: str,
    *,
    passed: bool,
    kind: str,
    issuer: str | None,
    number: str,
    taken_by: str | None,
    key: bytes = b"",
) -> tuple[Finding, ...]:
    """发证 (四.3): only for a pass, by the evaluation organisation, its number not in use, void ones included.

    ``taken_by`` names who has the number already. Blocks with CERTIFICATE_NOT_PASSED_BY, CERTIFICATE_TAKEN_BY,
    CERTIFICATE_OTHER_LAW (特种作业操作证 is another law's); warns with CERTIFICATE_WITHOUT_ISSUER,
    and of a number as ``check_number`` does.
    """
    causes = []
    if not passed:
        causes.append(
            (Severity.BLOCK, AppError("CERTIFICATE_NOT_PASSED_BY", name=name, class_code=class_code))
        )
    if kind == CertificateKind.SPECIAL_OPERATION:
        causes.append((Severity.BLOCK, AppError("CERTIFICATE_OTHER_LAW", name=name, class_code=class_code)))
    if taken_by is not None:
        error = AppError(
            "CERTIFICATE_TAKEN_BY", name=name, class_code=class_code, value=number, other=taken_by
        )
        causes.append((Severity.BLOCK, error))
    if not (issuer or "").strip():
        causes.append(
            (Severity.WARN, AppError("CERTIFICATE_WITHOUT_ISSUER", name=name, class_code=class_code))
        )
    odd = check_number(number, kind).warning
    if odd is not None:
        causes.append((Severity.WARN, odd))
    return tuple(Finding("R15", severity, error, CERTIFICATE.name, key) for severity, error in causes)
