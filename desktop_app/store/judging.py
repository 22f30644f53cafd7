"""Which entries of other workstations may be applied here: judged by the accounts as of their own ancestors.

Entries that decide who may do what are few. For every entry the set of those among its ancestors is known, its
*view*; sets are numbered, and a row is kept only where the view of an entry differs from that of the entry stored
before it. So a line of entries costs nothing, and judging one is a look into a small dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from desktop_app.domain.entries import Change, Header, Leaf
from desktop_app.domain.errors import AppError
from desktop_app.domain.judging import (
    ACCOUNT_COMMANDS,
    ACCOUNTS,
    ADMIT,
    PLATFORM,
    Access,
    AccountFact,
    Refusal,
    SelfAdmission,
    change_refusal,
    fold_access,
    is_guarded,
    self_admissions,
)
from desktop_app.domain.stamps import Stamp
from desktop_app.store.database import driver_of
from desktop_app.store.folding import Record
from desktop_app.store.journal import JournalStore, decode, decode_header, encode, read_leaves
from desktop_app.store.platform_pages import PlatformReader, SignedPage, pages_in, stored_pages, unproved
from desktop_app.store.signatures import is_admission_genuine

_QUIET_RUN = 1000  # so many ancestors in a row: nothing stored before them stands beside the entry


class Judge:
    """Judges entries in the order in which they are stored, inside the caller's transaction."""

    def __init__(self, sql: Connection, journal: JournalStore, reader: PlatformReader | None = None) -> None:
        self._sql = sql
        self._driver = driver_of(sql)
        self._journal = journal
        self._reader = reader
        self._own: set[int] = set()
        self._views: dict[int, int] = {}
        self._last: tuple[int, int] | None = None
        self._members: dict[int, tuple[int, ...]] = {0: ()}
        self._facts: dict[int, list[AccountFact]] = {}
        self._access: dict[int, Access] = {}
        self._verdicts: dict[tuple[int, bytes, bytes, str], Refusal | None] = {}
        self._pages: list[SignedPage] = []  # of the platform, from entries that are not folded yet
        self._unproved: dict[int, set[Record]] = {}
        self._refused = {
            row[0] for row in self._driver.execute("SELECT seq FROM refused_entry WHERE whole = 1")
        }
        rows = self._driver.execute("SELECT seq FROM account_entry ORDER BY seq").fetchall()
        self._full = tuple(int(row[0]) for row in rows)
        self._full_view: int | None = None

    def judge(self, seq: int, header: Header, leaves: Sequence[Leaf]) -> Refusal | None:
        """Judge an entry that gets the number ``seq`` now, after its parents; keep what came of it.

        An entry of ``ACCOUNT_COMMANDS`` comes whole.
        """
        view = self._seen_by(header.parents)
        refusal = self._verdict(seq, view, header, leaves)
        if refusal is not None:
            self._refused.add(seq)
            self._note_refusal(seq, refusal, whole=True)
        elif header.command in ACCOUNT_COMMANDS or not header.parents:
            view = self._add_facts(seq, view, header, _account_changes(leaves), beside=view)
        self._keep_view(seq, view)
        if refusal is None and header.command == PLATFORM:
            self._prove(seq, view, leaves)
        if refusal is None and self._members[view] != self._full and self._now().judge(header) is not None:
            self._note_overruled(seq)
        return refusal

    def follow_own(self, seq: int, header: Header, leaves: Sequence[Leaf]) -> None:
        """Keep the view of an entry made here; whatever is stored is among its ancestors."""
        view = self._seen_by(header.parents)
        self._own.add(seq)
        self._keep_view(seq, self._add_facts(seq, view, header, _account_changes(leaves), beside=None))

    def is_refused(self, seq: int) -> bool:
        """Tell whether an entry was refused as a whole."""
        return seq in self._refused

    def permitted(self, seq: int, header: Header, changes: list[Change]) -> list[Change]:
        """Return those changes of a leaf that may be applied, nearly always all of them; keep why others may not."""
        if seq in self._refused:
            return []
        if not changes or not header.parents or seq in self._own:
            return changes
        if not is_guarded(changes[0].entity, header.command):
            return changes
        roles = self._access_of(self._view_of(seq)).roles(header.user)
        wrong = self._unproved.get(seq, ())
        kept = []
        for change in changes:
            refusal = change_refusal(change, header.command, roles)
            if refusal is None and (change.entity, change.key) in wrong:
                refusal = Refusal.PLATFORM_UNPROVED
            if refusal is None:
                kept.append(change)
            else:
                self._note_refusal(seq, refusal, whole=False)
        return kept

    def _prove(self, seq: int, view: int, leaves: Sequence[Leaf]) -> None:
        """Work out which changes of a ``platform`` entry no page says that the platform signed.

        The keys are those that ancestors pinned; before one did there is nothing to check by.
        """
        keys = self._access_of(view).platform_keys
        if self._reader is None or not keys:
            return
        changes = _changes(leaves)
        wrong = unproved(self._reader, keys, changes, lambda: [*self._pages[::-1], *stored_pages(self._sql)])
        self._pages += [page for _, page in pages_in(changes) if page is not None]
        if wrong:
            self._unproved[seq] = wrong

    def _verdict(self, seq: int, view: int, header: Header, leaves: Sequence[Leaf]) -> Refusal | None:
        if not header.parents:
            return None if seq == 1 else Refusal.ROOT_FOREIGN
        name = (view, header.device, header.user, header.command)
        if name not in self._verdicts:
            self._verdicts[name] = self._access_of(view).judge(header)
        found = self._verdicts[name]
        if found is Refusal.DEVICE_UNKNOWN and header.command == ADMIT:
            access = self._access_of(view)
            if any(
                _is_invited(access, header, one) for one in self_admissions(header.device, _changes(leaves))
            ):
                return access.judge_user(header)
        return found

    # ------------------------------------------------------------------------------------------------- views

    def _view_of(self, seq: int) -> int:
        """Return the number of the set of account entries among the ancestors of a stored entry, itself included."""
        known = self._views.get(seq)
        if known is None:
            row = self._driver.execute(
                "SELECT view FROM account_view WHERE seq <= ? ORDER BY seq DESC LIMIT 1", (seq,)
            ).fetchone()
            known = self._views[seq] = 0 if row is None else int(row[0])
            self._load_members(known)
        return known

    def _seen_by(self, parents: Sequence[bytes]) -> int:
        views: set[int] = set()
        for parent in parents:
            number = self._journal.seq_of_id(parent)
            assert number is not None
            views.add(self._view_of(number))
        if len(views) == 1:
            return views.pop()
        return self._numbered(tuple(sorted({seq for view in views for seq in self._members[view]})))

    def _load_members(self, view: int) -> None:
        if view not in self._members:
            row = self._driver.execute("SELECT members FROM account_set WHERE number = ?", (view,)).fetchone()
            self._members[view] = tuple(decode(row[0]))

    def _numbered(self, members: tuple[int, ...]) -> int:
        """Return the number of a set of account entries; a new one gets the next."""
        if not members:
            return 0
        packed = encode(members)
        row = self._driver.execute("SELECT number FROM account_set WHERE members = ?", (packed,)).fetchone()
        if row is None:
            self._driver.execute("INSERT INTO account_set (members) VALUES (?)", (packed,))
            row = self._driver.execute(
                "SELECT number FROM account_set WHERE members = ?", (packed,)
            ).fetchone()
        number = int(row[0])
        self._members[number] = members
        return number

    def _keep_view(self, seq: int, view: int) -> None:
        """Keep the view of the entry that is stored next; it costs nothing where it is that of the one before."""
        if self._last is None or self._last[0] != seq - 1:
            self._last = (seq - 1, self._view_of(seq - 1))
        if self._last[1] != view:
            self._driver.execute("INSERT OR REPLACE INTO account_view (seq, view) VALUES (?, ?)", (seq, view))
        self._last = (seq, view)
        self._views[seq] = view

    # --------------------------------------------------------------------------------------------- accounts

    def _access_of(self, view: int) -> Access:
        known = self._access.get(view)
        if known is None:
            facts = [fact for seq in self._members[view] for fact in self._facts_of(seq)]
            known = self._access[view] = fold_access(facts)
        return known

    def _now(self) -> Access:
        """Return who may do what by everything that is stored here."""
        if self._full_view is None:
            self._full_view = self._numbered(self._full)
        return self._access_of(self._full_view)

    def _facts_of(self, seq: int) -> list[AccountFact]:
        known = self._facts.get(seq)
        if known is None:
            row = self._driver.execute("SELECT facts FROM account_entry WHERE seq = ?", (seq,)).fetchone()
            stamp = self._journal.stamp(seq)
            known = self._facts[seq] = [
                AccountFact(entity, key, group, tuple(Stamp.from_wire(one) for one in seen), stamp, value)
                for entity, key, group, seen, value in decode(row[0])
            ]
        return known

    def _add_facts(
        self, seq: int, view: int, header: Header, changes: Sequence[Change], beside: int | None
    ) -> int:
        """Keep what an entry says of accounts; return its view, with itself where it says anything.

        ``beside``: the view before it, where entries that it had not seen may stand beside it.
        """
        allowed = self._access_of(view).roles(header.user)
        facts = [
            AccountFact(change.entity, change.key, number, write.seen, header.stamp, write.new)
            for change in changes
            if not header.parents or change_refusal(change, header.command, allowed) is None
            for number, write in change.groups.items()
        ]
        if not facts:
            return view
        packed = encode([[one.entity, one.key, one.group, one.seen, one.value] for one in facts])
        self._driver.execute("INSERT INTO account_entry (seq, facts) VALUES (?, ?)", (seq, packed))
        before = self._now() if beside is not None else None
        self._facts[seq] = facts
        self._full, self._full_view = (*self._full, seq), None
        if before is not None:
            self._note_those_beside(seq, header, before)
        return self._numbered(tuple(sorted({*self._members[view], seq})))

    # ---------------------------------------------------------------------------------------- what is noted

    def _note_refusal(self, seq: int, refusal: Refusal, *, whole: bool) -> None:
        self._driver.execute(
            "INSERT OR REPLACE INTO refused_entry (seq, reason, whole) VALUES (?, ?, ?)",
            (seq, refusal.value, int(whole)),
        )

    def _note_overruled(self, seq: int) -> None:
        """Keep that an entry is in force although its author had lost the right to it without knowing."""
        self._driver.execute("INSERT OR IGNORE INTO overruled_entry (seq) VALUES (?)", (seq,))

    def _note_those_beside(self, seq: int, header: Header, before: Access) -> None:
        """After an entry that takes rights away: note the entries here that it had not seen and that lack them now."""
        now = self._now()
        lost = before.lost_in(now)
        if not lost:
            return
        ancestors = set(header.parents)
        run = 0
        for other in range(seq - 1, 0, -1):
            name, one = self._journal.header_of(other)
            if name in ancestors:
                ancestors |= set(one.parents)
                run += 1
                if run >= _QUIET_RUN:
                    return
                continue
            run = 0
            if (one.user in lost or one.device in lost) and now.judge(one) is not None:
                self._note_overruled(other)


def _changes(leaves: Iterable[Leaf]) -> list[Change]:
    """Return the changes of the leaves that are here and can be read."""
    found: list[Change] = []
    for leaf in leaves:
        if leaf.body is not None:
            try:
                found += read_leaves([leaf.body])[1]
            except AppError:
                continue
    return found


def _is_invited(access: Access, header: Header, one: SelfAdmission) -> bool:
    """Tell whether a workstation that admits itself holds an invitation that is not over."""
    key, end = access.invitations.get(one.invitation, (b"", 0))
    return header.stamp.ms <= end and is_admission_genuine(key, header.device, one.public_key, one.proof)


def _account_changes(leaves: Iterable[Leaf]) -> list[Change]:
    return [change for change in _changes(leaves) if change.entity in ACCOUNTS]


def rebuild(sql: Connection) -> None:
    """Derive the views of a journal that was written before there were any: this workstation's own."""
    driver = driver_of(sql)
    if driver.execute("SELECT 1 FROM account_view LIMIT 1").fetchone() is not None:
        return
    journal = JournalStore(sql)
    judge = Judge(sql, journal)
    for seq, raw in driver.execute("SELECT seq, header FROM journal_entry ORDER BY seq").fetchall():
        header = decode_header(raw)
        about = header.command in ACCOUNT_COMMANDS or not header.parents
        judge.follow_own(seq, header, journal.entry(seq).leaves if about else ())
