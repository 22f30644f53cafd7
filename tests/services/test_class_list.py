"""The list of classes, window by window: order, filters, places and the head's figures."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.training import ClassListItem, ClassPhase, ClassQuery, ClassSort
from desktop_app.domain.users import Role
from desktop_app.services.classes import ClassService
from tests.factories.offices import Office
from tests.services.store_facts import refusal

SPANS = {
    "焊工03班": (date(2020, 9, 1), date(2020, 10, 1)),
    "焊工01%班": (date(2020, 11, 1), date(2020, 12, 1)),
    "钳工09班": (None, None),
}


@pytest.fixture
def classes(office: Office) -> ClassService:
    """Three classes beside the two of the office, at other times."""
    service = office.as_role("office").classes
    for code, (first, last) in SPANS.items():
        service.create_class(code, start_on=first, end_on=last, place="B203")
    return service


def _codes(found: list[ClassListItem]) -> list[str]:
    return [item.code for item in found]


@pytest.mark.parametrize("sort", list(ClassSort))
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("phase", [None, *ClassPhase])
def test_windows_put_together_are_the_whole_list_and_every_place_is_told(
    classes: ClassService, sort: ClassSort, descending: bool, phase: ClassPhase | None
) -> None:
    """In every order and with every filter."""
    query = ClassQuery(phase=phase, sort=sort, descending=descending)
    whole = classes.page(query)
    assert len(whole) == classes.count(query)
    assert [item for offset in range(0, 6, 2) for item in classes.page(query, offset, 2)] == whole
    assert [classes.place(query, item.id) for item in whole] == list(range(len(whole)))


def test_the_order_is_that_of_the_column_and_what_lacks_it_comes_last(classes: ClassService) -> None:
    """Either way."""
    rising = classes.page(ClassQuery(sort=ClassSort.SPAN))
    falling = classes.page(ClassQuery(sort=ClassSort.SPAN, descending=True))
    assert _codes(rising)[0] == "焊工03班"
    starts = [item.start_on for item in falling if item.start_on is not None]
    assert starts == sorted(starts, reverse=True)
    assert falling[-1].start_on is None
    assert rising[-1].start_on is None
    by_people = [item.people for item in classes.page(ClassQuery(sort=ClassSort.PEOPLE, descending=True))]
    assert by_people == sorted(by_people, reverse=True)
    assert by_people[0] > 0
    by_past = [item.sessions_past for item in classes.page(ClassQuery(sort=ClassSort.SESSIONS))]
    assert by_past == sorted(by_past)
    assert by_past[-1] > 0


def test_a_phase_keeps_what_runs_what_is_over_and_what_waits_for_marks(classes: ClassService) -> None:
    """As each class tells of itself."""
    whole = classes.list_classes()
    ended = [item.code for item in whole if item.end_on is not None and item.end_on < classes.context.today()]
    assert _codes(classes.page(ClassQuery(phase=ClassPhase.ENDED))) == ended
    assert "焊工03班" in ended
    running = _codes(classes.page(ClassQuery(phase=ClassPhase.RUNNING)))
    assert sorted([*running, *ended]) == sorted(_codes(whole))
    waiting = [item.code for item in whole if item.sessions_marked < item.sessions_past]
    assert waiting
    assert _codes(classes.page(ClassQuery(phase=ClassPhase.TO_MARK))) == waiting


@pytest.mark.parametrize(
    ("text", "found"), [("钳工09", ["钳工09班"]), ("1%", ["焊工01%班"]), ("_", []), ("无此班", [])]
)
def test_a_search_takes_what_is_typed_as_it_is(classes: ClassService, text: str, found: list[str]) -> None:
    """A percent sign is no wildcard."""
    assert _codes(classes.page(ClassQuery(text))) == found
    assert classes.count(ClassQuery(text)) == len(found)


def test_a_class_is_found_by_its_present_adviser_only(office: Office, classes: ClassService) -> None:
    """A former one is history."""
    name = classes.get_class(office.class_id).advisers[0]
    assert _codes(classes.page(ClassQuery(name))) == ["电工01班"]
    classes.set_adviser(office.class_id, None)
    assert classes.page(ClassQuery(name)) == []


def test_the_head_counts_classes_people_and_sessions_without_marks(classes: ClassService) -> None:
    """As their sum."""
    whole, facts = classes.list_classes(), classes.facts()
    assert (facts.total, facts.people) == (len(whole), sum(item.people for item in whole))
    assert facts.to_mark == sum(item.sessions_past - item.sessions_marked for item in whole) > 0


def test_an_adviser_is_shown_assigned_classes_only(office: Office, classes: ClassService) -> None:
    """Window, number, place and head alike."""
    assert classes.count(ClassQuery()) == 5
    advised = office.as_role(Role.ADVISER).classes
    assert _codes(advised.page(ClassQuery())) == ["电工01班"]
    assert (advised.count(ClassQuery()), advised.facts().total) == (1, 1)
    assert advised.place(ClassQuery(), office.class_id) == 0
    assert advised.place(ClassQuery(), office.other_class_id) is None


def test_nobody_reads_the_list_without_a_login(office: Office, classes: ClassService) -> None:
    """Nor its number, nor a place."""
    office.profile.log_out()
    assert refusal(lambda: classes.count(ClassQuery())) == "LOGIN_REQUIRED"
    with pytest.raises(AppError):
        classes.page(ClassQuery())
