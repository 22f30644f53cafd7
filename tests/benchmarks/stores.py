"""The stress store as benchmarks get it: made once, kept in the user's cache folder, copied for each use."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import platformdirs
from filelock import FileLock

from desktop_app import bootstrap
from desktop_app.services.container import Services
from desktop_app.services.profile import Profile
from tests.factories.stress.making import COST, FACTS, PASSWORD, make
from tests.factories.stress.pen import StepClock
from tests.source_tree import ROOT

FULL, TENTH = 1.0, 0.1
SEED = 2020
_HOUR = 9
# What decides the content of a store: who makes it, its schema, its records, and what is derived from them.
_SOURCES = (
    "tests/factories/stress/*.py",
    "desktop_app/store/migrations/versions/*.py",
    "desktop_app/domain/records/*.py",
    "desktop_app/domain/entries.py",
    "desktop_app/store/journal.py",
    "desktop_app/store/projections.py",
    "desktop_app/store/search_index.py",
    "desktop_app/store/tallies.py",
    "desktop_app/store/teaching.py",
)


@dataclass(frozen=True, slots=True)
class StressStore:
    """An open copy of the stress store on the disk of the cache, at nine on the morning after its last day."""

    folder: Path
    profile: Profile
    services: Services
    clock: StepClock
    facts: dict[str, Any]

    def log_in(self, login: str) -> Services:
        """Let somebody work here."""
        self.profile.log_in(login, PASSWORD)
        return self.services


def cached(scale: float = FULL) -> Path:
    """Return the folder of a finished store of some scale; it is made where there is none of this version."""
    home = platformdirs.user_cache_path("training-client") / "stress"
    home.mkdir(parents=True, exist_ok=True)
    version = _version()
    folder = home / version / f"{scale:g}"
    with FileLock(home / "making.lock"):
        if not (folder / FACTS).exists():
            for former in home.iterdir():
                if former.is_dir() and former.name != version:
                    shutil.rmtree(former)
            shutil.rmtree(folder, ignore_errors=True)
            print(f"making the stress store, {scale:g} of its full size, once", flush=True)
            make(folder, scale, SEED, lambda text: print(f"  {text}", flush=True))
    return folder


def _version() -> str:
    """Return a digest of the sources that decide what a store holds."""
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for file in sorted(ROOT.glob(pattern)):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def working_folder() -> Iterator[Path]:
    """Yield an empty folder on the disk that the cache is on: not in memory, so that commits are real."""
    home = platformdirs.user_cache_path("training-client") / "stress"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="work-", dir=home.parent) as folder:
        yield Path(folder)


def facts_of(folder: Path) -> dict[str, Any]:
    """Return what a finished store says of itself (``StressFacts``)."""
    found: dict[str, Any] = json.loads((folder / FACTS).read_text(encoding="utf-8"))
    return found


@contextmanager
def stress_copy(scale: float = FULL) -> Iterator[Path]:
    """Yield a copy of the closed stress store, to be opened by whoever needs it."""
    with working_folder() as folder:
        shutil.copytree(cached(scale), folder / "profile")
        yield folder / "profile"


@contextmanager
def stress_store(scale: float = FULL, login: str = "office") -> Iterator[StressStore]:
    """Yield an open copy of the stress store, somebody logged in."""
    with stress_copy(scale) as folder:
        profile, clock = open_profile(folder)
        try:
            profile.log_in(login, PASSWORD)
            yield StressStore(folder, profile, bootstrap.services(profile), clock, facts_of(folder))
        finally:
            profile.close()


def open_profile(folder: Path) -> tuple[Profile, StepClock]:
    """Open a copy, nobody logged in; its clock stands on the last day of the story."""
    clock = StepClock(date.fromisoformat(facts_of(folder)["today"]))
    clock.set(clock.today(), _HOUR)
    return Profile(folder, cost=COST, clock=clock), clock
