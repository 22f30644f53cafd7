"""Workstations of one office and a shelf between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.shelf import MemoryShelf
from tests.sync.sharing.desks import Desk


@pytest.fixture
def open_desk(tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open workstations by their numbers; ``template``: the store that one is a copy of."""
    opened: list[Desk] = []

    def make(number: int, template: Path | None = None) -> Desk:
        folder = tmp_path / f"desk{len(opened)}"
        folder.mkdir()
        opened.append(Desk(folder, number, template))
        return opened[-1]

    yield make
    for desk in opened:
        desk.close()


@pytest.fixture
def shelf() -> MemoryShelf:
    return MemoryShelf()


@pytest.fixture
def two(open_desk: Callable[..., Desk]) -> tuple[Desk, Desk]:
    return open_desk(0), open_desk(1)
