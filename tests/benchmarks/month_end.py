"""Simulated institutions at a month's end: each seals a class before the clock runs, then all push."""

from __future__ import annotations

import http.client
import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

import resources
from desktop_app.domain.clock import SystemClock
from desktop_app.domain.credit_codes import uscc_check_character
from desktop_app.domain.identity import check_digit
from sync.contract import signing
from sync.contract.framing import unwrap, wrap
from sync.contract.wire import (
    Challenge,
    ChallengeRequest,
    Exchange,
    ExchangeAnswer,
    Receipt,
    Record,
    Token,
    TokenRequest,
    decode,
    decode_json,
    encode,
    encode_json,
    put,
)
from sync.platform.database import writing
from sync.platform.institutions import add_institution, new_device_code, register_device
from sync.platform.seeding import seed
from tests.benchmarks.measuring import require
from tests.sync.statements import Batch, Sealer, SmallClass, new_id, of_class

PEOPLE, SESSIONS = 15, 8
_MOST_TURNS = 64
_JSON, _FRAME = "application/json", "application/vnd.training.frame"


def document(number: int) -> str:
    """Return the identity number of the n-th invented person of the province."""
    years, days = divmod(number, 336)
    later, year = divmod(years, 40)
    first17 = f"420111{1960 + year}{days // 28 + 1:02}{days % 28 + 1:02}{2 * later + 1:03}"
    return first17 + check_digit(first17)


class MonthClass(SmallClass):
    """A class of one institution: 15 people new to it, 8 sessions, an assessment, certificates."""

    def __init__(self, institution: int, turn: int) -> None:
        place = institution * _MOST_TURNS + turn
        self.first = place * PEOPLE
        super().__init__(place + 1, [new_id(1 + self.first + n) for n in range(PEOPLE)])

    @property
    def sessions(self) -> list[bytes]:
        return [new_id(10_000 * self.number + n) for n in range(SESSIONS)]

    def trainee(self, index: int, **changes: Any) -> Record:
        number = document(self.first + index)
        fields = {
            "name": f"学员{self.first + index}",
            "document_type": "resident_id",
            "document_number": number,
            "sex": "1",
            "birth": f"{number[6:10]}-{number[10:12]}-{number[12:14]}",
            "ethnicity": "01",
            "education": "60",
            "phone": "18476147690",
        }
        return put("trainee", self.trainees[index], fields | changes)

    def attendance(self) -> list[Record]:
        marks = [self.mark(place, person) for place in range(SESSIONS) for person in range(PEOPLE)]
        return [*map(self.session, range(SESSIONS)), *marks]

    def results(self) -> list[Record]:
        return [self.assessment_record(), *map(self.score, range(PEOPLE))]

    def certificates(self) -> list[Record]:
        return [self.certificate(index) for index in range(PEOPLE)]


@dataclass
class Office:
    """One institution's workstation: its key, its line, and what it has sealed."""

    number: int
    sealer: Sealer
    line: http.client.HTTPConnection
    token: str = ""
    batch: Batch | None = None

    def ask(self, path: str, body: bytes, media_type: str) -> bytes:
        """Post a request and return the answer's body; the benchmark fails where it is a refusal."""
        headers = {"Content-Type": media_type, "Authorization": f"Bearer {self.token}"}
        self.line.request("POST", path, body, headers)
        answer = self.line.getresponse()
        content = answer.read()
        require(answer.status in {200, 201}, f"an answer, not {answer.status} {content[:300]!r}")
        return content

    def log_in(self) -> None:
        """Get a token of 15 minutes."""
        device = self.sealer.device
        asked = encode_json(ChallengeRequest(device=device))
        challenge = decode_json(self.ask("/v1/challenges", asked, _JSON), Challenge).challenge
        payload = signing.challenge_payload(device, challenge)
        signature = signing.sign(self.sealer.private_key, signing.Purpose.CHALLENGE, payload)
        asked = encode_json(TokenRequest(device=device, challenge=challenge, signature=signature))
        self.token = decode_json(self.ask("/v1/tokens", asked, _JSON), Token).token

    def seal(self, turn: int) -> int:
        """Seal a class that nobody has reported yet; return how many records it has."""
        self.batch = self.sealer.seal(of_class(MonthClass(self.number, turn)))
        require(len(self.batch.pages) == 1, "a batch of one page")
        return sum(head.records for head in self.batch.manifest.reports)

    def push(self) -> tuple[float, int]:
        """Push what is sealed; return the seconds until its receipt was here, and how many records it accepts."""
        batch = self.batch
        assert batch is not None
        body = wrap(encode(Exchange(manifest=batch.envelope, page=batch.pages[0], cursors={})))
        self.line.close()  # whoever comes at a month's end comes over a new line
        started = time.perf_counter()
        told = decode(unwrap(self.ask("/v1/exchange", body, _FRAME)), ExchangeAnswer)
        seconds = time.perf_counter() - started
        assert told.receipt is not None
        return seconds, decode(signing.split(told.receipt).payload, Receipt).accepted


@dataclass(frozen=True)
class Turn:
    """What came of all institutions' push of one class each: seconds in all and of each, records."""

    seconds: float
    each: list[float]
    records: int

    @property
    def cost(self) -> float:
        """Return the microseconds a record took."""
        return self.seconds / self.records * 1e6


class MonthEnd:
    """All institutions; ``at_once`` of them push at a time."""

    def __init__(self, engine: Engine, institutions: int, at_once: int) -> None:
        self._at_once = at_once
        self._keys: list[Sealer] = []
        clock = SystemClock()
        with writing(engine) as connection:
            seed(connection, clock, resources.path("demo", "platform.json"))
            for number in range(institutions):
                first17 = f"52420100{number:09}"
                uscc = first17 + uscc_check_character(first17)
                name, kind = f"培训学校{number}", "private-vocational"
                add_institution(connection, clock, name=name, uscc=uscc, region_code="420111", kind=kind)
                device, key = secrets.token_bytes(16), signing.new_private_key()
                public, code = signing.public_key_of(key), new_device_code(connection, clock, uscc)
                payload = signing.registration_payload(device, public, code)
                register_device(
                    connection,
                    clock,
                    code=code,
                    device_id=device,
                    name="一号机",
                    public_key=public,
                    signature=signing.sign(key, signing.Purpose.REGISTRATION, payload),
                    demo=False,
                )
                self._keys.append(Sealer(uscc, device, key))
        self.offices: list[Office] = []

    def connect(self, url: str) -> None:
        """Let every institution open its line and log in."""
        place = urlsplit(url)
        assert place.hostname is not None
        self.offices = [
            Office(number, sealer, http.client.HTTPConnection(place.hostname, place.port, timeout=60))
            for number, sealer in enumerate(self._keys)
        ]
        self._all([office.log_in for office in self.offices])

    def turn(self, number: int) -> Turn:
        """Let every institution seal a class, then all push; every record must be accepted."""
        sealed = sum(office.seal(number) for office in self.offices)
        started = time.perf_counter()
        told = self._all([office.push for office in self.offices])
        seconds = time.perf_counter() - started
        require(sum(accepted for _, accepted in told) == sealed, "every record accepted")
        return Turn(seconds, [one for one, _ in told], sealed)

    def _all(self, acts: Sequence[Any]) -> list[Any]:
        with ThreadPoolExecutor(self._at_once) as pool:
            return list(pool.map(lambda act: act(), acts))

    def close(self) -> None:
        """Hang up."""
        for office in self.offices:
            office.line.close()
