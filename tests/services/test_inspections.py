"""过程检查: heads against the marks of that time; bad notes change nothing."""

from __future__ import annotations

from datetime import date, time

import pytest

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.errors import AppError
from desktop_app.domain.inspections import MAX_FINDINGS, MAX_HEADS, InspectionNote, check_note
from desktop_app.services.attendance import NewMark
from desktop_app.services.evidence import Owner, Paper
from tests.factories.offices import TODAY, Office
from tests.factories.pictures import jpeg
from tests.services.store_facts import refusal, values

DAY = date(2020, 11, 9)
NOTE = InspectionNote(DAY, time(15), " 黄督导 ", 1, "一人中途离开")


def test_heads_are_set_against_the_marks_of_that_time(office: Office) -> None:
    """The first session has two of three marked present; a mark that comes later does not change what was compared."""
    services = office.as_role("office")
    services.inspections.record(office.class_id, NOTE, office.sessions[0])
    (item,) = services.inspections.list_inspections(office.class_id)
    assert (item.head_count, item.marked, item.expected, item.difference) == (1, 2, 3, -1)
    assert (item.inspector, item.session_number, item.findings) == ("黄督导", 1, "一人中途离开")
    services.attendance.mark(office.sessions[0], [NewMark(office.people[2], Mark(MarkStatus.PRESENT))])
    (item,) = services.inspections.list_inspections()
    assert (item.marked, item.marked_now, item.difference) == (2, 3, -1)


def test_a_session_without_marks_has_nothing_to_compare(office: Office) -> None:
    services = office.as_role("adviser")
    note = InspectionNote(TODAY, time(15), "黄督导", 3)
    services.inspections.record(office.class_id, note, office.sessions[1])
    (item,) = services.inspections.list_inspections(office.class_id)
    assert (item.marked, item.marked_now, item.difference) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"visited_on": date(2020, 11, 11)}, "INSPECTION_FUTURE"),
        ({"inspector": "  "}, "INSPECTOR_MISSING"),
        ({"head_count": -1}, "HEAD_COUNT_RANGE"),
        ({"head_count": MAX_HEADS + 1}, "HEAD_COUNT_RANGE"),
        ({"findings": "字" * (MAX_FINDINGS + 1)}, "INSPECTION_TEXT_LONG"),
    ],
)
def test_a_bad_note_is_refused(changes: dict[str, object], code: str) -> None:
    given = {name: getattr(NOTE, name) for name in NOTE.__slots__} | changes
    with pytest.raises(AppError) as caught:
        check_note(InspectionNote(**given), TODAY)
    assert caught.value.code == code


def test_a_note_belongs_to_a_session_of_its_class_and_day(office: Office) -> None:
    inspections = office.as_role("office").inspections
    before = values(office)
    assert refusal(inspections.record, office.class_id, NOTE, office.sessions[1]) == "INSPECTION_OTHER_DAY"
    assert refusal(inspections.record, office.other_class_id, NOTE, office.sessions[0]) == "SESSION_UNKNOWN"
    assert refusal(inspections.record, b"\7" * 16, NOTE) == "CLASS_UNKNOWN"
    assert (
        refusal(office.as_role("adviser").inspections.record, office.other_class_id, NOTE) == "NOT_YOUR_CLASS"
    )
    assert values(office) == before


def test_a_note_is_taken_back_with_a_reason_only(office: Office) -> None:
    inspections = office.as_role("office").inspections
    made = inspections.record(office.class_id, NOTE)
    assert refusal(inspections.remove, made, " ") == "REASON_MISSING"
    inspections.remove(made, "填错了班")
    assert inspections.list_inspections(office.class_id) == []
    assert refusal(inspections.remove, made, "再来") == "INSPECTION_UNKNOWN"


def test_photos_belong_to_the_note(office: Office) -> None:
    services = office.as_role("office")
    made = services.inspections.record(office.class_id, NOTE)
    owner = Owner("inspection", made)
    services.evidence.add(owner, Paper("scene_photo"), jpeg("现场"), "现场.jpg")
    (item,) = services.inspections.list_inspections(office.class_id)
    assert item.photos == 1
    assert refusal(services.evidence.add, owner, Paper("id_card"), jpeg("现场"), "证.jpg") == "EVIDENCE_OWNER"
