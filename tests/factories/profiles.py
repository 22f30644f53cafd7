"""Ready profiles: one is set up per process, with a user of each role, and copied for each test."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from desktop_app.domain.users import Role
from desktop_app.services.container import Services, build_services
from desktop_app.services.profile import NewInstitution, Profile
from desktop_app.store.keys import Argon2Cost

COST = Argon2Cost(8, 1)
INSTITUTION = NewInstitution(
    "湖北江城职业技术学院", "12420000000000000U", "420111", "public-vocational", demo=True
)
ADMIN, OFFICE, ADVISER, TEACHER, HEAD, AUDITOR = (
    "guanli",
    "peixunban",
    "banzhuren",
    "jiaoshi",
    "fuzeren",
    "shenji",
)
ROLES = {
    OFFICE: Role.OFFICE,
    ADVISER: Role.ADVISER,
    TEACHER: Role.TEACHER,
    HEAD: Role.HEAD,
    AUDITOR: Role.AUDITOR,
}
TEACHER_NAME = "张文斌"
PASSWORD = "Ceshi-2020!"
LAST_DAY = date(2020, 12, 28)


@cache
def _folder() -> Path:
    """A folder of this process; in memory where the system offers it, for stores wait for the disk at every commit."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="profiles-", dir=memory if memory.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@contextmanager
def clock_file(path: Path, day: date = LAST_DAY) -> Iterator[Path]:
    """Let demo profiles read their clock from a file while this lasts."""
    set_clock(path, day)
    before = os.environ.get("TRAINING_CLOCK")
    os.environ["TRAINING_CLOCK"] = str(path)
    try:
        yield path
    finally:
        if before is None:
            del os.environ["TRAINING_CLOCK"]
        else:
            os.environ["TRAINING_CLOCK"] = before


def set_clock(path: Path, day: date) -> None:
    """Move the clock to the morning of a day."""
    path.write_text(f"{day.isoformat()}T08:00:00", encoding="ascii")


@cache
def template() -> Path:
    """The profile that all tests begin with: institution, a user of each role, one teacher with an account."""
    folder = _folder() / "template"
    with clock_file(_folder() / "clock.txt", date(2020, 11, 2)):
        profile = Profile(folder, cost=COST)
        try:
            profile.set_up(INSTITUTION, ADMIN, "管理员", PASSWORD)
            services = build_services(profile)
            for login, role in ROLES.items():
                services.accounts.add_user(login, login, [role], PASSWORD)
            user = next(item for item in services.accounts.list_users() if item.login == TEACHER)
            profile.log_in(OFFICE, PASSWORD)
            teacher_id = services.teachers.add_teacher(TEACHER_NAME)
            profile.log_in(ADMIN, PASSWORD)
            services.teachers.link(teacher_id, user.id)
        finally:
            profile.close()
    return folder


@contextmanager
def quick_folder() -> Iterator[Path]:
    """An empty folder where stores are quick; gone afterwards."""
    folder = Path(tempfile.mkdtemp(dir=_folder()))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def copy_profile(folder: Path) -> Path:
    """Copy the ready profile to a new folder; return that."""
    shutil.copytree(template(), folder)
    return folder


@dataclass
class Desk:
    """An open profile with its services and clock."""

    profile: Profile
    services: Services
    clock: Path

    def sit(self, login: str) -> Services:
        """Let another user work here."""
        self.profile.log_in(login, PASSWORD)
        return self.services

    def set_day(self, day: date) -> None:
        """Move the clock."""
        set_clock(self.clock, day)


@contextmanager
def open_desk(folder: Path, login: str = OFFICE, day: date = LAST_DAY) -> Iterator[Desk]:
    """Open a copy of the ready profile, somebody logged in, on a day after all sessions of the sample classes."""
    with clock_file(folder.with_name(f"{folder.name}-clock.txt"), day) as clock:
        if not folder.exists():
            copy_profile(folder)
        profile = Profile(folder, cost=COST)
        try:
            profile.log_in(login, PASSWORD)
            yield Desk(profile, build_services(profile), clock)
        finally:
            profile.close()
