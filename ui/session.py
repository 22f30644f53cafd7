"""From the closed profile to somebody at work: first run, login, lock, and change of user."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.users import Role
from ui.advice import AdviceBridge
from ui.changes import Changes
from ui.daily_backup import DailyBackup
from ui.late_profile import FirstPaint, LateProfile, hold_loaded
from ui.messages import Messages
from ui.navigation import FrameSource, Session
from ui.new_day import DayWatch
from ui.pages.login.page import LoginWindow
from ui.pages.registry import load_home, load_pages
from ui.preferences import Preferences
from ui.restore_acts import RestoreActs
from ui.schedule import Schedule
from ui.store_log import StoreLog
from ui.tasks import TaskRunner

if TYPE_CHECKING:
    from desktop_app.services.devices import Joined, Joining
    from desktop_app.services.drafts import DraftBox
    from desktop_app.services.profile import FirstRun, NewInstitution, Profile

    MakeJoining = Callable[[Profile], Joining]


LOAD_LATER_MS = 1500
"""What waits for the first screen is loaded this long after it was asked for."""


class Frame(Protocol):
    """What the entrance needs of the running program."""

    @property
    def tasks(self) -> TaskRunner: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def preferences(self) -> Preferences: ...

    @property
    def messages(self) -> Messages: ...

    def show_main(
        self,
        session: Session,
        services: object,
        source: FrameSource,
        page: str = "",
        drafts: DraftBox | None = None,
    ) -> None: ...

    def switch_user(self) -> None: ...

    def show_login(self) -> None: ...

    def give_up(self, error: AppError) -> None: ...


class Bridge(QObject):
    """Carries what a command changed from the thread of the command to that of the window."""

    told = Signal(object)

    def __init__(self, changes: Changes) -> None:
        super().__init__(changes)
        self.told.connect(changes.announce)

    def take(self, kinds: frozenset[str]) -> None:
        """Take the kinds; called by the services in any thread."""
        self.told.emit(kinds)


class Entrance:
    """Makes the window before the frame, and opens the frame for whoever came in."""

    def __init__(self, profile: LateProfile, make_joining: MakeJoining | None = None) -> None:
        self._profile = profile
        self._make_joining = make_joining
        self._bridge: Bridge | None = None
        self._clock_confirmed = False
        self._restoring = self._joining = False
        self._backup: DailyBackup | None = None
        self._schedule: Schedule | None = None
        self._days: DayWatch | None = None
        self._log: StoreLog | None = None
        self._is_expected = self._has_loaded = False

    def screen(self, frame: Frame, locked: bool) -> QWidget:
        """Return the first run, the login, or the lock (where only the present user may go on).

        Before anybody else may log in, the former user acts no more; commands of theirs that wait come first.
        """
        if not locked and self._profile.is_open:
            frame.tasks.command(frame.changes, self._profile.open().log_out)
        trouble = self._profile.trouble()
        if self._joining:
            window = self._join_window(frame)
        elif self._profile.is_set_up or trouble is not None or self._restoring:
            window = self._login(frame, locked, trouble)
        else:
            window = self._first_run(frame)
        if not self._profile.is_open:
            FirstPaint(window).seen.connect(lambda: self._prepare(frame, window))
        return window

    def services(self) -> Any:  # noqa: ANN401 - the container
        """Return the services of the open profile."""
        return self._profile.services()

    def _prepare(self, frame: Frame, window: QWidget) -> None:
        """Open the profile and load what comes next while somebody types; a folder that stays shut ends the program.

        An interrupted restore is finished when the profile is opened: only then is it certain what is to be shown.
        """
        seen = self._profile.standing()

        def on_open(_nothing: object) -> None:
            if self._profile.standing() != seen:
                frame.show_login()
            frame.tasks.query(frame.changes, self._load_first, lambda _nothing: None)

        frame.tasks.command(window, self._profile.prepare, on_open, frame.give_up)

    def _load_first(self) -> None:
        """Load what a login and the first screen need, and the other pages for as long as nobody comes in."""
        self._profile.load(everything=False)
        load_home()
        self._load_more(lambda: self._is_expected)

    def _load_more(self, gives_way: Callable[[], bool]) -> None:
        if self._has_loaded or gives_way():
            return
        self._profile.load()
        if load_pages(gives_way):
            self._has_loaded = True
            hold_loaded()

    def _login(self, frame: Frame, locked: bool, trouble: AppError | None) -> QWidget:
        name = self._profile.folder.name
        actor = self.services().context.actor if locked and self._profile.is_open else None
        window = LoginWindow(
            frame.tasks,
            name,
            self._unlock if actor else self._log_in,
            self._log_in_with_code,
            last_user=str(frame.preferences.read("login/last_user", "")),
            locked_user=actor.user.login if actor else "",
            locked_name=actor.user.display if actor else "",
            restore=None if self._profile.is_working else RestoreActs(self._profile, self._come_in),
            trouble=trouble,
        )
        window.resize(560, 640)
        window.restore_left.connect(lambda: self._on_restore_left(frame))
        if self._restoring:
            window.show_restore()
        window.entered.connect(lambda: self._open(frame))
        window.switch_asked.connect(frame.switch_user)
        window.clock_confirmed.connect(self._confirm_clock)
        window.join_asked.connect(lambda: self._on_join_asked(frame))
        return window

    def _on_restore_asked(self, frame: Frame) -> None:
        """Somebody at the first run has a backup."""
        self._restoring = True
        frame.show_login()

    def _join_window(self, frame: Frame) -> QWidget:
        window: Any = import_module("ui.pages.first_run.join_window").JoinWindow(frame.tasks, self._join)
        window.resize(720, 728)
        window.finished.connect(lambda: self._on_joined(frame))
        window.left.connect(lambda: self._on_join_asked(frame, asked=False))
        return window  # type: ignore[no-any-return]

    def _on_join_asked(self, frame: Frame, *, asked: bool = True) -> None:
        """Somebody at the first run has an invitation, or one whose joining was broken off logs in."""
        self._joining = asked and self._make_joining is not None
        frame.show_login()

    def _join(self, *given: Any, **options: Any) -> Joined:  # noqa: ANN401 - as ``Joining.join`` takes them
        assert self._make_joining is not None
        joined = self._make_joining(self._profile.open()).join(*given, **options)
        self._come_in()
        return joined

    def _on_joined(self, frame: Frame) -> None:
        self._joining = False
        self._open(frame)

    def _on_restore_left(self, frame: Frame) -> None:
        if self._restoring:
            self._restoring = False
            frame.show_login()

    def _first_run(self, frame: Frame) -> QWidget:
        window: Any = import_module("ui.pages.first_run.page").FirstRunWindow(
            frame.tasks, self._set_up, self._add_office
        )
        window.resize(720, 728)
        window.restore_asked.connect(lambda: self._on_restore_asked(frame))
        window.join.setEnabled(self._make_joining is not None)
        window.join_asked.connect(lambda: self._on_join_asked(frame))
        window.finished.connect(lambda page, login, password: self._finish(frame, page, login, password))
        return window  # type: ignore[no-any-return]

    def _set_up(self, institution: NewInstitution, login: str, display: str, password: str) -> FirstRun:
        made = self._profile.open().set_up(institution, login, display, password)
        self.services()
        return made

    def _add_office(self, login: str, display: str, password: str) -> bytes:
        return bytes(self.services().accounts.add_user(login, display, [Role.OFFICE], password))

    def _finish(self, frame: Frame, page: str, login: str, password: str) -> None:
        if login:
            frame.tasks.command(
                frame.changes, lambda: self._log_in(login, password), lambda _in: self._open(frame, page)
            )
        else:
            self._open(frame, page)

    def _log_in(self, login: str, password: str) -> None:
        self._is_expected = True
        self._profile.open().log_in(login, password, confirm_clock=self._clock_confirmed)
        self._come_in()

    def _log_in_with_code(self, login: str, code: str, password: str) -> None:
        self._is_expected = True
        self._profile.open().log_in_with_code(login, code, password, confirm_clock=self._clock_confirmed)
        self._come_in()

    def _come_in(self) -> None:
        """Make ready what the frame needs, still off the window's thread."""
        self.services()
        self._profile.load(everything=False)
        load_home()

    def _confirm_clock(self) -> None:
        self._clock_confirmed = True

    def _unlock(self, login: str, password: str) -> None:
        self._profile.open().check_password(login, password)

    def _open(self, frame: Frame, page: str = "") -> None:
        """Read who works here off the window's thread, then show the frame."""
        services = self.services()
        if self._bridge is None:
            self._bridge = Bridge(frame.changes)
            services.context.listeners.append(self._bridge.take)
            services.context.advice_listeners.append(AdviceBridge(frame.messages).take)
            self._log = StoreLog(services, frame.tasks, frame.changes, frame.changes)
        source = import_module("ui.frame_source")
        frame.tasks.query(
            frame.changes,
            lambda: source.read_session(services),
            lambda session: self._show(frame, session, source.ServicesFrame(services), page),
        )

    def _show(self, frame: Frame, session: Session, source: FrameSource, page: str) -> None:
        services = self.services()
        frame.preferences.write("login/last_user", services.context.require_actor().user.login)
        frame.show_main(session, services, source, page, services.drafts.box())
        if self._backup is None:
            self._backup = DailyBackup(services, frame.tasks, frame.messages, frame.changes)
        self._backup.start()
        if self._schedule is None:
            self._schedule = Schedule(services, frame.messages, frame.changes)
            self._profile.before_closing.append(self._schedule.stop)
        self._schedule.start()
        if self._days is None:
            self._days = DayWatch(frame.changes, services.context.today)
        QTimer.singleShot(LOAD_LATER_MS, frame.changes, lambda: self._load_rest(frame))

    def _load_rest(self, frame: Frame) -> None:
        """Load the pages that the login came before, now that the first one is seen."""
        if not self._has_loaded:
            frame.tasks.query(frame.changes, lambda: self._load_more(lambda: False), lambda _nothing: None)
