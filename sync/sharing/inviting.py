"""Inviting and revoking workstations: ``services.devices.Membership``."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from desktop_app.domain.errors import AppError
from desktop_app.services.accounts import AccountService
from desktop_app.services.devices import DeviceService, Invited
from desktop_app.services.ports import NEVER, CancelToken
from desktop_app.services.sharing import SharingService
from sync.contract.relay import INVITATION_HOURS, Invitation
from sync.contract.signing import public_key_of
from sync.lines.addresses import checked_relay_url
from sync.sharing.engine import SharingEngine
from sync.sharing.files import write_file
from sync.sharing.http_transport import RelayTransport
from sync.sharing.invitation_codes import InvitationCode, Ticket, TicketKey, new_code
from sync.sharing.invitation_files import write_invitation
from sync.sharing.pages import sealing_key
from sync.sharing.rotations import WithKeyChanges, make_rotation

_TRIES = 3
_GOOD_FOR, _TO_FINISH = timedelta(hours=INVITATION_HOURS), timedelta(days=7)
Connect = Callable[[SharingService, str], RelayTransport]


def connect(sharing: SharingService, url: str) -> RelayTransport:
    """Return the way to a relay for this workstation; AppError RELAY_URL."""
    return RelayTransport(
        url,
        sharing.office(),
        sharing.device(),
        lambda: sealing_key(sharing).key,
        sharing.context.clock,
        key_changes=lambda: list(DeviceService(sharing.context).key_changes().values()),
    )


class Inviting:
    """Invites and revokes, in the acting administrator's name."""

    def __init__(
        self,
        sharing: SharingService,
        devices: DeviceService,
        accounts: AccountService,
        engine: SharingEngine,
        connect: Connect = connect,
    ) -> None:
        self._sharing = sharing
        self._devices = devices
        self._accounts = accounts
        self._engine = engine
        self._connect = connect

    def invite(
        self, relay: str | None = None, file: Path | None = None, cancel: CancelToken = NEVER
    ) -> Invited:
        """Invite one workstation, for 24 hours; see ``services.devices.Membership``.

        The relay is reached before anything is written, and has the whole journal when the code is told.
        """
        context = self._sharing.context
        context.require("invite_device")
        url = self._devices.relay() if relay is None else checked_relay_url(relay)
        if url is None and file is None:
            raise AppError("INVITATION_WAY_MISSING")
        sealing_key(self._sharing)
        if url is not None:
            self._share(url, cancel)
            if relay is not None:
                self._devices.set_relay(url)
        code = new_code()
        now = context.now()
        expires_ms, admits_ms = _milliseconds(now + _GOOD_FOR), _milliseconds(now + _TO_FINISH)
        invitation = self._devices.invite(public_key_of(code.private_key), admits_ms)
        ticket = self._ticket(invitation, url or "", (expires_ms, admits_ms))
        if url is not None:
            self._share(url, cancel)
            code = self._deposit(url, code, ticket, cancel)
        if file is not None:
            with tempfile.TemporaryDirectory(dir=context.workstation.database.path.parent) as folder:
                pages = Path(folder) / "journal.pages"
                write_file(self._sharing, pages, None, cancel)
                write_invitation(file, code.lookup, code.seal(ticket), pages)
        return Invited(code.text(), expires_ms)

    def revoke(self, device: bytes, cancel: CancelToken = NEVER) -> bool:
        """Shut a workstation out and change the institution key; return whether the relay knows of it already."""
        self._devices.check_revocable(device)
        known = self._sharing.devices()
        revoked = [one for one, facts in known.items() if facts.revoked or one == device]
        remaining = {one: facts.public_key for one, facts in known.items() if one not in revoked}
        key, page = make_rotation(self._sharing, sealing_key(self._sharing), remaining, revoked)
        self._devices.revoke(device, key, page)
        url = self._devices.relay()
        if url is None:
            return False
        try:
            self._share(url, cancel)
        except AppError as error:
            if error.code == "CANCELLED":
                raise
            return False
        return True

    def _share(self, url: str, cancel: CancelToken) -> None:
        with self._line(url) as line:
            self._engine.share(WithKeyChanges(line, self._devices), cancel=cancel)

    @contextmanager
    def _line(self, url: str) -> Iterator[RelayTransport]:
        line = self._connect(self._sharing, url)
        try:
            yield line
        finally:
            line.close()

    def _deposit(self, url: str, code: InvitationCode, ticket: Ticket, cancel: CancelToken) -> InvitationCode:
        """Leave the invitation at the relay; a look-up that is in use is replaced."""
        with self._line(url) as line:
            for left in range(_TRIES - 1, -1, -1):
                deposit = Invitation(
                    lookup=code.lookup,
                    public_key=public_key_of(code.private_key),
                    sealed=code.seal(ticket),
                )
                try:
                    line.deposit(deposit, cancel)
                except AppError as error:
                    if error.code != "INVITATION_TAKEN" or not left:
                        raise
                    code = InvitationCode(new_code().lookup, code.secret)
                else:
                    break
        return code

    def _ticket(self, invitation: bytes, relay: str, ends: tuple[int, int]) -> Ticket:
        institution = self._accounts.institution()
        user = self._sharing.context.require_actor().user
        keys = self._sharing.keys().values()
        return Ticket(
            office=self._sharing.office(),
            invitation=invitation,
            institution=institution.name,
            demo=institution.demo,
            relay=relay,
            keys=[TicketKey(one.key, one.epoch, one.device or b"") for one in keys],
            user=user.id,
            login=user.login,
            expires_ms=ends[0],
            admits_ms=ends[1],
            heads=self._devices.heads(),
        )


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
