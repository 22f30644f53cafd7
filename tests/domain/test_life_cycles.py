"""Every arrow of every life cycle, and no other."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import CYCLES

ARROWS = [
    (cycle, verb, before, after)
    for cycle in CYCLES
    for verb, arrow in cycle.arrows.items()
    for before, after in arrow.items()
]
WRONG = [
    (cycle, verb, state)
    for cycle in CYCLES
    for verb, arrow in cycle.arrows.items()
    for state in sorted(cycle.states - set(arrow))
]


def name(value):
    return getattr(value, "thing", value)


@pytest.mark.parametrize(("cycle", "verb", "before", "after"), ARROWS, ids=name)
def test_an_arrow_leads_where_the_table_says(cycle, verb, before, after):
    assert cycle.after(before, verb, "原因") == after
    assert verb in cycle.verbs(before)


@pytest.mark.parametrize(("cycle", "verb", "state"), WRONG, ids=name)
def test_a_wrong_arrow_is_refused(cycle, verb, state):
    with pytest.raises(AppError) as caught:
        cycle.after(state, verb, "原因")
    assert caught.value.code == "WRONG_STEP"
    assert verb not in cycle.verbs(state)


@pytest.mark.parametrize(
    ("cycle", "verb"), [(cycle, verb) for cycle in CYCLES for verb in sorted(cycle.asks_reason)], ids=name
)
def test_a_step_that_needs_a_reason_is_not_done_without_one(cycle, verb):
    with pytest.raises(AppError) as caught:
        cycle.after(next(iter(cycle.arrows[verb])), verb, " ")
    assert caught.value.code == "REASON_MISSING"


@pytest.mark.parametrize("cycle", CYCLES, ids=name)
def test_a_record_without_a_state_stands_in_one_of_the_table(cycle):
    assert cycle.state_of(None) == cycle.unset in cycle.states
