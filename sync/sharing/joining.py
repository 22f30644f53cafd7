"""Joining by an invitation: an empty profile becomes a workstation. ``services.devices.Joining``.

What is done is on disk before the next begins: an empty store with this workstation's key; what the invitation
brought; the journal, page by page; the entry that admits this workstation. The same call again goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.domain.users import check_login
from desktop_app.services.context import Context
from desktop_app.services.devices import DeviceService, Joined
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress
from desktop_app.services.profile import Profile
from desktop_app.services.sharing import SharingService
from desktop_app.store.sharing_keys import InstitutionKey
from sync.contract.sharing import key_id
from sync.contract.wire import decode, encode
from sync.lines.addresses import checked_relay_url
from sync.sharing.engine import SharingEngine
from sync.sharing.files import read_file
from sync.sharing.http_transport import RelayCaller
from sync.sharing.invitation_codes import InvitationCode, Ticket, read_code
from sync.sharing.invitation_files import mark_used, read_invitation
from sync.sharing.inviting import Connect, connect
from sync.sharing.rotations import RotationTaker, WithKeyChanges

Prepare = Callable[[Profile], object]
"""What has to stand beside the store before entries are applied (``bootstrap``)."""


class InvitedProfile:
    """A profile folder in which nothing is yet, or a joining that was broken off."""

    def __init__(self, profile: Profile, prepare: Prepare, connect: Connect = connect) -> None:
        self._profile = profile
        self._prepare = prepare
        self._connect = connect

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
        """Take an invitation, replay the whole journal and become a workstation; see ``services.devices.Joining``."""
        invitation = read_code(code)
        url = None if relay is None else checked_relay_url(relay)
        if url is None and file is None:
            raise AppError("RELAY_NEEDED")
        context = self._profile.begin_joining(login, password)
        ticket = self._ticket(context, invitation, url, file, cancel)
        assert self._profile.context is not None
        context = self._profile.context
        self._check_login(login, password, ticket)
        self._prepare(self._profile)
        sharing, devices = SharingService(context), DeviceService(context)
        received = self._replay(sharing, devices, ticket, (file, invitation.lookup), progress, cancel)
        recovery = self._profile.finish_joining(ticket.login)
        devices.admit(ticket.invitation, devices.prove_admission(invitation.private_key))
        if file is not None:
            mark_used(file)
        self._tell(sharing, devices)
        device, _ = sharing.device()
        return Joined(ticket.institution, device, received, recovery)

    def _ticket(
        self, context: Context, code: InvitationCode, url: str | None, file: Path | None, cancel: CancelToken
    ) -> Ticket:
        """Return what the invitation brings, taking it where that is not done; refused, the folder is as it was."""
        devices = DeviceService(context)
        kept = devices.ticket()
        former = decode(kept, Ticket, "INVITATION_UNREADABLE") if kept else None
        if former is not None and not _is_over(former.admits_ms, context):
            return former
        try:
            ticket = code.open(self._take(context, code, url, file, cancel))
            if ticket.demo and not self._profile.files.demo_mark.exists():
                context = self._profile.go_on_as_demo()  # whose clock says whether it is over
                devices = DeviceService(context)
            if file is not None:
                self._check_at_relay(context, code, ticket, cancel)
            if _is_over(ticket.admits_ms, context):
                raise AppError("INVITATION_EXPIRED")
            if former is not None and former.office != ticket.office:
                raise AppError("INVITATION_OF_OTHER_OFFICE", name=ticket.institution)
        except AppError as error:
            if error.code.startswith("INVITATION_") and former is None:
                self._profile.abandon_joining()
            raise
        keys = [
            InstitutionKey(key_id(one.key), one.epoch, one.key, one.device or None) for one in ticket.keys
        ]
        devices.keep_ticket(encode(ticket), ticket.office, keys, url or ticket.relay)
        return ticket

    def _take(
        self, context: Context, code: InvitationCode, url: str | None, file: Path | None, cancel: CancelToken
    ) -> bytes:
        """Return the sealed ticket, from the file where there is one, else from the relay."""
        if file is not None:
            return read_invitation(file, code.lookup, self._pages)
        assert url is not None
        caller = RelayCaller(url, SharingService(context).device(), context.clock)
        try:
            return caller.accept(code.lookup, code.private_key, cancel)
        finally:
            caller.close()

    def _check_at_relay(
        self, context: Context, code: InvitationCode, ticket: Ticket, cancel: CancelToken
    ) -> None:
        """Take an invitation that came by file at its relay too, so that it is good once; without one, by the clock."""
        if ticket.relay:
            try:
                self._take(context, code, ticket.relay, None, cancel)
            except AppError as error:
                if error.code != "SHELF_UNREACHABLE":
                    raise
        if _is_over(ticket.expires_ms, context):
            raise AppError("INVITATION_EXPIRED")

    def _check_login(self, login: str, password: str, ticket: Ticket) -> None:
        """Check who is to administer here; the password given then belongs to whom the invitation names."""
        name = check_login(login)
        if name != ticket.login:
            self._profile.slots.add(ticket.login, password, self._profile.data_key)
            self._profile.slots.remove(name)
            raise AppError("INVITATION_OF_OTHER", login=ticket.login)

    def _replay(
        self,
        sharing: SharingService,
        devices: DeviceService,
        ticket: Ticket,
        source: tuple[Path | None, bytes],
        progress: Progress,
        cancel: CancelToken,
    ) -> int:
        """Take in the whole journal; AppError JOIN_JOURNAL_MISSING where it is not all here in the end.

        ``source``: the invitation's file, if it came in one, and its look-up.
        """
        received = 0
        taker = RotationTaker(sharing, devices)
        file, lookup = source
        if file is not None:
            if not self._pages.exists():
                read_invitation(file, lookup, self._pages)
            received += read_file(sharing, self._pages, progress, cancel, taker).received
        url = devices.relay()
        if url is not None and not (file is not None and devices.has_entries(ticket.heads)):
            line = self._connect(sharing, url)
            try:
                engine = SharingEngine(sharing, taker)
                received += engine.share(line, progress, cancel).received
            finally:
                line.close()
        if not devices.has_entries(ticket.heads):
            raise AppError("JOIN_JOURNAL_MISSING")
        self._pages.unlink(missing_ok=True)
        return received

    def _tell(self, sharing: SharingService, devices: DeviceService) -> None:
        """Let the others know at once where the relay is there; else they learn it with the next exchange."""
        url = devices.relay()
        if url is None:
            return
        line = self._connect(sharing, url)
        try:
            engine = SharingEngine(sharing, RotationTaker(sharing, devices))
            engine.share(WithKeyChanges(line, devices))
        except AppError as error:
            sharing.note_contact(line.shelf, error.code)
        finally:
            line.close()

    @property
    def _pages(self) -> Path:
        return self._profile.files.folder / "joining.pages"


def _is_over(end_ms: int, context: Context) -> bool:
    return end_ms < context.now().timestamp() * 1000
