"""What the attendance grid shows: marks as stored and as typed, rates, totals, and why a cell is closed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from desktop_app.domain import turnout
from desktop_app.domain.attendance import (
    SIGNS,
    THERE,
    AttendanceTally,
    CountedSession,
    Mark,
    MarkStatus,
)
from desktop_app.domain.listings.training import (
    AttendanceSheet,
    MarkItem,
    MarkSource,
    MemberListItem,
    SessionListItem,
)
from desktop_app.domain.timetable import CANCELLED
from ui.i18n import tr
from ui.pages.attendance.wording import mark_text, session_title, source_text
from ui.widgets.cell_states import CellState, Tone
from ui.widgets.mark_grid_model import FrozenCell, FrozenColumn, GridCell, GridColumn, GridRow, Place
from ui.widgets.pending import PendingValues
from ui.wording import day_text

MarkKey = tuple[bytes, bytes]
"""(session id, trainee id)."""
_TONES = {
    MarkStatus.LATE: Tone.WAITING,
    MarkStatus.EARLY: Tone.WAITING,
    MarkStatus.ABSENT: Tone.WRONG,
}
COLUMN_WIDTH = 56
UNREAD = 0
"""Entry of a mark that was stored since the sheet was read; real entries begin at 1."""


@dataclass(frozen=True, slots=True)
class SessionTotals:
    """Of one session: ``expected`` 应到, ``present`` 实到 (到, 迟到, 早退), ``unmarked`` 未登记, all in people."""

    expected: int
    present: int
    unmarked: int


class AttendancePresenter:
    """Holds a sheet and the marks under way over it; rows are members, columns sessions, both from 0."""

    def __init__(self, *, may_mark: bool) -> None:
        self.may_mark = may_mark
        self.sheet: AttendanceSheet | None = None
        self._marks: dict[MarkKey, MarkItem] = {}
        self._pending: PendingValues[MarkKey, Mark | None] = PendingValues()
        self._writes: dict[int, Mapping[MarkKey, Mark | None]] = {}
        self._sources: dict[int, MarkSource] = {}
        self._counted: list[CountedSession] = []
        self._rejected: dict[MarkKey, str] = {}

    def load(self, sheet: AttendanceSheet) -> bool:
        """Take a sheet; tell whether members or sessions differ from what was shown."""
        before = self.sheet
        self.sheet = sheet
        self._marks = dict(sheet.marks)
        self._counted = turnout.counted_sessions(sheet.sessions, sheet.today)
        return (
            before is None
            or (before.members, before.today) != (sheet.members, sheet.today)
            or [replace(item, marked=0, attended=0) for item in before.sessions]
            != [replace(item, marked=0, attended=0) for item in sheet.sessions]
        )

    @property
    def sessions(self) -> tuple[SessionListItem, ...]:
        """Return the sessions in the order of the columns."""
        return () if self.sheet is None else self.sheet.sessions

    @property
    def members(self) -> tuple[MemberListItem, ...]:
        """Return the members in the order of the rows."""
        return () if self.sheet is None else self.sheet.members

    def key(self, place: Place) -> MarkKey:
        """Return the session and the trainee of a cell."""
        return self.sessions[place[1]].id, self.members[place[0]].trainee_id

    def name(self, place: Place) -> str:
        """Name a cell: the person, and the session with its day."""
        session, member = self.sessions[place[1]], self.members[place[0]]
        return tr("attendance.cell", name=member.name, number=session.number, day=day_text(session.held_on))

    def mark(self, place: Place) -> Mark | None:
        """Return the mark shown in a cell: as typed, else as stored."""
        key = self.key(place)
        stored = self._marks.get(key)
        return self._pending.value(key, None if stored is None else stored.mark)

    def entry(self, place: Place) -> int | None:
        """Return the number of the entry that wrote the stored mark, None while there is none or one is under way."""
        key = self.key(place)
        stored = self._marks.get(key)
        return None if stored is None or self._pending.holds(key) or stored.entry == UNREAD else stored.entry

    def add_source(self, entry: int, source: MarkSource) -> None:
        """Keep where the marks of an entry come from."""
        self._sources[entry] = source

    def knows_source(self, entry: int) -> bool:
        """Tell whether the source of an entry was read already."""
        return entry in self._sources

    def set_rejected(self, reasons: Mapping[MarkKey, str]) -> list[Place]:
        """Keep why the platform rejected marks, as sentences; return the cells that differ from before."""
        before, self._rejected = self._rejected, dict(reasons)
        return self._places(
            key for key in before.keys() | self._rejected.keys() if before.get(key) != self._rejected.get(key)
        )

    def begin(self, marks: Mapping[MarkKey, Mark | None]) -> int:
        """Show typed marks; return the number that ``stored`` or ``refused`` settles."""
        number = self._pending.begin(marks)
        self._writes[number] = dict(marks)
        return number

    def stored(self, number: int) -> list[Place]:
        """The command came back: its marks are the stored ones; return their cells."""
        for key, mark in self._writes.pop(number, {}).items():
            known = self._marks.get(key)
            if mark is None:
                self._marks.pop(key, None)
            elif known is None or known.mark != mark:
                self._marks[key] = MarkItem(mark, UNREAD)
        return self._places(self._pending.settle(number))

    def refused(self, number: int) -> list[Place]:
        """The command was refused: return the cells that show the former mark again."""
        self._writes.pop(number, None)
        return self._places(self._pending.settle(number))

    def closed_reason(self, place: Place) -> str:
        """Say why a cell takes no mark, "" where it does."""
        assert self.sheet is not None
        session, member = self.sessions[place[1]], self.members[place[0]]
        if session.state == CANCELLED:
            made_up = next((one.number for one in self.sessions if one.makes_up == session.id), None)
            if made_up is not None:
                return tr("attendance.closed.made_up", number=made_up)
            return tr("attendance.closed.cancelled")
        if not turnout.belongs(session, member):
            if session.makes_up_for is not None:
                return tr("attendance.closed.make_up", number=session.makes_up_number or "")
            return tr("attendance.closed.not_member")
        if session.held_on > self.sheet.today:
            return tr("attendance.closed.future", date=day_text(session.held_on))
        if session.id not in self.sheet.editable_sessions:
            key = "not_yours" if self.may_mark else "read_only"
            return tr(f"attendance.closed.{key}")
        return ""

    def corrects(self, column: int, marks: Mapping[MarkKey, Mark | None]) -> bool:
        """Tell whether writing marks of a session changes one that is there after its day: that asks for a reason."""
        assert self.sheet is not None
        if self.sessions[column].held_on >= self.sheet.today:
            return False
        shown = self._pending.over(marks, {key: item.mark for key, item in self._marks.items()})
        return any(shown[key] is not None and shown[key] != mark for key, mark in marks.items())

    def blanks(self, column: int) -> list[Place]:
        """Return the open cells of a session that have no mark."""
        places = [(row, column) for row in range(len(self.members))]
        return [place for place in places if not self.closed_reason(place) and self.mark(place) is None]

    def totals(self, column: int) -> SessionTotals:
        """Count one session."""
        session = self.sessions[column]
        expected = present = unmarked = 0
        if session.state != CANCELLED:
            for row, member in enumerate(self.members):
                if turnout.belongs(session, member):
                    mark = self.mark((row, column))
                    expected += 1
                    present += mark is not None and mark.status in THERE
                    unmarked += mark is None
        return SessionTotals(expected, present, unmarked)

    def tally(self, row: int) -> AttendanceTally:
        """Count one person, marks under way included."""
        member = self.members[row]
        marks = {}
        for column, session in enumerate(self.sessions):
            mark = self.mark((row, column))
            if mark is not None:
                marks[session.id] = mark
        assert self.sheet is not None
        return turnout.count_member(self._counted, marks, member, self.sheet.rules)

    def first_place(self, session_id: bytes | None = None, trainee_id: bytes | None = None) -> Place | None:
        """Return where the work is: the session asked for, today's, else the first past one that is not fully marked.

        The row is that of ``trainee_id``, else the first without a mark.
        """
        if self.sheet is None or not self.sessions or not self.members:
            return None
        column = self._first_column(session_id)
        asked = [row for row, member in enumerate(self.members) if member.trainee_id == trainee_id]
        if asked:
            return asked[0], column
        blanks = self.blanks(column)
        return blanks[0] if blanks else (0, column)

    def _first_column(self, session_id: bytes | None) -> int:
        assert self.sheet is not None
        held = [n for n, item in enumerate(self.sessions) if item.held_on <= self.sheet.today]
        asked = [n for n, item in enumerate(self.sessions) if item.id == session_id]
        today = [n for n in held if self.sessions[n].held_on == self.sheet.today]
        unmarked = [n for n in held if self.blanks(n)]
        today_open = [n for n in today if n in unmarked]
        found = asked or today_open or today or unmarked or held[-1:] or [0]
        return found[0]

    def frozen_columns(self) -> list[FrozenColumn]:
        """Return the columns at the left."""
        return [
            FrozenColumn(tr("attendance.number"), 44, "right"),
            FrozenColumn(tr("attendance.name"), 84),
            FrozenColumn(tr("attendance.rate"), 62, "right"),
            FrozenColumn(tr("attendance.may_lose"), 96, "right"),
        ]

    def columns(self) -> list[GridColumn]:
        """Return one column a session."""
        assert self.sheet is not None
        return [
            GridColumn(
                key=item.id,
                title=self._title(item),
                detail=f"{item.held_on:%m-%d}{tr(f'attendance.weekday.{item.held_on.isoweekday()}')}",
                width=COLUMN_WIDTH,
                today=item.held_on == self.sheet.today,
                tooltip=session_title(item),
            )
            for item in self.sessions
        ]

    def _title(self, item: SessionListItem) -> str:
        """Name a column: 停课 says so, a 补课 also names the session which it makes up."""
        if item.state == CANCELLED:
            return tr("attendance.cancelled_title", number=item.number)
        if item.makes_up_number is None:
            return str(item.number)
        return tr("attendance.make_up_title", number=item.number, target=item.makes_up_number)

    def rows(self) -> list[GridRow]:
        """Return every row of the grid."""
        columns = range(len(self.sessions))
        return [
            GridRow(
                member.trainee_id, self.frozen(row), tuple(self.cell((row, column)) for column in columns)
            )
            for row, member in enumerate(self.members)
        ]

    def frozen(self, row: int) -> tuple[FrozenCell, ...]:
        """Return number, name, reachable rate and what may still be missed of a person."""
        member, count = self.members[row], self.tally(row)
        assert self.sheet is not None
        limit = self.sheet.limit
        left = count.may_still_lose(limit)
        hours = max((session.hours for session in self.sessions), default=0)
        if left < 0 or not count.reachable_rate.reaches(limit):
            tone, words = Tone.WRONG, tr("attendance.over", hours=-left)
            why = tr("attendance.over_detail", rate=count.reachable_rate, limit=limit // 100)
        elif left < hours:
            tone, words = Tone.WAITING, tr("attendance.margin", hours=left)
            why = tr("attendance.margin_detail", limit=limit // 100)
        else:
            tone, words, why = Tone.PLAIN, tr("attendance.hours", hours=left), ""
        number = "" if member.number is None else str(member.number)
        return (
            FrozenCell(number, Tone.QUIET),
            FrozenCell(member.name, tooltip=why),
            FrozenCell(str(count.reachable_rate), tone, why),
            FrozenCell(words, tone, why),
        )

    def cell(self, place: Place) -> GridCell:
        """Return one cell as it stands."""
        mark, closed = self.mark(place), self.closed_reason(place)
        key = self.key(place)
        text = "" if mark is None else SIGNS[mark.status] + (f"-{mark.lost_hours}" if mark.lost_hours else "")
        tone = Tone.PLAIN if mark is None else _TONES.get(mark.status, Tone.PLAIN)
        stored = self._marks.get(key)
        state = CellState.SAVED
        if self._pending.holds(key):
            state = CellState.WAITING
        elif stored is not None and stored.conflict:
            state = CellState.CONFLICT
        elif key in self._rejected:
            state = CellState.REJECTED
        elif closed and self.may_mark:
            state = CellState.CLOSED
        return GridCell(text, state, tone, self._tooltip(key, mark, state, closed), not closed, mark)

    def _tooltip(self, key: MarkKey, mark: Mark | None, state: CellState, closed: str) -> str:
        parts, stored = [] if mark is None else [mark_text(mark)], self._marks.get(key)
        if state is CellState.REJECTED:
            parts.append(self._rejected[key])
        if state is CellState.WAITING:
            parts.append(tr("attendance.saving"))
        elif stored is not None and stored.entry in self._sources:
            parts.append(source_text(self._sources[stored.entry]))
        if state is CellState.CONFLICT:
            parts.append(tr("attendance.conflict"))
        parts.append(closed)
        return " · ".join(part for part in parts if part)

    def _places(self, keys: Iterable[MarkKey]) -> list[Place]:
        columns = {item.id: number for number, item in enumerate(self.sessions)}
        rows = {item.trainee_id: number for number, item in enumerate(self.members)}
        return [(rows[t], columns[s]) for s, t in keys if s in columns and t in rows]
