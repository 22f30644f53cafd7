"""The promise of sharing, tried on real stores over every way at once against a plain oracle.

Up to five workstations, copies of each other among them, with clocks up to two days off write, undo and share by the
relay's own code, by folder and by file, over lines that lose, repeat and spoil; stores and shelves are put back from
backups. In the end all have the same state, no conflict is false, and nothing that a workstation or a shelf had is
gone. The long form is ``dev.py faults sharing``.
"""

from __future__ import annotations

import pytest

from tests.faults.sharing.examples import lacking, run_examples

SHARDS, EXAMPLES = 4, 200


@pytest.mark.parametrize("shard", range(SHARDS))
def test_whatever_befalls_their_pages_all_workstations_end_alike(shard):
    tally = run_examples(EXAMPLES // SHARDS, seed=shard)
    assert tally.examples == EXAMPLES // SHARDS
    assert lacking(tally, 0.5) == [], tally.table()
