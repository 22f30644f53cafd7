"""A joined office for each test, beside a platform of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.reporting.offices import ReportingOffice, ReportingTemplate


@pytest.fixture(scope="session")
def quick_folder() -> Iterator[Path]:
    """A folder in memory where the system offers one: stores wait for the disk at every commit."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="reporting-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def reporting_template(quick_folder: Path) -> ReportingTemplate:
    """The office set up once."""
    return ReportingTemplate(quick_folder / "template")


@pytest.fixture
def desk(quick_folder: Path) -> Iterator[Path]:
    """A folder of one test."""
    with tempfile.TemporaryDirectory(dir=quick_folder) as folder:
        yield Path(folder)


@pytest.fixture
def platform_folder(desk: Path) -> Path:
    """The platform's file beside the office's."""
    return desk


@pytest.fixture
def unjoined(reporting_template, platform, desk) -> Iterator[ReportingOffice]:
    """The office before it has registered."""
    office = reporting_template.copy(desk / "profile", platform)
    yield office
    office.profile.close()


@pytest.fixture
def office(unjoined) -> ReportingOffice:
    """The office after registering and the first pull."""
    unjoined.engine.join(unjoined.platform.url, unjoined.platform.code())
    unjoined.engine.pull()
    return unjoined
