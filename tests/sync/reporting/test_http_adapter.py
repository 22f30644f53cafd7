"""The HTTP adapter against the real platform, and against a server that fails on purpose."""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from desktop_app.domain.errors import AppError
from desktop_app.services.ports import NEVER
from sync.contract import signing
from sync.contract.wire import About, Receipt, decode, encode_json
from sync.lines import http_line
from sync.lines.addresses import checked_url
from sync.reporting.http_adapter import HttpLines, KeySigner, PlatformApi
from tests.sync.running_platform import OWN
from tests.sync.statements import ManualClock, Sealer, SmallClass, of_class


class Waits:
    """Sleeps not at all and counts how long it would have been."""

    def __init__(self) -> None:
        self.total = 0.0

    def __call__(self, seconds: float) -> None:
        self.total += seconds


@dataclass
class Faulty:
    """A server that answers from a script; beyond it with what the platform says of itself."""

    script: list[tuple[int, dict[str, str], bytes] | None] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    url: str = ""


ABOUT = encode_json(
    About(
        contracts=[1],
        epoch=b"e" * 16,
        public_key=b"k" * 32,
        sealing_key=b"s" * 32,
        demo=True,
        now=ManualClock().now(),
        page_records=1000,
        frame_bytes=1,
    )
)


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    state = Faulty()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 0.2

        def do_GET(self) -> None:
            state.seen.append(self.path)
            step = state.script.pop(0) if state.script else (200, {}, ABOUT)
            if step is None:
                self.close_connection = True
                return
            status, headers, body = step
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def api(faulty, waits):
    signer = KeySigner(secrets.token_bytes(16), signing.new_private_key())
    with PlatformApi(faulty.url, signer, ManualClock(), sleep=waits) as one:
        yield one


@pytest.fixture
def joined(platform, clock, waits):
    signer = KeySigner(secrets.token_bytes(16), signing.new_private_key())
    with PlatformApi(platform.url, signer, clock, sleep=waits) as one:
        told = one.register(platform.code(), "一号机", demo=True)
        assert (told.uscc, told.public_key) == (OWN, platform.public_key)
        yield one, Sealer(OWN, signer.device, signer.private_key, demo=True)


def test_a_whole_push_and_pull(joined, platform):
    api, sealer = joined
    batch = sealer.seal(of_class(SmallClass()), page_records=10)
    assert api.put_manifest(batch.id, batch.envelope).lacking == [0, 1, 2]
    for index, page in enumerate(batch.pages):
        status = api.put_page(batch.id, index, page)
    assert status.receipt == api.receipt(batch.id)
    payload = signing.disclose(platform.public_key, signing.Purpose.RECEIPT, status.receipt)
    assert decode(payload, Receipt).accepted == 22
    assert len(api.pull("province", 0).pages) == 1
    assert sum(tally.records for tally in api.reports().reports) == 22
    small = sealer.seal(of_class(SmallClass(2)))
    answer = api.exchange(small.envelope, small.pages[0], {"province": 1})
    assert (answer.receipt is not None, answer.pages) == (True, [])


def test_an_expired_token_is_replaced_in_mid_run(joined, clock):
    api, _ = joined
    api.reports()
    clock.move(minutes=16)
    assert api.reports().reports == []


def test_a_refusal_keeps_its_code_and_parameters(joined):
    api, sealer = joined
    changes = of_class(SmallClass())
    first, second = sealer.seal(changes), sealer.seal(changes)
    api.exchange(first.envelope, first.pages[0], {})
    with pytest.raises(AppError) as refused:
        api.put_manifest(second.id, second.envelope)
    assert (refused.value.code, refused.value.params["newest"]) == ("REPORT_VERSION_TAKEN", 1)


def test_the_skew_of_this_machines_clock_is_known(platform, clock):
    behind = ManualClock(clock.now())
    behind.move(minutes=-11)
    signer = KeySigner(secrets.token_bytes(16), signing.new_private_key())
    with PlatformApi(platform.url, signer, behind) as api:
        api.about()
        assert api.skew_seconds == 11 * 60


@pytest.mark.parametrize("fault", [None, (502, {}, b""), (503, {}, b""), (504, {}, b""), (429, {}, b"")])
def test_what_fails_on_the_way_is_tried_again(api, faulty, waits, fault):
    faulty.script = [fault, fault]
    assert api.about().contracts == [1]
    assert len(faulty.seen) == 3
    assert 0.5 * (0.5 + 1) <= waits.total <= 0.5 + 1 + 0.2


def test_retry_after_is_obeyed_up_to_five_minutes(api, faulty, waits):
    faulty.script = [(429, {"Retry-After": "7"}, b""), (503, {"Retry-After": "9999"}, b"")]
    api.about()
    assert waits.total == pytest.approx(7 + 300, abs=0.2)


def test_attempts_come_to_an_end(api, faulty):
    faulty.script = [None] * 9
    with pytest.raises(AppError, match="PLATFORM_UNREACHABLE"):
        api.about()
    assert len(faulty.seen) == 5


def test_a_busy_platform_is_named_in_the_end(api, faulty):
    body = {"error": {"code": "PLATFORM_BUSY", "message": "", "hint": None, "params": {}}}
    faulty.script = [(503, {}, json.dumps(body).encode())] * 5
    with pytest.raises(AppError, match="PLATFORM_BUSY"):
        api.about()


@pytest.mark.parametrize(
    "step",
    [
        (200, {}, b"<html>log in</html>"),
        (404, {}, b"not here"),
        (302, {"Location": "http://127.0.0.1/"}, b""),
    ],
)
def test_an_answer_that_is_none_of_the_platform(api, faulty, step):
    faulty.script = [step]
    with pytest.raises(AppError, match="PLATFORM_ANSWER"):
        api.about()


def test_a_user_who_stops_waits_no_longer_than_one_step(faulty):
    class AfterTwo:
        asked = 0

        def is_cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 2

    faulty.script = [(503, {"Retry-After": "60"}, b"")]
    waits = Waits()
    signer = KeySigner(secrets.token_bytes(16), signing.new_private_key())
    with (
        PlatformApi(faulty.url, signer, ManualClock(), AfterTwo(), sleep=waits) as api,
        pytest.raises(AppError, match="CANCELLED"),
    ):
        api.about()
    assert waits.total <= 0.2


@pytest.mark.parametrize(
    "url",
    [
        "https://platform.example.cn",
        "https://platform.example.cn:8443/hb/",
        "http://127.0.0.1:8700",
        "http://localhost:1",
    ],
)
def test_addresses_that_are_good(url):
    assert checked_url(f" {url} ") == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://platform.example.cn",
        "ftp://127.0.0.1",
        "platform",
        "https://",
        "https://u:p@host",
        "https://h/?a=1",
        "http://[::",
        "",
    ],
)
def test_addresses_that_are_not(url):
    with pytest.raises(AppError, match="PLATFORM_URL"):
        checked_url(url)


@pytest.mark.parametrize(
    ("number", "code"), [(9, "PLATFORM_TLS_CLOCK"), (10, "PLATFORM_TLS"), (18, "PLATFORM_TLS")]
)
def test_a_certificate_of_the_future_means_a_wrong_clock(api, monkeypatch, number, code):
    import ssl

    def fail(*_args, **_kwargs):
        cause = ssl.SSLCertVerificationError()
        cause.verify_code = number
        raise requests.exceptions.SSLError(cause)

    monkeypatch.setattr(api._line.session, "request", fail)
    with pytest.raises(AppError) as refused:
        api.about()
    assert refused.value.code == code


def test_beyond_loopback_the_system_decides_whom_to_trust():
    signer = KeySigner(secrets.token_bytes(16), signing.new_private_key())
    with PlatformApi("https://platform.example.cn", signer, ManualClock()) as api:
        adapter = api._line.session.get_adapter("https://platform.example.cn/v1")
        assert isinstance(adapter, http_line._SystemTrust)
        context = adapter.poolmanager.connection_pool_kw["ssl_context"]
        assert isinstance(context, http_line.truststore.SSLContext)
        assert api._line.session.trust_env is False


class _Now:
    """A token that is cancelled from the moment it is told to."""

    def __init__(self) -> None:
        self.stopped = threading.Event()

    def is_cancelled(self) -> bool:
        return self.stopped.is_set()


def test_a_request_that_nobody_answers_is_left_as_soon_as_the_user_stops():
    listener = socket.create_server(("127.0.0.1", 0))
    cancel, answered = _Now(), threading.Event()

    def take() -> None:
        line, _ = listener.accept()
        cancel.stopped.set()
        answered.wait(20)
        line.close()

    silent = threading.Thread(target=take)
    silent.start()
    signer = KeySigner(secrets.token_bytes(16), signing.new_private_key())
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    started = time.monotonic()
    with PlatformApi(url, signer, ManualClock(), cancel) as api, pytest.raises(AppError) as stopped:
        api.about()
    taken = time.monotonic() - started
    answered.set()
    silent.join()
    listener.close()
    assert stopped.value.code == "CANCELLED"
    assert taken < 10


def test_connection_and_token_are_kept_from_one_run_to_the_next(platform):
    clock = platform.clock
    station = platform.workstation()
    connect, asked = HttpLines(), []
    device = (station.device, station.private_key)
    for _ in range(3):
        with connect(platform.url, device, clock, NEVER) as api:
            call = api._calls.call
            api._calls.call = lambda *line, call=call, **more: asked.append(line[1]) or call(*line, **more)
            api.exchange(None, None, {"institution": 0, "province": 0})
    assert asked == ["/v1/challenges", "/v1/tokens", *["/v1/exchange"] * 3]


def test_a_token_kept_for_too_long_is_replaced(platform):
    station, connect = platform.workstation(), HttpLines()
    device = (station.device, station.private_key)
    for _ in range(2):
        with connect(platform.url, device, platform.clock, NEVER) as api:
            assert api.exchange(None, None, {"institution": 0, "province": 0}).receipt is None
        platform.clock.move(minutes=20)


def test_a_token_whose_answer_was_lost_is_asked_for_anew(platform, monkeypatch):
    station = platform.workstation()
    device = (station.device, station.private_key)
    with HttpLines()(platform.url, device, platform.clock, NEVER) as api:
        api._sleep = lambda _: None
        request, lost = api._line.request, []

        def losing(cancel, **asked):
            answer = request(cancel, **asked)
            if asked["url"].endswith("/tokens") and not lost:
                lost.append(answer)
                raise requests.ConnectionError
            return answer

        monkeypatch.setattr(
            type(api._line), "request", lambda _line, cancel, **asked: losing(cancel, **asked)
        )
        assert api.exchange(None, None, {"institution": 0, "province": 0}).receipt is None
    assert len(lost) == 1
