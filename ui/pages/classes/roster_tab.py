"""花名册: the members of a class, and what their enrolment says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from desktop_app.domain import codes
from desktop_app.domain.enrolment import Period
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import kind_name, personal_kinds
from desktop_app.domain.life_cycles import ENROLMENT
from desktop_app.domain.listings.training import ClassListItem, MemberListItem
from desktop_app.domain.listings.work_list import DIFFERENT
from desktop_app.domain.pinyin import initials
from desktop_app.domain.trainees import parse_birth as parse_day
from desktop_app.services.qualification import StatedGroups
from ui.dialogs.ask import ask_reason
from ui.i18n import tr
from ui.messages import describe
from ui.navigation import PageContext
from ui.pages.classes.class_acts import MovePanel
from ui.pages.classes.enrolment_panels import StepPanel
from ui.pages.classes.group_panel import GroupPanel
from ui.pages.classes.table_model import member_table_model
from ui.pasted_file import import_pasted
from ui.reported_tab import RecordKey, ReportedTab, ReportMarks
from ui.widgets.data_table import RowAction
from ui.widgets.empty_state import EmptyState
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label
from ui.wording import NOTHING, education_text, sex_text, span_text

UNASKED = frozenset({"admit", "complete"})
"""Steps that need no reason."""
REASONS = {
    "waitlist": ("full", "unfit", "declined"),
    "reject": ("full", "unfit", "declined"),
    "fail": ("attendance", "failed"),
    "reopen": ("mistaken",),
}


class RosterTab(ReportedTab[MemberListItem]):
    """``open(trainee_id=…)`` opens one member."""

    def __init__(self, context: PageContext, class_id: bytes) -> None:
        self._class_id = class_id
        may_part = context.services.context.may("link_people")
        actions: list[RowAction[MemberListItem]] = [
            RowAction("members.open", lambda rows: self.open_row(rows[0]), "pencil", many=False),
            RowAction(
                "members.person",
                lambda rows: self._open_person(rows[0]),
                "user",
                many=False,
                only_fitting=True,
            ),
            RowAction(
                "one_person.part",
                self._part,
                "x",
                many=False,
                only_fitting=True,
                allowed=lambda rows: may_part and bool(rows[0].twins),
            ),
            RowAction("members.groups", lambda rows: self.open_groups(rows[0]), "users", many=False),
        ]
        if context.services.context.may("choose_group"):
            actions.append(
                RowAction("members.choose_stated", self.choose_stated, "users", allowed=_without_group)
            )
        if context.services.context.may("admit_trainee"):
            actions += self._steps()
        if context.services.context.may("move_people"):
            actions.append(RowAction("acts.split.menu", self.begin_move, "users"))
        may_import = bool(context.services.context.may("import_roster"))
        empty = EmptyState(
            tr("members.empty"),
            tr("members.empty_detail"),
            tr("members.import") if may_import else "",
            "users",
        )
        marks = ReportMarks(self._records_of)
        super().__init__(
            context,
            "members",
            member_table_model(context.services.context.today(), marks),
            marks,
            class_id,
            ("roster",),
            placeholder=tr("members.search"),
            empty=empty,
            actions=actions,
            count_key="trainees.count",
            kinds={"trainee", "enrolment", "person_link"},
        )
        empty.acted.connect(lambda: context.navigate("imports", class_id=class_id))
        self.table.view.pasted.connect(lambda: import_pasted(context, class_id))
        self.hints = [("Enter", tr("hint_key.open")), ("Esc", tr("hint_key.close"))]

    def open(self, trainee_id: bytes | None = None) -> None:
        """Open one member in the panel."""
        self.open_where(lambda row: row.trainee_id == trainee_id)

    def _records_of(self, row: MemberListItem) -> Iterable[RecordKey]:
        return ("trainee", row.trainee_id), ("enrolment", self._class_id + row.trainee_id)

    def fetcher(self) -> Callable[[], Sequence[MemberListItem]]:
        service, class_id = self.context.services.enrolment, self._class_id
        return lambda: service.roster(class_id)

    def person_of(self, row: MemberListItem) -> bytes:
        return row.trainee_id

    def words_of(self, row: MemberListItem) -> Iterable[str]:
        return (row.name, *initials(row.name), row.employer or "", row.major or "")

    def row_panel_key(self, row: MemberListItem) -> str:
        return row.trainee_id.hex()

    def open_row(self, row: MemberListItem) -> None:
        key = row.trainee_id.hex()
        content = MemberPanel(self.context, row)
        content.saved.connect(lambda: self._on_saved(key))
        content.person_asked.connect(lambda: self._open_person(row))
        self.panel.open_panel(key, row.name, content, content.foot())

    def open_groups(self, row: MemberListItem) -> None:
        """Open what a member's enrolment is funded as."""
        content = GroupPanel(self.context, row)
        content.saved.connect(lambda what: self.context.messages.tell(tr(f"group.{what}_saved")))
        self.panel.open_panel(f"groups {row.trainee_id.hex()}", row.name, content, content.foot())

    def choose_stated(self, rows: Sequence[MemberListItem]) -> None:
        """Choose for the marked people the group that their roster states; say who was left out, and why."""
        service, people = self.context.services.qualification, [row.trainee_id for row in rows]
        self.context.tasks.command(
            self, lambda: service.choose_stated(self._class_id, people), self._on_stated
        )

    def _on_stated(self, done: StatedGroups) -> None:
        self.context.messages.tell(tr("members.stated", count=done.chosen, left=len(done.left)))
        if done.left:
            name, error = done.left[0]
            told = describe(error)
            text = tr("members.stated_left", count=len(done.left), name=name, reason=told.text)
            self.context.messages.warn(text, told.hint)

    def begin_move(self, rows: Sequence[MemberListItem]) -> None:
        """Open the form of 拆班 for the chosen members."""
        chosen = [row.trainee_id for row in rows]
        get_class, class_id = self.context.services.classes.get_class, self._class_id

        def show(item: ClassListItem) -> None:
            content = MovePanel(self.context, item, chosen)
            content.done.connect(self._on_moved)
            title = tr("acts.move.title", code=item.code)
            self.panel.open_panel("move", title, content, content.foot())

        self.context.tasks.query(self, lambda: get_class(class_id), show)

    def _on_moved(self, said: str) -> None:
        self.panel.close_panel()
        self.context.messages.tell(said)

    def open_step(self, verb: str, row: MemberListItem) -> None:
        """Open the form of 退训, 转班 or a return."""
        content = StepPanel(self.context, verb, row)
        content.done.connect(self._on_step)
        title = tr(f"step.{verb}.title", name=row.name)
        self.panel.open_panel(f"{verb} {row.trainee_id.hex()}", title, content, content.foot())

    def decide(self, verb: str, rows: Sequence[MemberListItem]) -> None:
        """录取, 候补, 不录取, 结业 or 未结业 the chosen people, or take 结业 back; most ask for a reason."""
        count = len(rows)
        reason: str | None = ""
        if verb not in UNASKED:
            words = [tr(f"step.reason_{word}") for word in REASONS[verb]]
            act = tr(f"step.{verb}.act")
            reason = ask_reason(self.window(), tr(f"step.{verb}.question", count=count), "", act, words)
        if reason is None:
            return
        service, class_id, people = (
            self.context.services.enrolment,
            self._class_id,
            [row.trainee_id for row in rows],
        )
        why = reason

        def run() -> int:
            if verb == "admit":
                return int(service.admit(class_id, people))
            calls = {
                "waitlist": service.waitlist,
                "reject": service.reject,
                "complete": service.complete,
                "fail": service.fail,
                "reopen": service.reopen,
            }
            return int(calls[verb](class_id, people, why))

        self.context.tasks.command(
            self,
            run,
            lambda _count: self._on_step(verb),
            lambda error: self.context.messages.report(self, error),
        )

    def _steps(self) -> list[RowAction[MemberListItem]]:
        """Return the actions along the life of 报名, each where its arrow begins."""
        many = [
            ("admit", "check"),
            ("waitlist", "clock"),
            ("reject", "x"),
            ("complete", "check"),
            ("fail", "x"),
            ("reopen", "undo-2"),
        ]
        one = [("withdraw", "log-out"), ("transfer", "chevron-right"), ("return", "undo-2")]
        decisions = [
            RowAction(f"step.{verb}.act", partial(self.decide, verb), icon, danger=verb in {"reject", "fail"},
                      only_fitting=True, allowed=partial(can_all, verb))
            for verb, icon in many
        ]  # fmt: skip
        return decisions + [
            RowAction(f"step.{verb}.menu", partial(self._open_first, verb), icon, many=False, danger=verb == "withdraw",
                      only_fitting=True, allowed=partial(can_all, verb))
            for verb, icon in one
        ]  # fmt: skip

    def _open_first(self, verb: str, rows: Sequence[MemberListItem]) -> None:
        self.open_step(verb, rows[0])

    def _on_step(self, verb: str) -> None:
        self.panel.close_panel()
        self.context.messages.tell(tr(f"step.{verb}.done"))

    def _part(self, rows: Sequence[MemberListItem]) -> None:
        """Say that the records read as one are of different people; the work list can join them again."""
        row, service = rows[0], self.context.services.work_list

        def run() -> None:
            for twin in row.twins:
                service.decide(row.trainee_id, twin, DIFFERENT)

        self.context.tasks.command(
            self, run, lambda _done: self.context.messages.tell(tr("one_person.parted", name=row.name))
        )

    def _open_person(self, row: MemberListItem) -> None:
        self.context.navigate("trainees", trainee_id=row.trainee_id)

    def _on_saved(self, key: str) -> None:
        self.panel.forget_draft(key)
        self.context.messages.tell(tr("members.saved"))


def _without_group(rows: Sequence[MemberListItem]) -> bool:
    return any(row.chosen_group is None for row in rows)


def can_all(verb: str, rows: Iterable[MemberListItem]) -> bool:
    """Tell whether an arrow of 报名 begins in the state of every row."""
    return all(verb in ENROLMENT.verbs(row.state) for row in rows)


class MemberPanel(FormPanel):
    """What an enrolment says; the person's own fields are changed on the person's page."""

    saved = Signal()
    person_asked = Signal()

    def __init__(self, context: PageContext, member: MemberListItem) -> None:
        super().__init__()
        self._context = context
        self._member = member
        age = education_text(member.education, member.studying)
        about = " · ".join(part for part in (sex_text(member.sex), member.document_number, age) if part)
        self.column.insertWidget(0, label(about, "facts", wrap=True))
        if member.twins:
            records = tr("one_person.records", count=1 + len(member.twins))
            self.column.insertWidget(1, label(records, "secondary", wrap=True))
        link = button(tr("members.person"), "link")
        link.clicked.connect(self.person_asked)
        self.column.insertWidget(1, link)
        categories = [(entry.code, entry.name) for entry in codes.table("categories").entries]
        groups = [(entry.code, entry.name) for entry in codes.table("key_groups").entries]
        kinds = [(code, kind_name(code)) for code in personal_kinds()]
        self._row(category=choice_box(categories, empty=NOTHING), key_group=choice_box(groups, empty=NOTHING))
        self._row(evidence_kind=choice_box(kinds, empty=NOTHING), evidence_number=text_line(limit=100))
        self._row(employer=text_line(limit=100), employer_uscc=text_line(limit=18))
        day = text_line(tr("form.day_example"), limit=12)
        self._row(post=text_line(limit=100), enrolled_on=day)
        self._row(student_number=text_line(limit=100), major=text_line(limit=100))
        periods = tr("wording.and").join(period_text(period) for period in member.periods)
        if member.periods:
            self.column.addWidget(label(tr("members.periods", periods=periods), "secondary", wrap=True))
        if member.carried_hours:
            carried = tr("members.carried", hours=member.carried_hours)
            self.column.addWidget(label(carried, "secondary", wrap=True))
        if member.decision_reason:
            why = tr(
                "members.decided", state=tr(f"state.enrolment.{member.state}"), reason=member.decision_reason
            )
            self.column.addWidget(label(why, "secondary", wrap=True))
        shown = {name: getattr(member, name) or "" for name in self.form.fields}
        self.load(shown | {"enrolled_on": member.enrolled_on.isoformat() if member.enrolled_on else ""})
        self._may_edit = bool(context.services.context.may("enrol_trainee"))
        if not self._may_edit:
            self.set_read_only()

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        return [self.make_save_button()] if self._may_edit else []

    def _row(self, **editors: QWidget) -> None:
        self.form.add_row(
            {name: FormField(tr(f"members.field.{name}"), editor) for name, editor in editors.items()}
        )

    def save(self) -> None:
        changes: dict[str, object] = {name: value or None for name, value in self.changes().items()}
        if "enrolled_on" in changes:
            changes["enrolled_on"] = day = parse_day(str(changes["enrolled_on"] or ""))
            if day is None:
                self.form.show_field_errors({"enrolled_on": tr("form.day_wrong")})
                return
        service, member = self._context.services.trainees, self._member
        self._context.tasks.command(
            self,
            lambda: service.edit_enrolment(member.class_id, member.trainee_id, changes),
            lambda _nothing: self._on_saved(),
            self._on_refused,
        )

    def _on_saved(self) -> None:
        self.begin()
        self.saved.emit()

    def _on_refused(self, error: AppError) -> None:
        if error.code.startswith("USCC_"):
            self.form.show_field_errors({"employer_uscc": describe(error).text})
        else:
            self._context.messages.report(self, error)


def period_text(period: Period) -> str:
    """Return 2020-11-05 起, or both days of a period that is over."""
    if period.last is None:
        return tr("wording.since", first=period.first.isoformat())
    return span_text(period.first, period.last)
