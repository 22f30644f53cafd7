"""The real platform on loopback, and a workstation that talks to it with plain requests."""

from __future__ import annotations

import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests
import uvicorn
from sqlalchemy import Engine

from sync.contract import signing
from sync.contract.framing import unwrap, wrap
from sync.contract.wire import (
    BatchStatus,
    Challenge,
    ChallengeRequest,
    Exchange,
    ExchangeAnswer,
    Receipt,
    Registration,
    ReportedState,
    Token,
    TokenRequest,
    decode,
    decode_json,
    encode,
    encode_json,
)
from sync.platform.database import writing
from sync.platform.identity import load_identity
from sync.platform.institutions import new_device_code
from tests.sync.statements import Batch, ManualClock, Sealer

OWN = "124200007308965154"
OTHER = "12420500420307180F"


@contextmanager
def served(app) -> Iterator[str]:
    """Serve an application on loopback while the block runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as sync.platform.serving does
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@dataclass
class Running:
    """A platform under test."""

    url: str
    engine: Engine
    clock: ManualClock

    def code(self, uscc: str = OWN) -> str:
        with writing(self.engine) as connection:
            return new_device_code(connection, self.clock, uscc)

    def workstation(self, uscc: str = OWN, *, demo: bool = True) -> Workstation:
        return Workstation(self, uscc, demo=demo)

    @property
    def public_key(self) -> bytes:
        return load_identity(self.engine).public_key


class Workstation:
    """Talks to the platform with plain requests, no adapter in between."""

    def __init__(self, platform: Running, uscc: str, *, demo: bool) -> None:
        self.platform = platform
        self.device = secrets.token_bytes(16)
        self.private_key = signing.new_private_key()
        self.sealer = Sealer(uscc, self.device, self.private_key, demo)
        self.session = requests.Session()
        self.session.trust_env = False
        self.token = ""
        self.registered = self.register(platform.code(uscc))
        if self.registered.status_code == 201:
            self.log_in()

    def register(self, code: str, **changes) -> requests.Response:
        public = signing.public_key_of(self.private_key)
        payload = signing.registration_payload(self.device, public, code)
        facts = {
            "code": code,
            "device": self.device,
            "name": "一号机",
            "public_key": public,
            "signature": signing.sign(self.private_key, signing.Purpose.REGISTRATION, payload),
            "demo": self.sealer.demo,
        }
        return self.post("/v1/devices", encode_json(Registration(**(facts | changes))))

    def log_in(self) -> None:
        answer = self.post("/v1/challenges", encode_json(ChallengeRequest(device=self.device)))
        assert answer.status_code == 201, answer.text
        answer = self.answer_challenge(decode_json(answer.content, Challenge).challenge)
        assert answer.status_code == 201, answer.text
        self.token = decode_json(answer.content, Token).token

    def answer_challenge(self, challenge: bytes, key: bytes | None = None) -> requests.Response:
        payload = signing.challenge_payload(self.device, challenge)
        signature = signing.sign(key or self.private_key, signing.Purpose.CHALLENGE, payload)
        asked = TokenRequest(device=self.device, challenge=challenge, signature=signature)
        return self.post("/v1/tokens", encode_json(asked))

    def post(self, path: str, body: bytes) -> requests.Response:
        return self._send("POST", path, body)

    def get(self, path: str) -> requests.Response:
        return self._send("GET", path, None)

    def _send(self, method: str, path: str, body: bytes | None) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.session.request(method, self.platform.url + path, data=body, headers=headers, timeout=20)

    def put_manifest(self, batch: Batch) -> requests.Response:
        return self._send("PUT", f"/v1/batches/{batch.id.hex()}", wrap(batch.envelope))

    def put_page(self, batch: Batch, index: int, frame: bytes | None = None) -> requests.Response:
        body = batch.pages[index] if frame is None else frame
        return self._send("PUT", f"/v1/batches/{batch.id.hex()}/pages/{index}", body)

    def get_receipt(self, batch: Batch) -> requests.Response:
        return self.get(f"/v1/batches/{batch.id.hex()}/receipt")

    def exchange(self, batch: Batch | None = None, **cursors: int) -> requests.Response:
        page = batch.pages[0] if batch and batch.pages else None
        asked = Exchange(manifest=batch.envelope if batch else None, page=page, cursors=cursors)
        return self.post("/v1/exchange", wrap(encode(asked)))

    def push(self, batch: Batch) -> Receipt:
        """Push a whole batch and return its receipt, signature checked."""
        status = frame(self.put_manifest(batch), BatchStatus)
        for index in status.lacking:
            status = frame(self.put_page(batch, index), BatchStatus)
        assert status.receipt is not None
        return self.open_receipt(status.receipt)

    def open_receipt(self, envelope: bytes) -> Receipt:
        payload = signing.disclose(self.platform.public_key, signing.Purpose.RECEIPT, envelope)
        return decode(payload, Receipt)

    def reported(self) -> ReportedState:
        return frame(self.get("/v1/reports"), ReportedState)


def frame(response: requests.Response, shape):
    """The wire type in a response that was not refused."""
    assert response.status_code == 200, response.text
    return decode(unwrap(response.content), shape)


def refusal(response: requests.Response) -> tuple[int, str]:
    """Status and code of a refused request."""
    return response.status_code, response.json()["error"]["code"]


def answer_of(response: requests.Response) -> ExchangeAnswer:
    return frame(response, ExchangeAnswer)
