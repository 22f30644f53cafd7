"""外来表格: office and administrators keep how they are filled; the office reads replies back."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from desktop_app.domain.ids import named_id
from desktop_app.domain.records import SCORE
from desktop_app.services.container import Services
from desktop_app.services.form_replies import OwnPart
from tests.factories.offices import Office

NAMES = ("区人社局", "培训人员名册", "2020")
KEY = named_id("foreign_form", *NAMES)

EXPECTED = {"learn_form": "office admin", "forget_form": "office admin", "import_form_reply": "office"}
NOTHING_THERE = {"forget_form": {"FORM_UNKNOWN"}}


def blank_form(path: Path) -> Path:
    """Write a form of three columns."""
    book = openpyxl.Workbook()
    for row in (["培训人员名册"], ["序号", "姓名", "身份证号", "准考证号"]):
        book.worksheets[0].append(row)
    book.save(path)
    return path


def _learn(services: Services, office: Office) -> object:
    looked = services.foreign_forms.look(blank_form(office.profile.files.folder / "form.xlsx"))
    return services.foreign_forms.learn(looked, *NAMES, looked.rules)


def _reply(services: Services, office: Office) -> object:
    ticket = (SCORE, office.assessment_id + office.people[0], {"ticket": "4201"})
    return services.form_replies._write(OwnPart(office.class_id, (), (), (ticket,)), "回执.xlsx")


ATTEMPTS = {
    "learn_form": _learn,
    "forget_form": lambda s, _: s.foreign_forms.forget(KEY),
    "import_form_reply": _reply,
}


def _forget(services: Services, office: Office) -> object:
    _learn(services, office)
    return lambda: services.foreign_forms.forget(KEY)


PREPARED = {"forget_form": _forget}
