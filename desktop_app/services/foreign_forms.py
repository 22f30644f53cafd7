"""外来表格: forms of bureaus and 评价组织 are learned once, filled in place, and their replies read back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.foreign_forms import Facts, FormRules, read_rules
from desktop_app.domain.ids import named_id
from desktop_app.domain.listings.forms import FormItem
from desktop_app.domain.records import FOREIGN_FORM
from desktop_app.excel.foreign_forms import FormSheet, look_at_form, sheets_like
from desktop_app.excel.form_filling import Blank, Filling, NotOffered, Portion, fill_form
from desktop_app.services import access
from desktop_app.services.classes import find_class
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService
from desktop_app.services.exports import ExportService
from desktop_app.services.form_facts import class_facts, people_facts
from desktop_app.services.form_photos import write_photos
from desktop_app.store.queries import forms
from desktop_app.store.unit_of_work import UnitOfWork

MAX_TEXT = 100


@dataclass(frozen=True, slots=True)
class FilledForm:
    """What came of filling: the files, how many people, who lacks what, what the form's drop-downs do not offer.

    ``photos`` were copied beside the form; ``formulas`` are cells left alone because they compute themselves.
    """

    form: FormItem
    files: tuple[Path, ...]
    people: int
    blanks: tuple[Blank, ...]
    not_offered: tuple[NotOffered, ...]
    formulas: tuple[str, ...]
    photos: int

    def blanks_by_person(self) -> dict[str, tuple[str, ...]]:
        """Return by person ("" is the class) the columns or cells that stayed empty."""
        found: dict[str, list[str]] = {}
        for one in self.blanks:
            found.setdefault(one.person, []).append(one.place)
        return {name: tuple(places) for name, places in found.items()}


class ForeignFormService(Service):
    """Other people's forms."""

    def __init__(self, evidence: EvidenceService) -> None:
        super().__init__(evidence.context)
        self._evidence = evidence

    def items(self) -> list[FormItem]:
        """Return the forms learned by authority, title and version; AppError NOT_PERMITTED."""
        self.context.require("view_classes")
        with self.context.read() as sql:
            return forms.form_items(sql)

    def look(self, path: Path, sheet: str | None = None) -> FormSheet:
        """Look at a form and propose how to fill it; one that was learned is proposed as it was.

        Raises AppError NOT_PERMITTED, WORKBOOK_*, SHEET_NOT_FOUND, HEADER_NOT_FOUND.
        """
        self.context.require("view_classes")
        looked = look_at_form(path, sheet)
        known = [one for one in self.items() if one.signature == looked.signature]
        if not known:
            return looked
        return FormSheet(looked.name, looked.signature, looked.headings, known[-1].rules)

    @command("learn_form")
    def learn(
        self, work: UnitOfWork, looked: FormSheet, authority: str, title: str, version: str, rules: FormRules
    ) -> bytes:
        """Keep how a form is filled; the same authority, title and version again replaces it. Return its key.

        Raises AppError FORM_UNNAMED, FORM_TEXT_LONG (limit), FORM_RULES_INVALID (place).
        """
        names = [text.strip() for text in (authority, title, version)]
        if not all(names[:2]):
            raise AppError("FORM_UNNAMED")
        if any(len(text) > MAX_TEXT for text in names):
            raise AppError("FORM_TEXT_LONG", limit=MAX_TEXT)
        read_rules(rules.to_json())
        key = named_id("foreign_form", *names)
        fields: dict[str, object] = {
            "authority": names[0], "title": names[1], "version": names[2],
            "signature": looked.signature, "rules": [rules.to_json()], "withdrawn": 0,
        }  # fmt: skip
        work.put(FOREIGN_FORM, key, fields)
        return key

    @command("forget_form")
    def forget(self, work: UnitOfWork, key: bytes) -> None:
        """Offer a form no longer; AppError FORM_UNKNOWN."""
        if work.fields(FOREIGN_FORM, key) is None:
            raise AppError("FORM_UNKNOWN")
        work.put(FOREIGN_FORM, key, {"withdrawn": 1})

    def recognise(self, path: Path, key: bytes | None = None) -> tuple[FormItem, list[FormSheet]]:
        """Return the form that a file is, by its headings, and its sheets.

        Raises AppError FORM_UNKNOWN, FORM_OTHER, WORKBOOK_*.
        """
        found = [one for one in self.items() if key is None or one.id == key]
        for form in reversed(found):
            sheets = sheets_like(path, form.signature)
            if sheets:
                return form, sheets
        raise AppError("FORM_UNKNOWN" if key is None or not found else "FORM_OTHER", file=path.name)

    def fill(
        self,
        path: Path,
        class_codes: Sequence[str],
        target: Path,
        *,
        key: bytes | None = None,
        purpose: str = "",
    ) -> FilledForm:
        """Fill a form with the people of one or more classes, whole numbers included, which is recorded.

        What does not fit goes into further files: ``target`` with -2, -3. A form that was learned is known by its
        headings. Raises AppError NOT_PERMITTED, CLASS_UNKNOWN, NOT_YOUR_CLASS, CLASS_EMPTY, FORM_UNKNOWN, FORM_OTHER,
        FORM_NOT_XLSX, FORM_NO_ROOM, TARGET_NOT_WRITABLE, WORKBOOK_*.
        """
        actor = self.context.require("export_unmasked")
        self.context.require("view_trainees")
        form, sheets = self.recognise(path, key)
        classes = self._classes(class_codes, actor.user.display)
        count = sum(len(people) for _key, _facts, people in classes)
        if not count:
            raise AppError("CLASS_EMPTY", class_code="、".join(class_codes))
        portions = _portions(form.rules, [sheet.name for sheet in sheets], classes)
        reason = purpose.strip() or resources.text("purpose.form", authority=form.authority, title=form.title)
        for class_id, _facts, _people in classes:
            ExportService(self.context).export_unmasked(class_id, reason)
        files, done = list[Path](), list[Filling]()
        for number, portion in enumerate(portions, start=1):
            file = target if number == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")
            done.append(fill_form(path, file, form.rules, portion))
            files.append(file)
        return FilledForm(
            form=form,
            files=tuple(files),
            people=count,
            blanks=tuple(one for part in done for one in part.blanks),
            not_offered=tuple(one for part in done for one in part.not_offered),
            formulas=tuple(one for part in done for one in part.formulas),
            photos=write_photos(self._evidence, form.rules, classes, target),
        )

    def _classes(self, codes: Sequence[str], filled_by: str) -> list[ClassPeople]:
        actor, today = self.context.require_actor(), self.context.today()
        found: list[ClassPeople] = []
        number = 0
        with self.context.read() as sql:
            for code in codes:
                class_id = find_class(sql, code)
                access.require_class(sql, actor, class_id)
                facts = class_facts(sql, class_id, today, filled_by)
                people = []
                for trainee_id, person in people_facts(sql, class_id, today):
                    number += 1
                    people.append((trainee_id, {**facts, **person, "number": number}))
                found.append((class_id, facts, people))
        return found


ClassPeople = tuple[bytes, Facts, Sequence[tuple[bytes, Facts]]]
"""A class with what is said of it, and its people with what is said of them."""


def _portions(rules: FormRules, sheets: Sequence[str], classes: Sequence[ClassPeople]) -> list[list[Portion]]:
    """Return by file what goes onto which sheet; AppError FORM_NO_ROOM."""
    room = rules.room
    if room == 0:
        raise AppError("FORM_NO_ROOM")
    if rules.per_class:
        return list(_by_class(room, sheets, classes))
    people = [facts for _class, _of_class, members in classes for _key, facts in members]
    parts = _parts(people, room)
    return [
        [Portion(rules.sheet if rules.sheet in sheets else sheets[0], classes[0][1], part)] for part in parts
    ]


def _by_class(
    room: int | None, sheets: Sequence[str], classes: Sequence[ClassPeople]
) -> Iterator[list[Portion]]:
    """Yield files in which every class has a sheet: the one that names it, else the next free one."""
    file: list[Portion] = []
    free = list(sheets)
    for _class, of_class, members in classes:
        people = [{**facts, "number": place} for place, (_key, facts) in enumerate(members, start=1)]
        for part in _parts(people, room):
            if not free:
                yield file
                file, free = [], list(sheets)
            named = [sheet for sheet in free if str(of_class["class_code"]) in sheet]
            file.append(Portion((named or free)[0], of_class, part))
            free.remove(file[-1].sheet)
    yield file


def _parts(people: Sequence[Facts], room: int | None) -> list[tuple[Facts, ...]]:
    size = room or max(len(people), 1)
    return [tuple(people[at : at + size]) for at in range(0, len(people), size)]
