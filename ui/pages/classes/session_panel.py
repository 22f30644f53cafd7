"""The form of a session: read while typing, and compared with what else the teacher and the room have that day."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.people import TeacherListItem
from desktop_app.domain.listings.training import SessionListItem
from desktop_app.domain.session_changes import Online
from desktop_app.domain.timetable import CANCELLED, Booking, ClashKind, SessionMode, find_clashes, parse_time
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.timetable import ONLINE, PlannedSession, online_fields
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, set_words, text_line, words_line
from ui.widgets.labels import label

TYPING_MS = 250
REQUIRED = ("held_on", "starts_at", "ends_at", "hours")
USUAL = {"starts_at": "08:30", "ends_at": "11:50", "hours": "4", "mode": "offline"}
FIELD_OF = {
    "SESSION_TIMES": "ends_at", "SESSION_HOURS": "hours", "SESSION_EXISTS": "held_on", "NAME_EMPTY": "teachers",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clashing:
    """What stands at the same time: teacher or room, and the session that has it."""

    kind: ClashKind
    what: str
    other: SessionListItem


class SessionPanel(FormPanel):
    """New where ``present`` is None; ``before`` lends a new one its usual values."""

    saved = Signal(object)

    def __init__(
        self,
        context: PageContext,
        class_id: bytes,
        present: SessionListItem | None,
        before: SessionListItem | None,
    ) -> None:
        super().__init__()
        self._context = context
        self._services = context.services
        self._class_id = class_id
        self._present = present
        modes = [(mode.value, tr(f"mode.{mode.value}")) for mode in SessionMode]
        self._row(held_on=text_line(tr("form.day_example"), limit=12), hours=text_line("4", limit=2))
        self._row(starts_at=text_line("08:30", limit=8), ends_at=text_line("11:50", limit=8))
        self._row(content=text_line(limit=200))
        self._row(mode=choice_box(modes), place=text_line(limit=100))
        self._row(online_platform=text_line(tr("sessions.platform_example"), limit=100))
        self._row(
            online_minutes=text_line(tr("sessions.minutes_example"), limit=4),
            identity_checks=text_line("2", limit=2),
        )
        self.form.edited.connect(self._show_online)
        self._row(teachers=words_line([], tr("sessions.teachers_example")))
        self.clash = label("", "", wrap=True, tone="waiting")
        self.column.addWidget(self.clash)
        self.clash.hide()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.check)
        self.form.edited.connect(self._typing.start)
        self._may_edit = bool(self._services.context.may("edit_session" if present else "add_session"))
        self._fill(present, before)
        self._show_online()
        if not self._may_edit:
            self.set_read_only()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        if not self._may_edit:
            return []
        return [self.make_save_button(tr("sessions.create") if self._present is None else "")]

    def planned(self) -> PlannedSession | None:
        """Return what is typed, None where something cannot be read; says beside the field what."""
        values = {name: str(value or "") for name, value in self.form.values().items()}
        held_on = parse_day(values["held_on"])
        starts, ends = time_of(values["starts_at"]), time_of(values["ends_at"])
        wrong = {
            "held_on": tr("form.day_wrong") if values["held_on"] and held_on is None else "",
            "starts_at": tr("form.time_wrong") if values["starts_at"] and starts is None else "",
            "ends_at": tr("form.time_wrong") if values["ends_at"] and ends is None else "",
            "hours": "" if values["hours"].isdecimal() or not values["hours"] else tr("sessions.hours_wrong"),
        }
        for name in ("online_minutes", "identity_checks"):
            wrong[name] = "" if values[name].isdecimal() or not values[name] else tr("sessions.hours_wrong")
        if starts and ends and ends <= starts:
            wrong["ends_at"] = tr("sessions.end_wrong")
        self.form.fields["held_on"].set_note(_weekday(held_on))
        for name, text in wrong.items():
            self.form.fields[name].set_error(text)
        if held_on is None or starts is None or ends is None or any(wrong.values()) or not values["hours"]:
            return None
        return PlannedSession(
            held_on, starts, ends, int(values["hours"]), values["content"], values["mode"], values["place"],
            names_of(values["teachers"]), online=self._online(values),
        )  # fmt: skip

    def _online(self, values: Mapping[str, str]) -> Online | None:
        """Return what an online session needs; None for one that is not online."""
        if values["mode"] == SessionMode.OFFLINE:
            return None
        minutes, checks = values["online_minutes"], values["identity_checks"]
        return Online(
            values["online_platform"], int(minutes) if minutes else None, int(checks) if checks else None
        )

    def _show_online(self) -> None:
        """Ask for platform, minutes and checks where a session is taught online (六.2)."""
        shown = self.form.fields["mode"].value() != SessionMode.OFFLINE
        for name in ONLINE:
            self.form.fields[name].setVisible(shown)

    def check(self) -> None:
        planned = self.planned()
        if planned is None:
            self.clash.hide()
            return
        services, own = self._services, self._present.id if self._present else b""
        self._context.tasks.query(
            self,
            lambda: clashes(services.classes.list_sessions(held_on=planned.held_on), planned, own),
            self._on_clashes,
            latest="clash",
        )

    def save(self) -> None:
        planned = self.planned()
        if planned is None:
            missing = next((name for name in REQUIRED if not self._right(name)), "ends_at")
            self.form.fields[missing].editor.setFocus()
            if not self.form.fields[missing].value():
                self.form.fields[missing].set_error(tr("form.missing"))
            return
        if self._present is None:
            service, class_id = self._services.timetable, self._class_id
            self._send(lambda: bytes(service.add_session(class_id, planned)))
            return
        reason = ask_reason(
            self.window(), tr("sessions.reason_question"), tr("sessions.reason_detail"), tr("form.save"),
            [tr("sessions.reason_moved"), tr("sessions.reason_substitute"), tr("sessions.reason_typing")],
        )  # fmt: skip
        if reason is not None:
            self._send(self._editor(self._present, planned, reason))

    def _editor(self, present: SessionListItem, planned: PlannedSession, reason: str) -> Callable[[], bytes]:
        typed: dict[str, object] = {
            "held_on": planned.held_on.isoformat(),
            "starts_at": planned.starts_at.isoformat("minutes"),
            "ends_at": planned.ends_at.isoformat("minutes"),
            "hours": planned.hours,
            "content": planned.content,
            "mode": planned.mode,
            "place": planned.place,
            "teachers": list(planned.teachers),
        }
        if planned.online is not None:
            typed |= online_fields(planned.online)
        fields = {name: typed[name] for name in self.changes() if name in typed}
        service = self._services.timetable

        def run() -> bytes:
            service.edit_session(present.id, fields, reason)
            return present.id

        return run

    def _send(self, run: Callable[[], bytes]) -> None:
        self._context.tasks.command(self, run, self._on_saved, self._on_refused)

    def _right(self, name: str) -> bool:
        value = str(self.form.fields[name].value())
        if name == "held_on":
            return parse_day(value) is not None
        return value.isdecimal() if name == "hours" else time_of(value) is not None

    def _row(self, **editors: QWidget) -> None:
        self.form.add_row(
            {
                name: FormField(tr(f"sessions.field.{name}"), editor, required=name in REQUIRED)
                for name, editor in editors.items()
            }
        )

    def _fill(self, present: SessionListItem | None, before: SessionListItem | None) -> None:
        shown = present or before
        if shown is None:
            self.form.set_values(dict(USUAL))
        else:
            values = {
                name: getattr(shown, name) for name in ("starts_at", "ends_at", "hours", "mode", "place")
            }
            self.form.set_values({**values, "teachers": tr("wording.and").join(shown.teachers)})
        if present is not None:
            self.form.set_values({"held_on": present.held_on.isoformat(), "content": present.content})
            self.form.set_values({name: str(getattr(present, name) or "") for name in ONLINE})
            self.form.fields["held_on"].set_note(_weekday(present.held_on))
        self.begin()
        self._context.tasks.query(
            self, self._services.teachers.list_teachers, self._on_teachers, lambda _error: None
        )

    def _on_teachers(self, teachers: Sequence[TeacherListItem]) -> None:
        set_words(self.form.fields["teachers"].editor, [item.name for item in teachers])

    def _on_clashes(self, found: Sequence[Clashing]) -> None:
        lines = [
            tr(
                f"sessions.clash_{item.kind.value}",
                what=item.what,
                code=item.other.class_code,
                number=item.other.number,
                time=f"{item.other.starts_at}–{item.other.ends_at}",
            )
            for item in found
        ]
        self.clash.setText("\n".join(f"△ {line}" for line in lines))
        self.clash.setVisible(bool(lines))

    def _on_saved(self, session_id: bytes) -> None:
        self.begin()
        self.saved.emit(session_id)

    def _on_refused(self, error: AppError) -> None:
        if error.code in FIELD_OF:
            self.form.show_field_errors({FIELD_OF[error.code]: describe(error).text})
        else:
            self._context.messages.report(self, error)


def clashes(sessions: Sequence[SessionListItem], planned: PlannedSession, own: bytes) -> list[Clashing]:
    """Return what else teacher and room of a planned session have at its time (R29); ``own`` is the session itself."""
    others = {item.id: item for item in sessions if item.id != own and item.held_on == planned.held_on}
    names = {
        key: name
        for item in others.values()
        for key, name in zip(item.teacher_ids, item.teachers, strict=False)
    }
    wanted = frozenset(key for key, name in names.items() if name in planned.teachers)
    mine = Booking(
        b"planned",
        planned.held_on,
        planned.starts_at,
        planned.ends_at,
        SessionMode(planned.mode),
        planned.place,
        wanted,
    )
    bookings = [_booking(item) for item in others.values() if item.state != CANCELLED]
    found = []
    for clash in find_clashes([mine, *bookings]):
        if mine.session in {clash.first, clash.second}:
            other = others[clash.second if clash.first == mine.session else clash.first]
            what = names.get(clash.what, "") if isinstance(clash.what, bytes) else clash.what
            found.append(Clashing(clash.kind, what, other))
    return found


def _booking(item: SessionListItem) -> Booking:
    return Booking(
        item.id, item.held_on, time.fromisoformat(item.starts_at), time.fromisoformat(item.ends_at),
        SessionMode(item.mode), item.place, frozenset(item.teacher_ids),
    )  # fmt: skip


def _weekday(day: date | None) -> str:
    return tr(f"weekday.{day.isoweekday()}") if day else ""


def time_of(text: str) -> time | None:
    """Read a time as offices write it, None where it is none."""
    try:
        return parse_time(text) if text else None
    except AppError:
        return None


def names_of(text: str) -> tuple[str, ...]:
    """Return the parts of a line that 、, commas or blanks separate."""
    return tuple(part for part in re.split(r"[、,，;；\s]+", text) if part)
