"""The tables of claims: people of one claim, and claims of the institution."""

from __future__ import annotations

from desktop_app.domain import codes, qualification
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.claims import ClaimItem, ClaimPerson
from desktop_app.domain.money import format_fen
from desktop_app.domain.rules import Finding, Severity
from ui.i18n import tr
from ui.messages import describe
from ui.reported_tab import ReportMarks
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import day_text

NOTHING = "—"


def claim_people_model(marks: ReportMarks[ClaimPerson]) -> ListTableModel[ClaimPerson]:
    """Return the model: who is in the claim with how much, what became of it, and what stands in the way."""
    return ListTableModel(
        [
            Column("number", "members.number", lambda row: str(row.number or ""), 52, "right",
                   sort=lambda row: row.number),
            Column("name", "trainees.name", lambda row: row.name, 96),
            Column("group", "claims.column.group", lambda row: group_text(row.group), 128),
            Column("hours", "claims.column.hours", lambda row: f"{row.attended}/{row.planned}", 84, "right",
                   sort=lambda row: row.attended),
            Column("certificate", "claims.column.certificate", lambda row: row.certificate or NOTHING, 176,
                   tooltip=lambda row: row.certificate),
            Column("amount", "claims.column.amount", amount_text, 104, "right",
                   sort=lambda row: 0 if row.line is None else row.line.fen),
            Column("decision", "claims.decision", decision_text, 150, sort=decision_text,
                   tooltip=decision_text),
            Column("causes", "claims.causes", causes_text, 220, stretch=True, tooltip=causes_text,
                   tone=cause_tone),
            marks.column(),
        ],
        lambda row: row.trainee_id,
    )  # fmt: skip


def claim_list_model() -> ListTableModel[ClaimItem]:
    """Return the model: every claim with its state and its money."""
    return ListTableModel(
        [
            Column("class", "claims.column.class", lambda row: row.class_code, 150),
            Column("channel", "claims.channel", lambda row: channel_text(row.channel), 170),
            Column("made", "claims.made_on", lambda row: day_text(row.made_on, weekday=False), 104),
            Column("state", "claims.state", lambda row: tr(f"state.claim.{row.state}"), 104),
            Column("people", "claims.column.claimed", lambda row: str(row.people), 84, "right",
                   sort=lambda row: row.people),
            Column("claimed", "claims.money.claimed", lambda row: format_fen(row.money.claimed), 112, "right",
                   sort=lambda row: row.money.claimed),
            Column("approved", "claims.money.approved", lambda row: format_fen(row.money.approved), 112, "right",
                   sort=lambda row: row.money.approved),
            Column("cut", "claims.money.cut", lambda row: format_fen(row.money.reduced + row.money.refused), 112,
                   "right", sort=lambda row: row.money.reduced + row.money.refused),
            Column("paid", "claims.money.paid", lambda row: format_fen(row.money.paid - row.money.recovered), 112,
                   "right", sort=lambda row: row.money.paid, stretch=True),
        ],
        lambda row: row.key,
    )  # fmt: skip


def group_text(group: str) -> str:
    """Return the name of a funding group."""
    return qualification.group_name(group) if group else NOTHING


def channel_text(channel: str) -> str:
    """Return the name of a channel."""
    return codes.table("channels").name(channel)


def amount_text(row: ClaimPerson) -> str:
    """Return what is claimed for a person."""
    return NOTHING if row.line is None else format_fen(row.line.fen)


def decision_text(row: ClaimPerson) -> str:
    """Return what was decided on a person and what was paid; whom the platform did not take is refused."""
    if row.decided is None:
        return tr("claims.not_taken") if row.refused_code else NOTHING
    words = tr(f"claims.decided.{row.decided.decision}", amount=format_fen(row.decided.fen))
    if row.paid:
        words += " · " + tr("claims.paid", amount=format_fen(row.paid - row.recovered))
    return words


def causes_text(row: ClaimPerson) -> str:
    """Return why a person cannot be claimed; ready, or not in the claim, where nothing stands in the way."""
    if row.refused_code:
        return describe(AppError(row.refused_code)).text
    words = [short_cause(one) for one in row.causes]
    words += [tr(f"claims.short.{objected}") for objected in _objected(row)]
    if words:
        return "、".join(dict.fromkeys(words))
    return tr("claims.ready") if row.line is not None else tr("claims.outside")


def _objected(row: ClaimPerson) -> list[str]:
    """Return what the 异议 against a person of the claim mean for it."""
    if row.line is None:
        return []
    return [
        "objection_upheld" if one.upheld else "objection" for one in row.objections if one.upheld is not False
    ]


def short_cause(cause: Finding) -> str:
    """Return a cause in a word: a missing paper by its name; the panel says the rest."""
    if cause.error.code == "CLAIM_PAPER_MISSING":
        return tr("claims.short.CLAIM_PAPER_MISSING", paper=cause.error.params["paper"])
    return tr(f"claims.short.{cause.error.code}")


def cause_tone(row: ClaimPerson) -> Tone:
    """Return red for who is in the claim and cannot be, amber where it is only warned."""
    if row.line is None:
        return Tone.PLAIN
    if row.refused_code or _objected(row):
        return Tone.WRONG
    if any(one.severity is Severity.BLOCK for one in row.causes):
        return Tone.WRONG
    return Tone.WAITING if row.causes else Tone.DONE
