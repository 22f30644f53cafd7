"""Rows for the detectors of duplicates (R37); ``domain/risk/duplicates.py`` decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from desktop_app.domain import codes
from desktop_app.domain.risk import duplicates
from desktop_app.domain.risk.duplicates import Elsewhere, Training
from desktop_app.domain.risk.kinds import Flag
from desktop_app.store import aliases
from desktop_app.store.enrolment_states import OUTSIDE
from desktop_app.store.queries.columns import day, periods
from desktop_app.store.risks.asking import Keys, Look, ask

_TRAININGS = f"""
SELECT e.trainee_id, coalesce(t.name, ''), e.class_id, coalesce(c.code, ''), e.periods, c.end_on,
       coalesce(p.trade, ''), coalesce(p.level, ''), coalesce(e.state, '')
FROM enrolment e JOIN trainee t ON t.id = e.trainee_id AND t.gone = 0
JOIN training_class c ON c.id = e.class_id AND c.gone = 0
LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0
WHERE e.gone = 0 AND coalesce(e.state, '') NOT IN {OUTSIDE} AND coalesce(c.state, '') <> 'cancelled'
  AND e.trainee_id {{only}}
"""
_COURSE = """
SELECT coalesce(p.trade, ''), coalesce(p.level, ''), c.end_on FROM training_class c
LEFT JOIN project p ON p.id = c.project_id AND p.gone = 0 WHERE c.id {only}
"""
_ELSEWHERE = """
SELECT d.trainee_id, coalesce(t.name, ''), d.class_id, coalesce(c.code, ''), d.cause = 'overlapping', d.first_on,
       d.last_on, coalesce(d.institutions, 1), coalesce(d.trade, ''), d.level
FROM duplicate_training d JOIN trainee t ON t.id = d.trainee_id AND t.gone = 0
JOIN training_class c ON c.id = d.class_id AND c.gone = 0
WHERE d.gone = 0 AND d.cause IS NOT NULL AND d.first_on IS NOT NULL AND d.last_on IS NOT NULL
  AND d.trainee_id {only}
"""
_AGAIN = "SELECT trainee_id FROM enrolment GROUP BY trainee_id HAVING count(*) > 1"


@dataclass(frozen=True, slots=True)
class Course:
    """What a class teaches, empty without a project, and its last day where it is known."""

    trade: str = ""
    level: str = ""
    last: date | None = None


NO_COURSE = Course()


def trainings(sql: Connection, keys: Keys) -> Iterator[Training]:
    """Yield the trainings of people, one a period of membership; ``keys`` of trainees."""
    for row in ask(sql, _TRAININGS, keys):
        trainee, name, class_id, code, spans, end_on, trade, level, state = row
        for span in periods(spans):
            last = span.last or day(end_on)
            if last is None or span.first <= last:
                yield Training(
                    trainee, name, class_id, code, span.first, last, trade, level, state == "completed"
                )


def course_of(sql: Connection, class_id: bytes) -> Course:
    """Return 工种, level and last day of a class."""
    row = next(ask(sql, _COURSE, [class_id]), None)
    return NO_COURSE if row is None else Course(row[0], row[1], day(row[2]))


def _of_several(sql: Connection, keys: Keys) -> list[Training]:
    """Return the trainings of people, those under every id of a person as that person's."""
    canonical = aliases.ids_of(sql, keys)
    people = {row[0] for row in ask(sql, _AGAIN)} if keys is None else set(keys)
    found = trainings(sql, people | canonical.keys())
    if not canonical:
        return list(found)
    twins = aliases.twins(sql)
    return [
        replace(one, trainee_id=canonical.get(one.trainee_id, one.trainee_id))
        for one in found
        if (one.class_id, one.trainee_id) not in twins
    ]


def classes_overlap(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """People of two classes at once; ``keys`` of trainees."""
    return duplicates.classes_overlap(look.once("trainings", keys, _of_several))


def trained_twice(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """People trained in the same twice; ``keys`` of trainees."""
    return duplicates.trained_twice(look.once("trainings", keys, _of_several))


def overlaps_elsewhere(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """People whom another institution trains at the same time; ``keys`` of trainees."""
    return duplicates.trained_elsewhere(look.once("elsewhere", keys, _elsewhere), overlapping=True)


def trained_elsewhere(look: Look, keys: Keys) -> tuple[Flag, ...]:
    """People trained in the same by another institution; ``keys`` of trainees."""
    return duplicates.trained_elsewhere(look.once("elsewhere", keys, _elsewhere), overlapping=False)


def _elsewhere(sql: Connection, keys: Keys) -> list[Elsewhere]:
    found = []
    for row in ask(sql, _ELSEWHERE, keys):
        trainee, name, class_id, code, overlaps, first, last, institutions, trade, level = row
        course = f"{trade} {codes.level_name(level or '')}".strip()
        span = date.fromisoformat(first), date.fromisoformat(last)
        found.append(Elsewhere(trainee, name, class_id, code, bool(overlaps), *span, institutions, course))
    return found
