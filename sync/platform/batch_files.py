"""Batches that come as files from places without a network, and the receipt files that go back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeVar

from sqlalchemy import Connection, Engine

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from sync.contract.sealed_files import BatchFileHead, BatchFileStart, FileKind, read_sealed, write_sealed
from sync.contract.signing import Purpose, check, split
from sync.contract.wire import BatchStatus, Manifest, Receipt, decode
from sync.platform import batches, streams
from sync.platform.acts import record_act
from sync.platform.database import writing
from sync.platform.identity import PlatformIdentity, load_identity
from sync.platform.institutions import Caller, device_key, find_caller

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ImportedBatch:
    """What came of a batch file; ``again``: the batch was closed before. ``reply``: bytes of the receipt file."""

    uscc: str
    batch: bytes
    records: int
    accepted: int
    again: bool
    reply: bytes


@dataclass(frozen=True, slots=True)
class _Opened:
    """The head of a batch file whose parts are all there and genuine."""

    device: bytes
    envelope: bytes
    head: BatchFileHead


def import_batch(engine: Engine, clock: Clock, path: Path, *, demo: bool) -> ImportedBatch:
    """Take a batch from a file as if it had been pushed, and make the receipt file that answers it.

    Nothing is taken before the file has been read to its end; each page is a transaction, so a run that breaks off
    is taken up by the next. The same file again changes nothing and is answered alike. ``demo``: files of demo
    profiles are let in.

    Raises AppError SEALED_FILE_…, DEVICE_UNKNOWN, DEVICE_REVOKED, SIGNATURE_INVALID, DEMO_REFUSED and what
    ``batches`` raises.
    """
    platform = load_identity(engine)
    with _file(path) as file:
        opened = _look_through(file, platform)
    import_ = _Import(engine, clock, platform, opened, demo=demo)
    with _file(path) as file:
        parts = read_sealed(file, FileKind.BATCH, platform.private_key)
        next(parts)
        return import_.run(parts)


@contextmanager
def _file(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise AppError("SEALED_FILE_UNREADABLE", file=path.name) from error


def _look_through(file: BinaryIO, platform: PlatformIdentity) -> _Opened:
    """Read a file to its end and return its head."""
    parts = read_sealed(file, FileKind.BATCH, platform.private_key)
    start = decode(next(parts), BatchFileStart, "SEALED_FILE_ALTERED")
    pages = sum(1 for _ in parts)
    payload = split(start.envelope, "SEALED_FILE_ALTERED").payload
    head = decode(payload, BatchFileHead, "SEALED_FILE_ALTERED")
    if pages != len(_manifest_of(head).pages):
        raise AppError("SEALED_FILE_ALTERED")
    return _Opened(start.device, start.envelope, head)


def _manifest_of(head: BatchFileHead) -> Manifest:
    return decode(split(head.manifest, "MANIFEST_MALFORMED").payload, Manifest, "MANIFEST_MALFORMED")


class _Import:
    """One batch on its way in; the device is asked for anew in every transaction, as with every request."""

    def __init__(
        self, engine: Engine, clock: Clock, platform: PlatformIdentity, opened: _Opened, *, demo: bool
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._platform = platform
        self._opened = opened
        self._demo = demo
        self._batch = _manifest_of(opened.head).batch

    def run(self, pages: Iterator[bytes]) -> ImportedBatch:
        """Take manifest and pages, and answer."""
        again, status = self._write(self._begin)
        for index, frame in enumerate(pages):
            if index in status.lacking:
                status = self._write(partial(self._page, index, frame))
        uscc, receipt, answered = self._write(partial(self._answer, again))
        told = decode(split(receipt).payload, Receipt)
        out = BytesIO()
        write_sealed(out, FileKind.RECEIPT, self._opened.head.reply, 1 + len(answered), [receipt, *answered])
        return ImportedBatch(uscc, self._batch, told.records, told.accepted, again, out.getvalue())

    def _write(self, work: Callable[[Connection, Caller], T]) -> T:
        with writing(self._engine) as connection:
            return work(connection, self._authenticate(connection))

    def _authenticate(self, connection: Connection) -> Caller:
        caller = find_caller(connection, self._opened.device)
        signed = split(self._opened.envelope)
        key = device_key(connection, caller.institution_id, caller.device_id)
        check(key, Purpose.BATCH_FILE, signed.payload, signed.signature)
        if caller.demo and not self._demo:
            raise AppError("DEMO_REFUSED")
        return caller

    def _begin(self, connection: Connection, caller: Caller) -> tuple[bool, BatchStatus]:
        streams.pull(
            connection, caller.institution_id, self._opened.head.cursors
        )  # refused before, not after
        known = batches.find_batch(connection, caller.institution_id, self._batch)
        status = batches.accept_manifest(
            connection, self._clock, self._platform, caller, self._batch, self._opened.head.manifest
        )
        return known is not None and known.receipt is not None, status

    def _page(self, index: int, frame: bytes, connection: Connection, caller: Caller) -> BatchStatus:
        return batches.accept_page(connection, self._clock, self._platform, caller, self._batch, index, frame)

    def _answer(self, again: bool, connection: Connection, caller: Caller) -> tuple[str, bytes, list[bytes]]:
        """Return whose batch it was, its receipt, and what the streams hold past the institution's cursors."""
        receipt = batches.read_receipt(connection, caller, self._batch)
        pages: list[bytes] = []
        for name, after in sorted(self._opened.head.cursors.items()):
            cursor, more = after, True
            while more:
                found, more = streams.pull(connection, caller.institution_id, {name: cursor})
                cursor += len(found)
                pages += found
        record_act(
            connection,
            self._clock,
            "cli",
            "batch import",
            caller.institution_id,
            batch=self._batch.hex(),
            again=again,
        )
        return caller.uscc, receipt, pages
