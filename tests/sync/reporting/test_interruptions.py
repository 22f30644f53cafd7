"""A push that breaks off anywhere goes on where it was; nothing is lost, nothing counts twice."""

from __future__ import annotations

import pytest

from desktop_app.domain.errors import AppError
from sync.reporting import sealing
from sync.reporting.engine import ReportingEngine
from sync.reporting.http_adapter import KeySigner, PlatformApi
from sync.reporting.line import OverHttp
from tests.sync.reporting.offices import FREE, TAKEN, with_content

BOTH_DATABASES = True


class Killed(Exception):
    """The process dies here."""


class Breaking:
    """An adapter that dies at the n-th call of a method: before it went out, or after the platform has answered."""

    def __init__(self, adapter, method: str, number: int, *, after: bool) -> None:
        self._adapter = adapter
        self._method = method
        self._left = number
        self._after = after

    def __enter__(self):
        self._adapter.__enter__()
        return self

    def __exit__(self, *facts):
        self._adapter.__exit__(*facts)

    def __getattr__(self, name):
        call = getattr(self._adapter, name)
        if name != self._method:
            return call

        def run(*arguments):
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Killed
            answer = call(*arguments)
            if self._left == 0:
                raise Killed
            return answer

        return run


def breaking(office, method, number=1, *, after):
    """An engine on the same store whose line dies at one call."""
    return ReportingEngine(
        office.batches, lambda *line: Breaking(OverHttp()(*line), method, number, after=after)
    )


@pytest.fixture
def small_pages(monkeypatch):
    """Pages of 8 records, so that 26 records need four."""
    cut = sealing.cut_pages
    monkeypatch.setattr(sealing, "cut_pages", lambda placed, *_: cut(placed, 8))


def finish(office):
    """Open the profile anew, push the rest, and look whether both sides agree."""
    engine = office.new_process()
    outcome = engine.push()
    assert (outcome.sent, outcome.accepted) == (26, 26)
    assert office.same_as_platform()
    assert [item.state for item in with_content(engine)] == ["accepted"] * 4
    assert [(one.state, one.accepted) for one in engine.list_batches()] == [("receipted", 26)]
    assert engine.sync().pushed == ()


@pytest.mark.parametrize("after", [False, True], ids=["before it went out", "answer lost"])
@pytest.mark.parametrize(
    ("method", "number"), [("put_manifest", 1), ("put_page", 1), ("put_page", 3), ("put_page", 4)]
)
def test_a_push_of_many_pages_goes_on(office, small_pages, method, number, after):
    office.engine.seal()
    with pytest.raises(Killed):
        breaking(office, method, number, after=after).push()
    assert office.engine.list_batches()[0].state == "sending"
    finish(office)


@pytest.mark.parametrize("after", [False, True], ids=["before it went out", "answer lost"])
def test_a_push_of_one_page_goes_on(office, after):
    office.engine.seal()
    with pytest.raises(Killed):
        breaking(office, "exchange", after=after).push()
    finish(office)


def test_a_kill_after_sealing_loses_nothing(office):
    office.engine.seal()
    office.new_process()
    assert [one.state for one in office.engine.list_batches()] == ["sealed"]
    finish(office)


@pytest.mark.parametrize("pages", [1, 4])
def test_a_kill_between_delivery_and_the_stored_receipt_goes_on(office, monkeypatch, request, pages):
    if pages > 1:
        request.getfixturevalue("small_pages")
    office.engine.seal()

    def die(*_, **__):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(office.batches, "take_pages", die)
        with pytest.raises(Killed):
            office.engine.push()
    assert office.engine.list_batches()[0].state == "sending"
    assert office.engine.reported_digest().records == {}
    finish(office)


def test_a_kill_within_the_receipts_transaction_stores_none_of_it(office, monkeypatch):
    office.engine.seal()

    def die(_work):
        raise Killed

    projections = office.services.context.workstation.before_commit
    projections.append(die)
    with pytest.raises(Killed):
        office.engine.push()
    projections.remove(die)
    assert office.engine.reported_digest().records == {}
    assert office.engine.list_batches()[0].accepted == 0
    finish(office)


def test_stopping_between_pages_keeps_what_is_there(office, small_pages):
    class Token:
        asked = 0

        def is_cancelled(self):
            return self.asked >= 2

    token, told = Token(), []

    def progress(done, total, _key=""):
        told.append((done, total))
        token.asked = len(told)

    office.engine.seal()
    with pytest.raises(AppError) as caught:
        office.engine.push(progress=progress, cancel=token)
    assert caught.value.code == "CANCELLED"
    assert told == [(0, 26), (8, 26)]
    batch = office.engine.list_batches()[0]
    assert (batch.state, batch.problem) == ("sending", None)
    finish(office)


def test_without_a_network_the_batch_stays_and_the_problem_is_told(office):
    office.engine.seal()
    url = office.engine.link().url
    office.batches.set_settings({"url": b"http://127.0.0.1:9"})
    engine = ReportingEngine(office.batches, _once)
    with pytest.raises(AppError) as caught:
        engine.push()
    assert caught.value.code == "PLATFORM_UNREACHABLE"
    batch = engine.list_batches()[0]
    assert (batch.state, batch.problem) == ("sending", "PLATFORM_UNREACHABLE")
    assert engine.link().reachable is False
    office.batches.set_settings({"url": url.encode()})
    finish(office)
    assert office.engine.link().reachable is True


def _once(url, device, clock, cancel):
    return PlatformApi(url, KeySigner(*device), clock, cancel, attempts=1)


def test_dissolving_asks_the_platform_once_sending_has_begun(office):
    sealed = office.engine.seal()
    with pytest.raises(Killed):
        breaking(office, "exchange", after=True).push()
    with pytest.raises(AppError) as caught:
        office.engine.dissolve(sealed.batch)
    assert caught.value.code == "BATCH_HAS_RECEIPT"
    assert office.engine.list_batches()[0].state == "receipted"
    assert office.same_as_platform()


def test_half_a_batch_may_be_dissolved_and_sealed_anew(office, small_pages):
    sealed = office.engine.seal()
    with pytest.raises(Killed):
        breaking(office, "put_page", 3, after=False).push()
    office.engine.dissolve(sealed.batch)
    assert office.report_all().accepted == 26
    assert office.same_as_platform()
    assert [one.state for one in office.engine.list_batches()] == ["receipted", "dissolved"]


def test_rejections_survive_a_lost_answer(office):
    office.number(1, TAKEN)
    office.engine.seal()
    with pytest.raises(Killed):
        breaking(office, "exchange", after=True).push()
    outcome = office.new_process().push()
    assert (outcome.accepted, outcome.rejected) == (25, 1)
    office.number(1, FREE + "9")
    assert office.report_all().accepted == 1
    assert office.same_as_platform()
