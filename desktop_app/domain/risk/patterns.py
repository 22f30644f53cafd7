"""提示: patterns that somebody must explain, one detector a function (R38).

全班到课 pressed on the session's own day, and marks keyed from a signed sheet whose scan is attached, raise nothing.
The numbers are policy parameters (``risk_…``), since the notice fixes none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desktop_app.domain.policy_parameters import PolicyBook
from desktop_app.domain.records import ASSESSMENT, ATTACHMENT, SESSION, TRAINEE, TRAINING_CLASS
from desktop_app.domain.risk.kinds import Flag, RiskKind
from desktop_app.domain.rules import rule

WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is odd: sessions nobody lacked, people or sessions alike, people of one phone.

    ``sitting``: how long one sitting is; ``share`` (万分比) of a class's marks must have been keyed in it.
    """

    sessions: int
    people: int
    phone: int
    sitting: timedelta
    share: int


def limits_on(book: PolicyBook, on: date) -> Limits:
    """Return the limits that hold on a day."""
    return Limits(
        book.get("risk_sessions", on).number(),
        book.get("risk_people", on).number(),
        book.get("risk_phone_people", on).number(),
        timedelta(minutes=book.get("risk_sitting_minutes", on).number()),
        book.get("risk_sitting_share", on).number(),
    )


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A held session as to how its marks came: by whom is no matter, but when, how, and with what proof.

    ``starts_at`` and the marks' ``made`` are instants; ``whole``: every member has a mark; ``absences`` counts who was
    not there; ``backed``: a scan of the signed sheet is attached, or 全班到课 was pressed on its day.
    """

    session_id: bytes
    label: str
    starts_at: datetime
    ends_at: datetime
    members: int
    absences: int
    whole: bool
    backed: bool
    made: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldClass:
    """A class with its held sessions in order; ``over``: all its sessions have been."""

    class_id: bytes
    code: str
    sessions: tuple[HeldSession, ...]


@dataclass(frozen=True, slots=True)
class EarlyMarks:
    """A session with marks that were made, there or not, before it began."""

    session_id: bytes
    class_id: bytes
    label: str
    starts_at: datetime
    first_made: datetime
    people: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """The digest of a whole grid of marks in which somebody was away; ``people`` × ``sessions``."""

    class_id: bytes
    code: str
    digest: bytes
    people: int
    sessions: int


@dataclass(frozen=True, slots=True)
class ScenePhoto:
    """A photo of a session by the SHA-256 of its bytes."""

    key: bytes
    session_id: bytes
    class_id: bytes | None
    label: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """An assessment: how many were scored, and how many different results there are."""

    assessment_id: bytes
    class_id: bytes
    code: str
    scored: int
    results: int


@dataclass(frozen=True, slots=True)
class PhoneOwner:
    """A person with a phone."""

    trainee_id: bytes
    name: str
    phone: str


@rule("R38")
def no_absence(classes: Iterable[HeldClass], limits: Limits) -> tuple[Flag, ...]:
    """Nobody of a whole class ever lacked one of many sessions, and neither a sheet nor 全班到课 of the day says so."""
    found = []
    for one in classes:
        bare = [session for session in one.sessions if not session.backed]
        full = all(session.whole and not session.absences for session in one.sessions)
        if full and len(bare) >= limits.sessions and min(held.members for held in bare) >= limits.people:
            facts = (("class", one.code), ("sessions", str(len(bare))), ("people", str(bare[0].members)))
            found.append(
                Flag(
                    RiskKind.NO_ABSENCE,
                    (one.class_id,),
                    ((TRAINING_CLASS.number, one.class_id),),
                    facts,
                    one.class_id,
                )
            )
    return tuple(found)


@rule("R38")
def keyed_after_end(classes: Iterable[HeldClass], limits: Limits) -> tuple[Flag, ...]:
    """A class keyed in one sitting after its last session, without scanned sheets."""
    found = []
    for one in classes:
        bare = [session for session in one.sessions if not session.backed and session.made]
        if len(bare) < limits.people:
            continue
        last = max(session.ends_at for session in one.sessions)
        made = sorted(instant for session in bare for instant in session.made)
        late = [instant for instant in made if instant > last]
        span = _most_within(late, limits.sitting)
        if span * WHOLE >= len(made) * limits.share:
            facts = (
                ("class", one.code),
                ("sessions", str(len(bare))),
                ("marks", str(span)),
                ("made", late[0].isoformat(timespec="minutes")),
                ("ended", last.isoformat(timespec="minutes")),
            )
            found.append(
                Flag(
                    RiskKind.KEYED_AFTER,
                    (one.class_id,),
                    ((TRAINING_CLASS.number, one.class_id),),
                    facts,
                    one.class_id,
                )
            )
    return tuple(found)


def _most_within(instants: list[datetime], span: timedelta) -> int:
    """Return how many of ascending instants lie within a span at most."""
    most = start = 0
    for end, instant in enumerate(instants):
        while instant - instants[start] > span:
            start += 1
        most = max(most, end - start + 1)
    return most


@rule("R38")
def marked_before(sessions: Iterable[EarlyMarks]) -> tuple[Flag, ...]:
    """Who was there was written down before the session began; leave that was asked for beforehand is no such mark."""
    return tuple(
        Flag(
            RiskKind.MARKED_BEFORE,
            (one.session_id,),
            ((SESSION.number, one.session_id), *((TRAINEE.number, key) for key in one.people)),
            (
                ("session", one.label),
                ("made", one.first_made.isoformat(timespec="minutes")),
                ("people", str(len(one.people))),
            ),
            one.class_id,
        )
        for one in sessions
        if one.people and one.first_made < one.starts_at
    )


@rule("R38")
def same_grids(grids: Iterable[Grid], limits: Limits) -> tuple[Flag, ...]:
    """Two classes whose grids are the same, mark by mark."""
    by_digest: dict[bytes, list[Grid]] = defaultdict(list)
    for one in grids:
        if min(one.people, one.sessions) >= limits.people:
            by_digest[one.digest].append(one)
    return tuple(
        Flag(
            RiskKind.SAME_GRID,
            (digest,),
            tuple((TRAINING_CLASS.number, one.class_id) for one in alike),
            (
                ("classes", "、".join(sorted(one.code for one in alike))),
                ("people", str(alike[0].people)),
                ("sessions", str(alike[0].sessions)),
            ),
            alike[0].class_id,
        )
        for digest, alike in sorted(by_digest.items())
        if len(alike) > 1
    )


@rule("R38")
def photos_twice(photos: Iterable[ScenePhoto]) -> tuple[Flag, ...]:
    """One 现场照片 that stands for several sessions."""
    by_digest: dict[bytes, list[ScenePhoto]] = defaultdict(list)
    for one in photos:
        by_digest[one.digest].append(one)
    return tuple(
        Flag(
            RiskKind.PHOTO_TWICE,
            (digest,),
            (
                *((ATTACHMENT.number, one.key) for one in alike),
                *((SESSION.number, session) for session in sorted({one.session_id for one in alike})),
            ),
            (("sessions", "、".join(sorted({one.label for one in alike}))),),
            alike[0].class_id,
        )
        for digest, alike in sorted(by_digest.items())
        if len({one.session_id for one in alike}) > 1
    )


@rule("R38")
def scores_equal(sheets: Iterable[ScoreSheet], limits: Limits) -> tuple[Flag, ...]:
    """Everybody of an assessment has the same scores."""
    return tuple(
        Flag(
            RiskKind.SCORES_EQUAL,
            (one.assessment_id,),
            ((ASSESSMENT.number, one.assessment_id),),
            (("class", one.code), ("people", str(one.scored))),
            one.class_id,
        )
        for one in sheets
        if one.scored >= limits.people and one.results == 1
    )


@rule("R38")
def phones_shared(owners: Iterable[PhoneOwner], limits: Limits) -> tuple[Flag, ...]:
    """One phone for many people; the flag shows its last four digits."""
    by_phone: dict[str, list[PhoneOwner]] = defaultdict(list)
    for one in owners:
        if one.phone:
            by_phone[one.phone].append(one)
    return tuple(
        Flag(
            RiskKind.PHONE_SHARED,
            (phone,),
            tuple((TRAINEE.number, one.trainee_id) for one in shared),
            (("phone", f"*{phone[-4:]}"), ("people", str(len(shared)))),
        )
        for phone, shared in sorted(by_phone.items())
        if len(shared) >= limits.phone
    )
