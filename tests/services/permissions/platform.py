"""A platform that began anew or was restored: an administrator confirms it."""

from __future__ import annotations

from desktop_app.store.repositories.reported import PlatformChange

_CHANGE = PlatformChange(b"\6" * 16, b"\7" * 16, b"\1" * 32, b"\2" * 32, b"\x90")
EXPECTED = {"confirm_platform": "admin"}
NOT_UNDOABLE = {"confirm_platform"}
NOTHING_THERE: dict[str, set[str]] = {}
ATTEMPTS = {
    "confirm_platform": lambda s, _: s.batches.confirm_platform(_CHANGE, {}, (), None, "平台已恢复备份"),
}
