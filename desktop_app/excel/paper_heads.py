"""Columns, head lines and signatures that every paper's workbook has."""

from __future__ import annotations

from typing import Any

import resources
from desktop_app.domain.papers import PaperHead
from desktop_app.excel.paper_styles import SheetColumn


def column(key: str, **how: Any) -> SheetColumn:  # noqa: ANN401 - the fields of SheetColumn
    """Return a column whose heading is looked up under ``papers.column``."""
    return SheetColumn(resources.text(f"papers.column.{key}"), **how)


def head_meta(head: PaperHead, *more: str) -> tuple[str, ...]:
    """Return the head lines: institution and class, then project, occupation, dates and what else is given."""
    dates = "—".join(day.isoformat() for day in (head.starts_on, head.ends_on) if day)
    first = (
        ("institution_stamp", head.institution),
        ("class", " ".join(part for part in (head.class_code, head.class_name) if part)),
    )
    second = (
        ("project", head.project),
        ("occupation", " ".join(part for part in (head.occupation, head.level) if part)),
        ("dates", dates),
    )
    lines = [
        [resources.text(f"papers.meta.{key}", value=value) for key, value in pairs if value]
        for pairs in (first, second)
    ]
    return tuple("　　".join(line) for line in (lines[0], [*lines[1], *more]) if line)


def signatures(head: PaperHead, *keys: str) -> tuple[str, ...]:
    """Return the labels to sign by; 经办、审核同一人 where one person runs the class."""
    reviewer = resources.text("papers.note.solo" if head.solo else "papers.sign.reviewer")
    return (*(resources.text(f"papers.sign.{key}") for key in keys), reviewer)
