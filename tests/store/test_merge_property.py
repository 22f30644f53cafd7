"""The promise of the journal, tried on real stores against a plain oracle.

Up to four workstations with clocks up to two days off write, delete and undo; their entries travel as wire bytes in
any order and repeatedly; store files are put back from copies. In the end all have the same state, no conflict is
false and no acknowledged write is lost.
"""

from __future__ import annotations

import json
import math
import os
from collections import Counter

import pytest
from filelock import FileLock

from tests.faults.merge import SHARES, Tally, run_examples

SHARDS = 4
EXAMPLES = 300


@pytest.fixture(scope="session")
def common(tmp_path_factory):
    """A folder that all processes of one run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def together(folder, shard: int, tally: Tally) -> list[Tally]:
    """Add what a shard has tried to what the others have, whichever processes they ran in; return all of it."""
    file = folder / "merge-property.json"
    with FileLock(f"{file}.lock"):
        known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        known[str(shard)] = [tally.examples, tally.holding]
        file.write_text(json.dumps(known), encoding="utf-8")
    return [Tally(examples, Counter(holding)) for examples, holding in known.values()]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_all_workstations_end_alike_and_nothing_is_lost(shard, common):
    tally = run_examples(EXAMPLES // SHARDS, seed=shard)
    assert tally.examples == EXAMPLES // SHARDS
    tried = together(common, shard, tally)
    if len(tried) < SHARDS:
        return  # whichever ends last asks for the shares in all of them
    whole = Tally()
    for one in tried:
        whole.merge(one)
    assert whole.examples == EXAMPLES
    # What is drawn hangs on the constants of the program's own modules too: a share swings with each change of the
    # source, by three standard deviations at the very most. The long run (``dev.py faults merge``) has all of it.
    for name, share in SHARES.items():
        swing = 3 * math.sqrt(share * (1 - share) / EXAMPLES)
        assert whole.share(name) >= share - swing, whole.holding
