"""The line to the platform: its address, key and epoch as pinned at joining, and connections over it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Protocol, Self

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import NEVER, CancelToken
from desktop_app.services.reporting import PlatformLink, Traffic
from sync.contract.framing import UNSAID, agreed
from sync.contract.proof import TrailTaken
from sync.contract.wire import (
    About,
    BatchStatus,
    EvidenceStatus,
    ExchangeAnswer,
    FileStatus,
    Registered,
    ReportedState,
)

URL, KEY, EPOCH, CONTACT, REACHED = "url", "public_key", "epoch", "last_contact", "reachable"
SEALING = "sealing_key"
FRAMES = "frames"
"""Setting: the formats of packed frames that the platform reads, parted by commas."""
COMPARED = "compared"
"""Setting: the day (ISO) on which this workstation has last compared with the platform."""
_WORTH_NOTING = timedelta(minutes=1)
AWAY = frozenset({"PLATFORM_UNREACHABLE", "PLATFORM_TLS", "PLATFORM_TLS_CLOCK", "PLATFORM_ANSWER"})
# Errors that the next request would meet too, and stopping.
NOT_REFUSALS = AWAY | {
    "CANCELLED",
    "CHALLENGE_INVALID",
    "DEVICE_REVOKED",
    "DEVICE_UNKNOWN",
    "PLATFORM_BUSY",
    "PLATFORM_EPOCH_CHANGED",
    "PLATFORM_FAILED",
    "RATE_EXCEEDED",
    "SIGNATURE_INVALID",
    "TOKEN_EXPIRED",
    "TOKEN_INVALID",
    "TOKEN_MISSING",
}


class Adapter(Protocol):
    """What the engine asks of a provincial system; ``http_adapter.PlatformApi`` is the one of this contract."""

    @property
    def answers(self) -> bool:
        """Tell whether receipts ever come; without them a batch that went out stays ``delivered``."""

    @property
    def traffic(self) -> tuple[int, int]:
        """Return how many bytes were sent and received so far, over all runs."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def about(self) -> About:
        """Return what the platform says of itself."""

    def register(self, code: str, name: str, *, demo: bool) -> Registered:
        """Register this workstation by a one-time code."""

    def put_manifest(self, batch: bytes, envelope: bytes) -> BatchStatus:
        """Send a manifest and return which pages are lacking."""

    def put_page(self, batch: bytes, index: int, frame: bytes) -> BatchStatus:
        """Send the frame of a page; the answer to the last one carries the receipt."""

    def receipt(self, batch: bytes) -> bytes:
        """Return a batch's receipt (envelope)."""

    def exchange(self, envelope: bytes | None, page: bytes | None, cursors: dict[str, int]) -> ExchangeAnswer:
        """Send a batch of at most one page (or none) and pull past the cursors, in one request."""

    def reports(self) -> ReportedState:
        """Return what the platform has accepted of this institution, and its epoch."""

    def put_evidence(self, subject: str, envelope: bytes) -> EvidenceStatus:
        """Send the list of a class's evidence and return what is lacking."""

    def put_file(self, name: bytes, start: int, part: bytes) -> FileStatus:
        """Send the part of a file that begins at a byte."""

    def put_trail(self, subject: str, envelope: bytes) -> TrailTaken:
        """Send the trail of a class's accepted claims."""


Connect = Callable[[str, tuple[bytes, bytes], Clock, CancelToken], Adapter]
ConnectPacked = Callable[[str, tuple[bytes, bytes], Clock, CancelToken, Collection[str]], Adapter]


class OverHttp:
    """Connects over HTTP; the libraries for it are loaded when they are first needed."""

    def __init__(self) -> None:
        self._lines: ConnectPacked | None = None

    def __call__(
        self,
        url: str,
        device: tuple[bytes, bytes],
        clock: Clock,
        cancel: CancelToken,
        formats: Collection[str] = UNSAID,
    ) -> Adapter:
        """Return a connection to who reads some formats of frames; AppError PLATFORM_URL."""
        if self._lines is None:
            made: ConnectPacked = import_module("sync.reporting.http_adapter").HttpLines()
            self._lines = made
        return self._lines(url, device, clock, cancel, formats)


@dataclass(frozen=True, slots=True)
class Pinned:
    """The platform as this workstation has known it since it joined."""

    url: str
    public_key: bytes
    epoch: bytes


def _pinned(stored: Mapping[str, bytes]) -> Pinned | None:
    if URL in stored and KEY in stored and EPOCH in stored:
        return Pinned(stored[URL].decode("utf-8"), stored[KEY], stored[EPOCH])
    return None


def formats_of(batches: BatchService) -> tuple[str, ...]:
    """Return the formats of packed frames that both the joined platform and this program read."""
    stored = batches.setting(FRAMES)
    return agreed(None if stored is None else stored.decode("ascii"))


class Line:
    """Opens connections and keeps what came of the last one."""

    def __init__(self, batches: BatchService, connect: Connect) -> None:
        self._batches = batches
        self._connect = connect
        self._adapter: Adapter | None = None
        self._before = 0, 0

    def traffic(self) -> Traffic:
        """Return the bytes of the run at hand, or of the last one."""
        if self._adapter is None:
            return Traffic(0, 0)
        (sent, received), before = self._adapter.traffic, self._before
        return Traffic(sent - before[0], received - before[1])

    def pinned(self) -> Pinned | None:
        """Return the platform that was joined."""
        return _pinned(self._batches.settings((URL, KEY, EPOCH)))

    def required(self) -> Pinned:
        """Return the platform that was joined; AppError PLATFORM_NOT_JOINED."""
        found = self.pinned()
        if found is None:
            raise AppError("PLATFORM_NOT_JOINED")
        return found

    def pin(self, url: str, about: About) -> None:
        """Keep the platform that answered."""
        self._batches.set_settings(
            {
                URL: url.encode("utf-8"),
                KEY: about.public_key,
                EPOCH: about.epoch,
                SEALING: about.sealing_key,
                FRAMES: ",".join(about.frames).encode("ascii", "replace"),
                COMPARED: self._batches.context.today().isoformat().encode("ascii"),
            }
        )

    def sealing_key(self) -> bytes:
        """Return the key to which batch files are encrypted: pinned at joining, else the joined platform is asked.

        Raises AppError PLATFORM_NOT_JOINED, SEALING_KEY_MISSING, PLATFORM_EPOCH_CHANGED.
        """
        found = self._batches.setting(SEALING)
        if found:
            return found
        platform = self.required()
        try:
            with self.open(platform.url) as api:
                about = api.about()
        except AppError as error:
            raise AppError("SEALING_KEY_MISSING") from error
        if (about.public_key, about.epoch) != (platform.public_key, platform.epoch):
            raise AppError("PLATFORM_EPOCH_CHANGED")
        if not about.sealing_key:
            raise AppError("SEALING_KEY_MISSING")
        self._batches.set_settings({SEALING: about.sealing_key})
        return about.sealing_key

    def link(self) -> PlatformLink:
        """Return the address, and when the platform was last reached (Shanghai time is the window's matter)."""
        stored = self._batches.settings((URL, KEY, EPOCH, CONTACT, REACHED))
        found, contact, reached = _pinned(stored), stored.get(CONTACT), stored.get(REACHED)
        return PlatformLink(
            url="" if found is None else found.url,
            joined=found is not None,
            last_contact=None if contact is None else contact.decode("ascii"),
            reachable=None if reached is None else reached == b"1",
        )

    @contextmanager
    def open(self, url: str, cancel: CancelToken = NEVER) -> Iterator[Adapter]:
        """Yield a connection and note afterwards whether the platform was reached; any known error passes on."""
        clock = self._batches.context.clock
        reached = True
        try:
            with self._connect(url, self._batches.device(), clock, cancel) as adapter:
                self._adapter, self._before = adapter, adapter.traffic
                yield adapter
        except AppError as error:
            reached = error.code not in AWAY
            raise
        finally:
            self._note(clock.now(), reached=reached)

    def _note(self, now: datetime, *, reached: bool) -> None:
        """Keep what came of a contact; one within a minute of the last that went alike says nothing new."""
        last = self.link()
        alike = last.reachable is reached and last.last_contact is not None
        if alike and abs(now - datetime.fromisoformat(str(last.last_contact))) < _WORTH_NOTING:
            return
        values = {REACHED: b"1" if reached else b"0"}
        if reached:
            values[CONTACT] = now.isoformat(timespec="seconds").encode("ascii")
        self._batches.set_settings(values)
