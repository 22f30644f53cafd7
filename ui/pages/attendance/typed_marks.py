"""Marks that come from elsewhere than a key: pasted texts, and what was under way when the program ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop_app.domain.attendance import LeaveReason, Mark, MarkStatus, parse_mark
from desktop_app.domain.errors import AppError
from ui.i18n import tr
from ui.pages.attendance.presenter import AttendancePresenter, MarkKey
from ui.unsaved import Unsaved
from ui.widgets.mark_grid_model import Place


def pasted_marks(
    presenter: AttendancePresenter, row: int, column: int, lines: Sequence[Sequence[str]]
) -> tuple[dict[Place, Mark | None], AppError | None]:
    """Return the marks that texts from the clipboard mean, and the first thing wrong with them."""
    marks: dict[Place, Mark | None] = {}
    wrong: AppError | None = None
    for down, line in enumerate(lines):
        for right, text in enumerate(line):
            place = (row + down, column + right)
            if place[0] >= len(presenter.members) or place[1] >= len(presenter.sessions):
                continue
            try:
                mark = parse_mark(text)
            except AppError as error:
                wrong = wrong or error
                continue
            if mark is not None:
                marks[place] = mark
    return marks, wrong


def unsaved_marks(
    presenter: AttendancePresenter, marks: Mapping[MarkKey, Mark | None], reason: str | None
) -> Unsaved:
    """Return the marks of one session as something unsaved; ``reason`` is that of a correction."""
    session_id = next(iter(marks))[0]
    number = next((one.number for one in presenter.sessions if one.id == session_id), 0)
    cells = [
        [trainee, *(["", 0, ""] if mark is None else [mark.status.value, mark.lost_hours, mark.reason or ""])]
        for (_session, trainee), mark in marks.items()
    ]
    title = tr("drafts.session", number=number)
    values = {"cells": cells, "reason": reason or ""}
    return Unsaved(session_id.hex(), title, values, len(cells), {"session_id": session_id})


def marks_again(presenter: AttendancePresenter, unsaved: Unsaved) -> dict[Place, Mark | None]:
    """Return the marks that were under way; people who left the class meanwhile are left out."""
    rows = {member.trainee_id: row for row, member in enumerate(presenter.members)}
    columns = {session.id.hex(): column for column, session in enumerate(presenter.sessions)}
    column = columns.get(unsaved.key)
    found: dict[Place, Mark | None] = {}
    for trainee, status, lost, reason in unsaved.values["cells"]:
        if column is not None and trainee in rows:
            mark = Mark(MarkStatus(status), lost, LeaveReason(reason) if reason else None) if status else None
            found[rows[trainee], column] = mark
    return found
