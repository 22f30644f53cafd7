"""The short form of the kill runs: every act, every stage; the long form is ``dev.py faults kill``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.kill.operations import OPERATIONS, Bench, bench
from tests.faults.kill.parent import OPEN_SHARE, Killer, open_share


@pytest.fixture(scope="module")
def scratch() -> Iterator[Path]:
    """A folder in memory where the system offers one: stores wait for the disk at every commit."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="kill-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def made(scratch: Path) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory(dir=scratch) as folder, bench(Path(folder)) as made:
        yield made


@pytest.mark.parametrize(
    "names",
    [OPERATIONS[:3], OPERATIONS[3:6], OPERATIONS[6:]],
    ids=["import, marking, undo", "sealing, pushing, pulling", "migrating, backup, restore, drafts"],
)
def test_a_kill_in_any_stage_loses_nothing_and_does_nothing_twice(made, scratch, names):
    tallies = [Killer(made.make(name), scratch, seed=7).run(1) for name in names]
    table = "\n".join(line for tally in tallies for line in tally.lines())
    assert [line for tally in tallies for line in tally.lacking(2 * len(tally.stages), 1)] == [], table
    assert open_share(tallies) >= OPEN_SHARE, table
