"""An open desk: the office of a ready profile at work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.factories.profiles import Desk, open_desk, quick_folder


@pytest.fixture
def desk() -> Iterator[Desk]:
    """The office on 2020-12-28, after all sessions of the sample classes."""
    with quick_folder() as folder, open_desk(folder / "profile") as opened:
        yield opened
