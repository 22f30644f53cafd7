"""How marks, their sources and sessions read in the attendance grid."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.listings.training import MarkSource, SessionListItem
from ui.i18n import tr
from ui.wording import command_text, day_text, moment_text


def status_text(status: MarkStatus) -> str:
    """Return 到, 迟到, 早退, 请假 or 缺勤."""
    return tr(f"mark.{status.value}")


def mark_text(mark: Mark) -> str:
    """Return a mark in words, with the leave's reason or the lost 课时."""
    words = status_text(mark.status)
    if mark.reason is not None:
        return tr("attendance.with_detail", status=words, detail=tr(f"leave.{mark.reason.value}"))
    if mark.lost_hours:
        return tr("attendance.with_detail", status=words, detail=tr("attendance.lost", hours=mark.lost_hours))
    return words


def source_text(source: MarkSource) -> str:
    """Return how, by whom and when a mark was written, and the reason where one was given."""
    key = {"mark_one", "mark_class", "mark_from_sheet", "import_attendance"}
    way = tr(f"mark_source.{source.command}") if source.command in key else command_text(source.command)
    text = " ".join(part for part in (way, source.user, moment_text(source.at)) if part)
    return tr("attendance.source_reason", source=text, reason=source.reason) if source.reason else text


def session_title(session: SessionListItem) -> str:
    """Return number, day, times, place, teachers and content of a session, one line each."""
    times = f"{session.starts_at}-{session.ends_at}" if session.starts_at else ""
    first = tr("attendance.session", number=session.number, day=day_text(session.held_on), times=times)
    people = tr("wording.and").join(session.teachers)
    lines = (first, session.place, people, session.content, tr("attendance.hours", hours=session.hours))
    return "\n".join(line.strip() for line in lines if line.strip())


def key_hints(keys: Mapping[str, MarkStatus]) -> list[tuple[str, str]]:
    """Return which keys do what in the grid."""
    return [
        *((key, status_text(status)) for key, status in keys.items()),
        ("Del", tr("attendance.hint.clear")),
        ("Enter", tr("attendance.hint.down")),
        ("F9", tr("attendance.hint.class")),
    ]


def reason_words(session: SessionListItem, count: int) -> tuple[str, str, str, list[str]]:
    """Return question, detail, verb and suggestions with which the reason of a correction is asked."""
    day = day_text(session.held_on)
    question = tr("attendance.reason_question", count=count, number=session.number, day=day)
    suggestions = [tr(f"attendance.reason.{number}") for number in (1, 2, 3)]
    return question, tr("attendance.reason_detail"), tr("attendance.reason_verb"), suggestions
