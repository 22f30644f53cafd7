"""Whoever joins a class although another of the time, or of the same level, is there already (六.3, R37)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from desktop_app.domain.risk import duplicates
from desktop_app.domain.risk.duplicates import Training
from desktop_app.domain.rules import Finding
from desktop_app.store import aliases
from desktop_app.store.database import Connection
from desktop_app.store.risks.trainings import Course, trainings


def joining_findings(sql: Connection, class_id: bytes, trainee_ids: Sequence[bytes]) -> tuple[Finding, ...]:
    """Return what R37 warns of as people join a class, by what this institution knows; others: 待平台核验."""
    known = known_trainings(sql, trainee_ids)
    return tuple(
        finding
        for own in known.values()
        for one in own
        if one.class_id == class_id
        for finding in duplicates.check_enrolment(one, own)
    )


def known_trainings(sql: Connection, trainee_ids: Sequence[bytes]) -> dict[bytes, tuple[Training, ...]]:
    """Return by person the trainings that this institution knows of, those under another id of the person too."""
    known_as: dict[bytes, list[bytes]] = {person: [person] for person in trainee_ids}
    for person, others in aliases.peers(sql, trainee_ids).items():
        for other in others:
            known_as.setdefault(other, []).append(person)
    found: dict[bytes, list[Training]] = defaultdict(list)
    for one in trainings(sql, list(known_as)):
        for person in known_as[one.trainee_id]:
            found[person].append(replace(one, trainee_id=person))
    return {key: tuple(own) for key, own in found.items()}


def joined_findings(
    others: Sequence[Training], name: str, joined: tuple[bytes, str], first: date, course: Course
) -> tuple[Finding, ...]:
    """Return what R37 warns of as a roster lets somebody join a class (id and code) from a day on."""
    if not others:
        return ()
    class_id, code = joined
    present = Training(
        others[0].trainee_id, name, class_id, code, first, course.last, course.trade, course.level
    )
    return duplicates.check_enrolment(present, others)
