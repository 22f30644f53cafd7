"""The journal as users see it: list, undo, redo, verify, state hashes, conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from desktop_app.domain.claims.keys import CLAIM_BYTES
from desktop_app.domain.entries import Change
from desktop_app.domain.errors import AppError
from desktop_app.domain.ids import ID_BYTES
from desktop_app.domain.judging import ACCOUNTS
from desktop_app.domain.life_cycles import CLAIM as CLAIM_CYCLE
from desktop_app.domain.listings.journal import JournalListItem, UndoLabel
from desktop_app.domain.listings.reporting import ConflictListItem
from desktop_app.domain.records import (
    ASSESSMENT,
    BY_NAME,
    BY_NUMBER,
    CLAIM,
    CLAIM_LINE,
    DELETED,
    DELETED_VALUE,
    MARK,
    SCORE,
    TRAINING_CLASS,
)
from desktop_app.domain.users import Role
from desktop_app.services import access, conflicts
from desktop_app.services.assessments import is_own
from desktop_app.services.context import Service, command
from desktop_app.store import shelves, undo_steps
from desktop_app.store.deletions import sight
from desktop_app.store.queries import classes as class_queries
from desktop_app.store.queries import conflicts as conflict_queries
from desktop_app.store.queries import journal as journal_queries
from desktop_app.store.queries.origins import Origins
from desktop_app.store.record_tables import StoredRecord, known_table
from desktop_app.store.state_hash import StateDigest, state_hash, value_hash
from desktop_app.store.undo_steps import UndoStep
from desktop_app.store.unit_of_work import UnitOfWork
from desktop_app.store.verifying import Verification, verify
from desktop_app.store.waiting import count_pending

_OF_CLAIMS = frozenset({CLAIM.number, CLAIM_LINE.number})


class HistoryService(Service):
    """Undo and redo are commands too; they refuse, and say why, if a later change or a lock stands in the way."""

    def list_journal(self, limit: int = 500, before: int | None = None) -> list[JournalListItem]:
        """Return the newest commands first; ``before``: those older than the one of that number."""
        self.context.require("view_journal")
        with self.context.read() as sql:
            return journal_queries.journal_items(sql, limit, before)

    def journal_numbers(self, user: bytes | None = None, command: str | None = None) -> Sequence[int]:
        """Return the numbers of all commands, or of those of a user or a code, the newest first."""
        self.context.require("view_journal")
        with self.context.read() as sql:
            return journal_queries.journal_numbers(sql, user, command)

    def journal_entries(self, numbers: Sequence[int]) -> list[JournalListItem]:
        """Return the commands of some hundred numbers in that order."""
        self.context.require("view_journal")
        with self.context.read() as sql:
            return journal_queries.journal_entries(sql, numbers)

    def journal_users(self) -> list[tuple[bytes, str]]:
        """Return everybody who may have acted, by name: id and name."""
        self.context.require("view_journal")
        with self.context.read() as sql:
            return journal_queries.journal_users(sql)

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
        self._require_own(work, step.command, changes)
        for assessment_id in {change.key[:16] for change in changes if change.entity == SCORE.number}:
            assessment = work.fields(ASSESSMENT, assessment_id)
            if assessment is not None and assessment["locked"]:
                raise AppError("UNDO_LOCKED", command=step.command)
        if _something_came_later(work, changes, seq):
            raise AppError("UNDO_CHANGED_LATER", command=step.command)
        if step.command != "publish_claim":
            for key in {change.key[:CLAIM_BYTES] for change in changes if change.entity in _OF_CLAIMS}:
                _require_draft_claim(work, key)
        work.target = header_id(work, seq)
        work.restore(changes[::-1])

    def _require_own(self, work: UnitOfWork, code: str, changes: Sequence[Change]) -> None:
        """Check that marks and scores are still the acting user's to change; AppError NOT_YOUR_SESSION, …ASSESSMENT."""
        actor = self.context.require_actor()
        for session_id in {change.key[:16] for change in changes if change.entity == MARK.number}:
            for session in class_queries.session_items(work.sql, session_id=session_id):
                if not access.markable(work.sql, actor, session.class_id, session.teacher_ids):
                    raise AppError("NOT_YOUR_SESSION", number=session.number)
        if code != "enter_scores" or (actor.solo and Role.ADMIN in actor.user.roles):
            return
        for assessment_id in {change.key[:16] for change in changes if change.entity == SCORE.number}:
            if not is_own(work.sql, assessment_id, actor.teacher_ids):
                raise AppError("NOT_YOUR_ASSESSMENT")

    def verify(self) -> Verification:
        """Check the whole journal and the rows against it."""
        workstation = self.context.workstation
        assert workstation.device is not None
        workstation.sign_tips()
        with self.context.read() as sql:
            return verify(sql, workstation.device, workstation.derivations, workstation.platform_reader)

    def state_hash(self, *, values: bool = False) -> StateDigest:
        """Return the digest over all synced groups, or over what users see."""
        with self.context.read() as sql:
            return value_hash(sql) if values else state_hash(sql)

    def counts(self) -> tuple[int, int, int]:
        """Return how many entries no colleague has yet, how many are not wholly applied, how many changes parked."""
        with self.context.read() as sql:
            unsent = shelves.unsent(sql)
            pending = count_pending(sql)
        return unsent, pending.entries, pending.parked

    def list_conflicts(self) -> list[ConflictListItem]:
        """Return 两处修改不一致: values, people and times side by side.

        Advisers and teachers see those that they may settle; who sees all but may not settle one sees it masked.
        """
        self.context.require("view_classes")
        with self.context.read() as sql:
            return conflicts.visible_conflicts(self.context, sql)

    def answer_conflict(self, conflict: str, value: object) -> None:
        """Settle a conflict with a value that has seen all of them.

        Raises AppError CONFLICT_UNKNOWN, CONFLICT_VALUE, and what an edit of that record by the acting user raises:
        NOT_PERMITTED, NOT_YOUR_SESSION, NOT_YOUR_ASSESSMENT, SCORES_LOCKED.
        """
        if conflict.partition("-")[0] in {f"{number:x}" for number in ACCOUNTS}:
            self._settle_account(conflict, value)
        else:
            self._answer_conflict(conflict, value)

    @command("answer_conflict", undoable=False)
    def _answer_conflict(self, work: UnitOfWork, conflict: str, value: object) -> None:
        self._answer(work, conflict, value)

    @command("settle_account", undoable=False)
    def _settle_account(self, work: UnitOfWork, conflict: str, value: object) -> None:
        """A command of its own: by such entries those of others are judged."""
        self._answer(work, conflict, value)

    def _answer(self, work: UnitOfWork, conflict: str, value: object) -> None:
        found = next(
            (item for item in conflict_queries.conflict_items(work.sql) if item.id == conflict), None
        )
        if found is None:
            raise AppError("CONFLICT_UNKNOWN")
        refused = conflicts.why_not(self.context, work.sql, found)
        if refused is not None:
            raise refused
        work.put(
            BY_NAME[found.entity],
            found.key,
            conflicts.checked_fields(self.context, work.sql, found, value),
        )


def header_id(work: UnitOfWork, seq: int) -> bytes:
    """Return the id of a stored entry."""
    return work.journal.entry(seq).id


def _hides(change: Change) -> bool:
    """Tell whether taking a change back hides its record: it was made, or brought back, by it."""
    write = change.groups.get(DELETED)
    return write is not None and write.new != DELETED_VALUE


def _something_came_later(work: UnitOfWork, changes: Sequence[Change], seq: int) -> bool:
    """Tell whether one of the records that entry ``seq`` changed has been written, or hung upon, since."""
    origins = Origins(work.journal)
    own = {(change.entity, change.key) for change in changes}
    siblings: dict[tuple[int, bytes], set[int]] = {}
    for entity, key, group in work.sql.exec_driver_sql("SELECT entity, key, grp FROM head").all():
        siblings.setdefault((entity, key), set()).add(group)
    for number, run in groupby(sorted(changes, key=itemgetter(0)), key=itemgetter(0)):
        table, listed = known_table(BY_NUMBER[number]), list(run)
        records = table.fetch_many(work.sql, [change.key for change in listed])
        for change in listed:
            record = records.get(change.key)
            others = siblings.get((number, change.key), set())
            # What another workstation wrote unseen counts; of a record to be hidden, whatever it wrote.
            if record is None or (others if _hides(change) else others & change.groups.keys()):
                return True
            if _changed_later(work, origins, change, record, seq):
                return True
        hidden = [change.key for change in listed if _hides(change)]
        if table.live_children(work.sql, hidden) - own:
            return True
    return False


def _changed_later(
    work: UnitOfWork, origins: Origins, change: Change, record: StoredRecord, seq: int
) -> bool:
    """Tell whether a record has other values by now than entry ``seq`` gave it.

    A change that was itself taken back does not count. Where the record would be hidden, none of its groups may
    have been written since.
    """

    def origin(entry: int, group: int) -> int | None:
        return entry if group == DELETED else origins.of(entry, change.entity, change.key, group)

    for number in change.groups:
        head = record.later.get(number, record.base)
        if head != seq and origin(head, number) != origin(seq, number):
            return True
    if not _hides(change):
        return False
    if any((origin(head, number) or 0) > seq for number, head in record.later.items()):
        return True
    return _was_shown_anyway(work, change, [head for head in record.later.values() if head < seq])


def _was_shown_anyway(work: UnitOfWork, change: Change, heads: Sequence[int]) -> bool:
    """Tell whether a record that an entry brought back holds writes that its deletion had not seen.

    Such a record was shown before the entry too, so taking the entry back must not hide it.
    """
    if not heads:
        return False
    had = {
        stamp
        for seen in change.groups[DELETED].seen
        if (deletion := work.journal.seq_of(seen)) is not None
        for stamp in sight(work.sql, change.entity, change.key, deletion)
    }
    return bool(had) and any(work.journal.stamp(head) not in had for head in heads)


def _require_draft_claim(work: UnitOfWork, key: bytes) -> None:
    """AppError CLAIM_NOT_DRAFT where a claim is on its way: 退回 or 撤回 lead back, nothing else does."""
    present = work.fields(CLAIM, key)
    if present is not None and CLAIM_CYCLE.state_of(present["state"]) != CLAIM_CYCLE.unset:
        of = work.fields(TRAINING_CLASS, key[:ID_BYTES]) or {}
        raise AppError("CLAIM_NOT_DRAFT", class_code=str(of.get("code") or ""))
