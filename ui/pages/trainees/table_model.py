"""Columns of the list of trainees."""

from __future__ import annotations

from datetime import date

from desktop_app.domain.listings.people import TraineeListItem
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column
from ui.widgets.windowed_model import WindowedModel
from ui.wording import age_text, category_text, document_type_text, education_text, group_text, sex_text


def trainee_table_model(today: date) -> WindowedModel[TraineeListItem]:
    """Return the model; ages are those of ``today``, the keys of columns those of ``TraineeSort``."""
    return WindowedModel(
        [
            Column("name", "trainees.name", lambda row: row.name, 112),
            Column("sex", "trainees.sex", lambda row: sex_text(row.sex), 48),
            Column("age", "trainees.age", lambda row: age_text(row.birth, today), 56, "right"),
            Column("document", "trainees.document", lambda row: row.document_number, 176,
                   tooltip=lambda row: document_type_text(row.document_type), personal="document_number"),
            Column("phone", "trainees.phone", lambda row: row.phone or tr("trainees.no_phone"), 116,
                   tone=lambda row: Tone.PLAIN if row.phone else Tone.QUIET, personal="phone"),
            Column("category", "trainees.category", lambda row: category_text(row.category), 112),
            Column("group", "trainees.group", lambda row: group_text(row.key_group), 176,
                   tooltip=lambda row: group_text(row.key_group)),
            Column("classes", "trainees.classes",
                   lambda row: tr("wording.and").join(row.classes) or tr("trainees.no_class"), 150, stretch=True,
                   tone=lambda row: Tone.PLAIN if row.classes else Tone.WAITING),
            Column("education", "trainees.education",
                   lambda row: education_text(row.education, row.studying), 88),
        ],
        lambda row: row.id,
    )  # fmt: skip
