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
from tests.sync.postgres import Cluster
from tests.sync.running_platform import Running, Workstation, served
from tests.sync.statements import ManualClock


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def pytest_generate_tests(metafunc):
    """Run what takes a platform's database on both of them where the module says BOTH_DATABASES, else on SQLite."""
    if "database" in metafunc.fixturenames:
        both = getattr(metafunc.module, "BOTH_DATABASES", False)
        metafunc.parametrize("database", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


@pytest.fixture
def database(request) -> str:
    """The kind of database that a test runs on."""
    return request.param


def _seeded(url: str) -> None:
    engine = open_database(url)
    with writing(engine) as connection:
        seed(connection, ManualClock(), resources.path("demo", "platform.json"))
    engine.dispose()


@pytest.fixture(scope="session")
def seeded_database(tmp_path_factory) -> Path:
    """A platform's database seeded with the demo's file, to be copied."""
    file = tmp_path_factory.mktemp("platform") / "seeded.db"
    _seeded(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL."""
    with Cluster.running() as running:
        yield running


@pytest.fixture(scope="session")
def seeded_template(cluster) -> str:
    """The name of a PostgreSQL database seeded with the demo's file, to be copied."""
    name = cluster.create()
    _seeded(cluster.url(name))
    return name


@pytest.fixture
def platform_folder(tmp_path) -> Path:
    """Where the file of a platform's database lies."""
    return tmp_path


@pytest.fixture
def empty_url(request, database, platform_folder) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if database == "sqlite":
        yield f"sqlite:///{platform_folder / 'p.db'}"
        return
    cluster = request.getfixturevalue("cluster")
    name = cluster.create()
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def seeded_url(request, database, platform_folder) -> Iterator[str]:
    """The address of a seeded database of one test."""
    if database == "sqlite":
        shutil.copy(request.getfixturevalue("seeded_database"), platform_folder / "platform.db")
        yield f"sqlite:///{platform_folder / 'platform.db'}"
        return
    template, cluster = (request.getfixturevalue(name) for name in ("seeded_template", "cluster"))
    name = cluster.create(template)
    yield cluster.url(name)
    cluster.drop(name)


@pytest.fixture
def engine(seeded_url) -> Iterator[Engine]:
    engine = open_database(seeded_url)
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
