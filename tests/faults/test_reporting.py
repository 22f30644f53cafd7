"""The short form of what befalls reporting; the long form is ``dev.py faults reporting``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kill.operations import Bench, bench
from tests.faults.reporting.__main__ import fail_lines, kill_platform, kill_workstation


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder in memory where the system offers one: stores wait for the disk at every commit."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="reporting-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def made(scratch: Path) -> Iterator[Bench]:
    with bench(scratch) as made:
        yield made


def test_on_a_line_that_fails_nothing_is_lost_and_nothing_counts_twice(scratch):
    assert fail_lines(scratch, seed=2, faults=60, each=1) == []


def test_a_workstation_that_dies_at_any_step_goes_on(made, scratch):
    assert kill_workstation(made, scratch, seed=2, per_stage=1, instants=1) == []


def test_a_platform_that_dies_at_any_step_is_asked_again(made, scratch):
    assert kill_platform(made, scratch, seed=2, per_stage=1, instants=1) == []
