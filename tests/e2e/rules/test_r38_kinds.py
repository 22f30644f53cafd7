"""R38: each kind of fabricated data is found where one of each was planted among honest classes (六.3)."""

from __future__ import annotations

import pytest

from desktop_app.domain.risk.kinds import RiskKind
from desktop_app.store.queries import risks as queries
from tests.factories import planted_frauds
from tests.factories.workstations import Machine


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path, 0)
    yield made
    made.close()


def test_r38_one_of_each_kind_is_found(machine):
    planted = planted_frauds.plant(machine, list(planted_frauds.PLANTINGS), 1)
    with machine.workstation.read() as sql:
        found = {one.kind for one in queries.flags(sql)}
    assert {kind for kind, _class_id in planted} <= {RiskKind(kind) for kind in found}
