"""What kinds of things a command changed, told once to every page that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal


class _Watch(QObject):
    """Belongs to its owner, so Qt disconnects it when the owner dies."""

    def __init__(self, owner: QObject, kinds: frozenset[str], reload: Callable[[], None]) -> None:
        super().__init__(owner)
        self._kinds = kinds
        self._reload = reload

    def on_changed(self, kinds: frozenset[str]) -> None:
        if self._kinds & kinds:
            self._reload()


class Changes(QObject):
    """Broadcasts the changed kinds of each command, undo or applied page of a colleague."""

    changed = Signal(object)
    """Carries a non-empty ``frozenset[str]`` of kinds, e.g. ``{"trainee", "enrolment"}``."""

    def announce(self, kinds: Iterable[str]) -> None:
        """Tell everybody once; an empty set is not worth telling."""
        found = frozenset(kinds)
        if found:
            self.changed.emit(found)

    def watch(self, owner: QObject, kinds: Iterable[str], reload: Callable[[], None]) -> None:
        """Call ``reload`` whenever one of ``kinds`` changed, for as long as ``owner`` lives."""
        watch = _Watch(owner, frozenset(kinds), reload)
        self.changed.connect(watch.on_changed)
