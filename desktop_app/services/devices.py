"""Workstations of the institution: invited, admitted, revoked; where they meet, and the pages that change the key.

What the bytes of a page or an invitation mean is the matter of ``sync.sharing``; here they are opaque.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.sharing import SharingOverview
from desktop_app.domain.records import DEVICE, INVITATION
from desktop_app.services.context import Service, command
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.services.sharing import OFFICE
from desktop_app.store import key_changes, receiving, settings, sharing_keys, signatures
from desktop_app.store.journal import JournalStore
from desktop_app.store.queries import workstations
from desktop_app.store.sharing_keys import InstitutionKey
from desktop_app.store.unit_of_work import UnitOfWork

RELAY = "sharing.relay"


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that was made: its code, to be told once, and when it ends (ms since 1970, UTC)."""

    code: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A workstation that has joined; the recovery code is shown once and kept nowhere."""

    institution: str
    device: bytes
    entries: int
    recovery_code: str


class Membership(Protocol):
    """Inviting and revoking workstations; ``sync.sharing`` implements it and ``bootstrap`` hands it over."""

    def invite(
        self, relay: str | None = None, file: Path | None = None, cancel: CancelToken = NEVER
    ) -> Invited:
        """Invite one workstation, for 24 hours.

        Raises AppError NOT_PERMITTED, INVITATION_WAY_MISSING, and what sharing and writing the file raise.
        """

    def revoke(self, device: bytes, cancel: CancelToken = NEVER) -> bool:
        """Shut a workstation out and change the institution key; return whether the relay knows of it already.

        Raises AppError NOT_PERMITTED, WORKSTATION_UNKNOWN, OWN_WORKSTATION.
        """


class Joining(Protocol):
    """A profile that becomes a workstation by an invitation; ``sync.sharing`` implements it."""

    def join(
        self,
        login: str,
        password: str,
        code: str,
        *,
        relay: str | None = None,
        file: Path | None = None,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> Joined:
        """Take an invitation, replay the whole journal and become a workstation; go on where it broke off.

        Raises AppError PROFILE_EXISTS, INVITATION_…, RELAY_NEEDED, JOIN_JOURNAL_MISSING, PASSWORD_…, and what sharing
        raises.
        """


class DeviceService(Service):
    """Commands about workstations, and what this one keeps of the way to the others."""

    def overview(self) -> SharingOverview:
        """Return the workstations, the invitations and what waits, as the screen shows them."""
        self.context.require("view_work_list")
        with self.context.read() as sql:
            return workstations.overview(sql, self.context.workstation.device, self.context.now())

    def last_contact(self) -> tuple[datetime | None, str | None]:
        """Return when a relay or a folder was last reached, and the code of what went wrong with it since."""
        with self.context.read() as sql:
            return workstations.last_contact(sql)

    def relay(self) -> str | None:
        """Return the address of the relay, None where there is none."""
        with self.context.read() as sql:
            told = settings.read(sql, RELAY)
            return told.decode("utf-8") if told else None

    def set_relay(self, url: str) -> None:
        """Keep the address of the relay; whether it is one, the transport says."""
        with self.context.workstation.database.writer() as sql:
            settings.write(sql, RELAY, url.encode("utf-8"))

    def heads(self) -> list[bytes]:
        """Return the entries that no other follows here."""
        with self.context.read() as sql:
            return JournalStore(sql).frontier()

    def has_entries(self, entries: list[bytes]) -> bool:
        """Tell whether all of some entries are here."""
        with self.context.read() as sql:
            return len(receiving.numbers_of(sql, entries)) == len(set(entries))

    def ticket(self) -> bytes:
        """Return what the invitation by which this profile is joining has brought, nothing before it was taken."""
        with self.context.read() as sql:
            return settings.read(sql, settings.JOINING) or b""

    def keep_ticket(self, ticket: bytes, office: bytes, keys: list[InstitutionKey], relay: str) -> None:
        """Keep what an invitation has brought, in one transaction: from here on the journal can be fetched."""
        with self.context.workstation.database.writer() as sql:
            settings.write(sql, settings.JOINING, ticket)
            settings.write(sql, OFFICE, office)
            if relay:
                settings.write(sql, RELAY, relay.encode("utf-8"))
            for key in keys:
                sharing_keys.add_key(sql, key)

    def prove_admission(self, secret: bytes) -> bytes:
        """Sign with an invitation's key that it admits this workstation."""
        device = self.context.workstation.device
        assert device is not None
        with self.context.read() as sql:
            key = settings.read(sql, settings.DEVICE_KEY)
        assert key is not None
        return signatures.sign_admission(secret, device, signatures.public_key(key))

    def invite(self, public_key: bytes, expires_ms: int) -> bytes:
        """Note an invitation in the acting administrator's name; return its key."""
        return self._invite(public_key, expires_ms)

    @command("invite_device", undoable=False)
    def _invite(self, work: UnitOfWork, public_key: bytes, expires_ms: int) -> bytes:
        invitation = self.context.new_id()
        actor = self.context.require_actor()
        terms = {"public_key": public_key, "expires_ms": expires_ms, "user_id": actor.user.id}
        work.put(INVITATION, invitation, terms)
        return invitation

    @command("withdraw_invitation", undoable=False)
    def withdraw(self, work: UnitOfWork, invitation: bytes) -> None:
        """End an invitation: whoever has its code can no longer come in with what the others know by then.

        A workstation that has come in already stays; AppError INVITATION_UNKNOWN, INVITATION_USED.
        """
        present = work.fields(INVITATION, invitation)
        if present is None:
            raise AppError("INVITATION_UNKNOWN")
        used = work.sql.exec_driver_sql("SELECT 1 FROM device WHERE admitted_by = ?", (invitation,)).first()
        if used is not None:
            raise AppError("INVITATION_USED")
        terms = {"public_key": present["public_key"], "user_id": present["user_id"], "expires_ms": 0}
        work.put(INVITATION, invitation, terms)

    def admit(self, invitation: bytes, proof: bytes) -> None:
        """Make this profile a workstation of the institution, its first entry; joining is over with it.

        ``proof``: signature by the invitation's key (``store.signatures.sign_admission``). AppError INVITATION_EXPIRED
        where the invitation has been withdrawn: the others would refuse the entry.
        """
        self._admit(invitation, proof)

    @command("admit_device", undoable=False)
    def _admit(self, work: UnitOfWork, invitation: bytes, proof: bytes) -> None:
        device = self.context.workstation.device
        assert device is not None
        key = settings.read(work.sql, settings.DEVICE_KEY)
        assert key is not None
        terms = work.fields(INVITATION, invitation)
        if terms is not None and not terms["expires_ms"]:
            raise AppError("INVITATION_EXPIRED")
        fields = {
            "name": platform.node() or "PC",
            "public_key": signatures.public_key(key),
            "admitted_by": invitation,
            "revoked": 0,
            "proof": proof,
        }
        work.put(DEVICE, device, fields)
        settings.remove(work.sql, settings.JOINING)

    def check_revocable(self, device: bytes) -> None:
        """Check that the acting user may revoke a workstation; AppError WORKSTATION_UNKNOWN, OWN_WORKSTATION."""
        self.context.require("revoke_device")
        with self.context.read() as sql:
            if (
                sql.exec_driver_sql("SELECT 1 FROM device WHERE gone = 0 AND id = ?", (device,)).first()
                is None
            ):
                raise AppError("WORKSTATION_UNKNOWN")
        if device == self.context.workstation.device:
            raise AppError("OWN_WORKSTATION")

    def revoke(self, device: bytes, key: InstitutionKey, page: bytes) -> None:
        """Shut a workstation out; the new key, and the page that brings it to the others, are kept with the entry.

        One that is revoked already is no error: the key is changed once more.
        """
        self.check_revocable(device)
        self._revoke(device, key, page)

    @command("revoke_device", undoable=False)
    def _revoke(self, work: UnitOfWork, device: bytes, key: InstitutionKey, page: bytes) -> None:
        work.put(DEVICE, device, {"revoked": 1})
        sharing_keys.add_key(work.sql, key)
        key_changes.keep(work.sql, key.id, page)

    # Pages that change the key; no commands: any workstation carries them on.

    def take_key(self, key: InstitutionKey | None, name: bytes, page: bytes) -> None:
        """Keep a page that changes to the key of this name, and that key where it was for this workstation too."""
        with self.context.workstation.database.writer() as sql:
            if key is not None:
                sharing_keys.add_key(sql, key)
            key_changes.keep(sql, name, page)

    def key_changes(self) -> dict[bytes, bytes]:
        """Return all pages that change the key, by its name, in their order."""
        with self.context.read() as sql:
            return key_changes.stored(sql)

    def key_changes_for(self, shelf: bytes, epoch: bytes) -> dict[bytes, bytes]:
        """Return those that are not known to be on a shelf in this life of it."""
        with self.context.read() as sql:
            return key_changes.lacking(sql, shelf, epoch)

    def note_key_changes(self, shelf: bytes, epoch: bytes, names: list[bytes]) -> None:
        """Say that a shelf has the pages that change to these keys."""
        with self.context.workstation.database.writer() as sql:
            for name in names:
                key_changes.note_sent(sql, shelf, epoch, name)
