"""Keeps what is typed and not saved on the disk while somebody works, and offers it again after a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.domain.errors import AppError
from desktop_app.services.drafts import Draft, DraftBox
from ui.tasks import Lane, TaskRunner
from ui.unsaved import Unsaved, from_json, to_json

EVERY_MS = 1000
"""So much typing a kill may cost: a sentence, not a form."""

Collect = Callable[[], Sequence[tuple[str, Unsaved]]]
Told = Callable[[AppError], object]


class DraftKeeper(QObject):
    """Asks the pages each second what is unsaved and writes it when it differs from what was written.

    ``collect`` returns (page key, unsaved) pairs. What an earlier run left is in ``offered`` until it is answered,
    and stays on the disk until then. ``told`` gets the first of a row of failed writings.
    """

    offered_changed = Signal()

    def __init__(
        self, tasks: TaskRunner, box: DraftBox, collect: Collect, told: Told, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._tasks, self._box, self._collect, self._told = tasks, box, collect, told
        self.offered: list[Draft] = []
        self._kept: list[Draft] = []
        self._sent: list[Draft] = []
        self._writing = False
        self._failing = False
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.keep_now)

    def start(self) -> None:
        """Read what an earlier run left; nothing is written before that is known."""
        self._tasks.work(
            self,
            lambda _progress, _cancel: self._box.read(),
            self._on_read,
            self._on_failed,
            lane=Lane.DRAFTS,
        )

    def keep_now(self) -> None:
        """Write what is unsaved now, unless it is written already or a writing is under way."""
        if self._timer.isActive() and not self._writing:
            self._keep([*self.offered, *self._live(self._collect())])

    def finish(self) -> None:
        """The program ends: write what forms hold. Cells under way come to the store before the end."""
        if self._timer.isActive():
            self._timer.stop()
            self._keep([*self.offered, *self._live([one for one in self._collect() if not one[1].under_way])])

    def forget(self) -> None:
        """Drop everything, on the disk too: another user takes over."""
        self._timer.stop()
        self.offered.clear()
        self._tasks.work(
            self, lambda _progress, _cancel: self._box.keep([]), None, self._on_failed, lane=Lane.DRAFTS
        )

    def answer(self, draft: Draft) -> None:
        """Take a draft out of the offer: it was put back onto its page, or thrown away."""
        self.offered.remove(draft)
        self.keep_now()
        self.offered_changed.emit()

    def offer_again(self, draft: Draft) -> None:
        """Offer a draft again that was thrown away."""
        self.offered.insert(0, draft)
        self.keep_now()
        self.offered_changed.emit()

    def _live(self, found: Sequence[tuple[str, Unsaved]]) -> list[Draft]:
        """Return what is unsaved as drafts, with the instant of those that were written like this already."""
        known = {id(draft): replace(draft, kept_at=None) for draft in self._kept}
        live = []
        for page, one in found:
            draft = Draft(
                page, to_json(one.place), one.title, one.count, to_json({"key": one.key, **one.values})
            )
            before = next((kept for kept in self._kept if known[id(kept)] == draft), None)
            live.append(before or draft)
        return live

    def _keep(self, drafts: list[Draft]) -> None:
        if drafts == self._sent:
            return
        self._sent, self._writing = drafts, True
        self._tasks.work(
            self,
            lambda _progress, _cancel: self._box.keep(drafts),
            self._on_kept,
            self._on_failed,
            lane=Lane.DRAFTS,
        )

    def _on_read(self, drafts: list[Draft]) -> None:
        self.offered = list(drafts)
        self._kept = self._sent = list(drafts)
        self._timer.start()
        self.offered_changed.emit()

    def _on_kept(self, kept: list[Draft]) -> None:
        self._writing = self._failing = False
        self._kept = self._sent = kept

    def _on_failed(self, error: AppError) -> None:
        self._writing = False
        self._sent = []
        if not self._failing:
            self._failing = True
            self._told(error)


def unsaved_of(draft: Draft) -> Unsaved:
    """Return what a page takes again."""
    values = from_json(draft.values)
    key = values.pop("key")
    return Unsaved(key, draft.title, values, draft.count, from_json(draft.place))
