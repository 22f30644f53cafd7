"""Making the store: the institution and its accounts, then five years of acts, day by day."""

from __future__ import annotations

import gc
import itertools
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from desktop_app import bootstrap
from desktop_app.domain.users import Role
from desktop_app.services.container import Services
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.store.garbage import collector_paused
from desktop_app.store.keys import Argon2Cost
from tests.factories.stress.acts import Counts, Office
from tests.factories.stress.pen import GroupingContext, StepClock
from tests.factories.stress.plan import FIRST_DAY, LAST_DAY, Act, PlannedClass, Size, Step, classes, steps
from tests.factories.stress.reporting import Province, Reports, province
from tests.sync.running_platform import OWN

PASSWORD = "Ceshi-2020!"
INSTITUTION = NewInstitution("湖北江城职业技术学院", OWN, "420111", "public-vocational", demo=True)
ADMIN, OFFICE = "admin", "office"
COST = Argon2Cost(8, 1)
FACTS = "stress.json"
_ACCOUNTS = {
    OFFICE: Role.OFFICE,
    "adviser": Role.ADVISER,
    "teacher": Role.TEACHER,
    "head": Role.HEAD,
    "auditor": Role.AUDITOR,
}
_TOGETHER = 2000
_HOURS = {Act.OPEN: 8, Act.CORRECT: 9, Act.MORNING: 12, Act.AFTERNOON: 17}
_EVENING = 18

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class StressFacts:
    """What a finished store holds, and what it took: ``seconds`` of the office, ``reporting_seconds`` of reports."""

    scale: float
    seed: int
    today: date
    counts: Counts
    reports: Reports
    entries: int
    seconds: float
    reporting_seconds: float

    @property
    def records(self) -> int:
        """Return how many records were written, corrections not counted."""
        one = self.counts
        people = 2 * one.trainees  # and their enrolments
        return people + one.classes + one.sessions + one.marks + one.scores + one.certificates

    def to_json(self) -> str:
        """Return the facts as they are kept beside the store."""
        return json.dumps({**asdict(self), "today": self.today.isoformat()}, indent=1)


def make(
    folder: Path,
    scale: float = 1.0,
    seed: int = 2020,
    tell: Tell = print,
    *,
    unreported: Path | None = None,
) -> StressFacts:
    """Make a profile with the stress store in an empty folder; it is closed, its log brought in.

    ``unreported``: a folder in which the platform's database stays; then nothing has gone up, every report waits.

    Made where files are quick and moved from there: five years of commits wait for no disk.
    """
    with tempfile.TemporaryDirectory(prefix="stress-", dir=_quick_folder(scale)) as quick:
        made = Path(quick) / "profile"
        facts = _make(made, unreported or Path(quick), scale, seed, tell, reported=unreported is None)
        shutil.copytree(made, folder, dirs_exist_ok=True)
    (folder / FACTS).write_text(facts.to_json(), encoding="utf-8")
    return facts


def _quick_folder(scale: float) -> Path | None:
    """Return a folder in memory where there is one with room for the store and the platform's."""
    memory = Path("/dev/shm")
    room = scale * 6 * 2**30
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > room else None


def _make(folder: Path, desk: Path, scale: float, seed: int, tell: Tell, *, reported: bool) -> StressFacts:
    clock = StepClock(FIRST_DAY)
    profile = Profile(folder, cost=COST, clock=clock)
    try:
        with collector_paused(), province(desk, clock) as platform:
            services, context = _found(profile, platform)
            planned = classes(Size(scale), seed)
            story = Story(profile, services, context, clock, platform, Office(services, context, seed), tell)
            seconds, reporting = story.tell_days(planned, reported=reported)
        clock.set(LAST_DAY, 9)
        with context.read() as sql:
            entries = sql.exec_driver_sql("SELECT count(*) FROM journal_entry").scalar_one()
        return StressFacts(
            scale, seed, LAST_DAY, story.office.counts, platform.counts, entries, seconds, reporting
        )
    finally:
        profile.close()


def _found(profile: Profile, platform: Province) -> tuple[Services, GroupingContext]:
    """Set up the institution with an account of each role, joined to the platform."""
    profile.set_up(INSTITUTION, ADMIN, "王主任", PASSWORD)
    assert profile.context is not None
    context = GroupingContext(profile.context.workstation, profile.context.actor)
    profile.context = context
    services = bootstrap.services(profile)
    for login, role in _ACCOUNTS.items():
        services.accounts.add_user(login, login, [role], PASSWORD)
    platform.join(services)
    profile.log_in(OFFICE, PASSWORD)
    services.sites.add_site("本部", "420111", "珞喻路1号")
    services.sites.add_site("东湖校区", "420111", "光谷大道77号")
    return services, context


class Story:
    """The days one after another: the office by day, the administrator's reports at the end of a month."""

    def __init__(
        self,
        profile: Profile,
        services: Services,
        context: GroupingContext,
        clock: StepClock,
        platform: Province,
        office: Office,
        tell: Tell,
    ) -> None:
        self.office = office
        self._profile, self._services, self._context = profile, services, context
        self._clock, self._platform, self._tell = clock, platform, tell
        self._told = date.min

    def tell_days(self, planned: list[PlannedClass], *, reported: bool) -> tuple[float, float]:
        """Do all acts; return the seconds that the office's took, and the reports."""
        started, reporting = time.perf_counter(), 0.0
        by_act = itertools.groupby(steps(planned), key=lambda step: step.act is Act.REPORT)
        for is_report, some in by_act:
            if is_report and not reported:
                continue
            if is_report:
                begun = time.perf_counter()
                self._report(some)
                reporting += time.perf_counter() - begun
            else:
                self._work(planned, some)
        return time.perf_counter() - started - reporting, reporting

    def _work(self, planned: list[PlannedClass], some: Iterable[Step]) -> None:
        for group in _grouped(some):
            with self._context.together():
                for step in group:
                    self._clock.set(step.day, _HOURS.get(step.act, _EVENING))
                    self.office.do(planned[step.place], step)
            self._say(group[-1].day)

    def _report(self, some: Iterable[Step]) -> None:
        self._profile.log_in(ADMIN, PASSWORD)
        for day, ended in itertools.groupby(some, key=lambda step: step.day):
            self._clock.set(day, _EVENING)
            self._platform.report(self._services, [self.office.class_id(step.place) for step in ended])
        self._profile.log_in(OFFICE, PASSWORD)
        gc.collect()  # of a month; nothing looks for rubbish in between

    def _say(self, day: date) -> None:
        if day - self._told > timedelta(days=180):
            self._told = day
            self._tell(f"{day}: {self.office.counts.marks:,} marks")


def _grouped(some: Iterable[Step]) -> Iterable[list[Step]]:
    """Cut acts into groups that commit together; a session's marks are some five commands."""
    rest = iter(some)
    while group := list(itertools.islice(rest, _TOGETHER // 5)):
        yield group
