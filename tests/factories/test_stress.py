"""A thousandth of the stress store: it holds what it says, in the right shares, and its journal verifies."""

from __future__ import annotations

from collections import Counter

import pytest

from desktop_app.domain.identity import DocumentType
from desktop_app.domain.trainees import check_trainee
from desktop_app.store import verifying
from desktop_app.store.journal import JournalStore
from tests.benchmarks.stores import facts_of, open_profile
from tests.factories.stress.making import PASSWORD, make
from tests.factories.stress.people import People
from tests.factories.stress.plan import LAST_DAY, SESSIONS, Audience, Size, classes, steps

SCALE = 0.001


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("stress") / "profile"
    make(made, SCALE, seed=7, tell=lambda text: None)
    return made


@pytest.fixture
def context(folder):
    profile, _ = open_profile(folder)
    yield profile.log_in("office", PASSWORD)
    profile.close()


def test_a_small_store_holds_its_part_of_every_record_and_verifies(folder, context):
    size, said = Size(SCALE), facts_of(folder)
    counted = said["counts"]
    with context.read() as sql:
        rows = {
            table: sql.exec_driver_sql(f'SELECT count(*) FROM "{table}" WHERE gone = 0').scalar_one()
            for table in ("training_class", "trainee", "enrolment", "session", "mark", "score", "certificate")
        }
        assert verifying.verify(sql, context.workstation.device).ok
        accepted = sql.exec_driver_sql("SELECT count(*) FROM accepted_record").scalar_one()
    assert rows == {
        "training_class": size.classes,
        "trainee": size.trainees,
        "enrolment": size.trainees,
        "session": size.classes * SESSIONS,
        "mark": size.marks,
        "score": size.trainees,
        "certificate": counted["certificates"],
    }
    assert (size.classes, size.trainees, size.marks) == (4, 150, 2700)
    assert accepted == said["reports"]["accepted"] == said["reports"]["records"] > size.marks


def test_every_tenth_mark_is_a_command_of_its_own_and_some_are_corrected_with_a_reason(folder, context):
    counted = facts_of(folder)["counts"]
    singly, corrections = 0, Counter()
    with context.read() as sql:
        journal = JournalStore(sql)
        for seq in journal.sequence():
            header, note, changes = journal.changes(seq)
            if header.command == "mark_one" and note.reason is None:
                assert len(changes) == 1
                singly += 1
            elif header.command == "mark_one":
                corrections[note.reason] += len(changes)
    assert singly == counted["singly"]
    assert sum(corrections.values()) == counted["corrected"]
    assert len(corrections) == 1
    assert 0.09 < singly / counted["marks"] < 0.11
    assert 0.02 < counted["corrected"] / counted["marks"] < 0.04


def test_people_have_valid_documents_used_once_and_some_share_a_name():
    people, count = People(seed=7), 3000
    made = [people.next(audience, LAST_DAY) for audience in Audience for _ in range(count // 3)]
    checks = [check_trainee(person.fields(), LAST_DAY) for person in made]
    assert all(check.is_valid for check in checks)
    assert {check.values.document_type for check in checks} == {DocumentType.RESIDENT_ID}
    assert len({person.document_number for person in made}) == count
    assert 0.05 < 1 - len({person.name for person in made}) / count < 0.5


def test_the_seed_decides_the_plan():
    size = Size(SCALE)
    assert steps(classes(size, 7)) == steps(classes(size, 7))
    assert steps(classes(size, 7)) != steps(classes(size, 8))


def test_the_full_size_is_that_of_the_requirements():
    size = Size(1)
    assert (size.classes, size.trainees, size.marks) == (3500, 150_000, 2_700_000)
    assert sum(one.people for one in classes(size, 2020)) == 150_000
