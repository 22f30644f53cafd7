"""Trainees: the record, and the one check of a person's fields for forms and for import.

What is wrong stops the row; a warning does not. Age is judged on the enrolment date, apart from the person's fields.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from desktop_app.domain import codes
from desktop_app.domain.credit_codes import check_mobile
from desktop_app.domain.errors import AppError
from desktop_app.domain.identity import (
    DocumentCheck,
    check_document,
    compare_entered,
    guess_document_type,
    parse_document_type,
)
from desktop_app.domain.names import check_name
from desktop_app.domain.regions import find_region
from desktop_app.domain.retirement import age_on, retirement_date

MAX_ADDRESS = 200
_DATE = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")
_NO_LOWER_LIMIT = {"school_leaver"}
LOWER_AGE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class TraineeFields:
    """A person's fields as they are stored; codes are GB/T 2261.1, 3304, 4658 and 2260, None = not known.

    ``document_type`` is a DocumentType code; ``studying`` = 在读 for ``education``.
    """

    name: str
    document_type: str
    document_number: str
    sex: str | None = None
    birth: date | None = None
    ethnicity: str | None = None
    education: str | None = None
    studying: bool = False
    phone: str | None = None
    address: str | None = None
    household_region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainee(TraineeFields):
    """学员: the fields with their 16-byte key."""

    id: bytes


@dataclass(frozen=True, slots=True)
class Normalised:
    """One value that was put right; ``changes`` as in NameCheck for names."""

    field: str
    before: str
    after: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraineeCheck:
    """What came of a person's fields.

    ``values`` is what would be stored (wrong fields as typed), ``problems`` maps a field to what is wrong, ``warnings``
    are (field, error) pairs.
    """

    values: TraineeFields
    problems: Mapping[str, AppError] = field(default_factory=dict)
    warnings: tuple[tuple[str, AppError], ...] = ()
    normalised: tuple[Normalised, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Tell whether nothing is wrong; warnings do not hold."""
        return not self.problems


class _Reading:
    """Collects problems, warnings and corrections while the fields of one person are read."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields
        self.problems: dict[str, AppError] = {}
        self.warnings: list[tuple[str, AppError]] = []
        self.normalised: list[Normalised] = []

    def text(self, name: str) -> str:
        return (self._fields.get(name) or "").strip()

    def raw(self, name: str) -> str:
        return self._fields.get(name) or ""

    def problem(self, name: str, error: AppError | None) -> None:
        if error is not None:
            self.problems.setdefault(name, error)

    def warn(self, name: str, *errors: AppError) -> None:
        self.warnings.extend((name, error) for error in errors)

    def changed(self, name: str, after: str, changes: tuple[str, ...] = ()) -> None:
        if after != self.raw(name):
            self.normalised.append(Normalised(name, self.raw(name), after, changes))


def check_trainee(fields: Mapping[str, str], today: date) -> TraineeCheck:
    """Check a person's fields as typed or as a roster's cells say them.

    Keys as in TraineeFields, values text (missing = blank); ``document_type`` blank is guessed from the number,
    ``education`` takes 大专在读, sex and birth are taken from the identity number where blank. Problems per field:
    NAME_*, ID_*, PASSPORT_SHAPE, FOREIGN_ID_SHAPE, DOCUMENT_TYPE_UNKNOWN, SEX_UNKNOWN, SEX_DIFFERS, BIRTH_INVALID,
    BIRTH_DIFFERS, ETHNICITY_UNKNOWN, EDUCATION_UNKNOWN, PHONE_INVALID, ADDRESS_TOO_LONG, REGION_UNKNOWN.
    """
    reading = _Reading(fields)
    name = check_name(reading.raw("name"))
    reading.problem("name", name.problem)
    if name.warning:
        reading.warn("name", name.warning)
    reading.changed("name", name.value, name.changes)
    kind, document = _document(reading, today)
    sex, birth = _sex_and_birth(reading, document, today)
    education = _education(reading)
    values = TraineeFields(
        name=name.value,
        document_type=kind,
        document_number=document.normalised,
        sex=sex,
        birth=birth,
        ethnicity=_ethnicity(reading),
        education=education.code if education else None,
        studying=education is not None and education.studying,
        phone=_phone(reading),
        address=_address(reading),
        household_region=_household(reading),
    )
    return TraineeCheck(values, reading.problems, tuple(reading.warnings), tuple(reading.normalised))


def _document(reading: _Reading, today: date) -> tuple[str, DocumentCheck]:
    typed = reading.text("document_type")
    number = reading.raw("document_number")
    known = parse_document_type(typed) if typed else guess_document_type(number)
    if known is None:
        reading.problem("document_type", AppError("DOCUMENT_TYPE_UNKNOWN", value=typed[:20]))
    kind = known or guess_document_type(number)
    check = check_document(kind, number, today)
    reading.problem("document_number", check.problems[0] if check.problems else None)
    reading.warn("document_number", *check.warnings)
    reading.changed("document_number", check.normalised)
    return kind, check


def _sex_and_birth(reading: _Reading, document: DocumentCheck, today: date) -> tuple[str | None, date | None]:
    sex = codes.parse_sex(reading.text("sex"))
    if sex is None and reading.text("sex"):
        reading.problem("sex", AppError("SEX_UNKNOWN", value=reading.text("sex")[:20]))
    birth = parse_birth(reading.text("birth"))
    if reading.text("birth") and (birth is None or birth > today):
        reading.problem("birth", AppError("BIRTH_INVALID", value=reading.text("birth")[:20]))
    if document.is_valid:
        for error in compare_entered(document, sex, birth):
            reading.problem("sex" if error.code == "SEX_DIFFERS" else "birth", error)
        sex, birth = sex or document.sex, birth or document.birth
    return sex, birth


def parse_birth(text: str) -> date | None:
    """Return the date of 1990-01-31, 1990.1.31, 1990年1月31日 or 19900131, else None."""
    match = _DATE.fullmatch(unicodedata.normalize("NFKC", text).strip().removesuffix(" 00:00:00"))
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _ethnicity(reading: _Reading) -> str | None:
    text = reading.text("ethnicity")
    code = codes.parse_ethnicity(text)
    if code is None and text:
        reading.problem("ethnicity", AppError("ETHNICITY_UNKNOWN", value=text[:20]))
    return code


def _education(reading: _Reading) -> codes.Education | None:
    text = reading.text("education")
    found = codes.parse_education(text)
    if found is None and text:
        reading.problem("education", AppError("EDUCATION_UNKNOWN", value=text[:20]))
    return found


def _phone(reading: _Reading) -> str | None:
    if not reading.text("phone"):
        reading.warn("phone", AppError("PHONE_MISSING"))
        return None
    check = check_mobile(reading.text("phone").removesuffix(".0"))
    reading.problem("phone", check.problem)
    reading.changed("phone", check.normalised)
    return check.normalised


def _address(reading: _Reading) -> str | None:
    text = " ".join(reading.text("address").split())
    if len(text) > MAX_ADDRESS:
        reading.problem("address", AppError("ADDRESS_TOO_LONG", limit=MAX_ADDRESS))
    return text or None


def _household(reading: _Reading) -> str | None:
    text = reading.text("household_region")
    if not text:
        return None
    found = find_region(text) or find_region(text, within=None)
    if found is None:
        reading.problem("household_region", AppError("REGION_UNKNOWN", value=text[:20]))
    return found.code if found else text


def age_warnings(
    birth: date,
    sex: str | None,
    enrolled_on: date,
    *,
    category: str | None = None,
    key_group: str | None = None,
    worker: bool = False,
    lower: int = LOWER_AGE,
) -> tuple[AppError, ...]:
    """Return the warnings AGE_BELOW and AGE_OVER_RETIREMENT on an enrolment date.

    ``lower`` (parameter age_lower) is never asked of 在校学生 and of 应届初高中毕业生 (④). Reaching the
    statutory age on the day itself is over.
    """
    found = []
    age = age_on(birth, enrolled_on)
    if age < lower and category != "student" and key_group not in _NO_LOWER_LIMIT:
        found.append(AppError("AGE_BELOW", age=age, limit=lower))
    last = retirement_date(birth, sex, worker=worker) if sex else None
    if last is not None and last <= enrolled_on:
        found.append(
            AppError(
                "AGE_OVER_RETIREMENT", age=age, reached=last.isoformat(), enrolled=enrolled_on.isoformat()
            )
        )
    return tuple(found)
