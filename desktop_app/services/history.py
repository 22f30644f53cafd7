"""The journal as users see it: list, undo, redo, verify, state hashes, conflicts."""

from __future__ import annotations

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.journal import JournalListItem, UndoLabel
from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.merge import ASSESSMENT, BY_NAME, BY_NUMBER, DELETED, SCORE
from desktop_app.services.context import Service, command
from desktop_app.store import undo_steps
from desktop_app.store.queries import conflicts as conflict_queries
from desktop_app.store.queries import journal as journal_queries
from desktop_app.store.record_tables import group_fields, known_table
from desktop_app.store.state_hash import StateDigest, state_hash, value_hash
from desktop_app.store.undo_steps import UndoStep
from desktop_app.store.unit_of_work import UnitOfWork
from desktop_app.store.verifying import Verification, verify


class HistoryService(Service):
    """Undo and redo are commands too; they refuse, and say why, if a later change or a lock stands in the way."""

    def list_journal(self, limit: int = 500) -> list[JournalListItem]:
        """Return the newest commands first."""
        self.context.require("view_journal")
        with self.context.read() as sql:
            return journal_queries.journal_items(sql, limit)

    def next_undo(self) -> UndoLabel | None:
        """Return what undo would take back."""
        return self._label(redo=False)

    def next_redo(self) -> UndoLabel | None:
        """Return what redo would bring back."""
        return self._label(redo=True)

    def _label(self, *, redo: bool) -> UndoLabel | None:
        actor = self.context.actor
        if actor is None:
            return None
        with self.context.read() as sql:
            step = (undo_steps.next_redo if redo else undo_steps.next_undo)(sql, actor.user.id)
            if step is None:
                return None
            return UndoLabel(step.command, journal_queries.subject(sql, step.seq))

    def undo(self) -> UndoLabel:
        """Take back the acting user's newest command; AppError NOTHING_TO_UNDO, UNDO_CHANGED_LATER, UNDO_LOCKED."""
        self.context.require("undo")
        label = self.next_undo()
        if label is None:
            raise AppError("NOTHING_TO_UNDO")
        self._undo()
        return label

    def redo(self) -> UndoLabel:
        """Bring back what was undone last; AppError NOTHING_TO_REDO, UNDO_CHANGED_LATER, UNDO_LOCKED."""
        self.context.require("redo")
        label = self.next_redo()
        if label is None:
            raise AppError("NOTHING_TO_REDO")
        self._redo()
        return label

    @command("undo", undoable=False)
    def _undo(self, work: UnitOfWork) -> None:
        step = undo_steps.next_undo(work.sql, self.context.require_actor().user.id)
        if step is None:
            raise AppError("NOTHING_TO_UNDO")
        self._take_back(work, step, step.seq)
        undo_steps.mark_undone(work.sql, step.seq, work.seq)

    @command("redo", undoable=False)
    def _redo(self, work: UnitOfWork) -> None:
        step = undo_steps.next_redo(work.sql, self.context.require_actor().user.id)
        if step is None or step.undone is None:
            raise AppError("NOTHING_TO_REDO")
        self._take_back(work, step, step.undone)
        undo_steps.mark_redone(work.sql, step.seq, work.seq)

    def _take_back(self, work: UnitOfWork, step: UndoStep, seq: int) -> None:
        """Write the inverse of an entry: last record first, children before parents."""
        self.context.require(step.command)
        _, _, changes = work.journal.changes(seq)
        for change in changes:
            table = known_table(BY_NUMBER[change.entity])
            record = table.fetch(work.sql, change.key)
            later = record is None or any(
                record.later.get(number, record.base) != seq
                for number in (group.number for group in table.entity.groups)
                if number in change.groups
            )
            created = change.groups.get(DELETED)
            if not later and record is not None and created is not None and not created.seen:
                later = any(entry != seq for entry in record.later.values())
            if later or _has_siblings(work, change.entity, change.key):
                raise AppError("UNDO_CHANGED_LATER", command=step.command)
            if change.entity == SCORE.number:
                assessment = work.fields(ASSESSMENT, change.key[:16])
                if assessment is not None and assessment["locked"]:
                    raise AppError("UNDO_LOCKED", command=step.command)
        own = {(change.entity, change.key) for change in changes}
        for change in changes:
            created = change.groups.get(DELETED)
            if (
                created is not None
                and not created.seen
                and _foreign_child(work, change.entity, change.key, own)
            ):
                raise AppError("UNDO_CHANGED_LATER", command=step.command)
        work.target = header_id(work, seq)
        for change in reversed(changes):
            work.restore(change)

    def verify(self) -> Verification:
        """Check the whole journal and the rows against it."""
        device = self.context.workstation.device
        assert device is not None
        self.context.workstation.sign_tips()
        with self.context.read() as sql:
            return verify(sql, device)

    def state_hash(self, *, values: bool = False) -> StateDigest:
        """Return the digest over all synced groups, or over what users see."""
        with self.context.read() as sql:
            return value_hash(sql) if values else state_hash(sql)

    def counts(self) -> tuple[int, int, int]:
        """Return how many entries no colleague has yet, how many foreign ones wait, how many changes are parked."""
        with self.context.read() as sql:
            unsent = sql.exec_driver_sql("SELECT count(*) FROM journal_entry").scalar_one()
            waiting = sql.exec_driver_sql("SELECT count(*) FROM waiting_entry").scalar_one()
            parked = sql.exec_driver_sql("SELECT count(*) FROM parked_change").scalar_one()
        return int(unsent), int(waiting), int(parked)

    def list_conflicts(self) -> list[ConflictListItem]:
        """Return 两处修改不一致: values, people and times side by side."""
        self.context.require("view_classes")
        with self.context.read() as sql:
            return conflict_queries.conflict_items(sql)

    @command("answer_conflict", undoable=False)
    def answer_conflict(self, work: UnitOfWork, conflict: str, value: object) -> None:
        """Settle a conflict with a value that has seen all of them; AppError CONFLICT_UNKNOWN."""
        found = next(
            (item for item in conflict_queries.conflict_items(work.sql) if item.id == conflict), None
        )
        if found is None:
            raise AppError("CONFLICT_UNKNOWN")
        entity = BY_NAME[found.entity]
        work.put(entity, found.key, group_fields(entity.by_name[found.group], value))


def header_id(work: UnitOfWork, seq: int) -> bytes:
    """Return the id of a stored entry."""
    return work.journal.entry(seq).id


def _has_siblings(work: UnitOfWork, entity: int, key: bytes) -> bool:
    row = work.sql.exec_driver_sql(
        "SELECT 1 FROM head WHERE entity = ? AND key = ? LIMIT 1", (entity, key)
    ).first()
    return row is not None


def _foreign_child(work: UnitOfWork, entity: int, key: bytes, own: set[tuple[int, bytes]]) -> bool:
    """Tell whether something that this entry did not make hangs from a record that it made."""
    table = known_table(BY_NUMBER[entity])
    return any(child not in own for child in table.live_children(work.sql, key))
