"""Tables of evidence: who has what, and whose the files of an import are."""

from __future__ import annotations

from collections.abc import Callable

from desktop_app.domain.evidence import EvidenceState, Missing, kind_name, need_name
from desktop_app.domain.listings.evidence import PersonEvidence
from desktop_app.services.evidence_import import PlannedFile
from ui.i18n import tr
from ui.messages import describe
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import NOTHING

COLUMNS = ("id_card", "group", "commitment", "photo")
"""Needs that have a column of their own; ``group`` is whatever proves the group or the employment."""


def _column_of(code: str) -> str:
    return code if code in COLUMNS else "group"


def _missing(row: PersonEvidence, column: str) -> list[Missing]:
    return [one for one in row.missing if _column_of(one.need.code) == column]


def state_of(row: PersonEvidence, column: str) -> str:
    """Return how a person stands with one column: none (not needed), a lack, received or reviewed."""
    needs = [need for need in row.needs if _column_of(need.code) == column]
    if not needs:
        return "none"
    lacking = _missing(row, column)
    if lacking:
        return lacking[0].lack.value
    kinds = {kind for need in needs for kind in need.kinds}
    reviewed = all(item.state is EvidenceState.REVIEWED for item in row.items if item.kind in kinds)
    return "reviewed" if reviewed else "received"


_TONES = {
    "none": Tone.QUIET,
    "scan": Tone.WAITING,
    "number": Tone.WAITING,
    "expired": Tone.WRONG,
    "returned": Tone.WRONG,
    "received": Tone.PLAIN,
    "reviewed": Tone.DONE,
}


def missing_text(row: PersonEvidence) -> str:
    """Return what a person lacks, in words."""
    return tr("wording.and").join(need_name(one.need) for one in row.missing) or tr("evidence.complete")


def evidence_table_model() -> ListTableModel[PersonEvidence]:
    """Return the model of a class's evidence: person × need."""

    def column(key: str) -> Column[PersonEvidence]:
        return Column(
            key,
            f"evidence.column.{key}",
            lambda row: tr(f"evidence.cell.{state_of(row, key)}"),
            80,
            tone=lambda row: _TONES[state_of(row, key)],
        )

    return ListTableModel(
        [
            Column("number", "members.number", lambda row: str(row.number or ""), 52, "right",
                   sort=lambda row: row.number),
            Column("name", "trainees.name", lambda row: row.name, 112),
            *(column(key) for key in COLUMNS),
            Column("missing", "evidence.missing", missing_text, 260, stretch=True, tooltip=missing_text,
                   sort=lambda row: len(row.missing),
                   tone=lambda row: Tone.PLAIN if row.missing else Tone.QUIET),
            Column("files", "evidence.files", lambda row: str(len(row.items)), 64, "right",
                   sort=lambda row: len(row.items)),
        ],
        lambda row: row.trainee_id,
    )  # fmt: skip


def planned_table_model(name_of: Callable[[bytes], str]) -> ListTableModel[PlannedFile]:
    """Return the model of the files of an import."""
    return ListTableModel(
        [
            Column("file", "evidence.file", lambda row: row.path, 150, stretch=True, tooltip=lambda row: row.path),
            Column("person", "evidence.person", lambda row: person_text(row, name_of), 112,
                   tone=lambda row: Tone.PLAIN if row.person and not row.problem else Tone.WAITING),
            Column("kind", "evidence.kind", lambda row: kind_name(row.kind), 88),
            Column("told", "evidence.told", told_text, 204, tooltip=told_text, tone=_told_tone),
        ],
        lambda row: row.place,
    )  # fmt: skip


def person_text(row: PlannedFile, name_of: Callable[[bytes], str]) -> str:
    """Return whose a file is, or that it is open."""
    if row.problem is not None:
        return NOTHING
    if row.person is not None:
        return name_of(row.person)
    return tr("evidence.ask", count=len(row.match.people)) if row.match.people else tr("evidence.nobody")


def told_text(row: PlannedFile) -> str:
    """Return why a file stands where it stands."""
    if row.problem is not None:
        return describe(row.problem).text
    if row.same:
        return tr("evidence.same")
    return tr(f"evidence.by.{row.match.by or 'nothing'}")


def _told_tone(row: PlannedFile) -> Tone:
    if row.problem is not None:
        return Tone.WRONG
    return Tone.QUIET if row.person is not None else Tone.WAITING
