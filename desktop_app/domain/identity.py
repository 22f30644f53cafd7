"""Identity documents and credit codes (GB 11643-1999, GB 32100-2015).

Every check takes the day it is made: a birth date after it is no birth date. A region that no table knows is a
warning, since codes stay valid for life. Problems and warnings are AppErrors; their sentences name what was
expected, e.g. "应为 X".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.regions import region

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_EIGHTEEN = re.compile(r"\d{17}[\dX]")
_FIFTEEN = re.compile(r"\d{15}")
_FOREIGN_OLD = re.compile(r"[A-Z]{3}\d{12}")
_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{5,17}")
_FLOAT_TEXT = re.compile(r"\d(?:\.\d+)?[eE]\+?1[4-7]")
_ROUNDED = re.compile(r"\d{15}000")
_HMT_REGIONS = ("810000", "820000", "830000")
_NOISE = re.compile(r"[\s\-_'’`‘·.\u00ad\u200b\u200c\u200d\ufeff]+")
EARLIEST_BIRTH = date(1900, 1, 1)
SHORT_DIGITS = 15


class DocumentType(StrEnum):
    """Kinds of identity document, as stored."""

    RESIDENT_ID = "resident_id"
    HMT_RESIDENCE = "hmt_residence"
    FOREIGN_PERMANENT = "foreign_permanent"
    PASSPORT = "passport"


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """What a document number says; ``sex`` is GB/T 2261.1 ("1" 男, "2" 女), ``region`` six digits.

    ``normalised`` is the number as it is stored, also where there are problems.
    """

    normalised: str
    problems: tuple[AppError, ...] = ()
    warnings: tuple[AppError, ...] = ()
    birth: date | None = None
    sex: str | None = None
    region: str | None = None

    @property
    def is_valid(self) -> bool:
        """Tell whether there is no problem; warnings do not hold."""
        return not self.problems


def parse_document_type(text: str) -> DocumentType | None:
    """Return the kind that a name such as 身份证 or 护照 means, or None."""
    entry = codes.table("document_types").find(text)
    return DocumentType(entry.code) if entry else None


def document_type_name(code: str) -> str:
    """Return 居民身份证 for resident_id; an unknown code is its own name."""
    return codes.table("document_types").name(code)


def normalise_number(number: str) -> str:
    """Return a document number half-width, in capitals, without spaces, hyphens, apostrophes and dots."""
    text = unicodedata.normalize("NFKC", number).strip()
    if _FLOAT_TEXT.fullmatch(text):
        return text
    return _NOISE.sub("", text).upper().replace("Х", "X").replace("×", "X")


def guess_document_type(number: str) -> DocumentType:
    """Return the kind that the shape of a number suggests; what fits nothing is taken for an identity number."""
    text = normalise_number(number)
    if _EIGHTEEN.fullmatch(text):
        if text[:6] in _HMT_REGIONS:
            return DocumentType.HMT_RESIDENCE
        return DocumentType.FOREIGN_PERMANENT if text.startswith("9") else DocumentType.RESIDENT_ID
    if _FOREIGN_OLD.fullmatch(text):
        return DocumentType.FOREIGN_PERMANENT
    if text[:1].isalpha() and _PASSPORT.fullmatch(text):
        return DocumentType.PASSPORT
    return DocumentType.RESIDENT_ID


def is_rounded_by_spreadsheet(number: str) -> bool:
    """Tell whether a spreadsheet has turned an identity number into a number and lost its last digits.

    Such a number reads as 4.20111197e+17, or has 18 digits that end in 000 and a wrong check digit.
    """
    text = unicodedata.normalize("NFKC", number).strip()
    if _FLOAT_TEXT.fullmatch(text):
        return True
    text = text.removesuffix(".0")
    return bool(_ROUNDED.fullmatch(text)) and check_digit(text[:17]) != "0"


def check_digit(first17: str) -> str:
    """Return the 18th character for 17 digits (ISO 7064 MOD 11-2): 0-9 or X."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECK_DIGITS[total % 11]


def upgrade_15_digits(number: str) -> str:
    """Return the 18-digit number of a 15-digit one (born 19xx).

    Called only after the user has confirmed. Raises AppError ID_LENGTH where the number has not 15 digits.
    """
    text = normalise_number(number)
    if not _FIFTEEN.fullmatch(text):
        raise AppError("ID_LENGTH", length=len(text))
    first17 = f"{text[:6]}19{text[6:]}"
    return first17 + check_digit(first17)


def check_document(kind: str, number: str, today: date) -> DocumentCheck:
    """Check a document number of a kind (DocumentType or its code) on a day.

    Problems: ID_EMPTY, ID_ROUNDED, ID_CHARACTERS, ID_LENGTH, ID_15_DIGITS, ID_KIND, ID_BIRTH_DATE, ID_BIRTH_FUTURE,
    ID_CHECK_DIGIT, FOREIGN_ID_SHAPE, PASSPORT_SHAPE, DOCUMENT_TYPE_UNKNOWN.
    Warnings: ID_REGION_UNKNOWN, ID_MAYBE_ROUNDED.
    """
    text = normalise_number(number)
    if not text:
        return DocumentCheck("", (AppError("ID_EMPTY"),))
    if kind == DocumentType.PASSPORT:
        return DocumentCheck(text, () if _PASSPORT.fullmatch(text) else (AppError("PASSPORT_SHAPE"),))
    if kind == DocumentType.FOREIGN_PERMANENT:
        return _check_foreign(text, today)
    if kind not in set(DocumentType):
        return DocumentCheck(text, (AppError("DOCUMENT_TYPE_UNKNOWN", value=kind),))
    if is_rounded_by_spreadsheet(number):
        return DocumentCheck(text, (AppError("ID_ROUNDED"),))
    problem = _shape_problem(text)
    if problem:
        return DocumentCheck(text, (problem,))
    is_hmt = text[:6] in _HMT_REGIONS
    if is_hmt != (kind == DocumentType.HMT_RESIDENCE) or text.startswith("9"):
        return DocumentCheck(text, (AppError("ID_KIND", kind=document_type_name(guess_document_type(text))),))
    return _read(text, today, has_region=True)


def _shape_problem(text: str) -> AppError | None:
    if _EIGHTEEN.fullmatch(text):
        return None
    if re.search(r"[^\dX]", text) or "X" in text[:-1]:
        return AppError("ID_CHARACTERS")
    if _FIFTEEN.fullmatch(text):
        return AppError("ID_15_DIGITS", upgraded=upgrade_15_digits(text))
    return AppError("ID_LENGTH", length=len(text))


def _check_foreign(text: str, today: date) -> DocumentCheck:
    """Check both foreign permanent residence numbers: 3 letters + 12 digits, or 18 digits beginning with 9."""
    if _FOREIGN_OLD.fullmatch(text):
        birth = _date(f"{_century(text[7:9], today)}{text[7:13]}")
        problems = () if birth else (AppError("ID_BIRTH_DATE", value=text[7:13]),)
        return DocumentCheck(text, problems, birth=birth)
    if _EIGHTEEN.fullmatch(text) and text.startswith("9"):
        return _read(text, today, has_region=False)
    return DocumentCheck(text, (AppError("FOREIGN_ID_SHAPE"),))


def _century(two_digits: str, today: date) -> str:
    return "19" if int(two_digits) > today.year % 100 else "20"


def _read(text: str, today: date, *, has_region: bool) -> DocumentCheck:
    """Read an 18-digit number: date, sex digit, check digit, region."""
    problems = []
    birth = _date(text[6:14])
    if birth is None or birth < EARLIEST_BIRTH:
        problems.append(AppError("ID_BIRTH_DATE", value=text[6:14]))
    elif birth > today:
        problems.append(AppError("ID_BIRTH_FUTURE", value=birth.isoformat()))
    expected = check_digit(text[:17])
    if text[17] != expected:
        problems.append(AppError("ID_CHECK_DIGIT", expected=expected, found=text[17]))
    warnings = _region_warnings(text[:6]) if has_region else ()
    if _ROUNDED.fullmatch(text) and not problems:
        warnings += (AppError("ID_MAYBE_ROUNDED"),)
    return DocumentCheck(
        text,
        tuple(problems),
        warnings,
        birth,
        "1" if int(text[16]) % 2 else "2",
        text[:6] if has_region else None,
    )


def _region_warnings(code: str) -> tuple[AppError, ...]:
    if code in _HMT_REGIONS:
        return ()
    return () if region(code) else (AppError("ID_REGION_UNKNOWN", region=code),)


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def compare_entered(check: DocumentCheck, sex: str | None, birth: date | None) -> tuple[AppError, ...]:
    """Return SEX_DIFFERS and BIRTH_DIFFERS where what was entered contradicts the document; None is not compared."""
    found = []
    if sex and check.sex and sex != check.sex:
        names = {"entered": codes.sex_name(sex), "expected": codes.sex_name(check.sex)}
        found.append(AppError("SEX_DIFFERS", **names))
    if birth and check.birth and birth != check.birth:
        found.append(AppError("BIRTH_DIFFERS", entered=birth.isoformat(), expected=check.birth.isoformat()))
    return tuple(found)
