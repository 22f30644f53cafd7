"""Columns of the list of classes, and of one class: members, sessions, certificates."""

from __future__ import annotations

from datetime import date

from desktop_app.domain.listings.results import CertificateListItem
from desktop_app.domain.listings.training import ClassListItem, MemberListItem, SessionListItem
from ui.i18n import tr
from ui.reported_tab import ReportMarks
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.widgets.windowed_model import WindowedModel
from ui.wording import (
    NOTHING,
    age_text,
    category_text,
    day_text,
    education_text,
    group_text,
    sex_text,
    span_text,
    trade_text,
)

_STATE_TONES = {
    "preparing": Tone.WAITING,
    "suspended": Tone.WAITING,
    "completed": Tone.DONE,
    "archived": Tone.QUIET,
    "cancelled": Tone.QUIET,
}


def class_table_model() -> WindowedModel[ClassListItem]:
    """Return the model of the list of classes; the keys of its columns are those of ``ClassSort``."""
    return WindowedModel(
        [
            Column("code", "classes.code", lambda row: row.code, 140),
            Column("project", "classes.project", lambda row: row.project_name or tr("classes.no_project"), 110,
                   stretch=True, tone=lambda row: Tone.PLAIN if row.project_name else Tone.WAITING),
            Column("trade", "classes.trade", lambda row: trade_text(row.trade, row.level), 144),
            Column("span", "classes.span", lambda row: span_text(row.start_on, row.end_on), 152),
            Column("state", "classes.state", lambda row: tr(f"state.training_class.{row.state}"), 72,
                   tone=lambda row: _STATE_TONES.get(row.state, Tone.PLAIN)),
            Column("people", "classes.people", lambda row: str(row.people), 56, "right"),
            Column("sessions", "classes.sessions", lambda row: f"{row.sessions_past}/{row.sessions}", 64, "right"),
            Column("marked", "classes.marked", marked_text, 120, tone=_marked_tone),
            Column("adviser", "classes.adviser", lambda row: tr("wording.and").join(row.advisers) or NOTHING, 96),
            Column("place", "classes.place", lambda row: row.place or "", 120, hidden=True),
            Column("organisation", "classes.organisation", lambda row: row.organisation or "", 160, hidden=True),
        ],
        lambda row: row.id,
    )  # fmt: skip


def marked_text(row: ClassListItem) -> str:
    """Return how far the marks are, in words."""
    if row.sessions_past == 0:
        return tr("classes.not_begun")
    if row.sessions_marked >= row.sessions_past:
        return tr("classes.all_marked")
    return tr("classes.to_mark", count=row.sessions_past - row.sessions_marked)


def _marked_tone(row: ClassListItem) -> Tone:
    if row.sessions_past == 0:
        return Tone.QUIET
    return Tone.DONE if row.sessions_marked >= row.sessions_past else Tone.WAITING


_MEMBER_TONES = {
    "applied": Tone.WAITING,
    "waitlisted": Tone.WAITING,
    "admitted": Tone.DONE,
    "attending": Tone.PLAIN,
    "completed": Tone.DONE,
    "not_completed": Tone.WRONG,
}
_MEMBER_GLYPHS = {
    "applied": "…",
    "waitlisted": "…",
    "admitted": "✓",
    "completed": "✓",
    "rejected": "×",
    "not_completed": "×",
    "withdrawn": "−",
    "transferred": "→",
}


def _member_state(row: MemberListItem) -> str:
    """Return the state of an enrolment as a word with its sign."""
    word = tr(f"state.enrolment.{row.state}")
    sign = _MEMBER_GLYPHS.get(row.state, "")
    return f"{sign} {word}" if sign else word


def _member_name(row: MemberListItem) -> str:
    """Return the name; of somebody whom two workstations entered, how many records are read as one."""
    return tr("one_person.name", name=row.name, count=1 + len(row.twins)) if row.twins else row.name


def member_table_model(today: date, marks: ReportMarks[MemberListItem]) -> ListTableModel[MemberListItem]:
    """Return the model of a class's 花名册."""
    return ListTableModel(
        [
            Column("number", "members.number", lambda row: str(row.number or ""), 52, "right",
                   sort=lambda row: row.number),
            Column("name", "trainees.name", _member_name, 88, sort=lambda row: row.name,
                   tooltip=lambda row: tr("one_person.records", count=1 + len(row.twins)) if row.twins else ""),
            Column("state", "members.state", _member_state, 100,
                   tone=lambda row: _MEMBER_TONES.get(row.state, Tone.QUIET),
                   tooltip=lambda row: row.decision_reason or ""),
            marks.column(),
            Column("sex", "trainees.sex", lambda row: sex_text(row.sex), 48),
            Column("age", "trainees.age", lambda row: age_text(row.birth, today), 52, "right",
                   sort=lambda row: None if row.birth is None else -row.birth.toordinal()),
            Column("document", "trainees.document", lambda row: row.document_number, 172,
                   personal="document_number"),
            Column("phone", "trainees.phone", lambda row: row.phone or tr("trainees.no_phone"), 112,
                   tone=lambda row: Tone.PLAIN if row.phone else Tone.QUIET, personal="phone"),
            Column("category", "trainees.category", lambda row: category_text(row.category), 104),
            Column("group", "trainees.group", lambda row: group_text(row.key_group), 132,
                   tooltip=lambda row: group_text(row.key_group)),
            Column("employer", "members.employer", lambda row: row.employer or row.major or "", 88, stretch=True,
                   tooltip=lambda row: row.employer or row.major or ""),
            Column("education", "trainees.education",
                   lambda row: education_text(row.education, row.studying), 72),
            Column("evidence", "members.evidence", lambda row: row.evidence_number or "", 120, hidden=True),
            Column("enrolled", "members.enrolled", lambda row: day_text(row.enrolled_on, weekday=False), 96,
                   hidden=True),
        ],
        lambda row: row.trainee_id,
    )  # fmt: skip


def session_table_model(today: date, marks: ReportMarks[SessionListItem]) -> ListTableModel[SessionListItem]:
    """Return the model of a class's 课程表."""
    return ListTableModel(
        [
            Column("number", "sessions.number", _number_text, 64, "right", sort=lambda row: row.number,
                   tooltip=_number_detail),
            Column("day", "sessions.day", lambda row: day_text(row.held_on), 132,
                   sort=lambda row: (row.held_on, row.starts_at),
                   tone=lambda row: Tone.LINK if row.held_on == today else Tone.PLAIN),
            Column("time", "sessions.time", lambda row: f"{row.starts_at}–{row.ends_at}", 100),
            Column("hours", "sessions.hours", lambda row: str(row.hours), 52, "right", sort=lambda row: row.hours),
            Column("content", "sessions.content", lambda row: row.content, 120, stretch=True,
                   tooltip=lambda row: row.content),
            Column("mode", "sessions.mode", lambda row: tr(f"mode.{row.mode}"), 76),
            Column("place", "sessions.place", lambda row: row.place, 128, tooltip=lambda row: row.place),
            Column("teachers", "sessions.teachers", _teachers_text, 96, tooltip=_teachers_detail,
                   tone=lambda row: Tone.PLAIN if row.teachers else Tone.WAITING),
            Column("marks", "sessions.marks", lambda row: _marks_text(row, today), 112,
                   tone=lambda row: _marks_tone(row, today)),
            marks.column(),
        ],
        lambda row: row.id,
    )  # fmt: skip


def _number_text(row: SessionListItem) -> str:
    if row.makes_up_number is None:
        return str(row.number)
    return tr("attendance.make_up_title", number=row.number, target=row.makes_up_number)


def _number_detail(row: SessionListItem) -> str:
    return "" if row.makes_up_number is None else tr("session.makes_up", number=row.makes_up_number)


def _teachers_text(row: SessionListItem) -> str:
    names = tr("wording.and").join(row.teachers) or tr("sessions.no_teacher")
    return tr("sessions.substitute", names=names) if row.substituted else names


def _teachers_detail(row: SessionListItem) -> str:
    """Say who is replaced, and how the 课时 are split."""
    parts = (
        [tr("session.substituted", names=tr("wording.and").join(row.substituted))] if row.substituted else []
    )
    if len(row.shares) == len(row.teachers):
        parts += [f"{name} {hours}" for name, hours in zip(row.teachers, row.shares, strict=True)]
    return tr("wording.and").join(parts)


def _marks_text(row: SessionListItem, today: date) -> str:
    if row.state == "cancelled":
        return tr("sessions.cancelled")
    if row.held_on > today and not row.marked:
        return tr("sessions.to_come")
    if not row.members:
        return tr("sessions.nobody")
    if row.marked >= row.members:
        return tr("sessions.attended", attended=row.attended, members=row.members)
    return tr("sessions.open_marks", count=row.members - row.marked)


def _marks_tone(row: SessionListItem, today: date) -> Tone:
    if row.state == "cancelled" or not row.members or (row.held_on > today and not row.marked):
        return Tone.QUIET
    return Tone.PLAIN if row.marked >= row.members else Tone.WAITING


def certificate_table_model(marks: ReportMarks[CertificateListItem]) -> ListTableModel[CertificateListItem]:
    """Return the model of a class's certificates."""
    return ListTableModel(
        [
            Column("number", "members.number", lambda row: str(row.person_number or ""), 52, "right",
                   sort=lambda row: row.person_number),
            Column("name", "trainees.name", lambda row: row.name, 112),
            Column("document", "trainees.document", lambda row: row.document_number, 176,
                   personal="document_number"),
            Column("trade", "classes.trade", lambda row: trade_text(row.trade, row.level), 144),
            Column("certificate", "certificates.number", lambda row: row.number or tr("certificates.none"), 216,
                   tone=lambda row: Tone.PLAIN if row.number else Tone.WAITING),
            Column("issued", "certificates.issued", lambda row: day_text(row.issued_on, weekday=False), 104,
                   sort=lambda row: row.issued_on),
            Column("issuer", "certificates.issuer", lambda row: row.issuer or NOTHING, 152, stretch=True),
            Column("state", "certificates.state", lambda row: state_text(row.state), 84),
            marks.column(),
        ],
        lambda row: (row.assessment_id, row.trainee_id, row.issue),
    )  # fmt: skip


def state_text(state: str) -> str:
    """Return the state of a certificate in words."""
    return tr(f"state.certificate.{state}")
