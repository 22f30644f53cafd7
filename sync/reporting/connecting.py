"""Which adapter an address means; what an adapter needs is loaded when it is first used."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module

from desktop_app.domain.clock import Clock
from desktop_app.services.batches import BatchService
from desktop_app.services.ports import CancelToken
from sync.reporting.line import Adapter, OverHttp, formats_of


class ByAddress:
    """``http…``: a platform of this contract; ``file:///…``: a folder that takes Excel forms."""

    def __init__(self, batches: BatchService) -> None:
        self._batches = batches
        self._over_http = OverHttp()

    def __call__(self, url: str, device: tuple[bytes, bytes], clock: Clock, cancel: CancelToken) -> Adapter:
        """Return a connection; AppError PLATFORM_URL."""
        if not url.lower().startswith("file:"):
            return self._over_http(url, device, clock, cancel, formats_of(self._batches))
        made: Adapter = import_module("sync.reporting.excel_adapter").ExcelFolder(
            url, self._batches.institution(), self._names, clock
        )
        return made

    def _names(self, places: Collection[tuple[str, bytes]]) -> dict[tuple[str, bytes], str]:
        with self._batches.view() as view:
            return view.subject_names(places)
