"""核对平台: what a platform that began anew or was restored lacks, and confirming that it is the right one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop_app.services.reporting import ConfirmedPlatform, LostReport, PlatformComparison
from ui.i18n import tr
from ui.navigation import PageContext
from ui.panel_page import PanelPage
from ui.report_wording import kind_text

Work = Callable[[str, Callable[..., Any], Callable[[Any], object]], None]
AskReason = Callable[..., str | None]
_NAMED = 6


class ChangedPlatform:
    """Compares, says what would be sealed again, and asks why; ``work`` runs each step with progress."""

    def __init__(
        self,
        page: PanelPage,
        context: PageContext,
        reporting: Any,  # noqa: ANN401 - Reporting, or None in a program without it
        work: Work,
        ask_reason: Callable[[], AskReason],
        done: Callable[[], object],
    ) -> None:
        self._page = page
        self._context = context
        self._reporting = reporting
        self._work = work
        self._ask_reason = ask_reason
        self._done = done

    def compare(self) -> None:
        """Compare what the platform holds with what is kept here."""
        self._work(
            tr("sync.comparing"),
            lambda _progress, _cancel: self._reporting.compare_platform(),
            self._on_compared,
        )

    def tell(self, done: ConfirmedPlatform) -> None:
        """Say what followed from a confirmation."""
        numbers = {"reports": done.reports, "records": done.records, "dissolved": done.dissolved}
        key = "sync.platform_confirmed" if done.records else "sync.platform_confirmed_empty"
        self._context.messages.tell(tr(key, **numbers))

    def _on_compared(self, found: PlatformComparison) -> None:
        if found.same:
            self._context.messages.tell(tr("sync.platform_same"))
            return
        lines = [tr("sync.platform_changed", count=len(found.lost), records=found.records)]
        lines += [_lost_text(one) for one in found.lost[:_NAMED]]
        if len(found.lost) > _NAMED:
            lines.append(tr("sync.platform_more", count=len(found.lost) - _NAMED))
        reason = self._ask_reason()(
            self._page.window(),
            tr("sync.platform_question"),
            "\n".join(lines),
            tr("sync.platform_confirm"),
            [tr(f"sync.platform_reason.{number}") for number in (1, 2)],
        )
        if reason is not None:
            self._work(
                tr("sync.confirming"),
                lambda _progress, _cancel: self._reporting.confirm_platform(reason),
                self._on_confirmed,
            )

    def _on_confirmed(self, done: ConfirmedPlatform) -> None:
        self.tell(done)
        self._done()


def _lost_text(one: LostReport) -> str:
    key = "sync.platform_lacks" if one.held else "sync.platform_lacks_all"
    return tr(key, code=one.class_code, kind=kind_text(one.kind), held=one.held, version=one.version)
