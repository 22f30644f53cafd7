"""Joining: a workstation registers with a one-time code and pins the platform's key and epoch."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from sync.contract.kinds import CONTRACT_VERSION
from sync.contract.wire import About
from sync.reporting.line import Line, Pinned
from sync.reporting.pulling import STREAMS

MAX_NAME = 100


def join(batches: BatchService, line: Line, url: str, code: str) -> None:
    """Register this workstation; the same code again on the same workstation is harmless.

    Raises AppError CONTRACT_UNKNOWN, DEMO_REFUSED, DEVICE_CODE_INVALID, DEVICE_CODE_EXPIRED, DEVICE_KNOWN,
    PLATFORM_OTHER, PLATFORM_OTHER_INSTITUTION, and what any contact raises (PLATFORM_…).
    """
    address = url.strip().rstrip("/")
    institution = batches.institution()
    with line.open(address) as api:
        about = api.about()
        _check(batches, about, line.pinned(), demo=institution.demo)
        name = batches.device_name()[:MAX_NAME]
        registered = api.register(code.strip(), name, demo=institution.demo)
    if (registered.public_key, registered.epoch) != (about.public_key, about.epoch):
        raise AppError("PLATFORM_ANSWER")
    if registered.uscc != institution.uscc:
        raise AppError("PLATFORM_OTHER_INSTITUTION", name=registered.name, uscc=registered.uscc)
    line.pin(address, about)


def _check(batches: BatchService, about: About, pinned: Pinned | None, *, demo: bool) -> None:
    if CONTRACT_VERSION not in about.contracts:
        raise AppError("CONTRACT_UNKNOWN", version=CONTRACT_VERSION, newest=max(about.contracts, default=0))
    if about.demo != demo:
        raise AppError("DEMO_REFUSED")
    changed = pinned is not None and (pinned.public_key, pinned.epoch) != (about.public_key, about.epoch)
    if changed and _has_history(batches):
        raise AppError("PLATFORM_OTHER")


def _has_history(batches: BatchService) -> bool:
    """Tell whether anything of the platform joined before is kept here."""
    with batches.view() as view:
        return bool(view.versions()) or any(batches.cursor(name) for name in STREAMS)
