"""What is kept of reports equals a fresh check of everything, whatever was done; only what changed is checked."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import (
    ASSESSMENT,
    ENROLMENT,
    INSTITUTION,
    MARK,
    PROJECT,
    SCORE,
    SESSION,
    TEACHER,
    TRAINEE,
    TRAINING_CLASS,
)
from desktop_app.domain.users import Role
from desktop_app.services.attendance import NewMark
from desktop_app.services.reporting import EVERYTHING, Selection
from sync.reporting.overview import Overview, condensed
from sync.reporting.preflight import Preflight
from tests.sync.reporting.offices import FREE, TAKEN

PHONES = ("13900002222", "13700003333")


def whole(office):
    """Everything checked anew: the list and the pre-flight."""
    with office.batches.view() as view:
        checked = Preflight(view, office.services.context.today()).check(EVERYTHING)
        overview = Overview(view)
        known = list(condensed(overview, checked))
        return overview.reports(known), overview.preflight(known)


def kept(office):
    reports = office.engine.list_reports()
    counts = office.engine.known_counts()
    assert counts == office.engine.count_reports()
    assert counts.by_state == Counter(one.state for one in reports)
    assert counts.changed_records == sum(one.changed for one in reports if one.state == "changed")
    return reports, office.engine.preflight()


@pytest.fixture
def looked_at(monkeypatch):
    """The codes of the classes that were checked, in order."""
    seen = []
    check = Preflight.check_subject

    def noted(self, of, kinds):
        seen.append(of.code)
        return check(self, of, kinds)

    monkeypatch.setattr(Preflight, "check_subject", noted)
    return seen


def one(office, query, *values):
    with office.services.context.read() as sql:
        return sql.exec_driver_sql(query, values).first()[0]


def other_class(office):
    made = office.as_role("office").classes.create_class("电工02班", project_code="HB2020-S-0042")
    office.services.trainees.enrol(made, office.people[:1], "employee")
    office.as_role("admin")
    return made


class Acts:
    """What may happen to what is reported, each act by its own way into the store."""

    def __init__(self, office, dice):
        self.office, self.dice = office, dice
        self.other = other_class(office)

    def edit_person(self):
        self.office.edit(self.dice.randrange(3), {"phone": self.dice.choice(PHONES)})

    def break_document(self):
        self._write(TRAINEE, self._person(), {"document_number": "420506200103083420"})

    def mark(self):
        status = self.dice.choice([MarkStatus.PRESENT, MarkStatus.LATE, MarkStatus.ABSENT])
        marks = [NewMark(self._person(), Mark(status))]
        services = self.office.as_role("office")
        services.attendance.mark(self.dice.choice(self.office.sessions), marks, reason="点名簿有误")

    def score(self):
        key = self.office.assessment + self._person()
        self._write(SCORE, key, {"theory_state": "scored", "theory": self.dice.choice([300, 800])})

    def certificate(self):
        number = self.dice.choice([TAKEN, FREE + "7", FREE + "8"])
        self.office.number(self.dice.randrange(3), number)

    def undo(self):
        self.office.as_role("office").history.undo()

    def delete(self):
        entity, key = self.dice.choice(
            [
                (MARK, self.dice.choice(self.office.sessions) + self._person()),
                (SESSION, self.office.sessions[2]),
                (ENROLMENT, self.other + self.office.people[0]),
                (TRAINING_CLASS, self.other),
            ]
        )
        with self.office.services.context.unit_of_work("edit_class") as work:
            work.delete(entity, key)

    def project(self):
        key = one(self.office, "SELECT id FROM project WHERE code = 'HB2020-S-0042'")
        fields = self.dice.choice(
            [{"hours": 61}, {"origin": "own"}, {"origin": "platform"}, {"trade": "焊工"}]
        )
        self._write(PROJECT, key, fields)

    def without_project(self):
        self._write(TRAINING_CLASS, self.other, {"project_id": None})

    def teacher(self):
        key = one(self.office, "SELECT id FROM teacher")
        self._write(TEACHER, key, {"name": self.dice.choice(["陈志强", "陈志刚"])})

    def region(self):
        key = one(self.office, "SELECT id FROM institution")
        self._write(INSTITUTION, key, {"region": self.dice.choice(["420111", "420106"])})

    def session(self):
        day = self.dice.choice([date(2020, 12, 1), date(2020, 12, 28)])
        self._write(SESSION, self.office.sessions[0], {"held_on": day.isoformat()})

    def assessment(self):
        day = self.dice.choice([date(2020, 12, 5), date(2020, 12, 28)])
        self._write(ASSESSMENT, self.office.assessment, {"held_on": day.isoformat()})

    def review_or_not(self):
        self.office.services.reviews.set_required(required=self.dice.random() < 0.5)

    def decide(self):
        self.office.as_role(Role.HEAD)
        self.office.engine.review("roster", self.office.class_id, self.dice.choice([None, "待核对"]))

    def seal(self):
        self.office.engine.seal(reason="更正")

    def dissolve(self):
        self.office.engine.dissolve(
            next(one.id for one in self.office.engine.list_batches() if one.state == "sealed")
        )

    def push(self):
        self.office.engine.push()

    def next_day(self):
        self.office.profile.clock.moment += timedelta(days=self.dice.choice([1, 9]))

    def _person(self):
        return self.dice.choice(self.office.people)

    def _write(self, entity, key, fields):
        self.office.write(entity, key, fields)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_equals_a_fresh_check_of_everything(office, seed):
    dice = random.Random(seed)
    acts = Acts(office, dice)
    names = [name for name in vars(Acts) if not name.startswith("_")]
    done = set()
    for name in [*dice.sample(names, len(names)), *dice.choices(names, k=20)]:
        try:
            getattr(acts, name)()
            done.add(name)
        except (AppError, StopIteration):  # not possible as things stand
            pass
        office.as_role("admin")
        assert kept(office) == whole(office), name
    assert len(done) > len(names) * 2 // 3, set(names) - done


def test_an_unchanged_store_is_not_checked_again(office, looked_at):
    other_class(office)
    first = office.engine.list_reports()
    assert looked_at == ["电工01班", "电工02班"]
    assert office.engine.list_reports() == office.engine.known_standing()[0] == first
    assert office.engine.class_reports(office.class_id) == [
        one for one in first if one.class_id == office.class_id
    ]
    office.engine.preflight()
    office.engine.preflight(Selection(class_ids=[office.class_id]))
    assert looked_at == ["电工01班", "电工02班"]


def test_a_change_of_one_class_has_that_class_alone_checked_again(office, looked_at):
    other_class(office)
    office.engine.list_reports()
    looked_at.clear()
    services = office.as_role("office")
    services.attendance.mark(
        office.sessions[0], [NewMark(office.people[1], Mark(MarkStatus.LATE))], reason="迟到"
    )
    office.edit(1, {"phone": PHONES[0]})
    assert office.engine.list_reports() == whole(office)[0]
    assert looked_at[:1] == ["电工01班"]
    looked_at.clear()
    office.edit(0, {"phone": PHONES[0]})  # a member of both
    office.engine.list_reports()
    assert looked_at == ["电工01班", "电工02班"]


def test_what_needs_no_statement_has_nothing_checked_again(office, looked_at):
    office.engine.list_reports()
    looked_at.clear()
    office.services.accounts.add_user("zhao", "赵老师", [Role.TEACHER], "Teachers-2020")
    office.engine.list_reports()
    assert looked_at == []


def test_a_day_that_passes_has_only_what_was_found_wrong_checked_again(office, looked_at):
    other_class(office)
    office.write(ASSESSMENT, office.assessment, {"held_on": "2020-12-21"})
    assert office.report("assessment").problems > 0
    looked_at.clear()
    office.profile.clock.moment += timedelta(days=2)
    assert office.engine.list_reports() == whole(office)[0]
    assert looked_at[:1] == ["电工01班"]
    assert office.report("assessment").problems == 0


def test_a_check_that_is_cancelled_keeps_what_it_has(office, looked_at, monkeypatch):
    monkeypatch.setattr("sync.reporting.report_states.SLICE_SECONDS", 0)
    other_class(office)

    class After:
        def is_cancelled(self):
            return bool(looked_at)

    told = []
    with pytest.raises(AppError) as caught:
        office.engine.list_reports(lambda done, total, *_: told.append((done, total)), After())
    assert (caught.value.code, told) == ("CANCELLED", [(1, 2)])
    assert {item.class_code for item in office.engine.known_standing()[0]} == {"电工01班"}
    office.engine.list_reports()
    assert looked_at == ["电工01班", "电工02班"]


def test_what_was_kept_in_another_form_is_worked_out_anew(office):
    first = office.engine.list_reports()
    with office.services.context.workstation.database.writer() as sql:
        sql.exec_driver_sql("UPDATE report_state SET checks = x'93010203'")
    assert office.engine.list_reports() == first
