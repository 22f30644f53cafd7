"""补贴申报 over the real platform: decided per person, paid in instalments, taken back; a training is paid once."""

from __future__ import annotations

from datetime import date

import pytest

from desktop_app.domain.claims import Decision
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import CLAIM
from desktop_app.domain.users import Role
from sync.platform import claims
from sync.platform.database import writing
from tests.factories.offices import PASSWORD
from tests.sync.reporting.offices import PEOPLE
from tests.sync.running_platform import OTHER
from tests.sync.statements import ManualClock

DAY = date(2020, 12, 19)
FEN = 120_000


@pytest.fixture
def key(office):
    """A claim of all three people was submitted; return its key."""
    return office.claim_for_all(FEN)


def act(office, verb, *given):
    with writing(office.platform.engine) as connection:
        return getattr(claims, verb)(connection, ManualClock(), *given)


def refused(office, verb, *given):
    with pytest.raises(AppError) as caught:
        act(office, verb, *given)
    return caught.value.code


def item(office):
    office.engine.pull()
    (found,) = office.services.claims.items(office.class_id)
    return found


def test_a_claim_is_decided_per_person_paid_in_instalments_and_taken_back(office, key):
    outcome = office.report_all()
    assert outcome.rejected == 0
    assert office.same_as_platform()
    held = office.engine.reported_digest().records
    assert (held["claim"], held["claim_line"]) == (1, 3)
    approve = claims.Verdict(Decision.APPROVED)
    assert refused(office, "decide", key.hex(), approve) == "CLAIM_EVIDENCE_UNKNOWN"
    office.engine.sync()
    first, second, third = ((key + person).hex() for person in office.people)
    assert refused(office, "pay", key.hex(), None, "") == "CLAIM_NOT_GRANTED"
    reduced = claims.Verdict(Decision.REDUCED, 100_000)
    assert refused(office, "decide", first, reduced) == "ANSWER_REASON_MISSING"
    too_much = claims.Verdict(Decision.REDUCED, FEN, "课时折算")
    assert refused(office, "decide", first, too_much) == "CLAIM_AMOUNT_WRONG"
    act(office, "decide", first, claims.Verdict(Decision.REDUCED, 100_000, "课时折算"))
    act(office, "decide", second, claims.Verdict(Decision.REFUSED, None, "已在别处参训"))
    assert act(office, "decide", key.hex(), claims.Verdict(Decision.APPROVED)) == 1
    assert refused(office, "decide", key.hex(), claims.Verdict(Decision.APPROVED)) == "CLAIM_DECIDED"
    money = item(office).money
    assert (money.approved, money.reduced, money.refused, money.undecided) == (220_000, 20_000, FEN, 0)
    assert act(office, "pay", first, 60_000, "拨1号") == 60_000
    office.engine.pull()
    sums = {one.standing: sum(one.fen) for one in office.services.monday.page().money}
    assert sums == {"reported": 160_000, "cut": 20_000 + FEN, "paid": 60_000}
    assert refused(office, "pay", first, 40_001, "拨2号") == "CLAIM_AMOUNT_WRONG"
    assert act(office, "pay", key.hex(), None, "拨2号") == 160_000
    found = item(office)
    assert (found.state, found.money.paid, found.money.outstanding) == ("paid", 220_000, 0)
    assert refused(office, "recover", key.hex(), 1, "追1号") == "CLAIM_PERSON_WANTED"
    assert refused(office, "recover", third, FEN + 1, "追1号") == "CLAIM_AMOUNT_WRONG"
    act(office, "recover", third, 5_000, "追1号")
    found = item(office)
    assert (found.state, found.money.recovered) == ("recovered", 5_000)
    assert item(office) == found


def test_a_person_trained_elsewhere_is_rejected_and_the_others_are_taken(office, key):
    training = (("resident_id", PEOPLE[0][1]), "电工", "skill5")
    act(office, "register_training", OTHER, *training)
    outcome = office.report_all()
    assert outcome.rejected == 1
    told = [(one.kind, one.code) for one in office.engine.rejected()]
    assert told == [("claim_line", "CLAIM_TRAINED_ELSEWHERE")]
    assert office.same_as_platform()


def test_whom_the_platform_refused_is_refused_money_and_can_be_taken_out_once_others_are_decided(office, key):
    act(office, "register_training", OTHER, ("resident_id", PEOPLE[0][1]), "电工", "skill5")
    office.report_all()
    money = item(office).money
    assert (money.refused, money.undecided) == (FEN, 2 * FEN)
    office.engine.sync()
    act(office, "decide", key.hex(), claims.Verdict(Decision.APPROVED))
    money = item(office).money
    assert (money.approved, money.refused, money.undecided) == (2 * FEN, FEN, 0)
    service = office.as_role(Role.OFFICE).claims
    told = [one.not_taken for one in service.sheet(key).people if one.not_taken]
    assert told == ["CLAIM_TRAINED_ELSEWHERE"]
    assert [(one.kind, one.fen) for one in service.waiting()] == [("not_taken", FEN)]
    cut = next(one for one in office.services.monday.page().money if one.standing == "cut")
    assert sum(cut.fen) == FEN
    for people, code in ((office.people[:2], "CLAIM_NOT_DRAFT"), (office.people[:1], "REASON_MISSING")):
        with pytest.raises(AppError) as caught:
            service.remove(key, people, "")
        assert caught.value.code == code
    service.remove(key, office.people[:1], "已在别处参训")
    office.profile.log_in("admin", PASSWORD)
    money = item(office).money
    assert (money.claimed, money.refused) == (2 * FEN, 0)
    assert office.engine.rejected() == []
    assert office.same_as_platform()


def test_a_claim_that_is_withdrawn_gives_its_trainings_back(office, key):
    office.report_all()
    training = (("resident_id", PEOPLE[0][1]), "电工", "skill5")
    assert refused(office, "register_training", OTHER, *training) == "CLAIM_TRAINED_ELSEWHERE"
    office.write(CLAIM, key, {"state": "draft"})
    assert office.report_all("撤回").rejected == 0
    assert "claim_line" not in office.engine.reported_digest().records
    act(office, "register_training", OTHER, *training)
