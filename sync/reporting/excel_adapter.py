"""The second adapter: a bureau that takes reports as Excel files by e-mail. Its address is a folder (``file:///…``).

Each report of a batch becomes a workbook in the folder, under a name that says class, report, version and batch, so
the same batch again writes the same files. Nobody answers: such a batch comes to ``delivered`` and stays there. What
it holds does not count as accepted, and nothing is pulled. A report that has to be sent again is sealed anew after
its batch was dissolved, as the next version and whole, since nothing of it was ever accepted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

import msgspec

import resources
from desktop_app.domain.clock import SHANGHAI, Clock
from desktop_app.domain.errors import AppError
from desktop_app.excel.report_forms import FormRecord, fact_text, write_form
from desktop_app.services.batches import InstitutionFacts
from desktop_app.store.keys import write_atomically
from desktop_app.store.profile_files import disk_trouble
from sync.contract.framing import frame_hash
from sync.contract.kinds import CONTRACT_VERSION, RecordKind, ReportKind
from sync.contract.proof import TrailTaken
from sync.contract.signing import split
from sync.contract.wire import (
    MAX_PAGE_RECORDS,
    About,
    BatchStatus,
    EvidenceStatus,
    ExchangeAnswer,
    FileStatus,
    Manifest,
    Record,
    Registered,
    ReportedState,
    ReportHead,
    decode,
)
from sync.reporting.sealed_batches import records_of

Names = Callable[[Collection[tuple[str, bytes]]], dict[tuple[str, bytes], str]]
SCHEME = "file"
_SUBJECTS = {ReportKind.PROJECT: RecordKind.SUBMISSION, ReportKind.RECTIFICATION: RecordKind.RECTIFICATION}
_DRIVE = re.compile(r"/[A-Za-z]:")
_UNFIT = str.maketrans(dict.fromkeys('\\/:*?"<>|\n\r\t', "_"))


def folder_of(url: str) -> Path:
    """Return the folder that an address names; AppError PLATFORM_URL."""
    parts = urlsplit(url)
    path = unquote(parts.path) if parts.scheme == SCHEME and not parts.netloc else ""
    path = path[1:] if _DRIVE.match(path) else path
    if not Path(path).is_absolute():
        raise AppError("PLATFORM_URL")
    return Path(path)


class ExcelFolder:
    """A folder of forms as the engine sees a provincial system. ``names`` tells what people call records."""

    answers = False

    def __init__(self, url: str, institution: InstitutionFacts, names: Names, clock: Clock) -> None:
        self._folder = folder_of(url)
        self._institution = institution
        self._names = names
        self._clock = clock
        self._manifest: Manifest | None = None
        self._pages: dict[int, bytes] = {}

    @property
    def traffic(self) -> tuple[int, int]:
        """Return nothing: files go nowhere by themselves."""
        return 0, 0

    def __enter__(self) -> Self:
        """Raise AppError FORM_FOLDER_MISSING where the folder is not there."""
        if not self._folder.is_dir():
            raise AppError("FORM_FOLDER_MISSING", folder=str(self._folder))
        return self

    def __exit__(self, *_: object) -> None: ...

    def about(self) -> About:
        """Return the limits of the contract; a folder has no key and no life."""
        return About(
            contracts=[CONTRACT_VERSION],
            epoch=b"",
            public_key=b"",
            sealing_key=b"",
            demo=self._institution.demo,
            now=self._clock.now(),
            page_records=MAX_PAGE_RECORDS,
            frame_bytes=0,
            frames=[],
        )

    def register(self, code: str, name: str, *, demo: bool) -> Registered:
        """Take any code: who may write into a folder is settled by whoever owns it."""
        _ = code, name, demo
        facts = self._institution
        return Registered(uscc=facts.uscc, name=facts.name, region="", kind="", epoch=b"", public_key=b"")

    def put_manifest(self, batch: bytes, envelope: bytes) -> BatchStatus:
        """Begin a batch; every page is lacking, since nothing is kept between two runs."""
        _ = batch
        self._manifest = decode(split(envelope).payload, Manifest, "MANIFEST_MALFORMED")
        self._pages = {}
        return BatchStatus(lacking=list(range(len(self._manifest.pages))))

    def put_page(self, batch: bytes, index: int, frame: bytes) -> BatchStatus:
        """Keep a page; with the last one the files are written. AppError PAGE_ALTERED, DISK_FULL, FILE_NOT_WRITABLE."""
        manifest = self._manifest
        if manifest is None or manifest.batch != batch:
            raise AppError("BATCH_UNKNOWN")
        if index >= len(manifest.pages) or frame_hash(frame) != manifest.pages[index]:
            raise AppError("PAGE_ALTERED", page=index)
        self._pages[index] = frame
        lacking = [number for number in range(len(manifest.pages)) if number not in self._pages]
        if not lacking:
            self._write(manifest, [self._pages[number] for number in sorted(self._pages)])
        return BatchStatus(lacking=lacking)

    def exchange(self, envelope: bytes | None, page: bytes | None, cursors: dict[str, int]) -> ExchangeAnswer:
        """Write a batch of at most one page; there is nothing to pull."""
        _ = cursors
        if envelope is not None:
            manifest = decode(split(envelope).payload, Manifest, "MANIFEST_MALFORMED")
            self._write(manifest, [] if page is None else [page])
        return ExchangeAnswer()

    def receipt(self, batch: bytes) -> bytes:
        """Raise AppError RECEIPT_NOT_READY: nobody answers."""
        _ = batch
        raise AppError("RECEIPT_NOT_READY", lacking=0)

    def reports(self) -> ReportedState:
        """Raise AppError METHOD_NOT_ALLOWED: nothing is ever accepted, so there is nothing to compare."""
        raise AppError("METHOD_NOT_ALLOWED")

    def put_evidence(self, subject: str, envelope: bytes) -> EvidenceStatus:
        """Raise AppError METHOD_NOT_ALLOWED: papers are handed over with the forms."""
        _ = subject, envelope
        raise AppError("METHOD_NOT_ALLOWED")

    def put_file(self, name: bytes, start: int, part: bytes) -> FileStatus:
        """Raise AppError METHOD_NOT_ALLOWED."""
        _ = name, start, part
        raise AppError("METHOD_NOT_ALLOWED")

    def put_trail(self, subject: str, envelope: bytes) -> TrailTaken:
        """Raise AppError METHOD_NOT_ALLOWED: nothing is ever accepted, so there is no trail to send."""
        _ = subject, envelope
        raise AppError("METHOD_NOT_ALLOWED")

    def _write(self, manifest: Manifest, frames: list[bytes]) -> None:
        for head, records in zip(manifest.reports, records_of(manifest, frames), strict=True):
            subject = self._subject(head)
            out = BytesIO()
            write_form(out, self._facts(manifest, head, subject), self._records(records))
            path = self._folder / _file_name(manifest, head, subject)
            try:
                write_atomically(path, out.getvalue())
            except OSError as error:
                with suppress(OSError):
                    path.with_suffix(path.suffix + ".new").unlink(missing_ok=True)
                raise disk_trouble(error, path) from error

    def _subject(self, head: ReportHead) -> str:
        place = (_SUBJECTS.get(ReportKind(head.kind), RecordKind.CLASS).value, bytes.fromhex(head.subject))
        return self._names([place])[place] or head.subject

    def _records(self, records: list[Record]) -> list[FormRecord]:
        names = self._names([(one.kind, one.key) for one in records])
        return [
            FormRecord(one.kind, names[one.kind, one.key], one.key.hex(), _fields(one)) for one in records
        ]

    def _facts(self, manifest: Manifest, head: ReportHead, subject: str) -> dict[str, str]:
        facts = {
            "institution": self._institution.name,
            "uscc": manifest.uscc,
            "report": resources.text(f"report_kind.{head.kind}"),
            "subject": subject,
            "version": str(head.version),
            "sealed_at": _local(manifest.sealed_at),
            "batch": manifest.batch.hex(),
            "records": str(head.changes),
            "digest": head.digest.hex(),
        }
        if head.reason:
            facts["reason"] = head.reason
        for flag in ("demo", "solo"):
            if getattr(manifest, flag):
                facts[flag] = fact_text("yes")
        return facts


def _fields(record: Record) -> dict[str, Any] | None:
    return None if record.leaves else msgspec.msgpack.decode(record.fields, type=dict[str, Any])


def _file_name(manifest: Manifest, head: ReportHead, subject: str) -> str:
    kind = resources.text(f"report_kind.{head.kind}")
    name = f"{subject}_{kind}_{head.version}_{manifest.batch.hex()[-8:]}.xlsx"
    return name.translate(_UNFIT)


def _local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
