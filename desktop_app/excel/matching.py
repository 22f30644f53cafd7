"""Finds the member of a class that a row means: by document, else by name, else by name and 序号."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop_app.excel.cells import FIRST_INEXACT
from desktop_app.excel.normalising import normal_document, normal_name
from desktop_app.excel.people import PersonKey
from desktop_app.excel.problems import Severity

_MASKED = re.compile(r"(?P<head>[0-9A-Z]{1,14})(?P<mask>[*＊×X·?]{3,})(?P<tail>[0-9]{0,6}[0-9X]?)")
_KEPT_DIGITS = len(str(FIRST_INEXACT)) - 1


class SameNames(StrEnum):
    """The user's answer for people of one name whom no document tells apart."""

    ASK = "ask"  # no answer: such rows are bad (SAME_NAME)
    NUMBER = "number"  # by their 序号
    SKIP = "skip"  # left out with a warning (SAME_NAME_SKIPPED)


@dataclass(frozen=True, slots=True)
class ClassMember:
    """A person of the class as the store has it; ``number`` is the 序号 in its roster."""

    trainee_id: bytes
    number: int | None
    name: str
    document_number: str


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a row means: ``member``, or None with the reason in ``code``.

    ``how`` is document | name | number. A ``code`` beside a member is a warning (PERSON_NAME_DIFFERS).
    ``candidates`` are those it might be; ``field`` is the field at fault.
    """

    key: PersonKey
    member: ClassMember | None
    how: str = ""
    code: str = ""
    severity: Severity = Severity.ERROR
    field: str = "name"
    candidates: tuple[ClassMember, ...] = ()


def match_people(
    keys: Sequence[PersonKey], members: Sequence[ClassMember], same_names: SameNames = SameNames.ASK
) -> tuple[Match, ...]:
    """One ``Match`` for each key, in their order.

    Codes: PERSON_NOT_IN_CLASS, PERSON_DOCUMENT_DIFFERS (a member of that name has another document), SAME_NAME,
    SAME_NAME_SKIPPED, PERSON_TWICE (a second row of one person), PERSON_NAME_DIFFERS (a warning), PERSON_UNNAMED.
    """
    by_document = {
        normal_document(member.document_number): member for member in members if member.document_number
    }
    by_name: dict[str, list[ClassMember]] = defaultdict(list)
    for member in members:
        by_name[normal_name(member.name)].append(member)
    undocumented = Counter(key.name for key in keys if key.name and not key.document_number)
    found: list[Match] = []
    for key in keys:
        if key.document_number:
            found.append(_by_document(key, by_document, by_name))
        elif key.name:
            crowded = undocumented[key.name] > 1
            found.append(_by_name(key, by_name.get(key.name, []), crowded, same_names))
        else:
            found.append(Match(key, None, code="PERSON_UNNAMED"))
    return _each_once(found)


def _by_document(
    key: PersonKey, by_document: dict[str, ClassMember], by_name: dict[str, list[ClassMember]]
) -> Match:
    member = by_document.get(key.document_number)
    namesakes = by_name.get(key.name, [])
    if member is None:
        alike = [item for item in namesakes if _could_be(key, item.document_number)]
        if len(alike) == 1:
            return Match(key, alike[0], how="document")
        if alike:
            return Match(key, None, code="SAME_NAME", candidates=tuple(alike))
        if namesakes:
            code = "PERSON_DOCUMENT_DIFFERS"
            return Match(key, None, code=code, field="document_number", candidates=tuple(namesakes))
        return Match(key, None, code="PERSON_NOT_IN_CLASS")
    if key.name and key.name != normal_name(member.name):
        warning = Severity.WARNING
        return Match(key, member, "document", "PERSON_NAME_DIFFERS", warning, candidates=(member,))
    return Match(key, member, how="document")


def _could_be(key: PersonKey, document: str) -> bool:
    """Whether a masked or rounded document number may be ``document``."""
    whole = normal_document(document)
    if key.rounded:
        mantissa = key.document_number.partition("E")[0].replace(".", "")
        # the last digit that was kept may itself have been rounded
        return whole.startswith(
            mantissa[: _KEPT_DIGITS - 1] if len(mantissa) > _KEPT_DIGITS else mantissa[:-1]
        )
    masked = _MASKED.fullmatch(key.document_number)
    if not masked:
        return False
    return whole.startswith(masked["head"]) and whole.endswith(masked["tail"])


def _by_name(key: PersonKey, namesakes: list[ClassMember], crowded: bool, same_names: SameNames) -> Match:
    if not namesakes:
        return Match(key, None, code="PERSON_NOT_IN_CLASS")
    if len(namesakes) == 1 and not crowded:
        return Match(key, namesakes[0], how="name")
    if same_names is SameNames.SKIP:
        skipped = Severity.WARNING
        return Match(key, None, "", "SAME_NAME_SKIPPED", skipped, candidates=tuple(namesakes))
    if same_names is SameNames.NUMBER and key.number is not None:
        numbered = [member for member in namesakes if member.number == key.number]
        if len(numbered) == 1:
            return Match(key, numbered[0], how="number")
    return Match(key, None, code="SAME_NAME", candidates=tuple(namesakes))


def _each_once(found: list[Match]) -> tuple[Match, ...]:
    """A person may stand in one row only; the first keeps them."""
    seen: set[bytes] = set()
    result: list[Match] = []
    for match in found:
        if match.member and match.member.trainee_id in seen:
            result.append(Match(match.key, None, code="PERSON_TWICE", candidates=(match.member,)))
            continue
        if match.member:
            seen.add(match.member.trainee_id)
        result.append(match)
    return tuple(result)
