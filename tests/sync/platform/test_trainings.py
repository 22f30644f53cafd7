"""People trained by two institutions: found by a keyed hash, told to both, taken back when it no longer holds (R37)."""

from __future__ import annotations

import hashlib
import threading
from datetime import date

import pytest
from sqlalchemy import select

from sync.contract import signing
from sync.contract.kinds import ReportKind
from sync.contract.shape import read_body
from sync.contract.wire import StreamPage, decode, left
from sync.platform.database import reading
from sync.platform.schema import metadata, training
from tests.sync.running_platform import OTHER, answer_of
from tests.sync.statements import NUMBERS, SmallClass, digest_of, new_id

BOTH_DATABASES = True
ROSTER = ReportKind.ROSTER


@pytest.fixture
def other(platform):
    one = platform.workstation(OTHER)
    yield one
    one.session.close()


def a_class(number, start, end, **changes):
    """A class of three, whose people keep their documents but have ids of their own."""
    small = SmallClass(number, [new_id(1000 * number + i) for i in range(3)])
    records = [small.training_class(start=start, end=end, **changes)]
    records += [small.trainee(index) for index in range(3)]
    records += [small.enrolment(index, periods=[[start, None]]) for index in range(3)]
    return small, records


def push(office, small, records, version=1, base=b"", reason=None):
    place = (ROSTER, small.subject)
    bases = {place: base} if base else {}
    receipt = office.push(office.sealer.seal({place: records}, version=version, bases=bases, reason=reason))
    assert receipt.rejected == []
    return receipt.reports[0].digest


def told(office):
    """What the institution's stream says of duplicates by now: enrolment key → fields."""
    found, after = {}, 0
    while True:
        answer = answer_of(office.get(f"/v1/streams/institution?after={after}"))
        for envelope in answer.pages:
            payload = signing.disclose(office.platform.public_key, signing.Purpose.STREAM, envelope)
            page = decode(payload, StreamPage)
            after = page.version
            for item in page.items:
                if item.kind == "duplicate_training":
                    found[item.key] = None if item.leaves else read_body(item.kind, item.body)
        if not answer.more:
            return {key: fields for key, fields in found.items() if fields is not None}


def test_an_overlap_is_told_to_both_and_names_neither(workstation, other):
    own, records = a_class(1, "2020-11-16", "2020-12-02")
    push(workstation, own, records)
    assert told(workstation) == {}
    foreign, records = a_class(2, "2020-11-30", "2020-12-20", trade="焊工")
    push(other, foreign, records)
    here, there = told(workstation), told(other)
    assert set(here) == {own.id + trainee for trainee in own.trainees}
    assert set(there) == {foreign.id + trainee for trainee in foreign.trainees}
    fields = here[own.id + own.trainees[0]]
    assert (fields.cause, fields.institutions) == ("overlapping", 1)
    assert (fields.first, fields.last, fields.trade) == (date(2020, 11, 30), date(2020, 12, 20), "焊工")
    assert there[foreign.id + foreign.trainees[0]].trade == "电工"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {"repeated"}),
        ({"level": "skill4"}, set()),
        ({"trade": "焊工"}, set()),
    ],
)
def test_the_same_trade_again_is_told_unless_the_level_is_higher(workstation, other, changes, expected):
    push(workstation, *a_class(1, "2020-09-01", "2020-09-20"))
    push(other, *a_class(2, "2020-10-10", "2020-10-30", **changes))
    assert {fields.cause for fields in told(other).values()} == expected
    assert {fields.cause for fields in told(workstation).values()} == expected


def test_one_who_left_has_not_been_trained(workstation, other):
    small, records = a_class(1, "2020-09-01", "2020-09-20")
    records[4] = small.enrolment(0, periods=[["2020-09-01", "2020-09-05"]], state="withdrawn")
    push(workstation, small, records)
    foreign, records = a_class(2, "2020-10-10", "2020-10-30")
    push(other, foreign, records)
    assert set(told(other)) == {foreign.id + trainee for trainee in foreign.trainees[1:]}


def test_what_no_longer_holds_leaves_both_streams(workstation, other):
    own, records = a_class(1, "2020-11-16", "2020-12-02")
    push(workstation, own, records)
    foreign, held = a_class(2, "2020-11-30", "2020-12-20")
    base = push(other, foreign, held)
    gone = [left("enrolment", foreign.id + foreign.trainees[0]), left("trainee", foreign.trainees[0])]
    push(other, foreign, gone, version=2, base=base, reason="误录")
    assert set(told(workstation)) == {own.id + trainee for trainee in own.trainees[1:]}
    assert set(told(other)) == {foreign.id + trainee for trainee in foreign.trainees[1:]}


def test_nothing_new_is_told_twice(platform, workstation, other):
    push(workstation, *a_class(1, "2020-11-16", "2020-12-02"))
    small, records = a_class(2, "2020-11-30", "2020-12-20")
    base = push(other, small, records)
    before = len(answer_of(other.get("/v1/streams/institution?after=0")).pages)
    records = [small.trainee(0, phone="13900001234")]
    push(other, small, records, version=2, base=base, reason="更正电话")
    assert len(answer_of(other.get("/v1/streams/institution?after=0")).pages) == before
    assert len(told(other)) == 3


def test_an_institutions_own_repetitions_are_its_own_matter(workstation):
    push(workstation, *a_class(1, "2020-11-16", "2020-12-02"))
    push(workstation, *a_class(2, "2020-11-16", "2020-12-02"))
    assert told(workstation) == {}


def test_a_batch_that_never_closed_tells_nobody(workstation, other):
    small, records = a_class(1, "2020-11-16", "2020-12-02")
    batch = workstation.sealer.seal({(ROSTER, small.subject): records}, page_records=4)
    workstation.put_manifest(batch)
    workstation.put_page(batch, 0)
    push(other, *a_class(2, "2020-11-16", "2020-12-02"))
    assert told(other) == {}
    workstation.put_page(batch, 1)
    assert len(told(other)) == len(told(workstation)) == 3


def test_two_that_report_one_person_at_once_both_hear_of_it(workstation, other):
    batches = []
    for office, number in ((workstation, 1), (other, 2)):
        small, records = a_class(number, "2020-11-16", "2020-12-02")
        batches.append((office, office.sealer.seal({(ROSTER, small.subject): records})))
    threads = [threading.Thread(target=office.exchange, args=(batch,)) for office, batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told(workstation)) == len(told(other)) == 3


def test_people_are_kept_by_a_keyed_hash_alone(platform, workstation):
    small, records = a_class(1, "2020-11-16", "2020-12-02")
    digest = push(workstation, small, records)
    assert digest == digest_of(records)
    with reading(platform.engine) as connection:
        people = connection.scalars(select(training.c.person)).all()
        assert len(set(people)) == 3
        plain = {hashlib.sha256(f"resident_id\0{number}".encode()).digest() for number in NUMBERS}
        assert not plain & set(people)
        rows = connection.execute(select(metadata.tables["training"])).all()
        assert not any(number in str(row) for number in NUMBERS for row in rows)
