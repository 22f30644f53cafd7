"""The form of a draft: the nine fields of the catalogue, survey and plan, what is missing, and its submission."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QPlainTextEdit, QPushButton, QVBoxLayout

from desktop_app.domain import codes, projects
from desktop_app.domain.errors import AppError, FieldErrors
from desktop_app.domain.listings.projects import ProjectDetails
from desktop_app.domain.money import format_fen, parse_fen
from desktop_app.domain.projects import Level
from desktop_app.services.evidence import Owner, Paper
from desktop_app.services.evidence_intake import read_file
from ui.i18n import tr
from ui.messages import show_field_errors
from ui.navigation import PageContext
from ui.pages.projects.facts_panel import add_history, add_standings
from ui.widgets.form_field import FormField
from ui.widgets.form_panel import FormPanel, choice_box, text_line
from ui.widgets.labels import button, label, restyle

AUDIENCES = ("student", "key_group", "employee")
WORDS = ("name", "trade", "organisation", "form", "content", "schedule", "institution", "enterprise")
MONEY = ("fee_fen", "subsidy_fen")
FILES = {"survey_files": "survey", "minutes_files": "project_plan"}
FIELD_OF = {"PROJECT_CODE_MISSING": "code", "PROJECT_CODE_TAKEN": "code"}


class DraftPanel(FormPanel):
    """New where ``present`` is None; ``done`` says what was saved or submitted, ``created`` which draft is new."""

    done = Signal(str)
    created = Signal(bytes)

    def __init__(self, context: PageContext, present: ProjectDetails | None) -> None:
        super().__init__()
        self._context = context
        self._present = present
        self._picked: dict[str, list[Path]] = {name: [] for name in FILES}
        self._file_buttons: dict[str, QPushButton] = {}
        self._missing = label("", "secondary", wrap=True)
        self.column.insertWidget(0, self._missing)
        self._build()
        if present is None:
            self.begin()
        else:
            self.load(_shown(present))
            if present.submission:
                standings = QVBoxLayout()  # above the form: why it came back is what is to be mended
                standings.setSpacing(4)
                add_standings(standings, present)
                self.column.insertLayout(0, standings)
            add_history(self.column, present)
        self.changed.connect(lambda _changed: self._say_missing())
        self._say_missing()

    def _build(self) -> None:
        form = self.form
        if self._present is None:
            form.add("code", FormField(tr("projects.code"), text_line("JC-2020-01", limit=40), required=True))
        form.add("name", FormField(tr("projects.name"), text_line(limit=100), required=True))
        form.add_heading(tr("projects.audience"))
        form.add_row({code: FormField("", QCheckBox(tr(f"projects.audience.{code}"))) for code in AUDIENCES})
        levels = [(entry.code, entry.name) for entry in codes.table("levels").entries]
        form.add_row(
            {
                "trade": FormField(tr("project_field.trade"), text_line(limit=50)),
                "level": FormField(
                    tr("project_field.level"), choice_box(levels, empty=tr("projects.choose"))
                ),
            }
        )
        form.add("organisation", FormField(tr("projects.organisation"), text_line(limit=100)))
        if self._present is not None:
            form.add("institution", FormField(tr("projects.institution"), text_line(limit=100)))
        form.add("content", FormField(tr("projects.content"), QPlainTextEdit()))
        form.fields["content"].editor.setFixedHeight(72)
        form.add_row(
            {
                "form": FormField(tr("projects.form"), text_line(limit=100)),
                "hours": FormField(tr("project_field.hours"), text_line(limit=4)),
            }
        )
        form.add("schedule", FormField(tr("projects.schedule"), text_line(limit=200)))
        form.add_row({name: FormField(tr(f"projects.{name}"), text_line("0.00", limit=16)) for name in MONEY})
        form.add_heading(tr("projects.grounding"))
        form.add("enterprise", FormField(tr("projects.enterprise"), text_line(limit=200)))
        form.add_row(
            {
                "planned_on": FormField(tr("projects.planned_on"), text_line("2020-10-08", limit=10)),
                "signed": FormField("", QCheckBox(tr("projects.signed"))),
            }
        )
        if self._present is not None:
            for name in FILES:
                self._add_files(name)

    def _add_files(self, name: str) -> None:
        made = button("", "link")
        made.clicked.connect(lambda: self.pick(name, self._ask_files()))
        self._file_buttons[name] = made
        self.column.addWidget(made)
        self._say_files(name)

    def _ask_files(self) -> list[Path]:
        kinds = tr("projects.file_kinds")
        chosen, _kind = QFileDialog.getOpenFileNames(
            self, tr("projects.choose_files"), str(Path.home()), kinds
        )
        return [Path(name) for name in chosen]

    def pick(self, name: str, files: list[Path]) -> None:
        """Put files to those of the survey or of the plan; they are kept when the draft is saved."""
        self._picked[name] += files
        self._say_files(name)
        self._say_missing()
        if files and self.save_button is not None:
            self.save_button.setEnabled(True)

    def _say_files(self, name: str) -> None:
        count = self._files(name)
        self._file_buttons[name].setText(tr(f"projects.{name}", count=count))

    def _files(self, name: str) -> int:
        stored = getattr(self._present, name) if self._present is not None else ()
        return len(stored) + len(self._picked[name])

    def foot(self) -> list[QPushButton]:
        """Return the buttons of the panel's foot."""
        if self._present is None:
            return [self.make_save_button(tr("projects.create"))]
        self._level = choice_box(
            [(int(level), tr("projects.up_to", level=_level_text(level))) for level in Level]
        )
        self.column.insertWidget(self.column.count(), self._level)
        submit = button(tr("projects.submit"))
        submit.clicked.connect(self.submit)
        return [submit, self.make_save_button()]

    def _say_missing(self) -> None:
        """Name what the submission still lacks, as typed now."""
        values = self.form.values()
        fields = {name: values.get(name) or None for name in (*WORDS, "level", "hours", *MONEY)}
        if self._present is None:
            fields["institution"] = "·"
        fields["audience"] = ",".join(code for code in AUDIENCES if values[code]) or None
        ground = projects.Grounding(
            survey=self._files("survey_files"),
            organisation=str(values["organisation"]),
            enterprise=str(values["enterprise"]),
            planned_on=date.min if values["planned_on"] else None,
            minutes=self._files("minutes_files"),
            signed=bool(values["signed"]),
        )
        found = [*projects.check_catalogue(fields, ""), *projects.check_grounding(ground, "")]
        words = [tr(str(one.error.params.get("field") or one.error.params["part"])) for one in found]
        self._missing.setText(
            tr("projects.missing", fields="、".join(words)) if words else tr("projects.complete")
        )
        restyle(self._missing, tone="waiting" if words else "done")

    def save(self) -> None:
        self._save(self._say_saved)

    def _say_saved(self, project_id: bytes) -> None:
        self.done.emit(tr("projects.saved"))
        if self._present is None:
            self.created.emit(project_id)

    def submit(self) -> None:
        """Save what is typed, then submit up to the level chosen."""
        level = Level(int(self._level.currentData()))
        self._save(lambda project_id: self._submit(project_id, level))

    def _submit(self, project_id: bytes, level: Level) -> None:
        service = self._context.services.projects
        self._context.tasks.command(
            self,
            lambda: service.submit_project(project_id, level),
            lambda path: self.done.emit(tr("projects.submitted_to", count=len(path))),
            self._on_refused,
        )

    def _save(self, then: Callable[[bytes], None]) -> None:
        try:
            fields = self._typed()
        except FieldErrors as wrong:
            show_field_errors(self.form, wrong)
            return
        services, present = self._context.services, self._present
        code, picked = str(self.form.values().get("code", "")), {**self._picked}

        def run() -> bytes:
            if present is None:
                name = str(fields.pop("name", "") or "")
                return bytes(services.projects.create_project(code, name, fields))
            key = present.item.id
            for name, files in picked.items():
                if files:
                    owner, paper = Owner("project", key), Paper(FILES[name])
                    kept = [
                        services.evidence.add(owner, paper, read_file(one), one.name).hex() for one in files
                    ]
                    fields[name] = [*getattr(present, name), *kept]
            if fields:
                services.projects.edit_project(key, fields)
            return key

        self._context.tasks.command(self, run, lambda key: self._on_saved(key, then), self._on_refused)

    def _typed(self) -> dict[str, Any]:
        """Return the fields that were changed, as the service takes them; FieldErrors."""
        values, changes = self.form.values(), self.changes()
        fields: dict[str, Any] = {
            name: changes[name] for name in (*WORDS, "level", "signed") if name in changes
        }
        wrong: dict[str, AppError] = {}
        if changes.keys() & set(AUDIENCES):
            fields["audience"] = ",".join(code for code in AUDIENCES if values[code])
        for name in ("hours", *MONEY, "planned_on"):
            if name in changes:
                try:
                    fields[name] = _read(name, str(changes[name]).strip())
                except AppError as error:
                    wrong[name] = error
        if wrong:
            raise FieldErrors(wrong)
        return fields

    def _on_saved(self, project_id: bytes, then: Callable[[bytes], None]) -> None:
        self.begin()
        self._picked = {name: [] for name in FILES}
        then(project_id)

    def _on_refused(self, error: AppError) -> None:
        if isinstance(error, FieldErrors):
            show_field_errors(self.form, error)
        elif error.code in FIELD_OF and FIELD_OF[error.code] in self.form.fields:
            show_field_errors(self.form, FieldErrors({FIELD_OF[error.code]: error}))
        else:
            self._context.messages.report(self, error)


def _level_text(level: Level) -> str:
    return tr(f"project_level.{level.name.lower()}")


def _read(name: str, text: str) -> object:
    if not text:
        return None
    if name in MONEY:
        fen = parse_fen(text)
        if fen < 0:
            raise AppError("PROJECT_MONEY_NEGATIVE", field=tr(f"projects.{name}"))
        return fen
    if name == "hours":
        if not text.isdecimal():
            raise AppError("NUMBER_WANTED", field=tr("project_field.hours"), value=text[:20])
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AppError("DATE_UNREADABLE", value=text) from None


def _shown(present: ProjectDetails) -> dict[str, Any]:
    item, ground = present.item, present.grounding
    return {
        "name": item.name or "",
        **{code: code in present.audiences for code in AUDIENCES},
        "trade": item.trade or "",
        "level": item.level or "",
        "organisation": item.organisation or "",
        "institution": present.institution or "",
        "content": item.content or "",
        "form": item.form or "",
        "hours": "" if item.hours is None else str(item.hours),
        "schedule": present.schedule or "",
        "fee_fen": "" if item.fee_fen is None else format_fen(item.fee_fen),
        "subsidy_fen": "" if item.subsidy_fen is None else format_fen(item.subsidy_fen),
        "enterprise": ground.enterprise,
        "planned_on": "" if ground.planned_on is None else ground.planned_on.isoformat(),
        "signed": ground.signed,
    }
