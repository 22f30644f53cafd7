"""Numbers of organisations, phones and accounts: 统一社会信用代码 (GB 32100-2015), mobile numbers, bank cards."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from desktop_app.domain.errors import AppError

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_USCC_LENGTH = 18
_MOBILE = re.compile(r"1[3-9]\d{9}")
_ACCOUNT = re.compile(r"\d{8,32}")
_CARD_DIGITS = range(16, 20)
_SEPARATORS = re.compile(r"[\s\-—–_()（）.]+")


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """A number as it is stored, with at most one problem and one warning."""

    normalised: str
    problem: AppError | None = None
    warning: AppError | None = None

    def required(self) -> str:
        """Return the number, or raise its problem."""
        if self.problem:
            raise self.problem
        return self.normalised


def _plain(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def uscc_check_character(first17: str) -> str:
    """Return the 18th character for the first 17 of a credit code (mod 31); ValueError on a foreign character."""
    pairs = zip(_USCC_WEIGHTS, first17, strict=True)
    total = sum(weight * _USCC_ALPHABET.index(character) for weight, character in pairs)
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def check_uscc(text: str) -> NumberCheck:
    """Check a 统一社会信用代码: USCC_EMPTY, USCC_LENGTH, USCC_CHARACTER (I O Z S V do not occur), USCC_CHECK."""
    code = _plain(text)
    if not code:
        return NumberCheck("", AppError("USCC_EMPTY"))
    if len(code) != _USCC_LENGTH:
        return NumberCheck(code, AppError("USCC_LENGTH", length=len(code)))
    strange = next((character for character in code if character not in _USCC_ALPHABET), None)
    if strange:
        return NumberCheck(code, AppError("USCC_CHARACTER", character=strange))
    expected = uscc_check_character(code[:17])
    if code[17] != expected:
        return NumberCheck(code, AppError("USCC_CHECK", expected=expected, found=code[17]))
    return NumberCheck(code)


def check_mobile(text: str) -> NumberCheck:
    """Check a mobile number: 1[3-9] and nine digits; +86 and separators are dropped. Problem: PHONE_INVALID."""
    number = _plain(text)
    if number.startswith(("+86", "0086", "86")) and len(number) > 11:  # noqa: PLR2004 - digits of a mobile
        number = number.removeprefix("+").removeprefix("00").removeprefix("86")
    if _MOBILE.fullmatch(number):
        return NumberCheck(number)
    return NumberCheck(number, AppError("PHONE_INVALID", value=number[:20]))


def check_account(text: str, *, personal: bool = True) -> NumberCheck:
    """Check a bank account: ACCOUNT_INVALID where it is no number; a failed Luhn digit of a personal card warns.

    Luhn is never applied to 对公账户.
    """
    number = _plain(text)
    if not _ACCOUNT.fullmatch(number):
        return NumberCheck(number, AppError("ACCOUNT_INVALID"))
    if personal and (len(number) not in _CARD_DIGITS or not luhn_holds(number)):
        return NumberCheck(number, warning=AppError("CARD_CHECK"))
    return NumberCheck(number)


def luhn_holds(digits: str) -> bool:
    """Tell whether the last digit fits (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 - digit sum of a two-digit number
    return total % 10 == 0
