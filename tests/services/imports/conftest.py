"""An open desk: the office of a ready profile at work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.profiles import Desk, open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """The office on 2020-12-28, after all sessions of the sample classes."""
    with open_desk(tmp_path / "profile") as opened:
        yield opened
