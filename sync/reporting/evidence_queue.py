"""Evidence after the records: the files behind accepted claims go to the platform, last of all and part by part.

The platform says what is lacking, so a run that broke off goes on where it was. A list that has arrived whole is
noted by its digest and not sent again until it changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.reporting import PreflightProblem
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import CancelToken, Progress, stop_if_cancelled
from sync.contract.evidence import file_name
from sync.contract.kinds import RecordKind, ReportKind
from sync.contract.shape import Severity
from sync.contract.signing import Purpose, enclose
from sync.contract.wire import PART_BYTES, EvidenceFile, EvidenceList, decode, encode
from sync.reporting.line import Adapter

_KINDS = {"trainee": "trainee", "enrolment": "enrolment", "session": "session", "training_class": "class"}
"""Whose a file is → the kind of its record in reports."""
ReadEvidence = Callable[[bytes], bytes]
ARRIVED = "evidence"
NOT_HERE = "evidence_not_here"
"""Setting: by class, the digests of what the platform lacks and this workstation has not either."""
SENDS = "reporting.progress.evidence"
_TRIES = 2


def send_evidence(
    batches: BatchService, read: ReadEvidence, api: Adapter, progress: Progress, cancel: CancelToken
) -> int:
    """Send what is lacking of the evidence of accepted claims; return how many files have arrived now.

    ``read``: a file by its digest. Raises what the adapter raises, AppError CANCELLED between two parts, and at the
    end EVIDENCE_NOT_SENT (``count``) where files are not on this workstation.
    """
    listed = _listed(batches)
    if not listed:
        return 0
    stored = batches.setting(ARRIVED)
    arrived = {} if stored is None else decode(stored, dict[str, bytes])
    known = _not_here(batches)
    sent = lost = 0
    for subject, files in listed:
        mark = hashlib.sha256(encode(files)).digest()
        if arrived.get(subject) == mark:
            continue
        some, missing = _send_class(batches, read, api, subject, files, progress, cancel)
        sent, lost = sent + some, lost + len(missing)
        known[subject] = missing
        if not missing:
            arrived[subject] = mark
        batches.set_settings({ARRIVED: encode(arrived), NOT_HERE: encode(known)})
    if lost:
        raise AppError("EVIDENCE_NOT_SENT", count=lost)
    return sent


def _not_here(batches: BatchService) -> dict[str, list[bytes]]:
    stored = batches.setting(NOT_HERE)
    return {} if stored is None else decode(stored, dict[str, list[bytes]])


def missing_files(batches: BatchService) -> list[PreflightProblem]:
    """Return what keeps claims from being complete: files that neither the platform nor this workstation has."""
    wanted = {subject: set(digests) for subject, digests in _not_here(batches).items() if digests}
    if not wanted:
        return []
    with batches.view() as view:
        codes = {one.subject: one.code for one in view.classes()}
        items = [
            (bytes.fromhex(subject), codes.get(subject, ""), one)
            for subject, digests in wanted.items()
            for one in view.class_evidence(bytes.fromhex(subject))
            if one.digest in digests
        ]
        names = view.subject_names({(_KINDS[one.owner], one.owner_key) for _, _, one in items})
    return [
        PreflightProblem(
            report=ReportKind.CLAIM.value,
            class_id=class_id,
            class_code=code,
            kind=_KINDS[one.owner],
            key=one.owner_key,
            subject=names[_KINDS[one.owner], one.owner_key] or code,
            field=None,
            code="EVIDENCE_NOT_HERE",
            severity=Severity.WARNING.value,
            params={"file": one.file_name},
        )
        for class_id, code, one in items
    ]


def _listed(batches: BatchService) -> list[tuple[str, list[EvidenceFile]]]:
    """Return the evidence of every class with an accepted claim; that there is none is told too."""
    with batches.view() as view:
        places = list(view.versions(ReportKind.CLAIM))
        claimed = [
            subject
            for kind, subject in sorted(places)
            if any(record == RecordKind.CLAIM for record, _ in view.accepted(kind, subject))
        ]
        found = [(subject, view.evidence_of(bytes.fromhex(subject))) for subject in claimed]
    uscc = batches.institution().uscc if found else ""
    return [
        (subject, [EvidenceFile(file_name(uscc, digest), digest, size) for digest, size in files])
        for subject, files in found
    ]


def _send_class(
    batches: BatchService,
    read: ReadEvidence,
    api: Adapter,
    subject: str,
    files: list[EvidenceFile],
    progress: Progress,
    cancel: CancelToken,
) -> tuple[int, list[bytes]]:
    """Return how many files of a class have arrived now, and the digests of those that are not here."""
    listed = EvidenceList(uscc=batches.institution().uscc, subject=subject, files=files)
    envelope = enclose(batches.device()[1], Purpose.EVIDENCE, encode(listed))
    stop_if_cancelled(cancel)
    lacking = api.put_evidence(subject, envelope).lacking
    digests = {one.name: one.digest for one in files}
    sent, lost = 0, list[bytes]()
    for place, one in enumerate(lacking):
        progress(place, len(lacking), SENDS)
        try:
            content = read(digests[one.name])
        except AppError as error:
            if error.code != "EVIDENCE_LOST":
                raise
            lost.append(digests[one.name])
            continue
        _send_file(api, one.name, content, one.received, cancel)
        sent += 1
    return sent, lost


def _send_file(api: Adapter, name: bytes, content: bytes, received: int, cancel: CancelToken) -> None:
    """Send a file from a byte on; once more from the start where the platform found the whole to be another."""
    for _ in range(_TRIES):
        while received < len(content):
            stop_if_cancelled(cancel)
            status = api.put_file(name, received, content[received : received + PART_BYTES])
            if status.complete:
                return
            if status.received <= received:
                break
            received = status.received
        received = 0
    raise AppError("FILE_ALTERED")
