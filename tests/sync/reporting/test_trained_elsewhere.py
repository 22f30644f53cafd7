"""What the platform tells of people trained elsewhere comes as a 提示 at class and person, and goes when it is over."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import Raw

from desktop_app.domain.risk.kinds import Decision
from desktop_app.domain.users import Role
from sync.contract.claim_records import DuplicateTrainingFields
from sync.contract.kinds import RecordKind
from sync.contract.wire import Record, encode, left
from sync.platform.database import writing
from sync.platform.institutions import institution_by_uscc
from sync.platform.streams import INSTITUTION_STREAM, publish
from tests.sync.running_platform import OWN

KIND = RecordKind.DUPLICATE_TRAINING


def tell(office, *items):
    with writing(office.platform.engine) as connection:
        owner = institution_by_uscc(connection, OWN).id
        publish(connection, office.platform.clock, INSTITUTION_STREAM, owner, list(items))
    office.engine.pull()


def finding(key, cause):
    fields = DuplicateTrainingFields(
        cause=cause,
        first=date(2020, 11, 20),
        last=date(2020, 12, 5),
        institutions=2,
        trade="电工",
        level="skill4",
    )
    return Record(KIND, key, Raw(encode(fields)))


def flags(office):
    return [one for one in office.services.risks.flags() if one.holds and one.kind.endswith("_elsewhere")]


@pytest.mark.parametrize(
    ("cause", "kind"), [("overlapping", "overlaps_elsewhere"), ("repeated", "trained_elsewhere")]
)
def test_a_person_trained_elsewhere_is_a_hint_at_class_and_person(office, cause, kind):
    key = office.class_id + office.people[0]
    tell(office, finding(key, cause))
    (flag,) = flags(office)
    assert (flag.kind, flag.blocks, flag.class_id) == (kind, False, office.class_id)
    facts = dict(flag.facts)
    assert (facts["name"], facts["institutions"]) == ("范雨", "2")
    assert facts["elsewhere"] == "2020-11-20–2020-12-05 电工 四级/中级工"
    if cause == "overlapping":
        office.as_role(Role.OFFICE).risks.dispose_hint(flag.id, Decision.CLEARED, "另一机构已退训")
    tell(office, left(KIND, key))
    assert flags(office) == []


def test_what_is_told_of_somebody_who_is_not_here_yet_waits_for_colleagues(office):
    stranger = office.class_id + b"\x09" * 16
    tell(office, finding(stranger, "overlapping"))
    assert flags(office) == []
    person = office.as_role(Role.OFFICE).trainees.create(
        {"name": "郑明", "document_number": "420111199803031411"}
    )
    tell(office, finding(office.class_id + person, "overlapping"))
    assert flags(office) == []
    office.as_role(Role.OFFICE).trainees.enrol(office.class_id, [person], "employee")
    office.engine.pull()
    assert [dict(one.facts)["name"] for one in flags(office)] == ["郑明"]
