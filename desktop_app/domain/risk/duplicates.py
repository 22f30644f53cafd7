"""Duplicates within this institution (六.3, R37): overlapping classes, the same training twice, channels, yearly limit.

What other institutions did is known only by what the platform tells: until then a person is 待平台核验.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from desktop_app.domain import codes
from desktop_app.domain.errors import AppError
from desktop_app.domain.policy_parameters import PolicyParameter
from desktop_app.domain.records import TRAINEE, TRAINING_CLASS
from desktop_app.domain.risk.kinds import Flag, RiskKind
from desktop_app.domain.rules import Finding, Severity, rule, severity_of


@dataclass(frozen=True, slots=True)
class Training:
    """A person's place in a class: ``first`` and ``last`` day of membership, ``last`` None while it goes on.

    ``completed``: 结业; ``code``, ``trade`` and ``level`` of its project, empty where it has none.
    """

    trainee_id: bytes
    name: str
    class_id: bytes
    class_code: str
    first: date
    last: date | None
    trade: str = ""
    level: str = ""
    completed: bool = False

    def days_with(self, other: Training) -> int:
        """Return how many days both go on."""
        first = max(self.first, other.first)
        ends = [one for one in (self.last, other.last) if one is not None]
        last = min(ends, default=date.max)
        return max(0, (last - first).days + 1)


@rule("R37")
def classes_overlap(trainings: Iterable[Training]) -> tuple[Flag, ...]:
    """Somebody who belongs to two classes at one time; the day of a 转班 is in both and no overlap."""
    return tuple(
        _flag(RiskKind.CLASSES_OVERLAP, first, second)
        for first, second in _pairs(trainings)
        if first.days_with(second) > 1
    )


@rule("R37")
def trained_twice(trainings: Iterable[Training]) -> tuple[Flag, ...]:
    """Somebody who was trained in the same 工种 and level twice, or in a lower level after a higher one."""
    return tuple(
        _flag(RiskKind.TRAINED_TWICE, first, second)
        for first, second in _pairs(trainings)
        if first.completed and repeats(first, second)
    )


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the platform says of an enrolment: trained by others too; ``overlaps``: at one time, else the same again.

    ``first``, ``last``, ``course`` (工种 and level) are of the latest training elsewhere; ``institutions``: how many.
    """

    trainee_id: bytes
    name: str
    class_id: bytes
    class_code: str
    overlaps: bool
    first: date
    last: date
    institutions: int
    course: str


@rule("R37")
def trained_elsewhere(told: Iterable[Elsewhere], *, overlapping: bool) -> tuple[Flag, ...]:
    """Somebody whom another institution trains at the same time (``overlapping``), or has trained in the same."""
    kind = RiskKind.OVERLAPS_ELSEWHERE if overlapping else RiskKind.TRAINED_ELSEWHERE
    return tuple(
        Flag(
            kind,
            (one.trainee_id, one.class_id),
            ((TRAINEE.number, one.trainee_id), (TRAINING_CLASS.number, one.class_id)),
            (
                ("name", one.name),
                ("first", one.class_code),
                ("elsewhere", f"{one.first.isoformat()}–{one.last.isoformat()} {one.course}".strip()),
                ("institutions", str(one.institutions)),
            ),
            one.class_id,
        )
        for one in told
        if one.overlaps is overlapping
    )


def repeats(earlier: Training, later: Training) -> bool:
    """Tell whether a training brings nothing new: same 工种, and no higher level of the same system."""
    if not earlier.trade or earlier.trade != later.trade:
        return False
    former, present = codes.level(earlier.level), codes.level(later.level)
    if former is None or present is None:
        return earlier.level == later.level
    return former.system == present.system and present.rank <= former.rank


def _pairs(trainings: Iterable[Training]) -> Iterable[tuple[Training, Training]]:
    by_person: dict[bytes, list[Training]] = defaultdict(list)
    for one in trainings:
        by_person[one.trainee_id].append(one)
    for _, own in sorted(by_person.items()):
        yield from combinations(sorted(own, key=lambda one: (one.first, one.class_id)), 2)


def _flag(kind: RiskKind, first: Training, second: Training) -> Flag:
    return Flag(
        kind,
        (first.trainee_id, *sorted((first.class_id, second.class_id))),
        (
            (TRAINEE.number, first.trainee_id),
            (TRAINING_CLASS.number, first.class_id),
            (TRAINING_CLASS.number, second.class_id),
        ),
        (
            ("name", first.name),
            ("first", _label(first)),
            ("second", _label(second)),
        ),
        second.class_id,
    )


def _label(one: Training) -> str:
    return f"{one.class_code} {one.first.isoformat()}–{'' if one.last is None else one.last.isoformat()}"


@rule("R37")
def check_enrolment(joined: Training, others: Sequence[Training]) -> tuple[Finding, ...]:
    """Warn of a person who joins a class that overlaps another, or repeats a training that was completed."""
    found = []
    for one in others:
        if one.class_id == joined.class_id:
            continue
        told = {"name": joined.name, "class_code": joined.class_code, "other": one.class_code}
        if one.days_with(joined) > 1:
            found.append(_warn(AppError("CLASSES_OVERLAP", **told), joined.trainee_id))
        elif one.completed and repeats(one, joined):
            found.append(_warn(AppError("TRAINED_BEFORE", **told, trade=joined.trade), joined.trainee_id))
    return tuple(found)


def _warn(error: AppError, trainee_id: bytes) -> Finding:
    return Finding("R37", Severity.WARN, error, "trainee", trainee_id)


@rule("R37")
def check_claims(
    name: str,
    class_code: str,
    channel: str,
    former: Sequence[tuple[str, str, int]],
    year: int,
    limit: PolicyParameter,
) -> tuple[Finding, ...]:
    """A claim on a person: one channel for one training, and no more in a year than the parameter allows.

    ``former``: class code, channel and year of what was claimed for the person before. Blocks with CHANNEL_TWICE;
    YEARLY_LIMIT warns while the limit is a 参考值.
    """
    channels = codes.table("channels")
    found = [
        Finding(
            "R37",
            Severity.BLOCK,
            AppError(
                "CHANNEL_TWICE",
                name=name,
                class_code=class_code,
                channel=channels.name(channel),
                other=channels.name(other),
            ),
            "claim",
        )
        for code, other, _ in former
        if code == class_code and other != channel
    ]
    times = sum(one[2] == year for one in former) + 1
    if limit.value is not None and times > limit.number():
        error = AppError("YEARLY_LIMIT", name=name, class_code=class_code, year=year, limit=limit.number())
        found.append(Finding("R37", severity_of(limit), error, "claim"))
    return tuple(found)
