"""The real platform on loopback, seeded with the demo's file, and a registered workstation."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

import resources
from sync.platform.app import create_app
from sync.platform.database import open_database, writing
from sync.platform.seeding import seed
from tests.sync.running_platform import Running, Workstation, served
from tests.sync.statements import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture(scope="session")
def seeded_database(tmp_path_factory) -> Path:
    """A platform's database seeded with the demo's file, to be copied."""
    file = tmp_path_factory.mktemp("platform") / "seeded.db"
    engine = open_database(f"sqlite:///{file}")
    with writing(engine) as connection:
        seed(connection, ManualClock(), resources.path("demo", "platform.json"))
    engine.dispose()
    return file


@pytest.fixture
def engine(tmp_path, seeded_database) -> Iterator[Engine]:
    shutil.copy(seeded_database, tmp_path / "platform.db")
    engine = open_database(f"sqlite:///{tmp_path / 'platform.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def platform(engine, clock) -> Iterator[Running]:
    with served(create_app(engine, clock, demo=True)) as url:
        yield Running(url, engine, clock)


@pytest.fixture
def workstation(platform) -> Iterator[Workstation]:
    one = platform.workstation()
    yield one
    one.session.close()
