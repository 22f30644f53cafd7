"""A line that fails on purpose: it stands between workstation and platform and spoils requests and answers.

It understands as much of HTTP as it needs to know what it spoils: whole requests, whole answers, and what was asked.
Every stage of the traffic gets every kind of fault in turn, in an order of its own.
"""

from __future__ import annotations

import http.client
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from sync.contract.framing import unwrap
from sync.contract.relay import Act, read_call
from sync.contract.sharing import ShelfRequest
from sync.contract.wire import Exchange, Refusal, decode, encode_json

PATIENCE, LATE = 0.4, 0.6
"""Seconds that the workstation waits for an answer, and that a late request or answer takes."""
SHARE = 0.6
KEPT = 40


class Fault(StrEnum):
    """What the line does."""

    DROP_REQUEST = "request dropped"
    CUT_REQUEST = "request cut"
    RESET_REQUEST = "reset in the request"
    LATE_REQUEST = "request late"
    DROP_ANSWER = "answer dropped"
    CUT_ANSWER = "answer cut"
    RESET_ANSWER = "reset in the answer"
    LATE_ANSWER = "answer late"
    TWICE = "request twice"
    TWICE_AT_ONCE = "request twice at once"
    STALE = "older request again"
    FAILED = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_LATE = "504, yet taken"
    TOO_MANY = "429"
    UNAUTHORISED = "401"
    PORTAL = "a page of somebody else"


STAGES = ("challenge", "token", "manifest", "page", "batch of one page", "pull")
SHARING_STAGES = ("pages to the relay", "pages from the relay")
_WIDTH = 21
_RESET = struct.pack("ii", 1, 0)
_PORTAL = b"<html><body>\xe8\xaf\xb7\xe5\x85\x88\xe7\x99\xbb\xe5\xbd\x95</body></html>"


@dataclass(frozen=True)
class Asked:
    """A whole request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def stage(self) -> str:
        """Say what is asked, in the words of STAGES and SHARING_STAGES, or else the path."""
        last = self.path.split("?")[0].rsplit("/", 1)[-1]
        if "/relay/" in self.path:
            _, call = read_call(unwrap(self.body))
            if call.act is not Act.EXCHANGE:
                return last
            return SHARING_STAGES[0 if decode(call.body, ShelfRequest).pages else 1]
        if "/pages/" in self.path:
            return "page"
        if last == "exchange":
            asked = decode(unwrap(self.body), Exchange)
            return "pull" if asked.manifest is None else "batch of one page"
        if "/batches/" in self.path:
            return "receipt" if last == "receipt" else "manifest"
        return {"challenges": "challenge", "tokens": "token"}.get(last, last)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class FaultyLine:
    """What is spoiled, how often, and what is still on its way."""

    upstream: str
    seed: int = 1
    share: float = SHARE
    stages: tuple[str, ...] = STAGES
    url: str = ""
    bugs: list[Exception] = field(default_factory=list)
    hits: Counter[tuple[str, Fault]] = field(default_factory=Counter)
    _bags: dict[str, list[Fault]] = field(default_factory=dict)
    _former: list[Asked] = field(default_factory=list)
    _under_way: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _choose: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._choose = random.Random(self.seed)

    @property
    def faults(self) -> int:
        return self.hits.total()

    def choose(self, asked: Asked) -> Fault | None:
        """Return what befalls a request; every kind comes once before any comes twice."""
        with self._lock:
            if asked.stage not in self.stages or self._choose.random() >= self.share:
                return None
            bag = self._bags.setdefault(asked.stage, [])
            if not bag:
                bag.extend(Fault)
                self._choose.shuffle(bag)
            fault = bag.pop()
            self.hits[asked.stage, fault] += 1
            return fault

    def older(self, asked: Asked) -> Asked:
        """Return a request that had come before, and keep this one."""
        with self._lock:
            found = self._choose.choice(self._former) if self._former else asked
            self._former = [*self._former[-KEPT:], asked]
            return found

    def forward(self, asked: Asked, *, part: float = 1.0) -> Answer | None:
        """Let a request come through; ``part`` < 1: the line breaks in its body."""
        place = urlsplit(self.upstream)
        assert place.hostname is not None
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        try:
            connection.putrequest(asked.method, asked.path, skip_accept_encoding=True, skip_host=True)
            for name, value in asked.headers.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(asked.body[: int(len(asked.body) * part)])
            if part < 1:
                return None
            got = connection.getresponse()
            return Answer(got.status, dict(got.getheaders()), got.read())
        finally:
            connection.close()

    def later(self, act: Callable[[], object], seconds: float = 0.0) -> None:
        """Do something beside the traffic."""

        def run() -> None:
            time.sleep(seconds)
            try:
                act()
            except Exception as error:  # noqa: BLE001 - told when everything has settled
                self.bugs.append(error)

        thread = threading.Thread(target=run)
        self._under_way.append(thread)
        thread.start()

    def settle(self) -> None:
        """Wait until nothing is on its way any more."""
        while self._under_way:
            self._under_way.pop().join()
        if self.bugs:
            raise self.bugs[0]

    def table(self) -> Iterator[str]:
        """Yield how often each kind befell each stage."""
        yield f"{'':24}" + "".join(f"{stage:>{_WIDTH}}" for stage in self.stages)
        for fault in Fault:
            yield f"{fault:24}" + "".join(f"{self.hits[stage, fault]:>{_WIDTH}}" for stage in self.stages)

    def lacking(self, each: int) -> list[str]:
        """Say which kinds befell too few requests, and which stages had no fault."""
        kinds, stages = Counter[Fault](), Counter[str]()
        for (stage, fault), count in self.hits.items():
            kinds[fault] += count
            stages[stage] += count
        found = [f"{fault}: {kinds[fault]} times, {each} wanted" for fault in Fault if kinds[fault] < each]
        return found + [f"no fault in stage {stage}" for stage in self.stages if not stages[stage]]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    line: FaultyLine

    def log_message(self, *_: object) -> None: ...

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def serve(self) -> None:
        size = int(self.headers.get("Content-Length", "0"))
        asked = Asked(self.command, self.path, dict(self.headers.items()), self.rfile.read(size))
        older = self.line.older(asked)
        fault = self.line.choose(asked)
        try:
            self._come_to(fault, asked, older)
        except OSError:
            self.close_connection = True  # the workstation has hung up
        except Exception as error:
            self.line.bugs.append(error)
            raise

    def _come_to(self, fault: Fault | None, asked: Asked, older: Asked) -> None:
        line = self.line
        match fault:
            case Fault.DROP_REQUEST:
                self._break()
            case Fault.CUT_REQUEST:
                line.forward(asked, part=0.5)
                self._break()
            case Fault.RESET_REQUEST:
                line.forward(asked, part=0.5)
                self._break(reset=True)
            case Fault.LATE_REQUEST:
                line.later(lambda: line.forward(asked), LATE)
                time.sleep(PATIENCE)
                self._break()
            case Fault.DROP_ANSWER:
                line.forward(asked)
                self._break()
            case Fault.TWICE:
                line.forward(asked)
                self._answer(line.forward(asked))
            case Fault.TWICE_AT_ONCE:
                line.later(lambda: line.forward(asked))
                self._answer(line.forward(asked))
            case Fault.STALE:
                line.later(lambda: line.forward(older))
                self._answer(line.forward(asked))
            case Fault.LATE_ANSWER:
                answer = line.forward(asked)
                time.sleep(LATE)
                self._answer(answer)
            case Fault.CUT_ANSWER | Fault.RESET_ANSWER:
                self._answer(line.forward(asked), part=0.5)
                self._break(reset=fault is Fault.RESET_ANSWER)
            case None:
                self._answer(line.forward(asked))
            case _:
                self._instead(fault, asked)

    def _instead(self, fault: Fault, asked: Asked) -> None:
        """Answer with something that is not the platform's answer to this."""
        told: dict[Fault, tuple[int, str]] = {
            Fault.FAILED: (500, "PLATFORM_FAILED"),
            Fault.TOO_MANY: (429, "RATE_EXCEEDED"),
            Fault.UNAUTHORISED: (401, "TOKEN_EXPIRED"),
        }
        if fault in told:
            status, code = told[fault]
            body = encode_json({"error": Refusal(code=code, message=code, hint=None, params={})})
            headers = {"Content-Type": "application/json"}
            headers |= {"Retry-After": "1"} if fault is Fault.TOO_MANY else {}
            self._answer(Answer(status, headers, body))
            return
        if fault is Fault.GATEWAY_LATE:
            self.line.forward(asked)
        status = {Fault.BAD_GATEWAY: 502, Fault.UNAVAILABLE: 503, Fault.GATEWAY_LATE: 504}.get(fault, 200)
        self._answer(Answer(status, {"Content-Type": "text/html"}, _PORTAL))

    def _answer(self, answer: Answer | None, part: float = 1.0) -> None:
        assert answer is not None
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in {"connection", "content-length", "transfer-encoding"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: int(len(answer.body) * part)])
        self.wfile.flush()

    def _break(self, *, reset: bool = False) -> None:
        """End the connection, in order or not."""
        self.close_connection = True
        if reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A line that breaks on purpose is no error."""

    def shutdown_request(self, request: Any) -> None:
        """Close without the handshake where the connection is to be reset."""
        lingering = request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)
        if lingering == _RESET:
            request.close()
        else:
            super().shutdown_request(request)


@contextmanager
def faulty_line(upstream: str, seed: int, stages: tuple[str, ...] = STAGES) -> Iterator[FaultyLine]:
    """Serve a faulty line to an address while this lasts; only requests of ``stages`` are spoiled."""
    line = FaultyLine(upstream, seed, stages=stages)
    methods = {f"do_{method}": _Handler.serve for method in ("GET", "PUT", "POST")}
    handler = type("Handler", (_Handler,), {"line": line, "timeout": 1, **methods})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        line.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield line
        finally:
            line.settle()
            server.shutdown()
            thread.join()
