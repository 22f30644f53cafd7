"""Papers as workbooks: the columns of requirements §5, headed so that our own readers take them back.

Each writer takes a binary stream and a content of ``desktop_app.domain.papers`` and returns the content code that
the PDF of the same content carries. ``WORKBOOKS`` names them by paper kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

import resources
from desktop_app.domain.papers import (
    Attendance,
    AttendanceSession,
    CertificateRegister,
    CompletionRegister,
    DepartureSlips,
    OpeningApplication,
    Roster,
    RosterLine,
    ScoreRegister,
    SignIn,
    TalentTable,
    Timetable,
    TimetableChanges,
    content_text,
    distinct_names,
)
from desktop_app.domain.papers.registrations import Registrations
from desktop_app.excel.column_names import WorkbookKind, official_heading
from desktop_app.excel.figure_workbooks import FIGURE_KINDS, write_figures
from desktop_app.excel.opening_workbooks import write_departures, write_opening
from desktop_app.excel.paper_heads import column, head_meta, signatures
from desktop_app.excel.paper_styles import PaperSheet, SheetColumn, Value, write_sheet
from desktop_app.excel.result_workbooks import (
    write_certificates,
    write_completion,
    write_scores,
    write_talent,
)

_RATE = "0.0%"
_ROSTER_FIELDS = (
    "number",
    "name",
    "document_number",
    "sex",
    "ethnicity",
    "phone",
    "category",
    "key_group",
    "major_or_post",
    "student_number",
    "education",
    "evidence",
    "address",
    "age",
    "employer",
    "household",
)
_REGISTERED = (
    "number",
    "name",
    "sex",
    "ethnicity",
    "age",
    "document_number",
    "phone",
    "education",
    "category",
    "key_group",
    "student_number",
    "major",
    "employer",
    "post",
    "household",
    "address",
    "evidence",
)
_MOST = {
    "name": 16,
    "key_group": 18,
    "major_or_post": 18,
    "evidence": 24,
    "address": 24,
    "employer": 20,
    "household": 14,
}


def write_roster(out: BinaryIO, content: Roster) -> str:
    """Write the 花名册: the columns of the samples' rosters, then age, employer and household."""
    columns = tuple(
        SheetColumn(
            official_heading(WorkbookKind.ROSTER, field),
            align="left" if field in _MOST and field != "name" else "center",
            most=_MOST.get(field, 30),
        )
        for field in _ROSTER_FIELDS
    )
    sheet = PaperSheet(
        title=resources.text("papers.title.roster"),
        meta=head_meta(content.head, resources.text("papers.meta.people", count=len(content.lines))),
        columns=columns,
        rows=tuple(_roster_row(line) for line in content.lines),
        signatures=signatures(content.head, "preparer", "adviser"),
    )
    return write_sheet(out, content, sheet)


def write_registrations(out: BinaryIO, content: Registrations) -> str:
    """Write the 学员登记表 as a list: a row for each person, without the photos."""
    columns = tuple(
        SheetColumn(
            resources.text("papers.column.number" if name == "number" else f"papers.registration.{name}"),
            align="left" if name in _MOST and name != "name" else "center",
            most=_MOST.get(name, 30),
        )
        for name in _REGISTERED
    )
    sheet = PaperSheet(
        title=resources.text("papers.title.registration"),
        meta=head_meta(content.head, resources.text("papers.meta.people", count=len(content.people))),
        columns=columns,
        rows=tuple(tuple(getattr(one.line, name) for name in _REGISTERED) for one in content.people),
        signatures=signatures(content.head, "preparer", "adviser"),
    )
    return write_sheet(out, content, sheet)


def write_sign_in(out: BinaryIO, content: SignIn) -> str:
    """Write the 签到表 as one grid, people × 课次, to be filled in and imported as the marks of all of them at once."""
    people = {one.number: one.name for sheet in content.sheets for one in sheet.people}
    headings = tuple(
        resources.text(
            "template.session",
            number=sheet.session.number,
            date=sheet.session.date.isoformat(),
            start=sheet.session.start,
        )
        for sheet in content.sheets
    )
    sheet = PaperSheet(
        title=resources.text("papers.title.sign-in"),
        meta=head_meta(content.head, resources.text("papers.meta.people", count=len(people))),
        columns=(
            column("number"),
            column("name", most=20),
            *(SheetColumn(one, least=10) for one in headings),
        ),
        rows=tuple((number, name, *(None for _ in headings)) for number, name in sorted(people.items())),
        notes=(resources.text("papers.note.legend"),),
        signatures=signatures(content.head, "teacher", "adviser"),
    )
    return write_sheet(out, content, sheet)


def _roster_row(line: RosterLine) -> tuple[Value, ...]:
    return (
        line.number,
        line.name,
        line.document_number,
        line.sex,
        line.ethnicity,
        line.phone,
        line.category,
        line.key_group,
        line.major or line.post,
        line.student_number,
        line.education,
        line.evidence or line.employer,
        line.address,
        line.age,
        line.employer,
        line.household,
    )


def write_timetable(out: BinaryIO, content: Timetable) -> str:
    """Write the 课程表."""
    columns = (
        column("session"),
        column("date", least=12),
        column("time", least=14),
        column("hours", align="right"),
        column("content", align="left", most=44),
        column("mode"),
        column("place"),
        column("teacher"),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            line.number,
            line.date.isoformat(),
            f"{line.start}-{line.end}",
            line.hours,
            content_text(line),
            line.mode,
            line.place,
            line.teacher,
        )
        for line in content.lines
    )
    total: tuple[Value, ...] = (resources.text("papers.total"), None, None, content.total_hours, *(None,) * 4)
    sheet = PaperSheet(
        title=resources.text("papers.title.timetable"),
        meta=head_meta(content.head, resources.text("papers.meta.sessions", count=len(content.lines))),
        columns=columns,
        rows=rows,
        totals=(total,),
        signatures=signatures(content.head, "preparer"),
        landscape=False,
        row_height=20,
        frozen=1,
    )
    return write_sheet(out, content, sheet)


def write_changes(out: BinaryIO, content: TimetableChanges) -> str:
    """Write the 课表变更单."""
    columns = (
        column("number"),
        column("session"),
        column("change"),
        column("before", align="left", most=36),
        column("after", align="left", most=36),
        column("reason", align="left", most=30),
        column("changed_by"),
        column("changed_at", least=17),
    )
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (number, one.session, one.change, one.before, one.after, one.reason, one.changed_by, one.changed_at)
        for number, one in enumerate(content.lines, 1)
    )
    sheet = PaperSheet(
        title=resources.text("papers.title.changes"),
        meta=head_meta(content.head, resources.text("papers.meta.changes", count=len(content.lines))),
        columns=columns,
        rows=rows,
        signatures=signatures(content.head, "preparer"),
        row_height=20,
    )
    return write_sheet(out, content, sheet)


def write_attendance(out: BinaryIO, content: Attendance) -> str:
    """Write the 考勤表: one column a 课次 headed by its date, with its start where a day has several.

    The document column is written only where the content carries documents.
    """
    documented = any(line.document_number for line in content.lines)
    noted = any(line.note for line in content.lines)
    before = [column("number"), column("name", most=20)]
    before += [column("document_number", least=21)] if documented else []
    after = [column("due", align="right"), column("attended", align="right")]
    after.append(column("rate", align="right", least=9, number_format=_RATE))
    after += [column("note", align="left")] if noted else []
    days = [session.date for session in content.sessions]
    several = len(set(days)) < len(days)
    marks = [SheetColumn(_day(session, several=several), least=6.5) for session in content.sessions]
    names = [line.name for line in content.lines] if documented else list(distinct_names(content.lines))
    rows: list[tuple[Value, ...]] = []
    for line, name in zip(content.lines, names, strict=True):
        person: list[Value] = [line.number, name, *([line.document_number] if documented else [])]
        rate = None if line.rate_permille is None else line.rate_permille / 1000
        totals: list[Value] = [line.due, line.attended, rate, *([line.note] if noted else [])]
        rows.append((*person, *(mark.value for mark in line.marks), *totals))
    sheet = PaperSheet(
        title=resources.text("papers.title.attendance"),
        meta=head_meta(content.head, resources.text("papers.meta.people", count=len(content.lines))),
        columns=(*before, *marks, *after),
        rows=tuple(rows),
        totals=_attendance_totals(content, len(before), len(after)),
        notes=(resources.text("papers.note.legend"), resources.text("papers.note.counting")),
        signatures=signatures(content.head, "teacher", "adviser"),
        row_height=16,
        frozen=len(before),
    )
    return write_sheet(out, content, sheet)


def _day(session: AttendanceSession, *, several: bool) -> str:
    return f"{session.date:%m-%d}\n{session.start}" if several else f"{session.date:%m-%d}"


def _attendance_totals(content: Attendance, before: int, after: int) -> tuple[tuple[Value, ...], ...]:
    labelled = (
        ("due_people", [session.due for session in content.sessions]),
        ("attended_people", [session.attended for session in content.sessions]),
        ("hours", [session.hours for session in content.sessions]),
    )
    blank_before, blank_after = (None,) * (before - 1), (None,) * after
    return tuple(
        (resources.text(f"papers.column.{key}"), *blank_before, *numbers, *blank_after)
        for key, numbers in labelled
    )


WORKBOOKS: dict[str, Callable[[BinaryIO, Any], str]] = {
    OpeningApplication.kind: write_opening,
    DepartureSlips.kind: write_departures,
    Roster.kind: write_roster,
    Registrations.kind: write_registrations,
    SignIn.kind: write_sign_in,
    Timetable.kind: write_timetable,
    TimetableChanges.kind: write_changes,
    Attendance.kind: write_attendance,
    ScoreRegister.kind: write_scores,
    CertificateRegister.kind: write_certificates,
    CompletionRegister.kind: write_completion,
    TalentTable.kind: write_talent,
    **dict.fromkeys(FIGURE_KINDS, write_figures),
}
