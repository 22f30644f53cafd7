"""The property test is worth something only if it fails for merging that is wrong."""

from __future__ import annotations

import pytest

from tests.faults.merge import run_examples
from tests.faults.merge_mutants import MUTANTS


@pytest.mark.parametrize("name", MUTANTS)
def test_wrong_merging_is_caught(name, monkeypatch):
    MUTANTS[name](monkeypatch)
    with pytest.raises(AssertionError):
        run_examples(30, seed=7, shrink=False)


def test_the_same_examples_hold_without_a_mutant():
    assert run_examples(10, seed=7, shrink=False).examples == 10
