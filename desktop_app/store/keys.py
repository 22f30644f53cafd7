"""Keys of a profile: the data key, one slot a user, the recovery code.

The store is encrypted with a random 256-bit data key. Each user's password wraps it by Argon2id (AES-256-GCM); the
slots lie in ``keys.json`` beside the database, with the count of failed attempts. One more slot opens by the
recovery code that is printed once.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desktop_app.domain.clock import Clock
from desktop_app.domain.errors import AppError
from desktop_app.store.profile_files import disk_trouble

KEY_BYTES = 32
MAX_FAILURES = 5
LOCK_TIME = timedelta(minutes=15)
_RECOVERY = "\0recovery"
_CODE_BYTES = 20
_GROUP = 4


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Argon2id cost: memory in KiB, passes, lanes."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


class KeySlots:
    """The slots file of one profile."""

    def __init__(self, path: Path, clock: Clock, cost: Argon2Cost | None = None) -> None:
        self._path = path
        self._clock = clock
        self._cost = cost or Argon2Cost()

    def exists(self) -> bool:
        """Tell whether the profile has been set up."""
        return self._path.exists()

    def logins(self) -> list[str]:
        """Return the login names that have a slot here."""
        return sorted(name for name in self._read() if name != _RECOVERY)

    def add(self, login: str, password: str, data_key: bytes, user: bytes | None = None) -> None:
        """Wrap the data key for a user, whose id the slot remembers; a former slot of that name is replaced."""
        slots = self._read() if self.exists() else {}
        slots[login] = self._wrap(login, password, data_key)
        self._write(slots)
        if user is not None:
            self.bind(login, user)

    def user_of(self, login: str) -> bytes | None:
        """Return whose slot it is, None where it does not say yet: two accounts may have come to one login name."""
        user = self._read().get(login, {}).get("user")
        return bytes.fromhex(user) if isinstance(user, str) else None

    def bind(self, login: str, user: bytes) -> None:
        """Let a slot remember whose it is."""
        slots = self._read()
        if login in slots and slots[login].get("user") != user.hex():
            slots[login]["user"] = user.hex()
            self._write(slots)

    def remove(self, login: str) -> None:
        """Drop a user's slot."""
        slots = self._read()
        if slots.pop(login, None) is not None:
            self._write(slots)

    def add_recovery(self, data_key: bytes) -> str:
        """Wrap the data key under a new recovery code and return the code, to be printed once."""
        code = base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode("ascii")
        slots = self._read() if self.exists() else {}
        slots[_RECOVERY] = self._wrap(_RECOVERY, code, data_key)
        self._write(slots)
        return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))

    def open_with_code(self, code: str) -> bytes:
        """Return the data key for the recovery code; AppError RECOVERY_CODE_WRONG or KEY_FILE_DAMAGED."""
        plain = code.replace("-", "").replace(" ", "").upper()
        slot = self._read().get(_RECOVERY)
        if slot is None:
            raise AppError("RECOVERY_CODE_WRONG")
        try:
            return self._unwrap(_RECOVERY, plain, slot)
        except InvalidTag as error:
            raise AppError("RECOVERY_CODE_WRONG") from error

    def open(self, login: str, password: str) -> bytes:
        """Return the data key.

        Raises AppError LOGIN_WRONG (with the attempts left) or LOGIN_LOCKED (with the minute it ends) after five
        failures, KEY_FILE_DAMAGED where the file cannot be read. A name without a slot here is told like a wrong
        password.
        """
        slots = self._read()
        slot = slots.get(login)
        if slot is None:
            raise AppError("LOGIN_WRONG", left=MAX_FAILURES - 1)
        until = slot.get("locked_until")
        if until is not None and self._clock.now() < datetime.fromisoformat(until):
            raise AppError("LOGIN_LOCKED", until=until, minutes=int(LOCK_TIME.total_seconds() // 60))
        try:
            key = self._unwrap(login, password, slot)
        except InvalidTag as error:
            raise self._count_failure(slots, login) from error
        if slot.get("failures") or until is not None:
            slot["failures"] = 0
            slot["locked_until"] = None
            self._write(slots)
        return key

    def unlock(self, login: str) -> None:
        """Clear the failures of a locked slot."""
        slots = self._read()
        if login in slots:
            slots[login]["failures"] = 0
            slots[login]["locked_until"] = None
            self._write(slots)

    def _count_failure(self, slots: dict[str, Any], login: str) -> AppError:
        slot = slots[login]
        slot["failures"] = int(slot.get("failures") or 0) + 1
        left = MAX_FAILURES - slot["failures"]
        if left <= 0:
            slot["failures"] = 0
            slot["locked_until"] = (self._clock.now() + LOCK_TIME).isoformat()
        self._write(slots)
        if left <= 0:
            minutes = int(LOCK_TIME.total_seconds() // 60)
            return AppError("LOGIN_LOCKED", until=slot["locked_until"], minutes=minutes)
        return AppError("LOGIN_WRONG", left=left)

    def _wrap(self, login: str, secret: str, data_key: bytes) -> dict[str, Any]:
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        wrapping = self._derive(secret, salt, self._cost)
        wrapped = AESGCM(wrapping).encrypt(nonce, data_key, login.encode())
        return {
            "salt": salt.hex(),
            "memory_kib": self._cost.memory_kib,
            "passes": self._cost.passes,
            "lanes": self._cost.lanes,
            "nonce": nonce.hex(),
            "wrapped": wrapped.hex(),
            "failures": 0,
            "locked_until": None,
        }

    def _unwrap(self, login: str, secret: str, slot: dict[str, Any]) -> bytes:
        try:
            cost = Argon2Cost(slot["memory_kib"], slot["passes"], slot["lanes"])
            wrapping = self._derive(secret, bytes.fromhex(slot["salt"]), cost)
            nonce, wrapped = bytes.fromhex(slot["nonce"]), bytes.fromhex(slot["wrapped"])
            return AESGCM(wrapping).decrypt(nonce, wrapped, login.encode())
        except (KeyError, TypeError, ValueError, HashingError) as error:
            raise AppError("KEY_FILE_DAMAGED", file=self._path.name) from error

    @staticmethod
    def _derive(secret: str, salt: bytes, cost: Argon2Cost) -> bytes:
        return hash_secret_raw(
            secret.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
        )

    def _read(self) -> dict[str, Any]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            slots = content["slots"]
        except FileNotFoundError as error:
            raise AppError("PROFILE_NOT_SET_UP") from error
        except (ValueError, KeyError, TypeError) as error:
            raise AppError("KEY_FILE_DAMAGED", file=self._path.name) from error
        if not isinstance(slots, dict) or not all(isinstance(slot, dict) for slot in slots.values()):
            raise AppError("KEY_FILE_DAMAGED", file=self._path.name)
        return slots

    def _write(self, slots: dict[str, Any]) -> None:
        try:
            write_atomically(self._path, json.dumps({"version": 1, "slots": slots}, indent=1).encode())
        except OSError as error:
            raise disk_trouble(error, self._path) from error


def new_data_key() -> bytes:
    """Return a random 256-bit key."""
    return secrets.token_bytes(KEY_BYTES)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file so that a crash leaves either the old or the new one."""
    temporary = path.with_suffix(path.suffix + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring renames in a folder onto the disk, where the system offers that."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
