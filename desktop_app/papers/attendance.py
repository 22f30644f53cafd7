"""考勤表: the grid 学员 × 课次 with √△▽○×, totals in 课次, rate by 课时; many sessions go on several parts."""

from __future__ import annotations

from itertools import pairwise
from typing import BinaryIO

import resources
from desktop_app.domain.papers import (
    Attendance,
    AttendanceSession,
    PaperResult,
    distinct_names,
    rate_text,
)
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

SESSIONS_A_PART = 24  # what A4 landscape bears with dates that can be read
_ONE_LINE_HEADS = 20  # up to so many, dates stand on one line
_LEFT = (
    ("number", Column("", tabular=True, least=24, stretch=0)),
    ("name", Column("", least=52, most=100, stretch=0.3)),
)
_RIGHT = (
    ("due", Column("", align="right", tabular=True, stretch=0)),
    ("attended", Column("", align="right", tabular=True, stretch=0)),
    ("rate", Column("", align="right", tabular=True, stretch=0)),
)
_NOTE = (("note", Column("", align="left", most=110, stretch=0.3)),)


def build(out: BinaryIO, content: Attendance) -> PaperResult:
    """Write the 考勤表 as PDF, A4 landscape; above 24 sessions in even parts, the totals on the last."""
    parts = _parts(len(content.sessions))
    sections = [_section(content, part, last=part is parts[-1], parts=len(parts)) for part in parts]
    return build_paper(out, content, sections, Typesetter(), landscape=True)


def _parts(count: int) -> list[range]:
    pieces = max(1, -(-count // SESSIONS_A_PART))
    bounds = [round(count * piece / pieces) for piece in range(pieces + 1)]
    return [range(start, stop) for start, stop in pairwise(bounds)]


def _section(content: Attendance, part: range, *, last: bool, parts: int) -> Section:
    head = content.head
    counts = (
        resources.text("papers.meta.people", count=len(content.lines)),
        resources.text("papers.meta.sessions", count=len(content.sessions)),
    )
    meta = [*class_meta(head), "　".join(counts)]
    if parts > 1:
        first, final = content.sessions[part[0]].number, content.sessions[part[-1]].number
        meta.append(resources.text("papers.meta.part", first=first, last=final))
    signatures = (
        resources.text("papers.sign.teacher"),
        resources.text("papers.sign.adviser"),
        review_signature(head),
    )
    return Section(
        title=resources.text("papers.title.attendance"),
        meta=tuple(meta),
        table=_table(content, part, with_totals=last),
        notes=(resources.text("papers.note.marks_timed" if _timed(content) else "papers.note.marks"),),
        signatures=signatures,
        stamp=last,
    )


def _table(content: Attendance, part: range, *, with_totals: bool) -> Table:
    sessions = [content.sessions[index] for index in part]
    noted = with_totals and any(line.note for line in content.lines)
    left, right = columns(_LEFT), columns((*_RIGHT, *(_NOTE if noted else ()))) if with_totals else ()
    marks = tuple(Column(str(session.number), least=15, tabular=True, stretch=1) for session in sessions)
    return Table(
        columns=(*left, *marks, *right),
        heads=_heads(content, sessions, len(right)),
        rows=_rows(content, part, with_totals=with_totals, noted=noted),
        totals=_totals(sessions, len(right)) if content.lines and sessions else (),
        row_height=17,
        row_least=13.5,
        size=8.5,
    )


def _heads(content: Attendance, sessions: list[AttendanceSession], after: int) -> tuple[Cells, ...]:
    def row(texts: list[str]) -> Cells:
        return (None, None, *texts, *(None for _ in range(after)))

    narrow = len(sessions) > _ONE_LINE_HEADS
    rows = [row([_day(session, narrow=narrow) for session in sessions])]
    if _timed(content):
        rows.append(row([session.start for session in sessions]))
    rows.append(row([str(session.hours) for session in sessions]))
    return tuple(rows)


def _timed(content: Attendance) -> bool:
    """Two sessions on one day are told apart by their start."""
    return len({session.date for session in content.sessions}) < len(content.sessions)


def _day(session: AttendanceSession, *, narrow: bool) -> str:
    if not narrow:
        return f"{session.date:%m-%d}"
    return resources.text("papers.day_narrow", month=f"{session.date:%m}", day=f"{session.date:%d}")


def _rows(content: Attendance, part: range, *, with_totals: bool, noted: bool) -> tuple[Cells, ...]:
    rows: list[Cells] = []
    for line, name in zip(content.lines, distinct_names(content.lines), strict=True):
        cells: list[str | None] = [str(line.number), name, *(line.marks[index].value for index in part)]
        if with_totals:
            cells += [str(line.due), str(line.attended), rate_text(line.rate_permille)]
        if noted:
            cells.append(line.note)
        rows.append(tuple(cells))
    return tuple(rows)


def _totals(sessions: list[AttendanceSession], after: int) -> tuple[Cells, ...]:
    blank = ("",) * after
    due = (resources.text("papers.column.due_people"), None, *(str(one.due) for one in sessions), *blank)
    attended = (
        resources.text("papers.column.attended_people"),
        None,
        *(str(one.attended) for one in sessions),
        *blank,
    )
    return (due, attended)
