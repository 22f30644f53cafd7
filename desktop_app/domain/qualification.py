"""Who may train on whose account (二, R01, R03, R04) and who organises it (四.1, R11).

All groups that a person matches are listed, each with its reason; exactly one is chosen and fixed on the enrolment
date. Facts of a person that nobody entered decide nothing: they are unknown, which warns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from desktop_app.domain import codes
from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.errors import AppError
from desktop_app.domain.pilots import PilotAnswer, Standing
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.rules import Finding, Severity, rule, severity_of

STUDENT, EMPLOYEE = "student", "employee"
GRADUATE, SCHOOL_LEAVER = "graduate", "school_leaver"
PROVEN_BY_PAPER = (
    "unemployed",
    "rural_transfer",
    "urban_poor",
    "veteran",
    "registered_poor",
    "out_of_poverty",
    "monitored",
    "other",
)
"""Groups that a paper alone proves (二.2): the person says so, the evidence follows."""
GROUNDS = ("household", "residence", "employment", "schooling", "employer")
"""我省: 户籍, 居住证, 就业登记, 学籍 in Hubei, or an employer registered there."""
_COLLEGE = frozenset("123")
_BELOW_VOCATIONAL = frozenset("678")


class Left(StrEnum):
    """From what somebody graduated: 高校（含技工院校）, or 初中 or 高中."""

    COLLEGE = "college"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of a person beside the identity; empty and None = nobody said.

    ``school`` is the 学籍院校 of somebody enrolled there now. ``pilot_document``: the 文号 that confirms a pilot which
    the table does not know. ``groups`` are those that a paper proves (``PROVEN_BY_PAPER``).
    """

    school: str = ""
    left: Left | None = None
    left_on: date | None = None
    studies_on: bool | None = None
    employed: bool | None = None
    employer: str = ""
    employer_uscc: str = ""
    groups: tuple[str, ...] = ()
    pilot_document: str = ""


FIELDS = tuple(Circumstances.__dataclass_fields__)
_FLAGS = {"studies_on", "employed"}
_YES = {
    "yes": True,
    "是": True,
    "1": True,
    "true": True,
    "no": False,
    "否": False,
    "0": False,
    "false": False,
}
MAX_TEXT = 100


def read_circumstances(stored: object) -> Circumstances:
    """Read the stored list ``[[field, text], …]``."""
    return parse_circumstances(dict(stored) if isinstance(stored, list) else {})


def parse_circumstances(fields: Mapping[str, str]) -> Circumstances:
    """Read what is known as it is typed: dates ISO, yes/no, groups by commas; blanks are unknown.

    Raises AppError FIELD_UNKNOWN, CIRCUMSTANCE_WRONG.
    """
    found: dict[str, object] = {}
    for name, text in fields.items():
        if name not in FIELDS:
            raise AppError("FIELD_UNKNOWN", field=name)
        value = text.strip()
        if value:
            found[name] = _read(name, value)
    return Circumstances(**found)  # type: ignore[arg-type]


def _read(name: str, value: str) -> object:
    wrong = AppError("CIRCUMSTANCE_WRONG", field=name, value=value[:20])
    try:
        if name == "left_on":
            return date.fromisoformat(value)
        if name == "left":
            return Left(value)
        if name in _FLAGS:
            return _YES[value.lower()]
    except (ValueError, KeyError) as error:
        raise wrong from error
    if name == "groups":
        groups = tuple(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
        if not set(groups) <= set(PROVEN_BY_PAPER):
            raise wrong
        return groups
    if len(value) > MAX_TEXT or (name == "employer_uscc" and check_uscc(value).problem is not None):
        raise wrong
    return value


def stored_circumstances(known: Circumstances) -> list[list[str]]:
    """Return what is known as it is stored, in the order of the fields."""
    return [[name, text] for name, text in typed_circumstances(known).items() if text]


def typed_circumstances(known: Circumstances) -> dict[str, str]:
    """Return what is known as somebody would type it."""
    return {name: _text(getattr(known, name)) for name in FIELDS}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    return ",".join(value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True)
class Match:
    """A group (code of ``categories`` or ``key_groups``), whether the person is in it, and why (a code of text)."""

    group: str
    fits: bool
    reason: str
    params: Mapping[str, Any]


@rule("R04")
def matching_groups(
    known: Circumstances, on: date, graduate_years: int, pilot: PilotAnswer
) -> tuple[Match, ...]:
    """List every group that anything known speaks for, each with its reason on the enrolment date (二, R04).

    ``pilot`` is what the table of 1+X pilots says of the 学籍院校 and this certificate (R01).
    """
    found: list[Match] = []
    if known.school:
        listed = pilot.standing is Standing.LISTED or bool(known.pilot_document)
        reason = "student" if listed else f"student_{pilot.standing.value}"
        fits = listed or pilot.standing is Standing.UNKNOWN
        found.append(Match(STUDENT, fits, reason, {"school": known.school}))
    if known.left is Left.COLLEGE and known.left_on is not None:
        found.append(_graduate(known, on, graduate_years, known.left_on))
    if known.left is Left.MIDDLE and known.left_on is not None:
        found.append(_school_leaver(known, on, known.left_on))
    for group in known.groups:
        entry = codes.table("key_groups").by_code[group]
        holds = entry.holds_on(on)
        found.append(Match(group, holds, "paper" if holds else "ended", {"day": on.isoformat()}))
    if known.employed:
        params = {"employer": known.employer or "—"}
        found.append(Match(EMPLOYEE, True, "employee" if known.employer else "employee_unnamed", params))
    return tuple(found)


def _graduate(known: Circumstances, on: date, years: int, left_on: date) -> Match:
    last = years_after(left_on, years)
    params = {"left": left_on.isoformat(), "last": last.isoformat(), "years": years}
    if known.employed:
        return Match(GRADUATE, False, "graduate_employed", params)
    fits = left_on <= on <= last
    return Match(GRADUATE, fits, "graduate" if fits else "graduate_late", params)


def _school_leaver(known: Circumstances, on: date, left_on: date) -> Match:
    params = {"left": left_on.isoformat(), "year": on.year}
    if known.studies_on or known.school:
        return Match(SCHOOL_LEAVER, False, "school_leaver_studies", params)
    fits = left_on.year == on.year
    return Match(SCHOOL_LEAVER, fits, "school_leaver" if fits else "school_leaver_late", params)


def years_after(day: date, years: int) -> date:
    """Return the same day some years later; 29 February ends on the last day of February (离校两年内, 二.2)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True)
class Enrolling:
    """Who enrols where and when: what every finding names."""

    person: str
    class_code: str
    on: date

    def error(self, code: str, /, **params: object) -> AppError:
        """Return an error that names person and class."""
        return AppError(code, person=self.person, class_code=self.class_code, **params)


def group_name(group: str) -> str:
    """Return the word for a category or key group."""
    known = codes.table("categories").by_code.get(group)
    return known.name if known and group != "other" else codes.table("key_groups").name(group)


def category_of(group: str) -> str:
    """Return the 人员类别 that a funding group belongs to."""
    return group if group in {STUDENT, EMPLOYEE} else "key_group"


@rule("R01")
def check_pilot(
    who: Enrolling, known: Circumstances, certificate: str, pilot: PilotAnswer
) -> tuple[Finding, ...]:
    """Judge a 在校学生: blocked where the 学籍院校 does not pilot the certificate, warned where nobody knows (二.1)."""
    if not known.school:
        return (_finding("R01", Severity.BLOCK, who.error("STUDENT_SCHOOL_MISSING"), "school"),)
    if pilot.standing is Standing.LISTED or known.pilot_document:
        return ()
    named = {"school": known.school, "certificate": certificate or "—"}
    if pilot.standing is Standing.NOT_LISTED:
        return (_finding("R01", Severity.BLOCK, who.error("SCHOOL_NOT_PILOT", **named), "school"),)
    return (_finding("R01", Severity.WARN, who.error("PILOT_UNKNOWN", **named), "school"),)


@rule("R03")
def check_employer(who: Enrolling, known: Circumstances, *, claim: bool = False) -> tuple[Finding, ...]:
    """Ask a 在岗职工 for employer and credit code: missing warns, and blocks the claim (二.3)."""
    severity = Severity.BLOCK if claim else Severity.WARN
    found = []
    if not known.employer:
        found.append(_finding("R03", severity, who.error("EMPLOYER_MISSING"), "employer"))
    if not known.employer_uscc:
        error = who.error("EMPLOYER_USCC_MISSING", employer=known.employer or "—")
        found.append(_finding("R03", severity, error, "employer_uscc"))
    return tuple(found)


@rule("R04")
def check_choice(
    who: Enrolling,
    group: str,
    matches: Sequence[Match],
    *,
    chosen: str | None,
    reason: str,
    years: PolicyParameter,
) -> tuple[Finding, ...]:
    """Judge the one group on whose account an enrolment is funded (二, 五).

    A second group for the same enrolment is refused unless ``reason`` says why the first was wrong. A group that the
    facts contradict is refused (the two years as hard as their parameter is); one that nothing speaks for warns.
    """
    found = []
    if chosen is not None and chosen != group and not reason.strip():
        error = who.error("GROUP_CHOSEN_ALREADY", chosen=group_name(chosen), group=group_name(group))
        found.append(_finding("R04", Severity.BLOCK, error, "chosen_group"))
    match = next((one for one in matches if one.group == group), None)
    if match is None:
        error = who.error("GROUP_UNFOUNDED", group=group_name(group))
        found.append(_finding("R04", Severity.WARN, error, "chosen_group"))
    elif not match.fits and group != STUDENT:
        late = match.reason == "graduate_late"
        severity = severity_of(years) if late else Severity.BLOCK
        code = "GRADUATE_LATE" if late else "GROUP_CONTRADICTED"
        error = who.error(code, group=group_name(group), day=who.on.isoformat(), **match.params)
        found.append(_finding("R04", severity, error, "chosen_group"))
    return tuple(found)


@rule("R04")
def check_kept_group(
    who: Enrolling, chosen: str | None, category: object, key_group: object
) -> tuple[Finding, ...]:
    """Refuse to change a chosen group in passing, by a roster or a form: it is fixed on the enrolment date (二).

    ``category`` and ``key_group`` are what the enrolment would say afterwards.
    """
    if chosen is None:
        return ()
    kept = category_of(chosen) == category and (category != "key_group" or key_group == chosen)
    if kept:
        return ()
    stated = key_group if category == "key_group" and key_group else category
    named = group_name(str(stated)) if stated else "—"
    error = who.error("GROUP_FIXED", chosen=group_name(chosen), group=named)
    return (_finding("R04", Severity.BLOCK, error, "key_group"),)


@rule("R04")
def check_kept_date(
    who: Enrolling, chosen: str | None, enrolled_on: date | None, reason: str = ""
) -> tuple[Finding, ...]:
    """Refuse another enrolment date once a group was chosen as of it, unless the choice is made anew with a reason.

    ``who.on`` is the date that the choice was made for, ``enrolled_on`` what the enrolment would say afterwards.
    """
    if chosen is None or enrolled_on == who.on or reason.strip():
        return ()
    named = "—" if enrolled_on is None else enrolled_on.isoformat()
    error = who.error("ENROLLED_ON_FIXED", chosen=group_name(chosen), fixed=who.on.isoformat(), day=named)
    return (_finding("R04", Severity.BLOCK, error, "enrolled_on"),)


@rule("R04")
def check_claim_group(who: Enrolling, chosen: str | None, claimed: str) -> tuple[Finding, ...]:
    """Refuse a claim on another group than the chosen one (R04)."""
    if chosen == claimed:
        return ()
    named = group_name(chosen) if chosen else "—"
    error = who.error("CLAIM_OTHER_GROUP", chosen=named, group=group_name(claimed))
    return (_finding("R04", Severity.BLOCK, error, "chosen_group"),)


@rule("R04")
def check_facts(
    who: Enrolling, group: str, *, education: str | None, studying: bool, ground: str | None
) -> tuple[Finding, ...]:
    """Warn where group and education contradict each other, and where nothing says why it is 我省 (二)."""
    found = []
    first = (education or "-")[0]
    contradicts = (
        (group == GRADUATE and first in _BELOW_VOCATIONAL)
        or (group == SCHOOL_LEAVER and first in _COLLEGE)
        or (group not in {STUDENT, EMPLOYEE} and studying)
    )
    if contradicts:
        word = codes.education_name(codes.Education(str(education), studying)) if education else "—"
        error = who.error("GROUP_EDUCATION", group=group_name(group), education=word)
        found.append(_finding("R04", Severity.WARN, error, "education"))
    if ground is None:
        found.append(_finding("R04", Severity.WARN, who.error("HUBEI_GROUND_MISSING"), "hubei_ground"))
    return tuple(found)


@rule("R11", empty=())
def organisers_of(group: str) -> tuple[str, ...]:
    """Return who organises the training of a group (四.1): 教育 for 在校学生, 人社 for 社会群体, two for some."""
    if group == STUDENT:
        return ("教育",)
    if group == EMPLOYEE:
        return ("人社", "工会")
    entry = codes.table("key_groups").by_code.get(group)
    return ("人社",) if entry is None else tuple(entry.more["organisers"])


@rule("R11")
def check_organiser(who: Enrolling, organisers: Iterable[str], organised_by: str) -> tuple[Finding, ...]:
    """Ask for the 组织单位 that really organised it (四.1)."""
    if organised_by.strip():
        return ()
    error = who.error("ORGANISER_MISSING", organisers="、".join(organisers))
    return (_finding("R11", Severity.WARN, error, "organised_by"),)


def _finding(code: str, severity: Severity, error: AppError, field: str) -> Finding:
    return Finding(code, severity, error, entity="enrolment", field=field)
