"""退训/转班单: a page for each person who left a class (requirements §4, 报名)."""

from __future__ import annotations

from typing import BinaryIO

import resources
from desktop_app.domain.papers import Departure, DepartureSlips, PaperResult, departure_rows
from desktop_app.papers.layout import Section, build_paper, class_meta, columns, review_signature
from desktop_app.papers.opening import FORM
from desktop_app.papers.tables import Table
from desktop_app.papers.typesetting import Typesetter


def build(out: BinaryIO, content: DepartureSlips) -> PaperResult:
    """Write the 退训/转班单 as PDF, A4 portrait; a class that nobody left gives one empty form."""
    sections = [_slip(content, person) for person in content.people] or [_slip(content, None)]
    return build_paper(out, content, sections, Typesetter(), landscape=False)


def _slip(content: DepartureSlips, person: Departure | None) -> Section:
    rows = departure_rows(person or Departure(0, "", "", None, 0, ""))
    if person is None:
        rows = tuple((asked, "") for asked, _said in rows)
    return Section(
        title=resources.text("papers.title.departures"),
        meta=class_meta(content.head),
        table=Table(columns(FORM), rows, row_height=36, row_least=24, size=11),
        signatures=(
            resources.text("papers.sign.trainee"),
            resources.text("papers.sign.adviser"),
            review_signature(content.head),
        ),
    )
