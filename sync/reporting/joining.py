"""Joining: a workstation registers with a one-time code and pins the platform's key and epoch."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.services.batches import BatchService
from desktop_app.services.reporting import ConfirmedPlatform
from sync.contract.kinds import CONTRACT_VERSION
from sync.contract.wire import About
from sync.reporting import comparing
from sync.reporting.line import Adapter, Line, Pinned
from sync.reporting.pulling import STREAMS

MAX_NAME = 100


def join(
    batches: BatchService, line: Line, url: str, code: str, confirmed: str | None
) -> ConfirmedPlatform | None:
    """Register this workstation; the same code again on the same workstation is harmless.

    ``confirmed``: why a platform that began anew is the right one; what it lost is sealed again, and that is returned.
    Raises AppError CONTRACT_UNKNOWN, DEMO_REFUSED, DEVICE_CODE_INVALID, DEVICE_CODE_EXPIRED, DEVICE_KNOWN,
    PLATFORM_OTHER, PLATFORM_OTHER_INSTITUTION, what ``comparing`` raises, and any contact (PLATFORM_…).
    """
    address = url.strip().rstrip("/")
    former = line.pinned()
    with line.open(address) as api:
        about = api.about()
        is_other = _is_other(batches, about, former)
        if is_other and not (confirmed or "").strip():
            raise AppError("PLATFORM_OTHER")
        _register(batches, api, about, code)
        if is_other and former is not None:
            found = comparing.look(batches, api, about, former)
            return comparing.confirm(batches, about, address, found, former, confirmed or "")
    line.pin(address, about)
    batches.publish_platform(about.public_key, about.epoch)
    return None


def _register(batches: BatchService, api: Adapter, about: About, code: str) -> None:
    institution = batches.institution()
    if CONTRACT_VERSION not in about.contracts:
        raise AppError("CONTRACT_UNKNOWN", version=CONTRACT_VERSION, newest=max(about.contracts, default=0))
    if about.demo != institution.demo:
        raise AppError("DEMO_REFUSED")
    name = batches.device_name()[:MAX_NAME]
    registered = api.register(code.strip(), name, demo=institution.demo)
    if (registered.public_key, registered.epoch) != (about.public_key, about.epoch):
        raise AppError("PLATFORM_ANSWER")
    if registered.uscc != institution.uscc:
        raise AppError("PLATFORM_OTHER_INSTITUTION", name=registered.name, uscc=registered.uscc)


def _is_other(batches: BatchService, about: About, pinned: Pinned | None) -> bool:
    """Tell whether a platform is none that this institution has reported to, though something of one is kept here."""
    if pinned is None or (pinned.public_key, pinned.epoch) == (about.public_key, about.epoch):
        return False
    with batches.view() as view:
        known = {(one.public_key, one.epoch) for one in view.platform_changes()}
    return (about.public_key, about.epoch) not in known and _has_history(batches)


def _has_history(batches: BatchService) -> bool:
    """Tell whether anything of the platform joined before is kept here."""
    with batches.view() as view:
        return bool(view.versions()) or any(batches.cursor(name) for name in STREAMS)
