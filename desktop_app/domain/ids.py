"""Record keys, all made offline.

What stands alone has a time-ordered UUIDv7 (16 bytes, RFC 9562). Where two workstations may create the same
thing the key is natural: two ids joined, or an id derived from what makes the thing unique.

====================  =====================================================  ============
entity                key                                                    bytes
====================  =====================================================  ============
most                  UUIDv7                                                 16
session               derived from class, first planned date and start       16
enrolment             class + trainee                                        32
mark                  session + trainee                                      32
score                 assessment + trainee                                   32
certificate           assessment + trainee + issue                           34
batch page            batch + page number                                    18
platform page         derived from stream and version                        16
project version       project + version                                      18
project answer        derived from project, track, submission and level      16
class selection       class                                                  16
project selection     derived from project and department                    16
claim                 class + channel + month                                20
claim line, decision  claim + trainee                                        36
report review         derived from report kind and subject                   16
policy value          derived from parameter, region, channel, since, owner  16
pilot                 derived from school, certificate, level, batch, owner  16
====================  =====================================================  ============
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, time

from desktop_app.domain.clock import SHANGHAI, Clock
from desktop_app.domain.errors import AppError

ID_BYTES = 16
_RANDOM_BITS = 74
_RANDOM_MASK = (1 << _RANDOM_BITS) - 1


class IdSource:
    """Makes UUIDv7 ids that ascend within this process.

    Ids of one millisecond go on from the former by a random step below 2**32 (RFC 9562, method 2), so the
    people of one import differ in few bytes and the journal of a class stays small.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ms = 0
        self._random = 0

    def new(self) -> bytes:
        """Return a new 16-byte id."""
        ms = int(self._clock.now().timestamp() * 1000)
        if ms > self._ms:
            self._ms = ms
            self._random = secrets.randbits(_RANDOM_BITS - 1)
        else:
            self._random = (self._random + secrets.randbits(32) + 1) & _RANDOM_MASK
        return _uuid(self._ms, 7, self._random)


def _uuid(ms: int, version: int, tail: int) -> bytes:
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    value = (ms & ((1 << 48) - 1)) << 80 | version << 76 | high << 64 | 0b10 << 62 | low
    return value.to_bytes(ID_BYTES, "big")


def session_id(class_id: bytes, planned_on: date, planned_start: time) -> bytes:
    """Return the key of a session: time-ordered by its first planned start, unchanged by 调课."""
    moment = datetime.combine(planned_on, planned_start, SHANGHAI)
    text = f"{planned_on.isoformat()} {planned_start.isoformat('minutes')}"
    digest = hashlib.sha256(b"session\0" + class_id + text.encode("ascii")).digest()
    tail = int.from_bytes(digest[:10], "big") & _RANDOM_MASK
    return _uuid(int(moment.timestamp() * 1000), 8, tail)


def platform_page_id(stream: str, version: int) -> bytes:
    """Return the key of a signed page of the platform."""
    return hashlib.sha256(f"platform\0{stream}\0{version}".encode()).digest()[:ID_BYTES]


def named_id(kind: str, *parts: object) -> bytes:
    """Return the key of a record that its own words name, the same wherever it is made; None counts as empty."""
    text = "\0".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(f"{kind}\0{text}".encode()).digest()[:ID_BYTES]


def project_answer_id(project: bytes, track: str, submission: int, level: int) -> bytes:
    """Return the key of a department's answer to a submission."""
    return hashlib.sha256(b"answer\0" + project + f"{track}\0{submission}\0{level}".encode()).digest()[
        :ID_BYTES
    ]


def report_review_id(kind: str, subject: str) -> bytes:
    """Return the key of the 校内审核 of a report."""
    return hashlib.sha256(f"review\0{kind}\0{subject}".encode()).digest()[:ID_BYTES]


def pair(first: bytes, second: bytes) -> bytes:
    """Join two ids to a composite key of 32 bytes."""
    return first + second


def numbered(key: bytes, number: int) -> bytes:
    """Append a number below 65,536 to a key."""
    return key + number.to_bytes(2, "big")


def to_text(key: bytes) -> str:
    """Return a key as it is shown on the command line."""
    return key.hex()


def from_text(text: str, size: int = ID_BYTES) -> bytes:
    """Read a key from the command line.

    Raises AppError ID_INVALID where the text is no hexadecimal key of ``size`` bytes.
    """
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise AppError("ID_INVALID", value=text[:40]) from error
    if len(key) != size:
        raise AppError("ID_INVALID", value=text[:40])
    return key
