"""An office that is set up once a worker and copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.offices import Office, OfficeTemplate


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> OfficeTemplate:
    """Return an office that is set up once."""
    return OfficeTemplate(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(office_template: OfficeTemplate, tmp_path: Path) -> Iterator[Office]:
    """Return a copy of the office, nobody logged in."""
    copy = office_template.copy(tmp_path / "profile")
    yield copy
    copy.profile.close()
