"""A person's rights (PIPL 44–47): a copy of everything that is kept; correction is the ordinary editing of a person."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.domain.errors import AppError
from desktop_app.domain.papers.figures import FigureColumn, PersonTable
from desktop_app.domain.records import ENTITIES, TRAINEE, Entity
from desktop_app.services.context import Service, command
from desktop_app.services.figure_papers import paper_head, write_table
from desktop_app.services.papers import WrittenPaper
from desktop_app.store.queries.personal import PersonalLine, personal_lines
from desktop_app.store.unit_of_work import UnitOfWork

MAX_PURPOSE = 100


class PersonalRightsService(Service):
    """Everything about one person, unmasked, for that person."""

    def write_copy(self, trainee_id: bytes, path: Path, purpose: str) -> WrittenPaper:
        """Write the copy as PDF or Excel; who exported it and for what is recorded first.

        Raises AppError NOT_PERMITTED, TRAINEE_UNKNOWN, PURPOSE_MISSING, PAPER_FORMAT, FILE_NOT_WRITABLE.
        """
        actor = self.context.require("export_person")
        with self.context.read() as sql:
            lines = personal_lines(sql, trainee_id, ENTITIES)
            if not lines:
                raise AppError("TRAINEE_UNKNOWN")
        self.export(trainee_id, purpose)
        rows = [(_record_text(one.entity), one.where, _field_text(one), one.text) for one in lines]
        columns = ("record", "class_or_day", "field", "content")
        table = PersonTable(
            paper_head(self.context, actor.user.display),
            resources.text("papers.title.person"),
            (resources.text("retention.copy_purpose", purpose=purpose.strip()),),
            tuple(
                FigureColumn(resources.text(f"retention.column.{key}"), wide=key == "content")
                for key in columns
            ),
            tuple(rows),
            (),
            (resources.text("retention.copy_note"),),
        )
        return write_table(table, path)

    @command("export_person", undoable=False)
    def export(self, work: UnitOfWork, trainee_id: bytes, purpose: str) -> None:
        """Record that a copy of a person's data leaves the program, and for what; AppError PURPOSE_MISSING."""
        if not purpose.strip() or len(purpose) > MAX_PURPOSE:
            raise AppError("PURPOSE_MISSING", limit=MAX_PURPOSE)
        if work.fields(TRAINEE, trainee_id) is None:
            raise AppError("TRAINEE_UNKNOWN")
        work.reason = purpose.strip()
        work.remark(TRAINEE, trainee_id)


def _record_text(entity: Entity) -> str:
    return _text_or(f"retention.record.{entity.name}", entity.name)


def _field_text(line: PersonalLine) -> str:
    return _text_or(f"retention.field.{line.field}", line.field)


def _text_or(key: str, other: str) -> str:
    """Return a text, or the plain name of what a later version keeps and this one cannot name."""
    try:
        return resources.text(key)
    except KeyError:
        return other
