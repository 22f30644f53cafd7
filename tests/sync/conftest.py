"""The real platform on loopback, seeded with the demo's file, and a registered workstation."""

from __future__ import annotations

from collections.abc import Iterator

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


@pytest.fixture
def engine(tmp_path, clock) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'platform.db'}")
    with writing(engine) as connection:
        seed(connection, clock, resources.path("demo", "platform.json"))
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
