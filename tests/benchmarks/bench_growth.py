"""Opening and every act of a user in the full stress store beside the same in a store of a tenth of its size."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from desktop_app import bootstrap
from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.listings.people import TraineeQuery
from desktop_app.domain.listings.training import ClassQuery
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services
from tests.benchmarks.measuring import Act, Report, Taken, in_turns, require
from tests.benchmarks.stores import FULL, TENTH, StressStore, open_profile, stress_store
from tests.factories.stress.making import PASSWORD

RUNS = 25
OPENINGS = 5
LIMIT = 1.2
WINDOW = 50
CLASSES = 8
"""Of whose people names are looked up, until some are found that as many people have in both stores."""


def run(report: Report) -> None:
    """Time each act in both stores, in turns."""
    with stress_store(FULL) as full, stress_store(TENTH) as tenth:
        desks = {"full": _Desk(full), "tenth": _Desk(tenth)}
        _match_names(report, list(desks.values()))
        for name in desks["full"].acts():
            acts: dict[str, Act] = {size: desk.acts()[name] for size, desk in desks.items()}
            _judge(report, name, in_turns(acts, RUNS, warm=3))
        for store in (full, tenth):
            store.log_in("auditor")
        journals: dict[str, Act] = {size: desk.read_journal for size, desk in desks.items()}
        _judge(report, "the journal, its first window", in_turns(journals, RUNS, warm=3))
        _judge(report, "opening", in_turns({size: desk.reopen for size, desk in desks.items()}, OPENINGS))


def _match_names(report: Report, desks: Sequence[_Desk]) -> None:
    """Let each search for names that as many people have: ten times the people share no more names."""
    known = [desk.names_by_people() for desk in desks]
    shared = set(known[0]).intersection(*known[1:])
    require(shared, "names that as many people have in both stores")
    people = max(shared, key=lambda number: min(len(names[number]) for names in known))
    for desk, names in zip(desks, known, strict=True):
        desk.names = names[people]
    report.note(f"each whole name is that of {people} people in either store")


def _judge(report: Report, name: str, taken: Mapping[str, Taken]) -> None:
    report.slower(name, taken["full"], taken["tenth"], at_most=LIMIT)


@dataclass
class _Desk:
    """One store with a class somewhere in its middle, and what a user of the office does there."""

    store: StressStore

    def __post_init__(self) -> None:
        services = self.store.services
        classes = services.classes.list_classes()
        require(len(classes) > 50, "classes in the store")
        self._draw = random.Random(4)
        self._class = classes[len(classes) // 2]
        sheet = services.attendance.sheet(self._class.id)
        self._people = [member.trainee_id for member in sheet.members]
        self.names = [member.name for member in sheet.members]
        self._session = sheet.sessions[3].id
        self._assessment = services.assessments.list_assessments(self._class.id)[0].id

    @property
    def services(self) -> Services:
        return self.store.services

    def acts(self) -> Mapping[str, Callable[[int], object]]:
        """Return every act by name; each is given the number of its run."""
        services = self.services
        return {
            "mark one person": self._mark,
            "take it back": lambda n: services.history.undo(),
            "save a person's form": self._edit,
            "the first screen": lambda n: services.dashboard.today(),
            "the list of people, its first window": lambda n: services.trainees.page(
                TraineeQuery(), 0, WINDOW
            ),
            "the list of classes, its first window": lambda n: services.classes.page(ClassQuery(), 0, WINDOW),
            "a class's marks": lambda n: services.attendance.sheet(self._class.id),
            "a class's scores": lambda n: services.assessments.sheet(self._assessment),
            "a class's people": lambda n: services.classes.list_members(self._class.id),
            "search by a whole name": lambda n: services.trainees.list_trainees(
                self.names[n % len(self.names)], limit=WINDOW
            ),
            "a person": lambda n: services.trainees.get_trainee(self._people[n % len(self._people)]),
        }

    def names_by_people(self) -> dict[int, list[str]]:
        """Return names of people of some classes by how many the search finds."""
        classes = self.services.classes.list_classes()
        found: dict[int, list[str]] = {}
        names = {
            member.name
            for one in classes[:: max(1, len(classes) // CLASSES)]
            for member in self.services.classes.list_members(one.id)
        }
        for name in sorted(names):
            people = self.services.trainees.count(TraineeQuery(name))
            found.setdefault(people, []).append(name)
        return found

    def _mark(self, n: int) -> None:
        status = MarkStatus.LATE if (n // len(self._people)) % 2 else MarkStatus.ABSENT
        person = self._people[n % len(self._people)]
        self.services.attendance.mark(self._session, [NewMark(person, Mark(status))], reason="核对签到表")

    def _edit(self, n: int) -> None:
        phone = f"139{self._draw.randrange(10**8):08}"
        self.services.trainees.edit(self._people[n % len(self._people)], {"phone": phone})

    def read_journal(self, _n: int) -> None:
        """Read what the auditor's page shows first."""
        self.services.history.list_journal(WINDOW)

    def reopen(self, _n: int) -> None:
        """Close the profile and open it again, logged in, with its services."""
        store = self.store
        store.profile.close()
        profile, _ = open_profile(store.folder)
        profile.log_in("office", PASSWORD)
        services = bootstrap.services(profile)
        object.__setattr__(store, "profile", profile)
        object.__setattr__(store, "services", services)
