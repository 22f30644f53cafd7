"""First run, login, lock and logout of a profile."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop_app.config import CLOCK_VARIABLE
from desktop_app.domain import passwords
from desktop_app.domain.clock import SHANGHAI, Clock, FileClock, SystemClock
from desktop_app.domain.credit_codes import check_uscc
from desktop_app.domain.errors import AppError
from desktop_app.domain.records import DEVICE, INSTITUTION, USER
from desktop_app.domain.regions import region
from desktop_app.domain.users import Actor, Role, check_login
from desktop_app.services import automatic_backups, erasures
from desktop_app.services.context import Context
from desktop_app.store import restoring, settings, signatures
from desktop_app.store.database import Database, ProfileLock
from desktop_app.store.drives import refuse_network_drive
from desktop_app.store.keys import Argon2Cost, KeySlots, new_data_key, sync_folder
from desktop_app.store.profile_files import ProfileFiles, disk_trouble
from desktop_app.store.repositories import accounts
from desktop_app.store.workstation import Workstation
from desktop_app.version import build_date

CLOCK_TOLERANCE = timedelta(days=1)
INSTITUTION_KINDS = ("public-vocational", "private-vocational", "technician", "training-centre", "enterprise")
DEMO_COST = Argon2Cost(memory_kib=1024, passes=1)


@dataclass(frozen=True, slots=True)
class NewInstitution:
    """What the first run asks for. ``region`` is a county-level GB/T 2260 code, ``uscc`` 18 characters."""

    name: str
    uscc: str
    region: str
    kind: str
    solo: bool = False
    demo: bool = False


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first run made; the recovery code is shown once and kept nowhere."""

    institution: bytes
    device: bytes
    recovery_code: str


class Profile:
    """A profile folder: locked while in use, set up once, then opened by a user's password."""

    def __init__(self, folder: Path, *, cost: Argon2Cost | None = None, clock: Clock | None = None) -> None:
        self.files = ProfileFiles(folder)
        self.files.prepare()
        refuse_network_drive(folder)
        self._cost = cost
        self._lock = ProfileLock(folder)
        self._lock.acquire()
        self._given_clock = clock
        self.context: Context | None = None
        self.backup_trouble: AppError | None = (
            None  # of the backup before a migration; to be told as a warning
        )
        self._data_key: bytes | None = None
        try:
            restoring.finish(self.files)
            self._forget_first_run()
        except OSError as error:
            self._lock.release()
            raise disk_trouble(error, folder) from error
        self.follow_files()

    def follow_files(self) -> None:
        """Take clock and key slots from the files as they now are."""
        self.clock: Clock = self._given_clock or _clock_of(self.files)
        self.slots = KeySlots(self.files.keys, self.clock, self._cost_of_keys())

    @property
    def is_set_up(self) -> bool:
        """Tell whether the first run is done."""
        return self.files.keys.exists()

    def set_up(self, institution: NewInstitution, login: str, display: str, password: str) -> FirstRun:
        """Create the store, the institution and its first administrator, and log that user in.

        Raises AppError PROFILE_EXISTS, KEY_FILE_MISSING where a store lies here without its keys, FIELD errors of
        the institution, PASSWORD_* for a weak password.
        """
        if self.is_set_up:
            raise AppError("PROFILE_EXISTS")
        self._require_keys_of_store()
        name = check_login(login)
        check_institution(institution)
        passwords.check_password(password, name, display)
        self._clear_away(demo=institution.demo)
        key = new_data_key()
        workstation = Workstation(self.files.store, key, self.clock)
        try:
            first = self._found(workstation, institution, name, display)
            code = self._give_keys(name, password, key)
        except BaseException:
            workstation.close()
            raise
        self._data_key = key
        self.context = Context(workstation)
        self.context.actor = self._actor(name)
        return FirstRun(first.institution, first.device, code)

    def _clear_away(self, *, demo: bool) -> None:
        """Set aside what a first run left that did not come to its end, say that one has begun, and choose the clock.

        Raises AppError DISK_FULL, STORE_READ_ONLY, FILE_NOT_WRITABLE.
        """
        try:
            self.files.first_run_mark.touch()
            for ending in ("", "-wal", "-shm"):
                left = self.files.store.with_name(self.files.store.name + ending)
                if left.exists():
                    left.replace(left.with_name(f"set-aside-{left.name}"))
            self.files.demo_mark.unlink(missing_ok=True)
            if demo:
                self.files.demo_mark.touch()
        except OSError as error:
            raise disk_trouble(error, self.files.folder) from error
        self.follow_files()

    def _give_keys(self, login: str, password: str, key: bytes) -> str:
        """Write both slots in one step, the last of the first run: from then on the profile is set up."""
        unfinished = self.files.keys.with_suffix(".first")
        unfinished.unlink(missing_ok=True)
        slots = KeySlots(unfinished, self.clock, self._cost_of_keys())
        slots.add(login, password, key)
        code = slots.add_recovery(key)
        unfinished.replace(self.files.keys)
        sync_folder(self.files.folder)
        self._forget_first_run()
        return code

    def _cost_of_keys(self) -> Argon2Cost | None:
        """Return what deriving a key of a new slot costs; None = the full cost.

        A demo's people are synthetic and its passwords printed: hundreds of commands need not wait for its keys.
        """
        return self._cost or (DEMO_COST if self.files.demo_mark.exists() else None)

    def _forget_first_run(self) -> None:
        """Drop the mark of a first run that has come to its end; a store without keys is then one that lost them."""
        if self.is_set_up and self.files.first_run_mark.exists():
            self.files.first_run_mark.unlink()

    def _found(
        self, workstation: Workstation, institution: NewInstitution, login: str, display: str
    ) -> FirstRun:
        new_id = workstation.ids.new
        device, user, key = new_id(), new_id(), signatures.new_private_key()
        institution_id = new_id()
        workstation.register_device(device, key)
        with workstation.unit_of_work("init_institution") as work:
            work.put(
                INSTITUTION,
                institution_id,
                {
                    "name": institution.name.strip(),
                    "uscc": check_uscc(institution.uscc).normalised,
                    "region": institution.region,
                    "kind": institution.kind,
                    "solo": int(institution.solo),
                    "demo": int(institution.demo),
                },
            )
            work.put(
                DEVICE,
                device,
                {"name": platform.node() or "PC", "public_key": signatures.public_key(key), "revoked": 0},
            )
            roles = [Role.ADMIN.value]
            work.put(
                USER,
                user,
                {"login": login, "display": display.strip() or login, "roles": roles, "disabled": 0},
            )
        return FirstRun(institution_id, device, "")

    def log_in(self, login: str, password: str, *, confirm_clock: bool = False) -> Context:
        """Open the store with a user's password and return the context in which that user acts.

        Raises AppError LOGIN_WRONG, LOGIN_LOCKED, LOGIN_NAME_TWICE where the name is an elder account's, USER_DISABLED,
        PROFILE_NOT_SET_UP, KEY_FILE_MISSING, STORE_MISSING, STORE_DAMAGED, STORE_NEWER, JOIN_UNFINISHED, CLOCK_BEHIND
        unless the clock is confirmed.
        """
        self.require_set_up()
        name = login.strip()
        return self._enter(name, self.slots.open(name, password), confirm_clock=confirm_clock)

    def log_in_with_code(
        self, login: str, code: str, new_password: str, *, confirm_clock: bool = False
    ) -> Context:
        """Open the store with the recovery code and give a user a new password here.

        Raises AppError RECOVERY_CODE_WRONG, PASSWORD_* and what ``log_in`` raises.
        """
        self.require_set_up()
        key = self.slots.open_with_code(code)
        name = check_login(login)
        passwords.check_password(new_password, name)
        context = self._enter(name, key, confirm_clock=confirm_clock)
        self.slots.add(name, new_password, key, self._actor(name).user.id)
        return context

    def begin_joining(self, login: str, password: str) -> Context:
        """Make an empty store that is to become a workstation, or open one that began to; nobody acts in it yet.

        Raises AppError PROFILE_EXISTS where this is a workstation already, KEY_FILE_MISSING, LOGIN_*, PASSWORD_*.
        """
        name = check_login(login)
        if self.is_set_up:
            key = self.slots.open(name, password)
            context = self.context or Context(self._open_store(key))
            if not _is_joining(context):
                if self.context is None:
                    context.workstation.close()
                raise AppError("PROFILE_EXISTS")
        else:
            self._require_keys_of_store()
            passwords.check_password(password, name)
            self._clear_away(demo=False)
            key = new_data_key()
            context = Context(Workstation(self.files.store, key, self.clock))
            try:
                context.workstation.register_device(context.new_id(), signatures.new_private_key())
                with context.workstation.database.writer() as sql:
                    settings.write(sql, settings.JOINING, b"")
                self._give_keys(name, password, key)
            except BaseException:
                context.workstation.close()
                raise
        self._data_key, self.context = key, context
        return context

    def go_on_as_demo(self) -> Context:
        """Let a profile that is joining be a demo's, by its clock."""
        assert self.context is not None
        self.context.workstation.close()
        self.context = None
        self.files.demo_mark.touch()
        self.follow_files()
        self.context = Context(self._open_store(self.data_key))
        return self.context

    def abandon_joining(self) -> None:
        """Leave the folder as it was before joining began; the empty store is set aside by the next first run."""
        assert self.context is not None
        self.context.workstation.close()
        self.context = self._data_key = None
        self.files.first_run_mark.touch()
        self.files.keys.unlink()
        self.files.demo_mark.unlink(missing_ok=True)
        self.follow_files()

    def finish_joining(self, login: str) -> str:
        """Let the administrator act in the workstation that has joined; return a recovery code, shown once."""
        assert self.context is not None
        self.context.actor = self._actor(login)
        return self.slots.add_recovery(self.data_key)

    def require_set_up(self) -> None:
        """Raise AppError PROFILE_NOT_SET_UP where a first run may begin, KEY_FILE_MISSING where it must not.

        It must not where a store lies here without its keys, unless an unfinished first run has left it.
        """
        if not self.is_set_up:
            self._require_keys_of_store()
            raise AppError("PROFILE_NOT_SET_UP")

    def _require_keys_of_store(self) -> None:
        if self.files.store.exists() and not self.files.first_run_mark.exists():
            raise AppError("KEY_FILE_MISSING")

    def _enter(self, login: str, key: bytes, *, confirm_clock: bool) -> Context:
        """Open the store and let a user act; a refusal leaves nothing open, an account disabled elsewhere no slot."""
        if not self.files.store.exists():
            raise AppError("STORE_MISSING", file=self.files.store.name)
        context = self.context or Context(self._open_store(key))
        try:
            if self.context is None and not confirm_clock:
                self._check_clock(context.workstation.last_ms)
            if _is_joining(context):
                raise AppError("JOIN_UNFINISHED")
            with context.read() as sql:
                actor = accounts.actor(sql, login, self.clock.today(), self.slots.user_of(login))
            self.slots.bind(login, actor.user.id)
        except AppError as error:
            if self.context is None:
                context.workstation.close()
            if error.code == "USER_DISABLED":
                self.slots.remove(login)
            raise
        if self.context is None:
            erasures.replay(context, self.files.folder)
        self.context, self._data_key = context, key
        context.actor = actor
        return context

    def _open_store(self, key: bytes) -> Workstation:
        def back_up(database: Database) -> None:
            self.backup_trouble = automatic_backups.make(
                self.files, database, key, self.clock, automatic_backups.MIGRATION
            )

        return Workstation(self.files.store, key, self.clock, back_up)

    def _check_clock(self, last_ms: int) -> None:
        """Refuse a clock over a day behind the newest stamp, or behind the build; AppError CLOCK_BEHIND.

        A demo's clock stands where it is put, so the build says nothing of it.
        """
        now, latest = self.clock.now(), datetime.fromtimestamp(last_ms / 1000, UTC)
        built = None if self.files.demo_mark.exists() else build_date()
        behind_build = built is not None and self.clock.today() < built - CLOCK_TOLERANCE
        if now < latest - CLOCK_TOLERANCE or behind_build:
            last = latest.astimezone(SHANGHAI).date() if built is None else max(latest.date(), built)
            raise AppError("CLOCK_BEHIND", now=self.clock.today().isoformat(), last=last.isoformat())

    @property
    def data_key(self) -> bytes:
        """Return the key of the open store; AppError LOGIN_REQUIRED."""
        if self._data_key is None:
            raise AppError("LOGIN_REQUIRED")
        return self._data_key

    def refresh_actor(self) -> None:
        """Let changed roles and teachers of the acting user take effect at once."""
        if self.context is not None and self.context.actor is not None:
            self.context.actor = self._actor(self.context.actor.user.login)

    def check_password(self, login: str, password: str) -> None:
        """Check a password without changing who acts (idle lock); AppError LOGIN_WRONG, LOGIN_LOCKED."""
        self.slots.open(login, password)

    def grant(self, login: str, password: str, *names: str) -> None:
        """Give a user a slot on this workstation; the store must be open.

        ``names`` beside the login must not be in the password. AppError PASSWORD_*.
        """
        passwords.check_password(password, login, *names)
        self.slots.add(login, password, self.data_key)

    def log_out(self) -> None:
        """Forget who acts; sharing and the schedule go on under the device key while the store is open."""
        if self.context is not None:
            self.context.actor = None

    def _actor(self, login: str) -> Actor:
        assert self.context is not None
        with self.context.read() as sql:
            return accounts.actor(sql, login, self.clock.today(), self.slots.user_of(login))

    def close(self) -> None:
        """Close the store, drop the key and release the profile."""
        try:
            if self.context is not None:
                self.context.workstation.close()
        finally:
            self.context = None
            self._data_key = None
            self._lock.release()


def _is_joining(context: Context) -> bool:
    with context.read() as sql:
        return settings.read(sql, settings.JOINING) is not None


def check_institution(institution: NewInstitution) -> None:
    """Check the institution; AppError INSTITUTION_NAME_MISSING, USCC_*, REGION_UNKNOWN, INSTITUTION_KIND_UNKNOWN."""
    if not institution.name.strip():
        raise AppError("INSTITUTION_NAME_MISSING")
    uscc = check_uscc(institution.uscc)
    if uscc.problem is not None:
        raise uscc.problem
    if region(institution.region) is None:
        raise AppError("REGION_UNKNOWN", value=institution.region)
    if institution.kind not in INSTITUTION_KINDS:
        raise AppError("INSTITUTION_KIND_UNKNOWN", value=institution.kind)


def _clock_of(files: ProfileFiles) -> Clock:
    """Return the clock of a profile; only a demo profile follows the file that TRAINING_CLOCK names."""
    path = os.environ.get(CLOCK_VARIABLE)
    if path and files.demo_mark.exists():
        return FileClock(Path(path))
    return SystemClock()
