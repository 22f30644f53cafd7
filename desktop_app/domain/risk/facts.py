"""阻断: facts that cannot be, one detector a function (R38). Each is handed what may be one and decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from desktop_app.domain.enrolment import Period, is_member
from desktop_app.domain.records import CERTIFICATE, SESSION, TEACHER, TRAINEE
from desktop_app.domain.risk.kinds import Flag, RiskKind
from desktop_app.domain.rules import rule


@dataclass(frozen=True, slots=True)
class IssuedNumber:
    """A certificate as its number is seen: unique per kind and issuer."""

    key: bytes
    trainee_id: bytes
    class_id: bytes | None
    kind: str
    issuer: str
    number: str

    @property
    def holder(self) -> bytes:
        """Return assessment and trainee: 更正 and 补发 are further issues of the same holding."""
        return self.key[:32]


@dataclass(frozen=True, slots=True)
class Sitting:
    """A session that was held, as to when: ``start`` and ``end`` HH:MM."""

    session_id: bytes
    class_id: bytes
    class_code: str
    number: int
    day: date
    start: str
    end: str

    @property
    def label(self) -> str:
        """Return how people call it."""
        return f"{self.class_code} #{self.number} {self.day.isoformat()} {self.start}–{self.end}"

    def overlaps(self, other: Sitting) -> bool:
        """Tell whether both are under way at one moment."""
        return self.day == other.day and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Meeting:
    """Somebody (a trainee marked there, or a teacher) of two sessions."""

    who: bytes
    name: str
    first: Sitting
    second: Sitting


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A mark with the membership of its person: no periods where there is no enrolment."""

    sitting: Sitting
    trainee_id: bytes
    name: str
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class PayeeAccount:
    """The account that a person of a claim is paid to."""

    trainee_id: bytes
    name: str
    account: str
    class_id: bytes


@rule("R38")
def certificates_twice(issued: Iterable[IssuedNumber]) -> tuple[Flag, ...]:
    """One certificate number of one kind and issuer that more than one holding bears."""
    by_number: dict[tuple[str, str, str], list[IssuedNumber]] = defaultdict(list)
    for one in issued:
        if one.number:
            by_number[one.kind, one.issuer, one.number].append(one)
    return tuple(
        Flag(
            RiskKind.CERTIFICATE_TWICE,
            (kind, issuer, number),
            (
                *((CERTIFICATE.number, one.key) for one in held),
                *((TRAINEE.number, trainee) for trainee in sorted({one.trainee_id for one in held})),
            ),
            (("number", number), ("issuer", issuer), ("people", str(len({one.holder for one in held})))),
            held[0].class_id,
        )
        for (kind, issuer, number), held in sorted(by_number.items())
        if len({one.holder for one in held}) > 1
    )


@rule("R38")
def persons_twice(meetings: Iterable[Meeting]) -> tuple[Flag, ...]:
    """A person marked there in two sessions at once; a session held for several classes (合班) is one."""
    return tuple(_twice(RiskKind.PERSON_TWICE, TRAINEE.number, meetings))


@rule("R38")
def teachers_twice(meetings: Iterable[Meeting]) -> tuple[Flag, ...]:
    """A teacher of two sessions at once, both of which were held."""
    return tuple(_twice(RiskKind.TEACHER_TWICE, TEACHER.number, meetings))


def _twice(kind: RiskKind, entity: int, meetings: Iterable[Meeting]) -> Iterable[Flag]:
    for one in meetings:
        first, second = sorted((one.first, one.second), key=lambda sitting: sitting.session_id)
        if first.session_id != second.session_id and first.overlaps(second):
            yield Flag(
                kind,
                (one.who, first.session_id, second.session_id),
                (
                    (entity, one.who),
                    (SESSION.number, first.session_id),
                    (SESSION.number, second.session_id),
                ),
                (("name", one.name), ("first", first.label), ("second", second.label)),
                first.class_id,
            )


@rule("R38")
def marks_outside(marks: Iterable[PlacedMark]) -> tuple[Flag, ...]:
    """A mark on a day on which its person did not belong to the class."""
    return tuple(
        Flag(
            RiskKind.MARK_OUTSIDE,
            (one.sitting.session_id, one.trainee_id),
            ((TRAINEE.number, one.trainee_id), (SESSION.number, one.sitting.session_id)),
            (("name", one.name), ("session", one.sitting.label)),
            one.sitting.class_id,
        )
        for one in marks
        if not is_member(one.periods, one.sitting.day)
    )


@rule("R38")
def accounts_shared(payees: Iterable[PayeeAccount]) -> tuple[Flag, ...]:
    """One account to which several people are paid; whoever disposes of it says how they are related."""
    by_account: dict[str, dict[bytes, PayeeAccount]] = defaultdict(dict)
    for one in payees:
        by_account[one.account].setdefault(one.trainee_id, one)
    return tuple(
        Flag(
            RiskKind.ACCOUNT_SHARED,
            (account,),
            tuple((TRAINEE.number, key) for key in sorted(paid)),
            (("account", f"*{account[-4:]}"), ("people", str(len(paid)))),
            min(one.class_id for one in paid.values()),
        )
        for account, paid in sorted(by_account.items())
        if account and len(paid) > 1
    )
