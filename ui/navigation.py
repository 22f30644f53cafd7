"""Pages and commands by name: who may see which, and what a page is handed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.changes import Changes
from ui.messages import Messages
from ui.preferences import Preferences
from ui.tasks import TaskRunner


class Navigate(Protocol):
    """``navigate("class", class_id=…)`` opens a page and hands it the parameters."""

    def __call__(self, page: str, /, **params: Any) -> None: ...  # noqa: ANN401 - each page names its own


@dataclass(frozen=True, slots=True)
class Session:
    """Who works at the window, in which profile. ``roles`` are role codes; ``demo`` marks a demo profile."""

    user: str
    roles: frozenset[str]
    institution: str
    profile: str
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """What outlives a session and every page works with. ``services`` is the container of the services."""

    services: Any
    tasks: TaskRunner
    changes: Changes
    messages: Messages
    preferences: Preferences


@dataclass(frozen=True, slots=True)
class PageContext:
    """All that a page is handed; it never sees the window."""

    services: Any
    tasks: TaskRunner
    changes: Changes
    messages: Messages
    navigate: Navigate
    preferences: Preferences
    session: Session
    commands: Commands


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page of the left navigation; empty ``roles`` = everybody; ``listed`` False = reached from other pages.

    ``group`` puts a line between groups of different names; ``under`` is the page that the navigation marks instead.
    """

    key: str
    title_key: str
    icon: str
    roles: frozenset[str]
    factory: Callable[[PageContext], QWidget]
    group: str = ""
    listed: bool = True
    under: str = ""

    def open_to(self, roles: frozenset[str]) -> bool:
        """Tell whether somebody with ``roles`` sees it."""
        return not self.roles or bool(self.roles & roles)


class PageRegistry:
    """The pages of the product in the order of the navigation."""

    def __init__(self, pages: Iterable[PageSpec] = ()) -> None:
        self._pages: dict[str, PageSpec] = {}
        for page in pages:
            self.add(page)

    def add(self, page: PageSpec) -> None:
        """Add a page; the same key twice is a bug (ValueError)."""
        if page.key in self._pages:
            raise ValueError(page.key)
        self._pages[page.key] = page

    def open_to(self, roles: frozenset[str]) -> list[PageSpec]:
        """Return the pages that somebody with ``roles`` sees."""
        return [page for page in self._pages.values() if page.open_to(roles)]


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do from Ctrl+K: ``title`` in words, ``words`` more words to find it by (pinyin, a code)."""

    key: str
    title: str
    run: Callable[[], object]
    icon: str = "chevron-right"
    shortcut: str = ""
    words: str = ""


class Commands(QObject):
    """Every command there is now; a page's own go with the page."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands: dict[str, Command] = {}

    def add(self, command: Command, owner: QObject | None = None) -> None:
        """Add a command, for as long as ``owner`` lives; the same key again replaces it."""
        self._commands[command.key] = command
        if owner is not None:
            owner.destroyed.connect(lambda *_gone: self._on_owner_gone(command.key))
        self.changed.emit()

    def remove(self, key: str) -> None:
        """Take a command away."""
        if self._commands.pop(key, None) is not None:
            self.changed.emit()

    def _on_owner_gone(self, key: str) -> None:
        """The frame may go before its pages: then nobody is left to be told."""
        if shiboken6.isValid(self):
            self.remove(key)

    def all(self) -> list[Command]:
        """Return the commands in the order they came."""
        return list(self._commands.values())

    def find(self, text: str) -> list[Command]:
        """Return the commands whose title, words or shortcut hold every word of ``text``."""
        wanted = text.lower().split()
        return [
            command
            for command in self._commands.values()
            if all(word in f"{command.title} {command.words} {command.shortcut}".lower() for word in wanted)
        ]


@dataclass(frozen=True, slots=True)
class Found:
    """One person, class or other thing that the search found; opening it navigates to ``page``."""

    title: str
    detail: str
    icon: str
    page: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FrameState:
    """What the frame shows of the profile: names of the steps to undo and redo ("" = none), and the sync in words.

    ``sync_tone``: "" for the normal state (offline is one), waiting or wrong. ``sync_page``: where it is looked at.
    """

    undo: str = ""
    redo: str = ""
    sync: str = ""
    sync_tone: str = ""
    sync_page: str = ""


class FrameSource(Protocol):
    """What the frame asks of the services; all but the signature is theirs. Called off the window's thread."""

    def state(self) -> FrameState:
        """Return what the frame shows now."""

    def undo(self) -> Any:  # noqa: ANN401 - anything with changed kinds
        """Take the last step of this user back; returns the changed kinds."""

    def redo(self) -> Any:  # noqa: ANN401 - anything with changed kinds
        """Do it again; returns the changed kinds."""

    def find(self, text: str) -> Sequence[Found]:
        """Return at most ten people, classes and other things that match ``text``."""
