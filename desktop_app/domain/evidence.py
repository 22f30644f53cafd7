"""佐证: what a scan proves, who still lacks what (R02, R03), and its life 已收 → 已审核 / 退回.

The words and owners of each kind stand in ``resources/codes/evidence_kinds.json``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule

PHOTO, SIGN_IN, RESULT_FILE, OTHER = "photo", "sign_in", "result_file", "other"
LETTERHEAD = "letterhead"
"""The institution's logo over its papers; the words beside it are the number of the record."""
STAMPED, STAMPED_CONTENT = "stamped", "stamped_content"
"""The scan of a printed paper with its stamp, and what that paper says, to be compared with what is so now."""
RECTIFICATION = "rectification"
MAX_TEXT = 100
MAX_FILE_NAME = 120
MAX_FILE_BYTES = 30 << 20
MAX_FILES = 600
MAX_TOTAL_BYTES = 600 << 20
_COVER = re.compile(r"EV1\.([a-z_]+)\.([0-9A-F]+)\.([a-z_]*)\.([0-9A-F]{8})")
_SEPARATORS = re.compile(r"[\\/]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


class EvidenceState(StrEnum):
    """已收 → 已审核 / 退回."""

    RECEIVED = "received"
    REVIEWED = "reviewed"
    RETURNED = "returned"


class Lack(StrEnum):
    """Why a need is not met."""

    SCAN = "scan"
    NUMBER = "number"
    EXPIRED = "expired"
    RETURNED = "returned"


class PhotoSize(StrEnum):
    """一寸 25 × 35 mm, 二寸 35 × 49 mm, both at 300 dpi."""

    ONE_INCH = "one_inch"
    TWO_INCH = "two_inch"

    @property
    def pixels(self) -> tuple[int, int]:
        """Return width and height."""
        return (295, 413) if self is PhotoSize.ONE_INCH else (413, 579)


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a person must prove; any of ``kinds`` does. ``rule`` is the clause that asks for it."""

    code: str
    kinds: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """One file of evidence, as far as it counts towards a need."""

    kind: str
    number: str | None = None
    valid_until: date | None = None
    state: EvidenceState = EvidenceState.RECEIVED


@dataclass(frozen=True, slots=True)
class Missing:
    """A need that is not met, and why."""

    need: Need
    lack: Lack


def kind_name(kind: str) -> str:
    """Return the word for a kind; an unknown code is its own name."""
    return codes.table("evidence_kinds").name(kind)


def kind_owner(kind: str) -> str:
    """Return the entity that a file of this kind belongs to; AppError EVIDENCE_KIND_UNKNOWN."""
    entry = codes.table("evidence_kinds").by_code.get(kind)
    if entry is None:
        raise AppError("EVIDENCE_KIND_UNKNOWN", value=kind[:40])
    return str(entry.more["owner"])


def personal_kinds() -> tuple[str, ...]:
    """Return the kinds that belong to a person or an enrolment, in order."""
    entries = codes.table("evidence_kinds").entries
    return tuple(entry.code for entry in entries if entry.more["owner"] in {"trainee", "enrolment"})


def needs_of(category: str | None, key_group: str | None) -> tuple[Need, ...]:
    """Return what an enrolment must prove: identity, its group (二.2) or its employment (二.3), then the photo.

    在校学生 need no paper of their group: their 学籍 is data (二.1).
    """
    needs = [Need("id_card", ("id_card",))]
    if category == "key_group" and key_group is not None:
        entry = codes.table("key_groups").by_code.get(key_group)
        kinds = codes.group_evidence(key_group)
        if entry is not None and entry.more.get("every"):
            needs += [Need(kind, (kind,), "R02") for kind in kinds]
        elif kinds:
            needs.append(Need("group", kinds, "R02"))
    if category == "employee":
        needs.append(Need("employment", ("labour_contract", "social_insurance"), "R03"))
    return (*needs, Need("commitment", ("commitment",)), Need(PHOTO, (PHOTO,)))


def missing_evidence(needs: Iterable[Need], proofs: Sequence[Proof], day: date) -> tuple[Missing, ...]:
    """Return the needs that no proof meets on a day, each with what is wrong with the best one there is."""
    found = []
    for need in needs:
        lacks = [_lack(proof, day) for proof in proofs if proof.kind in need.kinds]
        if None in lacks:
            continue
        order = (Lack.NUMBER, Lack.EXPIRED, Lack.RETURNED)
        found.append(Missing(need, next((lack for lack in order if lack in lacks), Lack.SCAN)))
    return tuple(found)


def _lack(proof: Proof, day: date) -> Lack | None:
    if proof.state is EvidenceState.RETURNED:
        return Lack.RETURNED
    if proof.valid_until is not None and proof.valid_until < day:
        return Lack.EXPIRED
    entry = codes.table("evidence_kinds").by_code.get(proof.kind)
    asked = () if entry is None else entry.more.get("needs", ())
    return Lack.NUMBER if "number" in asked and not proof.number else None


@rule("R02", "R03")
def check_evidence(
    person: str, class_code: str, missing: Iterable[Missing], *, claim: bool = False
) -> tuple[Finding, ...]:
    """Find what a person lacks of the papers that 二.2 and 二.3 ask for: a warning at enrolment, a block of a claim.

    Each finding names person, class and the papers. Codes EVIDENCE_NO_SCAN, EVIDENCE_NO_NUMBER, EVIDENCE_EXPIRED,
    EVIDENCE_SENT_BACK.
    """
    severity = Severity.BLOCK if claim else Severity.WARN
    return tuple(
        Finding(
            one.need.rule,
            severity,
            _LACKS[one.lack](person, class_code, need_name(one.need)),
            entity="enrolment",
            field="evidence",
        )
        for one in missing
        if one.need.rule
    )


_LACKS = {
    Lack.SCAN: lambda who, code, paper: AppError("EVIDENCE_NO_SCAN", name=who, class_code=code, paper=paper),
    Lack.NUMBER: lambda who, code, paper: AppError(
        "EVIDENCE_NO_NUMBER", name=who, class_code=code, paper=paper
    ),
    Lack.EXPIRED: lambda who, code, paper: AppError(
        "EVIDENCE_EXPIRED", name=who, class_code=code, paper=paper
    ),
    Lack.RETURNED: lambda who, code, paper: AppError(
        "EVIDENCE_SENT_BACK", name=who, class_code=code, paper=paper
    ),
}


def need_name(need: Need) -> str:
    """Return the papers that meet a need, in words: 户口簿/村证明."""
    return "/".join(kind_name(kind) for kind in need.kinds)


def check_review(state: EvidenceState | None, *, accepted: bool, reason: str) -> EvidenceState:
    """Return the state after a review; AppError REASON_MISSING for a return without one.

    A file that was sent back may be accepted after all, and the other way round; the same verdict twice is refused:
    EVIDENCE_IS_REVIEWED, EVIDENCE_IS_RETURNED.
    """
    wanted = EvidenceState.REVIEWED if accepted else EvidenceState.RETURNED
    if not accepted and not reason.strip():
        raise AppError("REASON_MISSING")
    if state is wanted:
        raise AppError("EVIDENCE_IS_REVIEWED" if accepted else "EVIDENCE_IS_RETURNED")
    return wanted


def clean_file_name(name: str) -> str:
    """Return the last part of a file name as given, without control and direction characters, at most 120 long."""
    last = _CONTROL.sub("", _SEPARATORS.split(name)[-1]).strip(" .")
    if len(last) <= MAX_FILE_NAME:
        return last
    stem, dot, ending = last.rpartition(".")
    kept = f".{ending}" if dot and len(ending) < 8 else ""  # noqa: PLR2004 - no ending is longer
    return (stem or last)[: MAX_FILE_NAME - len(kept)] + kept


@dataclass(frozen=True, slots=True)
class Cover:
    """What a cover sheet says: whose papers follow it, and of which kind ("" = the file says, or the user)."""

    owner: str
    key: bytes
    kind: str = ""


def cover_text(cover: Cover) -> str:
    """Return the text of a cover sheet's code: keys only, nothing personal, with a check sum."""
    body = f"EV1.{cover.owner}.{cover.key.hex().upper()}.{cover.kind}"
    return f"{body}.{_check_sum(body)}"


def read_cover(text: str) -> Cover | None:
    """Return what a code says; None for any other code, or a damaged one."""
    found = _COVER.fullmatch(text.strip())
    if found is None or len(found[2]) % 2 or _check_sum(text.strip().rpartition(".")[0]) != found[4]:
        return None
    return Cover(found[1], bytes.fromhex(found[2]), found[3])


def _check_sum(body: str) -> str:
    return hashlib.sha256(body.encode("ascii")).hexdigest()[:8].upper()
