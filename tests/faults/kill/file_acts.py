"""Acts on whole files that are killed: migrating, backing up by hand and daily, restoring, keeping drafts."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from desktop_app import bootstrap
from desktop_app.services import automatic_backups
from desktop_app.services import backup as backups
from desktop_app.services.container import Services
from desktop_app.services.drafts import Draft
from desktop_app.services.profile import Profile
from desktop_app.store import backup, schema
from desktop_app.store.state_hash import state_hash
from tests.factories.offices import CHEAP, PASSWORD, TestClock
from tests.faults.kill.child import Look, Teller
from tests.faults.kill.desks import HOLIDAY, Desk, check_sound, entries
from tests.source_tree import ROOT

OLD = ROOT / "tests" / "data" / "old_databases"
BACKUPS, NAMES, DAYS, DRAFTS = 9, 3, 12, 100
_BACKING_UP = {
    ".backup.unfinished.": "checking",
    "os.rename": "naming",
    ".backup.unfinished": "copying",
}


def state(profile: Profile) -> str:
    """Return the digest of an open profile."""
    assert profile.context is not None
    with profile.context.read() as sql:
        return state_hash(sql).digest


def facts_of(path: Path) -> dict[str, str]:
    """Return login, password and state of an old database."""
    return dict(json.loads(path.read_text(encoding="utf-8")))


def check_backups(paths: list[Path], data_key: bytes) -> None:
    """Whatever bears the name of a backup is a whole one."""
    for path in paths:
        backup.verify(path, data_key)


@dataclass(frozen=True)
class Migrating:
    """A store of the oldest schema is opened by this version."""

    facts: Path
    name: ClassVar[str] = "migrate"
    stages: ClassVar[tuple[str, ...]] = ("copying", "checking", "migrating", "committing")
    look: ClassVar[Look] = Look(_BACKING_UP, writing="migrating", lasting=True)

    def lay_out(self, folder: Path) -> None:
        folder.mkdir()
        shutil.copyfile(self.facts.with_suffix(".db"), folder / "store.db")
        shutil.copyfile(self.facts.with_suffix(".keys"), folder / "keys.json")

    @contextmanager
    def _opened(self, folder: Path, tell: Teller | None = None) -> Iterator[Profile]:
        said = facts_of(self.facts)
        profile = Profile(folder, cost=CHEAP, clock=TestClock())
        try:
            if tell is not None:
                tell.begin()
            profile.log_in(said["login"], said["password"])
            if tell is not None:
                tell.acknowledge(None)
                tell.done()
            assert state(profile) == said["state_hash"]
            yield profile
        finally:
            profile.close()

    def work(self, folder: Path, tell: Teller) -> None:
        with self._opened(folder, tell):
            pass

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self._opened(folder) as profile:
            assert profile.context is not None
            with profile.context.read() as sql:
                assert schema.current_revision(sql) == schema.HEAD
            made = automatic_backups.listed(profile.files)
            assert 1 <= len(made) <= 1 + begun
            check_backups(made, profile.data_key)
            assert sorted(profile.files.backups.iterdir()) == sorted(made)
            profile.log_in("office", facts_of(self.facts)["password"])
            check_sound(bootstrap.services(profile))


@dataclass(frozen=True)
class BackingUp:
    """Backups by hand, each name used several times."""

    desk: Desk
    name: ClassVar[str] = "backup"
    stages: ClassVar[tuple[str, ...]] = ("copying", "checking", "naming", "writing", "committing")
    look: ClassVar[Look] = Look(_BACKING_UP, lasting=True)

    def lay_out(self, folder: Path) -> None:
        self.desk.copy(folder)
        (folder / "elsewhere").mkdir()

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder, "admin") as services:
            for number in range(BACKUPS):
                tell.begin()
                services.backup.write(folder / "elsewhere" / f"{number % NAMES}.backup")
                tell.acknowledge(number)
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, "admin", HOLIDAY) as services:
            place = folder / "elsewhere"
            made = sorted(place.glob("*.backup"))
            assert min(len(acknowledged), NAMES) <= len(made) <= min(begun, NAMES)
            check_backups(made, services.profile.data_key)
            recorded = entries(services, "backup")
            assert len(acknowledged) <= recorded <= begun
            services.backup.write(place / f"{(begun - 1) % NAMES}.backup")
            assert sorted(place.iterdir()) == sorted(place.glob("*.backup"))
            services.profile.log_in("office", PASSWORD)
            check_sound(services)


@dataclass(frozen=True)
class DailyBackup:
    """The automatic backup of one day after the other."""

    desk: Desk
    name: ClassVar[str] = "daily"
    stages: ClassVar[tuple[str, ...]] = ("copying", "checking", "naming")
    look: ClassVar[Look] = Look(_BACKING_UP, lasting=True)

    def lay_out(self, folder: Path) -> None:
        self.desk.copy(folder)

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder) as services:
            for number in range(DAYS):
                self._move(services, number)
                tell.begin()
                trouble = services.backup.daily()
                assert trouble is None, trouble
                tell.acknowledge(self._name(services))
            tell.done()

    def _move(self, services: Services, day: int) -> None:
        clock = services.context.clock
        assert isinstance(clock, TestClock)
        clock.moment = self.desk.moment + timedelta(days=day)

    @staticmethod
    def _name(services: Services) -> str:
        """Return the name of the newest backup, which is today's."""
        newest = services.backup.list_automatic()[0].name
        assert newest.startswith(services.context.today().isoformat())
        return newest

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, later=timedelta(days=begun)) as services:
            made = services.backup.list_automatic()
            check_backups(made, services.profile.data_key)
            said = [folder / "backups" / name for name in acknowledged]
            kept = set(said) - set(automatic_backups.past_their_time([*said, *made]))
            assert kept <= set(made)
            assert services.backup.daily() is None
            made = services.backup.list_automatic()
            assert automatic_backups.past_their_time(made) == []
            present = services.profile.files.backups.iterdir()
            assert sorted(path.name for path in present) == sorted(path.name for path in made)
            assert made[0].name == self._name(services)
            check_backups(made[:1], services.profile.data_key)
            check_sound(services)


@dataclass(frozen=True)
class Restoring:
    """A backup takes the place of a store that has moved on since."""

    desk: Desk
    old: str
    new: str
    name: ClassVar[str] = "restore"
    stages: ClassVar[tuple[str, ...]] = ("unpacking", "swapping", "opening")
    look: ClassVar[Look] = Look(
        {
            "open restoring": "unpacking",
            "/restoring/ready.new /": "swapping",
            "/set-aside-": "swapping",
            "/restoring/keys.json /": "swapping",
            "/restoring/store.db /": "swapping",
            "shutil.rmtree": "opening",
            "/restoring": "unpacking",
        },
        lasting=True,
    )

    def lay_out(self, folder: Path) -> None:
        self.desk.copy(folder)

    def work(self, folder: Path, tell: Teller) -> None:
        profile = self.desk.profile(folder, HOLIDAY)
        tell.begin()
        backups.restore(profile, folder / "elsewhere.backup", "admin", PASSWORD)
        tell.acknowledge(None)
        tell.done()
        profile.close()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, "admin", 2 * HOLIDAY) as services:
            found = state(services.profile)
            assert found in {self.old, self.new}
            assert not acknowledged or found == self.old
            assert not services.profile.files.restoring.folder.exists()
            aside = list(folder.glob("set-aside-*"))
            assert len(aside) == (found == self.old)
            services.profile.log_in("office", PASSWORD)
            check_sound(services)
        for place in aside:
            with self.desk.at_work(place, "admin", HOLIDAY) as services:
                assert state(services.profile) == self.new


@dataclass(frozen=True)
class KeepingDrafts:
    """What is typed and not saved is kept, again and again as it grows."""

    desk: Desk
    name: ClassVar[str] = "draft"
    stages: ClassVar[tuple[str, ...]] = ("keeping", "naming")
    look: ClassVar[Look] = Look({"os.rename": "naming", "open ": "keeping"}, lasting=True)

    def lay_out(self, folder: Path) -> None:
        self.desk.copy(folder)

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder) as services:
            box = services.drafts.box()
            for number in range(DRAFTS):
                typed = {"name": "王" * 2000, "number": number}
                tell.begin()
                box.keep([Draft("trainees", {"id": 1}, "王小明", 2, typed)])
                tell.acknowledge(number)
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, later=HOLIDAY) as services:
            offered = services.drafts.box().read()
            assert len(acknowledged) <= sum(draft.values["number"] + 1 for draft in offered) <= begun
            assert len(offered) == 1 or not acknowledged
            assert all(draft.values["name"] == "王" * 2000 for draft in offered)
            services.profile.log_in("admin", PASSWORD)
            assert services.drafts.box().read() == []
            services.profile.log_in("office", PASSWORD)
            check_sound(services)


def restoring(desk: Desk, template: Path) -> Restoring:
    """An office with a backup of itself, in which work has gone on since."""
    desk.copy(template)
    with desk.at_work(template, "admin") as services:
        old = state(services.profile)
        services.backup.write(template / "elsewhere.backup")
        services.profile.log_in("office", PASSWORD)
        services.classes.create_class("备份以后")
        new, moment = state(services.profile), services.context.now()
    return Restoring(replace(desk, template=template, moment=moment), old, new)


def migrations() -> list[Migrating]:
    """One for each schema that was released before this one."""
    facts = [path for path in sorted(OLD.glob("*.json")) if path.stem != schema.HEAD]
    assert facts
    return [Migrating(path) for path in facts]
