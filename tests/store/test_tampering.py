"""Random alterations of stores behind the product's back; the long form is ``dev.py faults tampering``."""

from __future__ import annotations

import pytest

from tests.faults.alterations import ALTERATIONS
from tests.faults.list_alterations import LIST_ALTERATIONS
from tests.faults.rewriting import REWRITES
from tests.faults.tampering import Tampering, busy_copy
from tests.store.forged_entries import forge, made, stamp


@pytest.fixture(scope="module")
def tampering(tmp_path_factory) -> Tampering:
    return Tampering(tmp_path_factory.mktemp("tampering"))


def test_every_kind_of_alteration_is_named(tampering):
    for number in range(len(ALTERATIONS) + len(LIST_ALTERATIONS)):
        tampering.alter(number)


def test_history_rewritten_with_all_later_hashes_made_to_fit_is_named(tampering):
    for number in range(4 * len(REWRITES)):
        tampering.rewrite(number)


def test_a_waiting_entry_that_was_altered_is_named(tampering, tmp_path):
    with busy_copy(tampering.busy, tmp_path / "copy") as copy:
        lost = forge(stamp(1), [copy.entries()[0].id], [made(7, b"class 000000009.", g1="A")])
        copy.workstation.receive([forge(stamp(2), [lost.id], [made(7, b"class 000000008.", g1="A")])])
        assert copy.verify().ok
        cut = "CAST(substr(body, 1, length(body) - 1) || x'00' AS BLOB)"
        copy.execute(f"UPDATE waiting_entry SET body = {cut}")
        assert [found.code for found in copy.verify().findings] == ["ENTRY_ALTERED"]
