"""The tables of 技能人才: numbers, holders, 待遇, deposits, conversions."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.listings.graduates import ConversionItem, DepositItem, HolderItem, TreatmentItem
from ui.i18n import tr
from ui.widgets.cell_states import Tone
from ui.widgets.list_model import Column, ListTableModel
from ui.wording import day_text, trade_text

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class NumberRow:
    """How many people hold one level, trade or region; ``value`` is the code that the number is counted by."""

    group: str
    value: str
    name: str
    people: int


def number_model() -> ListTableModel[NumberRow]:
    """Return the model of the statistics."""
    return ListTableModel(
        [
            Column("group", "talent.column.group", lambda row: tr(f"talent.group.{row.group}"), 160),
            Column("name", "talent.column.name", lambda row: row.name, 320, stretch=True),
            Column("people", "talent.column.people", lambda row: str(row.people), 120, "right",
                   sort=lambda row: row.people),
        ],
        lambda row: (row.group, row.value),
    )  # fmt: skip


def holder_model() -> ListTableModel[HolderItem]:
    """Return the model of certificates that are held."""
    return ListTableModel(
        [
            Column("name", "trainees.name", lambda row: row.name, 104),
            Column("class", "talent.column.class", lambda row: row.class_code, 136),
            Column("trade", "talent.column.trade", lambda row: trade_text(row.trade, row.level), 168, stretch=True),
            Column("number", "certificates.number", lambda row: row.number or NOTHING, 204),
            Column("issued", "talent.column.issued", lambda row: day_text(row.issued_on, weekday=False), 96,
                   sort=lambda row: row.issued_on),
            Column("banks", "talent.column.banks", banks_text, 132),
            Column("treated", "talent.column.treated", lambda row: tr("talent.treated") if row.treated else NOTHING,
                   88, tone=lambda row: Tone.DONE if row.treated else Tone.QUIET),
        ],
        lambda row: (row.assessment_id, row.trainee_id),
    )  # fmt: skip


def treatment_model() -> ListTableModel[TreatmentItem]:
    """Return the model of 待遇兑现."""
    return ListTableModel(
        [
            Column("name", "trainees.name", lambda row: row.name, 104),
            Column("employer", "talent.employer", lambda row: row.employer, 220, tooltip=lambda row: row.employer),
            Column("measure", "talent.measure", lambda row: row.measure, 240, stretch=True,
                   tooltip=lambda row: row.measure),
            Column("since", "talent.day.treat", lambda row: day_text(row.since, weekday=False), 112,
                   sort=lambda row: row.since),
            Column("document", "talent.document", lambda row: row.document or NOTHING, 176),
        ],
        lambda row: row.id,
    )  # fmt: skip


def deposit_model() -> ListTableModel[DepositItem]:
    """Return the model of certificates in credit banks."""
    return ListTableModel(
        [
            Column("name", "trainees.name", lambda row: row.name, 104),
            Column("class", "talent.column.class", lambda row: row.class_code, 136),
            Column("bank", "talent.bank", lambda row: tr(f"bank.{row.bank}"), 176, stretch=True),
            Column("account", "talent.account", lambda row: row.account, 144),
            Column("number", "certificates.number", lambda row: row.number or NOTHING, 204),
            Column("consent", "talent.column.consent", lambda row: day_text(row.consent_on, weekday=False), 96,
                   sort=lambda row: row.consent_on),
            Column("exported", "talent.column.exported", exported_text, 104,
                   tone=lambda row: Tone.DONE if row.exported_on else Tone.WAITING),
        ],
        lambda row: (row.assessment_id, row.trainee_id, row.bank),
    )  # fmt: skip


def conversion_model() -> ListTableModel[ConversionItem]:
    """Return the model of 学分转换."""
    return ListTableModel(
        [
            Column("name", "trainees.name", lambda row: row.name, 104),
            Column("course", "talent.course", lambda row: row.course, 240, stretch=True),
            Column("school", "talent.school", lambda row: row.school, 240),
            Column("credits", "talent.credits", lambda row: credits_text(row.tenths), 88, "right",
                   sort=lambda row: row.tenths),
            Column("granted", "talent.day.convert", lambda row: day_text(row.granted_on, weekday=False), 112,
                   sort=lambda row: row.granted_on),
        ],
        lambda row: row.id,
    )  # fmt: skip


def banks_text(row: HolderItem) -> str:
    """Return the banks that a certificate went to, — for none."""
    return tr("wording.and").join(tr(f"bank.short.{bank}") for bank in row.banks) or NOTHING


def exported_text(row: DepositItem) -> str:
    """Return the day on which a file held the deposit, or that none has."""
    return day_text(row.exported_on, weekday=False) if row.exported_on else tr("talent.not_exported")


def credits_text(tenths: int) -> str:
    """Return 25 tenths as 2.5."""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)
