"""调课, 代课, 停课, 恢复上课 and 补课 of one session, each a form in the panel with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.domain import turnout
from desktop_app.domain.errors import AppError
from desktop_app.domain.life_cycles import SESSION as CYCLE
from desktop_app.domain.listings.people import TeacherListItem
from desktop_app.domain.listings.training import AttendanceSheet, SessionListItem, SiteListItem
from desktop_app.domain.session_changes import is_missing
from desktop_app.domain.timetable import CANCELLED
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.session_changes import HELD, Moved
from desktop_app.services.timetable import PlannedSession
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.classes.session_panel import names_of, time_of
from ui.widgets.check_list import CheckList
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, set_words, text_line, words_line
from ui.widgets.labels import label
from ui.wording import day_text

COMMANDS = {
    "reschedule": "reschedule_session",
    "substitute": "substitute_teacher",
    "call_off": "call_off_session",
    "reinstate": "reinstate_session",
    "make_up_class": "make_up_session",
    "make_up_people": "make_up_session",
}
ICONS = {
    "reschedule": "calendar",
    "substitute": "users",
    "call_off": "x",
    "reinstate": "undo-2",
    "make_up": "plus",
}
ACTS = {
    "reschedule": ("reschedule",),
    "substitute": ("substitute",),
    "call_off": ("call_off",),
    "reinstate": ("reinstate",),
    "make_up": ("make_up_class", "make_up_people"),
}
"""Act as the list offers it → the verbs of the life cycle that it stands for; a session fits one of them at most."""
_TIMES = ("held_on", "starts_at", "ends_at")
FIELDS = {
    "reschedule": (*_TIMES, "place", "site_id", "teachers", "reason"),
    "substitute": ("teachers", "shares", "reason"),
    "call_off": ("reason",),
    "reinstate": ("reason",),
    "make_up_class": (*_TIMES, "hours", "place", "teachers", "reason"),
    "make_up_people": (*_TIMES, "hours", "place", "teachers", "people", "reason"),
}
ROWS = (
    ("held_on", "hours"),
    ("starts_at", "ends_at"),
    ("place", "site_id"),
    ("teachers", "shares"),
    ("people",),
    ("reason",),
)
FIELD_OF = {
    "REASON_MISSING": "reason",
    "SESSION_TIMES": "ends_at",
    "SESSION_HOURS": "hours",
    "SESSION_EXISTS": "held_on",
    "SESSION_OVERLAPS": "held_on",
    "MAKE_UP_BEFORE": "held_on",
    "TEACHERS_EMPTY": "teachers",
    "SUBSTITUTE_SAME": "teachers",
    "NAME_EMPTY": "teachers",
    "SHARES_COUNT": "shares",
    "SHARES_SUM": "shares",
    "MAKE_UP_THERE": "people",
    "MAKE_UP_NOT_MEMBER": "people",
}


def verbs_of(row: SessionListItem) -> tuple[str, ...]:
    """Return what can be done with a session as it stands; 已上 is what has marks."""
    return CYCLE.verbs(HELD if row.state != CANCELLED and row.marked else row.state)


class SessionActPanel(FormPanel):
    """One verb of ``life_cycles.SESSION`` on one session."""

    saved = Signal(object)

    def __init__(self, context: PageContext, session: SessionListItem, verb: str) -> None:
        super().__init__()
        self._context, self._session, self._verb = context, session, verb
        self.column.insertWidget(0, label(tr(f"session_act.{verb}.detail"), "secondary", wrap=True))
        self.column.insertWidget(0, label(_facts(session), "strong", wrap=True))
        editors: dict[str, QWidget] = {}
        for name in FIELDS[verb]:
            editors[name] = self._editor(name)
        for row in ROWS:
            fields = {name: self._field(name, editors[name]) for name in row if name in editors}
            if fields:
                self.form.add_row(fields)
        self._fill()
        self.begin()
        self._read_choices()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button(tr(f"session_act.{self._verb}.save"))]

    def save(self) -> None:
        values = self.form.values()
        wrong = self._wrong()
        self.form.show_field_errors(wrong)
        if not wrong:
            act = self._act(values)
            self._context.tasks.command(self, act, lambda _done: self._on_saved(), self._on_refused)

    def _editor(self, name: str) -> QWidget:
        if name == "teachers":
            return words_line([], tr("sessions.teachers_example"))
        if name == "reason":
            words = [tr(f"session_act.{self._verb}.reason.{number}") for number in (1, 2)]
            return words_line(words, tr("session_act.reason_example", example=words[0]))
        if name == "site_id":
            return choice_box([], empty=tr("session_act.site_of_class"))
        if name == "people":
            return CheckList()
        example = {
            "held_on": tr("form.day_example"),
            "starts_at": "08:30",
            "ends_at": "11:50",
            "shares": "3、1",
        }
        return text_line(example.get(name, ""), limit=100)

    def _field(self, name: str, editor: QWidget) -> FormField:
        required = name in {*_TIMES, "hours", "people", "reason"} or (name, self._verb) == (
            "teachers",
            "substitute",
        )
        key = (
            f"session_act.field.{name}"
            if name in {"shares", "people", "reason", "site_id"}
            else f"sessions.field.{name}"
        )
        return FormField(tr(key), editor, required=required)

    def _fill(self) -> None:
        row = self._session
        shown = {
            "starts_at": row.starts_at,
            "ends_at": row.ends_at,
            "hours": str(row.hours),
            "place": row.place,
            "teachers": tr("wording.and").join(row.teachers),
            "shares": tr("wording.and").join(map(str, row.shares)),
        }
        if self._verb == "reschedule":
            shown["held_on"] = row.held_on.isoformat()
        self.form.set_values({name: value for name, value in shown.items() if name in self.form.fields})

    def _read_choices(self) -> None:
        services, tasks, row = self._context.services, self._context.tasks, self._session
        if "teachers" in self.form.fields:
            tasks.query(self, services.teachers.list_teachers, self._on_teachers, lambda _error: None)
        if "site_id" in self.form.fields:
            tasks.query(self, services.sites.list_sites, self._on_sites, lambda _error: None)
        if "people" in self.form.fields:
            tasks.query(
                self, lambda: services.attendance.sheet(row.class_id), self._on_sheet, lambda _error: None
            )

    def _on_teachers(self, teachers: Sequence[TeacherListItem]) -> None:
        set_words(self.form.fields["teachers"].editor, [item.name for item in teachers])

    def _on_sites(self, sites: Sequence[SiteListItem]) -> None:
        box = self.form.fields["site_id"].editor
        for site in sites:
            box.addItem(site.name, site.id.hex())  # type: ignore[attr-defined]
        own = self._session.site_id
        self.refresh({"site_id": "" if own is None else own.hex()})

    def _on_sheet(self, sheet: AttendanceSheet) -> None:
        """List who missed the session, all of them ticked."""
        missed = []
        for member in sheet.members:
            item = sheet.marks.get((self._session.id, member.trainee_id))
            there = turnout.belongs(self._session, member)
            if is_missing(None if item is None else item.mark, member=there):
                why = tr("mark.none") if item is None else tr(f"mark.{item.mark.status.value}")
                text = tr("session_act.person", number=member.number or "", name=member.name, mark=why)
                missed.append((member.trainee_id.hex(), text))
        box = self.form.fields["people"].editor
        assert isinstance(box, CheckList)
        box.set_choices(missed, [key for key, _text in missed])
        if not missed:
            self.form.fields["people"].set_error(tr("session_act.nobody_missed"))
        self._on_edited()

    def _wrong(self) -> dict[str, str]:
        """Return what cannot be read, by field."""
        values = {name: self.form.values()[name] for name in FIELDS[self._verb]}
        wrong: dict[str, str] = {}
        for name in ("reason", "people"):
            if name in values and not values[name]:
                wrong[name] = tr("form.missing")
        if "held_on" in values and parse_day(str(values["held_on"])) is None:
            wrong["held_on"] = tr("form.day_wrong")
        for name in ("starts_at", "ends_at"):
            if name in values and time_of(str(values[name])) is None:
                wrong[name] = tr("form.time_wrong")
        if "hours" in values and not str(values["hours"]).isdecimal():
            wrong["hours"] = tr("sessions.hours_wrong")
        if any(not part.isdecimal() for part in names_of(str(values.get("shares", "")))):
            wrong["shares"] = tr("sessions.hours_wrong")
        return wrong

    def _act(self, values: dict[str, object]) -> Callable[[], object]:
        service, row, reason = self._context.services.session_changes, self._session, str(values["reason"])
        if self._verb == "call_off":
            return lambda: service.call_off(row.id, reason)
        if self._verb == "reinstate":
            return lambda: service.reinstate(row.id, reason)
        teachers = names_of(str(values["teachers"]))
        if self._verb == "substitute":
            shares = [int(part) for part in names_of(str(values["shares"]))]
            return lambda: service.substitute(row.id, teachers, reason, shares)
        day, starts, ends = self._times(values)
        if self._verb == "reschedule":
            site = bytes.fromhex(str(values["site_id"] or "")) or None
            changed = teachers if "teachers" in self.changes() else None
            moved = Moved(day, starts, ends, str(values["place"]), site, changed)
            return lambda: service.reschedule(row.id, moved, reason)
        planned = PlannedSession(
            day,
            starts,
            ends,
            int(str(values["hours"])),
            row.content,
            row.mode,
            str(values["place"]),
            teachers,
        )
        people = values.get("people")
        wanted = [bytes.fromhex(key) for key in people] if isinstance(people, list) else None
        return lambda: service.make_up(row.id, planned, reason, wanted)

    def _times(self, values: dict[str, object]) -> tuple[date, time, time]:
        day = parse_day(str(values["held_on"]))
        starts, ends = time_of(str(values["starts_at"])), time_of(str(values["ends_at"]))
        assert day is not None
        assert starts is not None
        assert ends is not None
        return day, starts, ends

    def _on_saved(self) -> None:
        self.begin()
        self.saved.emit(self._session.id)
        self._context.messages.tell(tr(f"session_act.{self._verb}.done", number=self._session.number))

    def _on_refused(self, error: AppError) -> None:
        field = FIELD_OF.get(error.code)
        if field in self.form.fields:
            self.form.show_field_errors({field: describe(error).text})
        else:
            self._context.messages.report(self, error)


def _facts(row: SessionListItem) -> str:
    times = f"{row.starts_at}–{row.ends_at}"
    people = tr("wording.and").join(row.teachers) or tr("sessions.no_teacher")
    return tr(
        "session_act.facts", day=day_text(row.held_on), times=times, content=row.content, teachers=people
    )
