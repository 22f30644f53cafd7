"""结业 over the real platform: after the results, taken back when the class is opened again."""

from __future__ import annotations

import pytest

from desktop_app.domain.records import TRAINING_CLASS
from tests.sync.reporting.offices import FREE, TAKEN

OTHERS = 26
"""Records of the four reports before."""


@pytest.fixture
def completed(office):
    office.write(TRAINING_CLASS, office.class_id, {"state": "completed", "completed_on": "2020-12-19"})
    return office


def test_a_completed_class_is_reported_and_goes_when_it_is_opened_again(completed):
    office = completed
    outcome = office.report_all()
    assert (outcome.sent, outcome.accepted, outcome.rejected) == (OTHERS + 4, OTHERS + 4, 0)
    assert office.same_as_platform()
    held = office.engine.reported_digest().records
    assert (held["completion"], held["finisher"]) == (1, 3)
    office.write(TRAINING_CLASS, office.class_id, {"state": "running", "completed_on": None})
    assert office.report("completion").changed == 4
    outcome = office.report_all("重新打开，补录一人")
    assert (outcome.accepted, outcome.rejected) == (4, 0)
    assert office.same_as_platform()
    assert "finisher" not in office.engine.reported_digest().records


def test_who_finishes_with_a_certificate_waits_for_it_to_be_accepted(completed):
    office = completed
    office.number(1, TAKEN)
    outcome = office.report_all()
    assert (outcome.sent, outcome.rejected) == (OTHERS + 4, 2)
    told = {one.kind: one.code for one in office.engine.rejected()}
    assert told == {"certificate": "CERTIFICATE_NUMBER_TAKEN", "finisher": "FINISHER_NOT_CERTIFIED"}
    office.number(1, FREE)
    assert office.report_all().rejected == 0
    assert office.same_as_platform()
