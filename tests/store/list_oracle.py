"""What the lists kept beside the records must say, worked out plainly from the records."""

from __future__ import annotations

import json

from tests.factories.workstations import Machine

CAME = {"present", "late", "early"}
SCORES = ("theory_state", "practice_state", "review_state", "process_state")

AWAY = {None, "refused", "rejected", "applied", "waitlisted", "withdrawn", "transferred"}


def sessions(machine: Machine) -> set[tuple[object, ...]]:
    """Session, class, day, hours, counts, members, marked, attended."""
    found = set()
    for key, class_id, day, hours, state, wanted in machine.rows(
        "SELECT id, class_id, held_on, hours, state, makes_up_for FROM session WHERE gone = 0 AND held_on IS NOT NULL"
    ):
        some = None if wanted is None else set(json.loads(wanted))
        people = {
            person: out == "refused"
            or gone
            or not _holds(spans, day)
            or person.hex() not in (some or {person.hex()})
            for person, spans, out, gone in machine.rows(
                "SELECT trainee_id, periods, state, gone FROM enrolment WHERE class_id = ?", class_id
            )
        }
        marks = [
            status
            for person, status in machine.rows(
                "SELECT trainee_id, status FROM mark WHERE session_id = ? AND gone = 0", key
            )
            if status and not people.get(person, some is not None)
        ]
        members = sum(not away for away in people.values())
        came = sum(status in CAME for status in marks)
        counts = int(state != "cancelled")
        found.add(
            (key, class_id, day, (hours or 0) if some is None else 0, counts, members, len(marks), came)
        )
    return found


def _holds(spans: object, day: object) -> bool:
    listed = json.loads(str(spans)) if spans else []
    return any(first <= day and (last is None or day <= last) for first, last in listed)


def classes(machine: Machine) -> set[tuple[object, ...]]:
    """Class, people, sessions, those where all have a mark, hours."""
    found = set()
    held = [row for row in sessions(machine) if row[4]]
    for (key,) in machine.rows("SELECT id FROM training_class WHERE gone = 0"):
        states = machine.rows("SELECT state FROM enrolment WHERE class_id = ? AND gone = 0", key)
        people = sum(state not in AWAY for (state,) in states)
        own = [row for row in held if row[1] == key]
        complete = sum(0 < row[5] <= row[6] for row in own)
        found.add((key, people, len(own), complete, sum(row[3] for row in own)))
    return found


def assessments(machine: Machine) -> set[tuple[object, ...]]:
    """Assessment, how many have a score, whether somebody has to act."""
    found = set()
    people = {row[0]: row[1] for row in classes(machine)}
    for key, class_id, kind, locked in machine.rows(
        "SELECT id, class_id, kind, locked FROM assessment WHERE gone = 0"
    ):
        rows = machine.rows(
            f"SELECT {', '.join(SCORES)} FROM score WHERE assessment_id = ? AND gone = 0", key
        )
        scored = sum(any(row) for row in rows)
        waiting = scored < people.get(class_id, 0) if kind == "level" else not locked
        found.add((key, scored, int(waiting)))
    return found


def teaching(machine: Machine) -> set[tuple[object, ...]]:
    """Teacher, class, session or assessment, hours that count."""
    found = set()
    for key, class_id, teachers, hours, state, shares in machine.rows(
        "SELECT id, class_id, teachers, hours, state, shares FROM session WHERE gone = 0"
    ):
        listed, split = json.loads(teachers or "[]"), json.loads(shares or "[]")
        for place, teacher in enumerate(listed):
            own = split[place] if len(split) == len(listed) else hours or 0
            found.add((bytes.fromhex(teacher), class_id, key, None if state == "cancelled" else own))
    for key, class_id, teachers in machine.rows(
        "SELECT id, class_id, teachers FROM assessment WHERE gone = 0"
    ):
        found |= {(bytes.fromhex(teacher), class_id, key, None) for teacher in json.loads(teachers or "[]")}
    return found


def trainees(machine: Machine) -> set[tuple[object, ...]]:
    """Trainee, name, document, phone, codes of classes, category and group of the newest."""
    found = set()
    for key, name, document, phone in machine.rows(
        "SELECT id, name, document_number, phone FROM trainee WHERE gone = 0"
    ):
        enrolled = [
            (class_id, code or "", category, group)
            for class_id, code, category, group in machine.rows(
                "SELECT c.id, c.code, e.category, e.key_group FROM enrolment e, training_class c"
                " WHERE c.id = e.class_id AND c.gone = 0 AND e.gone = 0 AND e.trainee_id = ?",
                key,
            )
        ]
        enrolled.sort()
        codes = "\n".join(code for _, code, _, _ in enrolled) or None
        newest = enrolled[-1][2:] if enrolled else (None, None)
        found.add((key, name or "", document, phone, codes, *newest))
    return found


KEPT = {
    "SELECT session_id, class_id, held_on, hours, counts, members, marked, attended FROM session_tally": sessions,
    "SELECT class_id, people, sessions, complete, hours FROM class_tally": classes,
    "SELECT assessment_id, scored, waiting FROM assessment_tally": assessments,
    "SELECT teacher_id, class_id, record_id, hours FROM teaching": teaching,
    "SELECT trainee_id, name, document, phone, classes, category, key_group FROM trainee_list": trainees,
}


def differences(machine: Machine) -> list[object]:
    """Return what the lists say that the records do not, and the other way round."""
    found: list[object] = []
    for query, expected in KEPT.items():
        rows = machine.rows(query)
        wanted = expected(machine)
        assert len(rows) == len(set(rows))
        found += [(expected.__name__, "kept", row) for row in set(rows) - wanted]
        found += [(expected.__name__, "lacking", row) for row in wanted - set(rows)]
    return found
