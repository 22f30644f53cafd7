"""One person whom two workstations entered: after they exchange, everything counts and shows the person once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop_app.domain import records as m
from desktop_app.domain.enrolment import Period, united
from desktop_app.domain.listings.people import TraineeQuery
from desktop_app.domain.risk.kinds import RiskKind
from desktop_app.domain.statistics import Measure, Scope
from desktop_app.store import aliases, projections, risks
from desktop_app.store.queries import (
    attendance,
    classes,
    people,
    results,
    statements,
    statistics,
    trainee_list,
)
from desktop_app.store.queries import risks as risk_queries
from desktop_app.store.queries.trainee_list import Sight
from desktop_app.store.sight import saw
from tests.factories.workstations import Machine, exchange, session_key

CLASS = b"class number one"
ELSE = b"class number two"
FIRST, SECOND, OTHER = b"person 1 at PC 0", b"person 1 at PC 1", b"person 2 at PC 0"
EXAM = b"exam of class 1."
NUMBER = "420506200103083428"
DAY = date(2020, 11, 9)
SESSION = session_key(CLASS)
LATER = session_key(CLASS, 10)
SCOPE = Scope(date(2020, 1, 1), date(2020, 12, 31))


def enter(machine: Machine, person: bytes, name: str, number: str, class_id: bytes, roster: int) -> None:
    machine.write(m.TRAINEE, person, name=name, document_type="id_card", document_number=number)
    machine.write(
        m.ENROLMENT, class_id + person, number=roster, periods=[["2020-11-02", None]], state="attending"
    )


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    """Two workstations that share a class; each has entered the same person into it, and marked somebody."""
    here, there = Machine(tmp_path, 0), Machine(tmp_path, 1)
    for key, code in ((CLASS, "A-1"), (ELSE, "A-2")):
        here.write(
            m.TRAINING_CLASS, key, code=code, start_on="2020-11-02", end_on="2020-12-01", state="running"
        )
    for key, day in ((SESSION, "2020-11-09"), (LATER, "2020-11-10")):
        here.write(
            m.SESSION,
            key,
            class_id=CLASS,
            number=int(day[-2:]),
            held_on=day,
            starts_at="08:30",
            ends_at="11:30",
            hours=4,
        )
    here.write(m.ASSESSMENT, EXAM, class_id=CLASS, kind="completion", held_on="2020-11-20",
               components=[["theory", 1000, 600, 100]])  # fmt: skip
    exchange((here, there))
    enter(here, FIRST, "范雨", NUMBER, CLASS, 1)
    enter(here, OTHER, "苏国", "42011119711122861X", CLASS, 2)
    here.write(m.MARK, SESSION + FIRST, status="present")
    enter(there, SECOND, "范雨", NUMBER, CLASS, 1)
    there.write(m.MARK, LATER + SECOND, status="present")
    there.write(m.SCORE, EXAM + SECOND, theory_state="scored", theory=700)
    exchange((here, there))
    yield here, there
    here.close()
    there.close()


def decide(machine: Machine, decision: str | None) -> None:
    machine.write(m.PERSON_LINK, FIRST + SECOND, decision=decision)


def counts(machine: Machine) -> list[tuple[object, ...]]:
    return machine.rows("SELECT members, marked, attended FROM session_tally ORDER BY held_on")


def test_roster_counts_marks_and_scores_are_of_one_person_on_both_workstations(machines) -> None:
    for machine in machines:
        with machine.workstation.read() as sql:
            roster = classes.member_items(sql, CLASS)
            marks = attendance.marks(sql, CLASS)
            there = attendance.members_on(sql, CLASS, DAY, [FIRST])
            (exam,) = results.assessment_items(sql, class_id=CLASS)
            scores = results.score_rows(sql, exam)
        assert [(one.trainee_id, one.number, one.twins) for one in roster] == [
            (FIRST, 1, (SECOND,)),
            (OTHER, 2, ()),
        ]
        assert set(marks) == {(SESSION, FIRST), (LATER, FIRST)}
        assert not any(one.conflict for one in marks.values())
        assert there == [FIRST]
        assert [(one.trainee_id, len(one.scores)) for one in scores] == [(FIRST, 1), (OTHER, 0)]
        assert counts(machine) == [(2, 1, 1), (2, 1, 1)]
        assert machine.rows("SELECT people FROM class_tally WHERE class_id = ?", CLASS) == [(2,)]
        assert machine.rows("SELECT scored FROM assessment_tally") == [(1,)]
        assert machine.verify().ok


def test_the_list_and_the_search_show_the_person_once_with_the_classes_of_both(machines) -> None:
    _, there = machines
    there.write(m.ENROLMENT, ELSE + SECOND, number=1, periods=[["2020-11-02", None]], state="attending")
    exchange(machines)
    for machine in machines:
        with machine.workstation.read() as sql:
            for query in (TraineeQuery(), TraineeQuery("范雨"), TraineeQuery(class_code="A-2")):
                listed = trainee_list.trainee_page(sql, query, Sight())
                assert [one.id for one in listed].count(FIRST) == 1
                assert SECOND not in [one.id for one in listed]
                assert trainee_list.trainee_count(sql, query, Sight()) == len(listed)
            seen = trainee_list.trainee_page(sql, TraineeQuery(), Sight(frozenset({ELSE})))
            assert [one.id for one in seen] == [FIRST]
            places = {
                trainee_list.trainee_place(sql, TraineeQuery(), Sight(), one) for one in (FIRST, SECOND)
            }
            assert len(places) == 1
            assert [one.class_code for one in people.trainee_enrolments(sql, SECOND)] == ["A-1", "A-2"]


def test_two_marks_of_one_session_are_a_conflict_until_somebody_who_sees_both_marks_anew(machines) -> None:
    here, there = machines
    there.write(m.MARK, SESSION + SECOND, status="absent")
    here.write(m.MARK, SESSION + FIRST, status="late", lost_hours=1)
    exchange(machines)
    for machine in machines:
        with machine.workstation.read() as sql:
            found = attendance.marks(sql, CLASS, SESSION, [FIRST])
        assert [(key, one.mark.status, one.conflict) for key, one in found.items()] == [
            ((SESSION, FIRST), "late", True)
        ]
        assert counts(machine)[0] == (2, 1, 1)
    there.write(m.MARK, SESSION + FIRST, status="absent", lost_hours=None)
    exchange(machines)
    for machine in machines:
        with machine.workstation.read() as sql:
            (item,) = attendance.marks(sql, CLASS, SESSION).values()
        assert (item.mark.status, item.conflict) == ("absent", False)
        assert counts(machine)[0] == (2, 1, 0)


def test_a_report_names_the_person_once(machines) -> None:
    here, _ = machines
    with here.workstation.read() as sql:
        roster = list(statements.roster(sql, CLASS))
        attended = list(statements.attendance(sql, CLASS))
        scored = list(statements.assessment(sql, CLASS))
    assert [one.key for one in roster if one.kind == "trainee"] == [FIRST, OTHER]
    assert [one.key for one in roster if one.kind == "enrolment"] == [CLASS + FIRST, CLASS + OTHER]
    assert next(one for one in roster if one.kind == "class").fields["planned_people"] == 2
    assert {one.key[16:] for one in attended if one.kind == "mark"} == {FIRST}
    assert [one.key for one in scored if one.kind == "score"] == [EXAM + FIRST]


def test_statistics_count_the_person_once(machines) -> None:
    here, _ = machines
    with here.workstation.read() as sql:
        facts = statistics.facts(sql, SCOPE, DAY, statistics.members(sql))
    assert sum(one.measure is Measure.TRAINED for one in facts) == 2
    assert sum(one.measure is Measure.PASSED and one.counts for one in facts) == 1


def flags_of(machine: Machine, kind: RiskKind) -> list[dict[str, str]]:
    with machine.workstation.read() as sql:
        return [dict(one.facts) for one in risk_queries.flags(sql) if one.kind == kind]


def test_somebody_in_two_places_under_two_ids_is_a_flag_and_one_class_twice_is_none(machines) -> None:
    here, there = machines
    other = session_key(ELSE)
    here.write(
        m.SESSION, other, class_id=ELSE, number=1, held_on="2020-11-09", starts_at="09:00", ends_at="10:00"
    )
    here.write(m.SESSION, SESSION, ends_at="11:30")
    exchange(machines)
    there.write(m.ENROLMENT, ELSE + SECOND, number=1, periods=[["2020-11-02", None]], state="attending")
    there.write(m.MARK, other + SECOND, status="present")
    exchange(machines)
    for machine in machines:
        assert len(flags_of(machine, RiskKind.PERSON_TWICE)) == 1
        assert len(flags_of(machine, RiskKind.CLASSES_OVERLAP)) == 1
        before = snapshot(machine)
        with machine.workstation.database.writer() as sql:
            risks.rebuild(sql)
        assert snapshot(machine) == before
    decide(here, "different")
    exchange(machines)
    for machine in machines:
        assert flags_of(machine, RiskKind.PERSON_TWICE) == []
        assert flags_of(machine, RiskKind.CLASSES_OVERLAP)[0]["name"] == "范雨"


def snapshot(machine: Machine) -> set[tuple[object, ...]]:
    return set(machine.rows("SELECT entity, key, flag_id FROM risk_subject"))


def test_a_mark_under_an_id_that_is_not_enrolled_is_the_person_s_who_is(machines) -> None:
    here, _ = machines
    here.delete(m.ENROLMENT, CLASS + SECOND)
    assert flags_of(here, RiskKind.MARK_OUTSIDE) == []


def test_a_decision_parts_them_everywhere_and_its_undo_joins_them_again(machines) -> None:
    here, there = machines
    decide(here, "different")
    exchange(machines)
    for machine in machines:
        assert counts(machine) == [(3, 1, 1), (3, 1, 1)]
        assert machine.rows("SELECT count(*) FROM trainee_list") == [(3,)]
        assert machine.rows("SELECT * FROM person_alias") == []
    decide(there, "same")
    exchange(machines)
    for machine in machines:
        assert counts(machine) == [(2, 1, 1), (2, 1, 1)]
        assert machine.rows("SELECT count(*) FROM trainee_list") == [(2,)]


def test_scores_of_both_ids_are_counted_anew_whenever_a_decision_joins_or_parts_them(machines) -> None:
    here, _ = machines

    def scored(*reached: Machine) -> int:
        assert all(machine.verify().ok for machine in reached)
        (found,) = {machine.rows("SELECT scored FROM assessment_tally")[0] for machine in reached}
        return int(str(found[0]))

    here.write(m.SCORE, EXAM + FIRST, theory_state="scored", theory=700)
    assert scored(here) == 1
    decision = here.write(m.PERSON_LINK, FIRST + SECOND, decision="different")
    assert scored(here) == 2
    exchange(machines)
    assert scored(*machines) == 2
    assert decision is not None
    here.undo(decision)
    assert scored(here) == 1
    exchange(machines)
    assert scored(*machines) == 1


def test_another_number_parts_them_and_a_deleted_record_is_nobodys_other_id(machines) -> None:
    here, _ = machines
    here.write(m.TRAINEE, SECOND, document_type="id_card", document_number="420112199612283612")
    assert here.rows("SELECT * FROM person_alias") == []
    here.write(m.TRAINEE, SECOND, document_type="id_card", document_number=NUMBER)
    assert here.rows("SELECT trainee_id FROM person_alias WHERE canonical_id = ?", FIRST) == [
        (FIRST,),
        (SECOND,),
    ]
    for entity, key in ((m.MARK, SESSION + FIRST), (m.ENROLMENT, CLASS + FIRST), (m.TRAINEE, FIRST)):
        here.delete(entity, key)
    assert here.rows("SELECT * FROM person_alias") == []
    assert here.rows("SELECT trainee_id FROM trainee_list WHERE name = '范雨'") == [(SECOND,)]


def test_a_name_that_only_the_other_record_has_finds_the_person(machines) -> None:
    here, _ = machines
    here.write(m.TRAINEE, SECOND, name="范小雨")
    decide(here, "same")
    with here.workstation.read() as sql:
        (found,) = trainee_list.trainee_page(sql, TraineeQuery("范小雨"), Sight())
    assert found.id == FIRST


def test_who_left_under_one_id_is_there_under_the_other(machines) -> None:
    here, _ = machines
    here.write(m.ENROLMENT, CLASS + FIRST, state="withdrawn", periods=[["2020-11-02", "2020-11-03"]])
    assert here.rows("SELECT people FROM class_tally WHERE class_id = ?", CLASS) == [(2,)]
    with here.workstation.read() as sql:
        assert aliases.twins_of(sql, CLASS) == {FIRST: SECOND}
        assert set(attendance.marks(sql, CLASS)) == {(SESSION, SECOND), (LATER, SECOND)}
    assert counts(here) == [(2, 1, 1), (2, 1, 1)]


def test_what_is_kept_up_is_what_comes_out_anew(machines) -> None:
    here, _ = machines
    with here.workstation.database.writer() as sql:
        kept = {query: set(sql.exec_driver_sql(query)) for query in KEPT}
        projections.rebuild(sql)
        assert kept == {query: set(sql.exec_driver_sql(query)) for query in KEPT}


KEPT = (
    "SELECT * FROM person_alias",
    "SELECT * FROM session_tally",
    "SELECT * FROM class_tally",
    "SELECT * FROM assessment_tally",
    "SELECT name, trainee_id, classes, former FROM trainee_list",
)


def test_an_entry_has_seen_its_ancestors_and_no_entry_of_another_workstation_beside_it(machines) -> None:
    here, there = machines
    first, second = (
        here.write(m.MARK, SESSION + OTHER, status="late"),
        there.write(m.MARK, LATER + OTHER, status="late"),
    )
    exchange(machines)
    last = here.write(m.MARK, SESSION + OTHER, status="present")
    with here.workstation.read() as sql:
        seq = {key: sql.exec_driver_sql("SELECT seq FROM journal_entry WHERE id = ?", (key,)).scalar_one()
               for key in (first, second, last)}  # fmt: skip
        assert not saw(sql, *sorted((seq[first], seq[second]), reverse=True))
        assert saw(sql, seq[last], seq[first])
        assert saw(sql, seq[last], seq[second])
        assert not saw(sql, seq[first], seq[last])
        assert saw(sql, seq[last], seq[last])


def test_periods_of_two_records_are_one_list() -> None:
    def day(number: int) -> date:
        return date(2020, 11, number)

    assert united(
        [Period(day(9)), Period(day(2), day(4)), Period(day(5), day(6)), Period(day(10), day(12))]
    ) == (
        Period(day(2), day(6)),
        Period(day(9)),
    )
    assert united([Period(day(2), day(9)), Period(day(3), day(4))]) == (Period(day(2), day(9)),)
