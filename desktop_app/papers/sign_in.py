"""签到表: one half day, blank for signing by hand; rows ≥ 8 mm, five spare rows.

Few people stand in one block with wide places; more stand in two blocks side by side, 50 and the spare rows on one A4.
"""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import PaperHead, PaperResult, SignIn, SignInSheet, day_text, distinct_names
from desktop_app.papers.columns import Column
from desktop_app.papers.layout import MM, PageFrame, Section, build_paper, columns
from desktop_app.papers.tables import Cells, Table, lay_out
from desktop_app.papers.typesetting import Typesetter

SPARE_ROWS = 5
ROW_HEIGHT = 8 * MM
_NUMBER = ("number", Column("", tabular=True, least=24, stretch=0))
_BLOCK = (
    _NUMBER,
    ("name", Column("", least=58, most=80, stretch=0)),
    ("signed_in", Column("", least=60)),
    ("signed_out", Column("", least=60)),
)
_WIDE = (
    _NUMBER,
    ("name", Column("", least=80, most=150, stretch=0)),
    ("signed_in", Column("", least=110)),
    ("signed_out", Column("", least=110)),
    ("note", Column("", least=60, stretch=0.3)),
)
_Person = tuple[str, str]


def build(out: BinaryIO, content: SignIn) -> PaperResult:
    """Write the 签到表 of every sheet as PDF, A4 portrait, each sheet on pages of its own."""
    setter = Typesetter()
    frame = PageFrame(setter, landscape=False)
    sections = [section for sheet in content.sheets for section in _sections(frame, content.head, sheet)]
    return build_paper(out, content, sections or [_no_sheet(content.head)], setter, landscape=False)


def _sections(frame: PageFrame, head: PaperHead, sheet: SignInSheet) -> list[Section]:
    names = distinct_names(sheet.people)
    people: list[_Person] = [(str(one.number), name) for one, name in zip(sheet.people, names, strict=True)]
    people += [("", "")] * SPARE_ROWS
    meta = _meta(head, sheet)
    number = sheet.session.number
    single = _section(meta, number, _table(_WIDE, tuple((*one, "", "", "") for one in people)))
    if _fits(frame, single):
        return [single]
    sections = []
    while people:
        rows = -(-len(people) // 2)
        while rows > 1 and not _fits(frame, _section(meta, number, _two_blocks(people, rows))):
            rows -= 1
        sections.append(_section(meta, number, _two_blocks(people, rows)))
        people = people[2 * rows :]
    return sections


def _table(keys: tuple[tuple[str, Column], ...], rows: tuple[Cells, ...]) -> Table:
    return Table(columns(keys), rows, row_height=ROW_HEIGHT, size=10)


def _two_blocks(people: list[_Person], rows: int) -> Table:
    left, right = people[:rows], people[rows : 2 * rows]
    right += [("", "")] * (rows - len(right))
    cells: tuple[Cells, ...] = tuple((*a, "", "", *b, "", "") for a, b in zip(left, right, strict=False))
    return _table((*_BLOCK, *_BLOCK), cells)


def _fits(frame: PageFrame, section: Section) -> bool:
    if ROW_HEIGHT * len(section.table.rows) > frame.first_room(section):
        return False
    layout = lay_out(frame.setter, section.table, frame.room).spread(ROW_HEIGHT)
    height = layout.head_height + sum(row.height for row in layout.body)
    return height + frame.closing_height(section) <= frame.first_room(section)


def _section(meta: tuple[str, ...], session: int | None, table: Table) -> Section:
    return Section(
        title=resources.text("papers.title.sign-in"),
        meta=meta,
        table=table,
        signatures=(
            resources.text("papers.sign.teacher"),
            resources.text("papers.sign.adviser"),
            resources.text("papers.sign.counted"),
        ),
        stamp=False,
        session=session,
    )


def _meta(head: PaperHead, sheet: SignInSheet) -> tuple[str, ...]:
    session = sheet.session
    moment = resources.text(
        "papers.session_time",
        number=session.number,
        day=day_text(session),
        start=session.start,
        end=session.end,
    )
    named = (
        ("institution_stamp", head.institution),
        ("class", "　".join(part for part in (head.class_code, head.class_name) if part)),
        ("session", moment),
        ("place", session.place),
        ("content", session.content),
    )
    phrases = [resources.text(f"papers.meta.{key}", value=value) for key, value in named if value]
    who = [resources.text("papers.meta.teacher", value=session.teacher)] if session.teacher else []
    who.append(resources.text("papers.meta.due", count=len(sheet.people)))
    return (*phrases, "　".join(who))


def _no_sheet(head: PaperHead) -> Section:
    meta = (resources.text("papers.meta.institution_stamp", value=head.institution),)
    return _section(meta, None, _table(_WIDE, ()))
