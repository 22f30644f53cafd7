"""Every list and the first screen in the stress store: the first window of rows, and the deepest ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from desktop_app.domain.listings.people import TraineeQuery, TraineeSort
from desktop_app.domain.listings.training import ClassPhase, ClassQuery, ClassSort
from desktop_app.services.container import Services
from tests.benchmarks.measuring import Report, in_turns, require
from tests.benchmarks.stores import StressStore, stress_store

RUNS = 15
LIMIT_MS = 50
WINDOW = 50
BACK_DAYS = 400


def run(report: Report) -> None:
    """Time each list by itself, as the office sees it, then as those who see a part."""
    with stress_store() as store:
        _judge(report, "", _firsts(store.services))
        _told(report, _rest(store.services))
        _in_the_middle(report, store)
        for login in ("teacher", "adviser"):
            services = store.log_in(login)
            require(services.context.actor is not None, f"{login} at work")
            _judge(report, f"{login}: ", _of_a_part(services))
        _judge_journal(report, store.log_in("auditor"))


def _judge_journal(report: Report, services: Services) -> None:
    """Windows of all commands, and beside them the search for who and what, which reads every header."""
    history = services.history
    numbers = history.journal_numbers()
    middle = numbers[len(numbers) // 2 :][:WINDOW]
    office = next(key for key, _ in history.journal_users() if history.journal_numbers(key))
    acts: Mapping[str, Callable[[], object]] = {
        "the journal": lambda: history.journal_entries(history.journal_numbers()[:WINDOW]),
        "the journal, long ago": lambda: history.journal_entries(middle),
        "names of the journal": history.journal_users,
    }
    _judge(report, "", acts)
    _told(
        report,
        {
            f"the journal of a user, {len(numbers)} commands": lambda: history.journal_numbers(office),
            "the journal of a command": lambda: history.journal_numbers(None, "edit_trainee"),
            "the journal, a run of 500 looked through": lambda: history.journal_entries(numbers[:500]),
        },
    )


def _in_the_middle(report: Report, store: StressStore) -> None:
    """The first screen of a day on which there is teaching, and half a year behind it."""
    store.clock.moment -= timedelta(days=BACK_DAYS)
    board = store.services.dashboard.today()
    require(board.today and board.attendance_by_week, "a day on which there is teaching")
    _judge(report, "", {"the first screen of a day of teaching": store.services.dashboard.today})
    store.clock.moment += timedelta(days=BACK_DAYS)


def _firsts(services: Services) -> Mapping[str, Callable[[], object]]:
    trainees, classes = services.trainees, services.classes
    facts = trainees.facts()
    some = classes.page(ClassQuery(), len(facts.class_codes) // 2, 1)[0]
    day: date = services.classes.list_sessions(some.id)[0].held_on
    person = trainees.page(TraineeQuery(), facts.total // 2, 1)[0]
    acts: dict[str, Callable[[], object]] = {
        f"people by {sort}": lambda sort=sort: trainees.page(TraineeQuery(sort=sort), 0, WINDOW)  # type: ignore[misc]
        for sort in (TraineeSort.NAME, TraineeSort.AGE, TraineeSort.CATEGORY, TraineeSort.CLASSES)
    }
    return acts | {
        "people of a category": lambda: trainees.page(TraineeQuery(category="employee"), 0, WINDOW),
        "people without a class": lambda: trainees.page(TraineeQuery(without_class=True), 0, WINDOW),
        "people of a class": lambda: trainees.page(TraineeQuery(class_code=some.code), 0, WINDOW),
        "people by name, the last window": lambda: trainees.page(
            TraineeQuery(), facts.total - WINDOW, WINDOW
        ),
        "how many people there are": lambda: trainees.count(TraineeQuery()),
        "the place of a person": lambda: trainees.place(TraineeQuery(), person.id),
        "a person": lambda: trainees.get_trainee(person.id),
        **{
            f"classes by {sort}": lambda sort=sort: classes.page(ClassQuery(sort=sort), 0, WINDOW)  # type: ignore[misc]
            for sort in ClassSort
        },
        "classes, the last window": lambda: classes.page(
            ClassQuery(), len(facts.class_codes) - WINDOW, WINDOW
        ),
        "classes that wait for marks": lambda: classes.page(ClassQuery(phase=ClassPhase.TO_MARK), 0, WINDOW),
        "classes, searched": lambda: classes.page(ClassQuery(some.code), 0, WINDOW),
        "how many classes there are": lambda: classes.count(ClassQuery()),
        "the place of a class": lambda: classes.place(ClassQuery(), some.id),
        "head of the list of classes": classes.facts,
        "a class": lambda: classes.get_class(some.id),
        "sessions of a class": lambda: classes.list_sessions(some.id),
        "sessions of a day": lambda: classes.list_sessions(held_on=day),
        "members of a class": lambda: classes.list_members(some.id),
        "marks of a class": lambda: services.attendance.sheet(some.id),
        "assessments of a class": lambda: services.assessments.list_assessments(some.id),
        "certificates of a class": lambda: services.certificates.list_certificates(some.id),
        "teachers": services.teachers.list_teachers,
        "conflicts": services.history.list_conflicts,
        "what undo takes back": services.history.next_undo,
        "the first screen": services.dashboard.today,
    }


def _rest(services: Services) -> Mapping[str, Callable[[], object]]:
    """What is read apart from a window, in the background."""
    trainees = services.trainees
    return {
        "head of the list of people": trainees.facts,
        "people by sex, which has no index": lambda: trainees.page(
            TraineeQuery(sort=TraineeSort.SEX), 0, WINDOW
        ),
        "all classes": services.classes.list_classes,
    }


def _of_a_part(services: Services) -> Mapping[str, Callable[[], object]]:
    return {
        "the first screen": services.dashboard.today,
        "people": lambda: services.trainees.page(TraineeQuery(), 0, WINDOW),
        "classes": lambda: services.classes.page(ClassQuery(), 0, WINDOW),
    }


def _judge(report: Report, whose: str, acts: Mapping[str, Callable[[], object]]) -> None:
    for name, act in acts.items():
        taken = in_turns({name: lambda n, act=act: act()}, RUNS)[name]  # type: ignore[misc]
        report.times(f"{whose}{name}", taken, p95_ms=LIMIT_MS)


def _told(report: Report, acts: Mapping[str, Callable[[], object]]) -> None:
    for name, act in acts.items():
        report.times(name, in_turns({name: lambda n, act=act: act()}, RUNS)[name])  # type: ignore[misc]
