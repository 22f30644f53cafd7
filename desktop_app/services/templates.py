"""Templates of the six workbooks, blank or filled with what a class has: out, mended in Excel, and in again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import resources
from desktop_app.domain import codes, identity
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.errors import AppError
from desktop_app.domain.papers import (
    Attendance,
    CertificateRegister,
    MarkSign,
    ScoreRegister,
    Timetable,
    component_text,
)
from desktop_app.domain.records import ENROLMENT, TRAINEE
from desktop_app.domain.regions import region_name
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.templates import FIELDS, Template, Value, write_template
from desktop_app.services import access
from desktop_app.services.classes import one_class
from desktop_app.services.context import Service
from desktop_app.services.employment import EmploymentService
from desktop_app.services.exports import ExportService, WrittenList
from desktop_app.services.imports.job import present_fields
from desktop_app.services.paper_contents import PaperRequest, fill
from desktop_app.store.database import Connection
from desktop_app.store.keys import write_atomically
from desktop_app.store.queries import classes as class_queries

Row = Mapping[str, Value]
_VIEWS = {
    WorkbookKind.ROSTER: "view_trainees",
    WorkbookKind.TIMETABLE: "view_classes",
    WorkbookKind.ATTENDANCE: "view_attendance",
    WorkbookKind.SCORES: "view_scores",
    WorkbookKind.CERTIFICATES: "view_certificates",
    WorkbookKind.EMPLOYMENT: "view_employment",
}
_UNMARKED = frozenset({MarkSign.OUTSIDE, MarkSign.CANCELLED, MarkSign.UNMARKED})


class TemplateService(Service):
    """模板: what is filled in and imported."""

    def write(
        self, kind: WorkbookKind, path: Path, class_id: bytes | None = None, purpose: str = ""
    ) -> WrittenList:
        """Write a template (.xlsx), blank, or filled with what a class has.

        考勤 needs a class, for its columns are that class's 课次. A filled 花名册 carries whole document numbers: that
        needs a purpose and is recorded. Raises AppError LOGIN_REQUIRED, NOT_PERMITTED, NOT_YOUR_CLASS, EXPORT_FORMAT,
        EXPORT_REASON, TEMPLATE_NEEDS_CLASS, FILE_NOT_WRITABLE.
        """
        actor = self.context.require_actor()
        if path.suffix.lower() != ".xlsx":
            raise AppError("EXPORT_FORMAT", file=path.name)
        if class_id is None and kind is WorkbookKind.ATTENDANCE:
            raise AppError("TEMPLATE_NEEDS_CLASS")
        title = resources.text(f"template.sheet.{kind.value}")
        rows: list[Row] = []
        sessions: tuple[str, ...] = ()
        if class_id is not None:
            self.context.require(_VIEWS[kind])
            with self.context.read() as sql:
                access.require_class(sql, actor, class_id)
                title = f"{one_class(sql, class_id, self.context.today()).code}　{title}"
                if kind is WorkbookKind.ATTENDANCE:
                    sessions, rows = _attendance(self._content(sql, "attendance", class_id))
            if kind is WorkbookKind.ROSTER:
                rows = self._whole_roster(class_id, title, purpose)
            elif kind is WorkbookKind.EMPLOYMENT:
                rows = self._employment(class_id)
            elif kind is not WorkbookKind.ATTENDANCE:
                with self.context.read() as sql:
                    rows = _FILLED[kind](self._content(sql, kind.value, class_id)) or _people(sql, class_id)
        note = "　".join((title, resources.text("template.note")))
        content = write_template(Template(kind, title, note, _fields(kind, rows), rows, sessions))
        try:
            write_atomically(path, content)
        except OSError as error:
            raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
        return WrittenList(path, len(rows), len(content))

    def _content(self, sql: Connection, kind: str, class_id: bytes) -> object:
        at = self.context.now().astimezone(SHANGHAI)
        return fill(sql, kind, PaperRequest(class_id, at, masked=True, printed_by=""))

    def _whole_roster(self, class_id: bytes, title: str, purpose: str) -> list[Row]:
        self.context.require("export_unmasked")
        if not purpose.strip():
            raise AppError("EXPORT_REASON")
        ExportService(self.context).export_unmasked(class_id, f"{title}：{purpose.strip()}")
        with self.context.read() as sql:
            members = class_queries.member_items(sql, class_id)
            people = present_fields(sql, TRAINEE, [one.trainee_id for one in members])
            enrolled = present_fields(sql, ENROLMENT, [class_id + one.trainee_id for one in members])
        return [
            _roster_row(people[one.trainee_id], enrolled[class_id + one.trainee_id])
            for one in members
            if one.trainee_id in people and class_id + one.trainee_id in enrolled
        ]

    def _employment(self, class_id: bytes) -> list[Row]:
        """Return each person with the newest follow-up, which is what importing the sheet again compares with."""
        rows: list[Row] = []
        for person in EmploymentService(self.context).sheet(class_id).people:
            row: dict[str, Value] = {"number": person.number or None, "name": person.name}
            if person.months:
                one = person.months[max(person.months)]
                days = ("since", "contract_from", "contract_until", "voucher_on", "followed_on")
                row |= {name: _day(getattr(one, name)) for name in days}
                row |= {
                    name: getattr(one, name) for name in ("employer", "credit_code", "post", "voucher_number")
                }
                row["status"] = _official("employment_status", one.status.value)
                row["insured"], row["matched"] = _yes_no(one.insured), _yes_no(one.matched)
                if one.voucher_kind is not None:
                    row["voucher_kind"] = _official("voucher_kinds", one.voucher_kind.value)
            rows.append(row)
        return rows


def _fields(kind: WorkbookKind, rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns; of the components of an exam only those that it has, for a blank one asks for a mark."""
    if kind is not WorkbookKind.SCORES or not rows:
        return FIELDS[kind]
    optional = {name for name in ("review", "process") if not any(row.get(name) for row in rows)}
    return tuple(name for name in FIELDS[kind] if name not in optional)


def _roster_row(person: Mapping[str, object], enrolment: Mapping[str, object]) -> Row:
    def text(fields: Mapping[str, object], name: str) -> str:
        return str(fields.get(name) or "")

    education = text(person, "education")
    kind, number = text(enrolment, "evidence_kind"), text(enrolment, "evidence_number")
    evidence = f"{codes.table('evidence_kinds').name(kind)}：{number}" if kind else number
    region = text(person, "household_region")
    return {
        "number": int(str(enrolment["number"])) if enrolment.get("number") is not None else None,
        "name": text(person, "name"),
        "document_type": identity.document_type_name(text(person, "document_type")),
        "document_number": text(person, "document_number"),
        "sex": _named(codes.sex_name, text(person, "sex")),
        "ethnicity": _named(codes.ethnicity_name, text(person, "ethnicity")),
        "education": (
            codes.education_name(codes.Education(education, bool(person.get("studying"))))
            if education
            else ""
        ),
        "phone": text(person, "phone"),
        "category": _named(codes.category_name, text(enrolment, "category")),
        "key_group": _named(codes.group_name, text(enrolment, "key_group")),
        "evidence": evidence,
        "major_or_post": text(enrolment, "major") or text(enrolment, "post"),
        "student_number": text(enrolment, "student_number"),
        "employer": text(enrolment, "employer"),
        "employer_code": text(enrolment, "employer_uscc"),
        "household": _named(region_name, region),
        "address": text(person, "address"),
        "enrolled_on": text(enrolment, "enrolled_on"),
    }


def _named(name_of: Callable[[str], str], code: str) -> str:
    return name_of(code) if code else ""


def _timetable(content: object) -> list[Row]:
    assert isinstance(content, Timetable)
    return [
        {
            "number": line.number,
            "date": line.date.isoformat(),
            "start": line.start,
            "end": line.end,
            "hours": line.hours,
            "content": line.content,
            "mode": line.mode,
            "place": line.place,
            "teacher": line.teacher,
        }
        for line in content.lines
    ]


def _attendance(content: object) -> tuple[tuple[str, ...], list[Row]]:
    """Return the headings of the 课次, each with date, start and number, and the marks under them."""
    assert isinstance(content, Attendance)
    headings = tuple(
        resources.text("template.session", number=one.number, date=one.date.isoformat(), start=one.start)
        for one in content.sessions
    )
    rows: list[Row] = [
        {
            "number": line.number,
            "name": line.name,
            **{
                heading: "" if mark in _UNMARKED else mark.value
                for heading, mark in zip(headings, line.marks, strict=True)
            },
        }
        for line in content.lines
    ]
    return headings, rows


def _scores(content: object) -> list[Row]:
    assert isinstance(content, ScoreRegister)
    return [
        {
            "number": line.number,
            "name": line.name,
            "ticket": line.ticket,
            **{
                name: component_text(getattr(line, name))
                for name in ("theory", "practice", "review", "process")
            },
            "exam_date": _day(line.exam_date),
        }
        for line in content.lines
    ]


def _certificates(content: object) -> list[Row]:
    assert isinstance(content, CertificateRegister)
    return [
        {
            "number": line.number,
            "name": line.name,
            "certificate_number": line.certificate_number,
            "issued_on": _day(line.issued_on),
            "occupation": line.occupation,
            "level": line.level,
        }
        for line in content.lines
    ]


_FILLED: dict[WorkbookKind, Callable[[object], list[Row]]] = {
    WorkbookKind.TIMETABLE: _timetable,
    WorkbookKind.SCORES: _scores,
    WorkbookKind.CERTIFICATES: _certificates,
}


def _people(sql: Connection, class_id: bytes) -> list[Row]:
    """Return the names of a class, to be filled in beside."""
    return [{"number": one.number, "name": one.name} for one in class_queries.member_items(sql, class_id)]


def _day(value: object) -> str:
    return "" if value is None else str(value)


def _yes_no(value: bool | None) -> str:
    return "" if value is None else _official("yes_no", "yes" if value else "no")


def _official(section: str, code: str) -> str:
    return str(resources.load_json("templates", "columns.json")[section][code][0])
