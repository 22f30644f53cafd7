"""学员登记表: a page for each person, the photo at the upper right, 一寸 (25 × 35 mm)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import PaperResult, RosterLine
from desktop_app.domain.papers.registrations import RegisteredPerson, Registrations
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import Section, build_paper, class_meta
from desktop_app.papers.tables import Cells, Table
from desktop_app.papers.typesetting import Typesetter

_COLUMNS = (
    Column("", least=84, stretch=0),
    Column("", align="left", least=150),
    Column("", least=84, stretch=0),
    Column("", align="left", least=110),
)
_NOBODY = RegisteredPerson(RosterLine(0, "", ""))


def build(out: BinaryIO, content: Registrations) -> PaperResult:
    """Write the pages as PDF, A4 portrait; a class without people gives one form to be filled by hand."""
    pages = [_page(content, one) for one in content.people or (_NOBODY,)]
    return build_paper(out, content, pages, Typesetter(), landscape=False)


def _page(content: Registrations, person: RegisteredPerson) -> Section:
    return Section(
        title=resources.text("papers.title.registration"),
        meta=class_meta(content.head),
        table=Table(_COLUMNS, _rows(person.line), row_height=30, row_least=22, size=10.5, headless=True),
        notes=(resources.text("papers.registration.declared"),),
        signatures=(resources.text("papers.sign.trainee"), resources.text("papers.sign.preparer")),
        photo=person.photo,
    )


def _rows(line: RosterLine) -> tuple[Cells, ...]:
    pairs = (
        (("name", line.name), ("sex", line.sex)),
        (("document_number", line.document_number), ("ethnicity", line.ethnicity)),
        (("phone", line.phone), ("age", "" if line.age is None else str(line.age))),
        (("category", line.category), ("education", line.education)),
        (("key_group", line.key_group), ("household", line.household)),
        (("student_number", line.student_number), ("major", line.major)),
        (("employer", line.employer), ("post", line.post)),
    )
    rows: list[Cells] = [(_word(one), value, _word(other), second) for (one, value), (other, second) in pairs]
    rows += [(_word("address"), line.address, None, None), (_word("evidence"), line.evidence, None, None)]
    return tuple(rows)


def _word(name: str) -> str:
    return resources.text(f"papers.registration.{name}")
