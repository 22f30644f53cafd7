"""What an operator sees, and what is refused for being too much, too often or too old."""

from __future__ import annotations

import socket
from datetime import date

import pytest

from desktop_app.domain.errors import AppError
from sync.contract import versions
from sync.contract.framing import MAX_FRAME_BYTES
from sync.contract.versions import ContractVersion, check_version, taken_versions
from sync.platform.app import create_app
from sync.platform.limits import Limiter, Rate
from sync.platform.metrics import Metrics
from tests.sync.running_platform import OWN, Running, answer_of, refusal, served
from tests.sync.statements import NUMBERS, SmallClass, of_class

BOTH_DATABASES = True
SECOND = (ContractVersion(1, date(2021, 3, 1)), ContractVersion(2))


@pytest.fixture
def small():
    return SmallClass()


@pytest.fixture
def hurried(engine, clock):
    """A platform that lets a device ask three times at once and then once a second."""
    with served(create_app(engine, clock, demo=True, devices=Rate(3, 1.0))) as url:
        yield Running(url, engine, clock)


def figures(workstation):
    response = workstation.get("/v1/metrics")
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in response.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_metrics_count_requests_seconds_and_records_once(workstation, small):
    before = figures(workstation)
    batch = workstation.sealer.seal(of_class(small), page_records=15)
    workstation.push(batch)
    workstation.put_page(batch, 0)
    workstation.get("/v1/reports?after=0")
    workstation.token = ""
    workstation.exchange()
    now = figures(workstation)

    def grown(name):
        return now[name] - before.get(name, 0)

    assert grown('training_requests_total{endpoint="manifest",outcome="done"}') == 1
    assert grown('training_requests_total{endpoint="page",outcome="done"}') == 3
    assert grown('training_requests_total{endpoint="exchange",outcome="refused"}') == 1
    assert grown('training_records_total{outcome="received"}') == 22
    assert grown('training_records_total{outcome="accepted"}') == 22
    assert grown('training_request_seconds_count{endpoint="page"}') == 3
    assert grown('training_request_seconds_bucket{endpoint="page",le="+Inf"}') == 3
    assert 0 < grown('training_request_seconds_sum{endpoint="page"}') < 60
    assert now["training_workers"] == 1


def test_metrics_hold_nothing_personal(workstation, small):
    workstation.push(workstation.sealer.seal(of_class(small)))
    told = workstation.get("/v1/metrics").text
    for personal in (*NUMBERS, "学员0", OWN, workstation.device.hex(), small.subject):
        assert personal not in told


def test_workers_that_share_a_block_answer_for_all():
    metrics = Metrics(workers=2)
    metrics.become(0)
    metrics.count_request("page", 200, 0.001)
    metrics.become(1)
    metrics.count_request("page", 429, 0.3)
    metrics.count_request("no such", 500, 30)
    told = metrics.text()
    assert 'training_requests_total{endpoint="page",outcome="done"} 1' in told
    assert 'training_requests_total{endpoint="page",outcome="limited"} 1' in told
    assert 'training_request_seconds_bucket{endpoint="page",le="0.1"} 1' in told
    assert 'training_request_seconds_bucket{endpoint="page",le="0.5"} 2' in told
    assert 'training_requests_total{endpoint="other",outcome="failed"} 1' in told
    assert "training_workers 2" in told


def test_a_bucket_empties_and_fills_again():
    now = [0.0]
    limiter = Limiter(Rate(2, 0.5), lambda: now[0])
    limiter.take("a")
    limiter.take("a")
    with pytest.raises(AppError) as refused:
        limiter.take("a")
    assert (refused.value.code, refused.value.params["seconds"]) == ("RATE_EXCEEDED", 2)
    limiter.take("b")
    now[0] = 2.0
    limiter.take("a")
    with pytest.raises(AppError):
        limiter.take("a")
    now[0] = 1000.0
    limiter.take("a")
    limiter.take("a")
    with pytest.raises(AppError):
        limiter.take("a")


def test_workers_share_a_rate():
    shared = Rate(100, 8.0).share(4)
    assert (shared.burst, shared.per_second) == (50, 2.0)
    assert Rate(1, 1.0).share(1) == Rate(1, 1.0)


def test_a_device_that_asks_too_often_is_told_when_to_come_again(hurried):
    office, colleague = hurried.workstation(), hurried.workstation()
    answers = [office.exchange() for _ in range(5)]
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited
    assert refusal(limited[0]) == (429, "RATE_EXCEEDED")
    assert limited[0].headers["Retry-After"] == "1"
    assert limited[0].json()["error"]["hint"]
    answer_of(colleague.exchange())
    for one in (office, colleague):
        one.session.close()


def test_an_address_without_a_token_is_limited_too(engine, clock):
    with served(create_app(engine, clock, demo=True, addresses=Rate(3, 0.1))) as url:
        office = Running(url, engine, clock).workstation()
        response = office.post("/v1/challenges", b"{}")
        assert refusal(response) == (429, "RATE_EXCEEDED")
        assert 1 <= int(response.headers["Retry-After"]) <= 10
        answer_of(office.exchange())
        office.session.close()


@pytest.mark.parametrize("path", ["/v1/exchange", "/v1/devices", "/v1/tokens"])
def test_a_body_over_the_limit_is_refused_and_the_line_stays_good(workstation, path):
    body = b"\0" * (MAX_FRAME_BYTES + 1)
    response = workstation.post(path, body)
    assert refusal(response) == (413, "BODY_TOO_LARGE")
    assert response.json()["error"]["params"]["limit"] == MAX_FRAME_BYTES
    answer_of(workstation.exchange())


def test_an_announced_body_over_the_limit_is_not_waited_for(platform):
    host, port = platform.url.removeprefix("http://").split(":")
    head = f"POST /v1/exchange HTTP/1.1\r\nHost: {host}\r\nContent-Length: {MAX_FRAME_BYTES + 1}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(head.encode())
        assert line.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("today", "taken"),
    [(date(2021, 2, 28), [1, 2]), (date(2023, 3, 1), [1, 2]), (date(2023, 3, 2), [2])],
)
def test_a_version_is_taken_for_24_months_after_the_next_one(today, taken):
    assert taken_versions(today, SECOND) == taken
    if 1 in taken:
        check_version(1, today, SECOND)
    else:
        with pytest.raises(AppError) as refused:
            check_version(1, today, SECOND)
        assert refused.value.code == "CONTRACT_ENDED"
        assert refused.value.params == {"version": 1, "newest": 2, "ended": "2023-03-01"}


def test_a_version_published_on_29_february_ends_on_the_28th():
    assert ContractVersion(1, date(2024, 2, 29)).ends_on == date(2026, 2, 28)
    assert ContractVersion(1).ends_on is None


@pytest.mark.parametrize(("years", "expected"), [(0, None), (3, "CONTRACT_ENDED")])
def test_a_batch_sealed_under_an_old_version_is_taken_until_its_time_is_over(
    platform, clock, small, monkeypatch, years, expected
):
    monkeypatch.setattr(versions.taken_versions, "__defaults__", (SECOND,))
    monkeypatch.setattr(versions.check_version, "__defaults__", (SECOND,))
    clock.move(days=365.25 * years)
    office = platform.workstation()
    if expected is None:
        assert office.push(office.sealer.seal(of_class(small))).accepted == 22
        assert office.get("/v1").json()["contracts"] == [1, 2]
    else:
        assert refusal(office.registered) == (400, expected)
        assert office.registered.json()["error"]["hint"]
        assert office.get("/v1").json()["contracts"] == [2]
    office.session.close()


def test_a_manifest_of_an_unknown_version_is_refused_with_what_to_do(workstation, small):
    response = workstation.put_manifest(workstation.sealer.seal(of_class(small), contract=99))
    assert refusal(response) == (400, "CONTRACT_UNKNOWN")
    assert response.json()["error"]["hint"]
