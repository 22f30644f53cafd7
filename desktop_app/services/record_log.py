"""变更记录: who changed a record, on which workstation and when, for any list that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.domain.listings.journal import RecordChange
from desktop_app.services.context import Service
from desktop_app.store.queries import record_history


class RecordLogService(Service):
    """Reads the journal from a record backwards; no values are shown, so nothing is masked."""

    def changes(self, records: Sequence[tuple[str, bytes]]) -> list[RecordChange]:
        """Return the changes of some records (entity and key) together, the latest first; AppError NOT_PERMITTED."""
        self.context.require("view_classes")
        with self.context.read() as sql:
            return record_history.record_changes(sql, records)
