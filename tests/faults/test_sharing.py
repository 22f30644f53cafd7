"""The short form of what befalls sharing; the long form is ``dev.py faults sharing``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kill.reporting_acts import Province, province
from tests.faults.sharing.__main__ import fail_lines, kill_relay, kill_workstation
from tests.faults.sharing.acts import FEW_STAGES


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder in memory where the system offers one: stores wait for the disk at every commit."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="sharing-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def there(scratch: Path) -> Iterator[Province]:
    with province(scratch) as there:
        yield there


def test_on_a_line_that_fails_nothing_is_lost_and_nothing_is_there_twice(scratch):
    assert fail_lines(scratch, seed=2, faults=40, each=1) == []


def test_a_workstation_that_dies_at_any_step_goes_on_and_sends_one_page_again_at_most(there, scratch):
    assert kill_workstation(scratch, there, 2, per_stage=1, instants=1, stages=FEW_STAGES) == []


def test_a_relay_that_dies_at_any_step_is_asked_again(there, scratch):
    assert kill_relay(scratch, there, seed=2, per_stage=1, instants=1) == []
