"""保存与删除 (requirements §9): who is due, proposals, the head's confirmation, erasure and its certificate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import resources
from desktop_app.domain import retention
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.retention import RetentionItem
from desktop_app.domain.papers.figures import ErasureTable, FigureColumn
from desktop_app.domain.records import DELETION_PROPOSAL
from desktop_app.domain.retention import Basis
from desktop_app.services.context import Service, command
from desktop_app.services.erasures import put_erasure, remember
from desktop_app.services.evidence import EvidenceService
from desktop_app.services.figure_papers import paper_head, write_table
from desktop_app.services.papers import WrittenPaper
from desktop_app.services.profile import Profile
from desktop_app.store import erasing
from desktop_app.store.database import Connection
from desktop_app.store.queries.policies import policy_book
from desktop_app.store.queries.retention import erasures, retention_items
from desktop_app.store.unit_of_work import UnitOfWork

MAX_REASON = 200


class RetentionService(Service):
    """Deletion is proposed, confirmed by the head, never automatic; what is erased stays erased."""

    def __init__(self, profile: Profile) -> None:
        assert profile.context is not None
        super().__init__(profile.context)
        self._profile = profile

    def list_people(self) -> list[RetentionItem]:
        """Return who is due, and about whom something was decided."""
        self.context.require("view_retention")
        with self.context.read() as sql:
            return _items(sql, self.context.today())

    @command("propose_deletions")
    def propose(self, work: UnitOfWork) -> int:
        """Propose the deletion of everybody who is due and whom nothing holds; return how many.

        Whom the head decided to keep is not proposed again. AppError DELETION_NOBODY.
        """
        today = self.context.today()
        rows = [
            (
                one.trainee_id,
                {
                    "basis": one.found.basis.value,
                    "due_on": one.found.due_on.isoformat(),
                    "proposed_on": today.isoformat(),
                    "state": retention.PROPOSED,
                },
            )
            for one in _items(work.sql, today)
            if one.found is not None and one.state is None and not one.holds
        ]
        if not rows:
            raise AppError("DELETION_NOBODY")
        work.put_many(DELETION_PROPOSAL, rows)
        return len(rows)

    @command("keep_person", undoable=False)
    def keep(self, work: UnitOfWork, trainee_id: bytes, reason: str) -> None:
        """Decide against a proposed deletion, e.g. for 审计; AppError DELETION_NOT_PROPOSED, REASON_MISSING."""
        one = _one(work.sql, trainee_id, self.context.today())
        if one.state != retention.PROPOSED:
            raise AppError("DELETION_NOT_PROPOSED", name=one.name)
        if not reason.strip():
            raise AppError("REASON_MISSING")
        fields = {
            "state": retention.KEPT,
            "decided_on": self.context.today().isoformat(),
            "decision_reason": reason.strip()[:MAX_REASON],
        }
        work.put(DELETION_PROPOSAL, trainee_id, fields)

    @command("hold_people", undoable=False)
    def hold(self, work: UnitOfWork, trainee_ids: Sequence[bytes], reason: str) -> int:
        """Keep people from being erased while an 审计 goes on, whether they are due or not; return how many are new.

        A deletion that was proposed is none any more. AppError TRAINEE_UNKNOWN, REASON_MISSING, DELETION_DONE.
        """
        return self._audit(work, trainee_ids, retention.HELD, reason)

    @command("release_people", undoable=False)
    def release(self, work: UnitOfWork, trainee_ids: Sequence[bytes], reason: str) -> int:
        """End the 审计 of people; return how many there were. AppError as ``hold``, and DELETION_NOT_HELD."""
        count = self._audit(work, trainee_ids, None, reason)
        if not count:
            raise AppError("DELETION_NOT_HELD")
        return count

    def _audit(self, work: UnitOfWork, trainee_ids: Sequence[bytes], state: str | None, reason: str) -> int:
        if not reason.strip():
            raise AppError("REASON_MISSING")
        today, rows = self.context.today(), []
        for trainee_id in dict.fromkeys(trainee_ids):
            one = _one(work.sql, trainee_id, today)
            if one.state == retention.CONFIRMED:
                raise AppError("DELETION_DONE")
            if (one.state == retention.HELD) != (state == retention.HELD):
                fields = {
                    "state": state,
                    "decided_on": today.isoformat(),
                    "decision_reason": reason.strip()[:MAX_REASON] if state else None,
                }
                rows.append((trainee_id, fields))
        work.reason = reason.strip()
        return work.put_many(DELETION_PROPOSAL, rows)

    def confirm(self, trainee_id: bytes) -> str:
        """Erase a person whose deletion was proposed; return the number of the certificate.

        Raises AppError NOT_PERMITTED, DELETION_NOT_PROPOSED, DELETION_NOT_DUE, DELETION_HELD, DISK_FULL.
        """
        with self.context.read() as sql:
            files = erasing.find(sql, trainee_id).files
        number = self._confirm(trainee_id)
        remember(self.context, self._profile.files.folder)
        EvidenceService(self._profile).drop_files(files)
        return number

    @command("confirm_deletion", undoable=False)
    def _confirm(self, work: UnitOfWork, trainee_id: bytes) -> str:
        today = self.context.today()
        one = _one(work.sql, trainee_id, today)
        retention.check_confirmation(one.state, one.found, one.holds, one.name)
        assert one.found is not None
        number = resources.text("retention.number", year=today.year, code=trainee_id.hex()[-8:].upper())
        fields = {"state": retention.CONFIRMED, "decided_on": today.isoformat()}
        work.put(DELETION_PROPOSAL, trainee_id, fields)
        put_erasure(work, trainee_id, one.found.basis, today, number)
        return number

    def write_certificate(self, trainee_id: bytes, path: Path) -> WrittenPaper:
        """Write the certificate of an erasure, which names nobody; AppError DELETION_NOT_DONE, PAPER_FORMAT."""
        self.context.require("view_retention")
        self.context.require("make_paper")
        with self.context.read() as sql:
            found = next((one for one in erasures(sql) if one.trainee_id == trainee_id), None)
        if found is None or found.erased_on is None:
            raise AppError("DELETION_NOT_DONE")
        lines = (
            ("number", found.certificate),
            ("erased_on", found.erased_on.isoformat()),
            ("basis", resources.text(f"retention.basis.{found.basis}") if found.basis else ""),
            ("records", str(found.records)),
            ("files", str(found.files)),
        )
        table = ErasureTable(
            paper_head(self.context),
            resources.text("papers.title.erasure"),
            (),
            (
                FigureColumn(resources.text("figures.column.item")),
                FigureColumn(resources.text("figures.column.figure"), wide=True),
            ),
            tuple((resources.text(f"retention.certificate.{key}"), value) for key, value in lines),
            (),
            (resources.text("retention.certificate_note"),),
        )
        return write_table(table, path)


def _years(sql: Connection, today: date) -> dict[Basis, int]:
    book = policy_book(sql)
    return {basis: book.get(code, today).number() for basis, code in retention.PARAMETERS.items()}


def _items(sql: Connection, today: date) -> list[RetentionItem]:
    return retention_items(sql, _years(sql, today), today)


def _one(sql: Connection, trainee_id: bytes, today: date) -> RetentionItem:
    found = retention_items(sql, _years(sql, today), today, only=trainee_id)
    if found:
        return found[0]
    row = sql.exec_driver_sql("SELECT name FROM trainee WHERE id = ? AND gone = 0", (trainee_id,)).first()
    if row is None:
        raise AppError("TRAINEE_UNKNOWN")
    return RetentionItem(trainee_id, row[0] or "", "", None, ())
