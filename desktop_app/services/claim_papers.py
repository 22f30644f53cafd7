"""Fills the papers of a claim from its sheet: what each shows is what the page shows (requirements §5)."""

from __future__ import annotations

from collections.abc import Sequence

import resources
from desktop_app.domain import codes, masking, qualification
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.claims import ClaimPerson, ClaimSheet
from desktop_app.domain.money import capital, format_fen
from desktop_app.domain.papers import PaperHead
from desktop_app.domain.papers.claims import (
    ClaimLacks,
    ClaimNoticeTable,
    ClaimPeople,
    ClaimSummary,
    PackContents,
)
from desktop_app.domain.papers.figures import FigureColumn


def summary(head: PaperHead, sheet: ClaimSheet, counts: tuple[int, int, int]) -> ClaimSummary:
    """Return the 补贴申报汇总表; ``counts``: 培训, 合格, 获证 人数 of the class."""
    item = sheet.item
    standards = sorted({one.line.standard_fen for one in sheet.people if one.line is not None})
    row = (
        item.class_code,
        item.project,
        item.trade,
        codes.level_name(item.level) if item.level else "",
        *map(str, counts),
        str(item.people),
        "、".join(format_fen(fen) for fen in standards),
        format_fen(item.money.claimed),
    )
    payee = item.payee
    notes = (
        _text("capital", amount=capital(item.money.claimed)),
        _text("channel", channel=_channel(sheet), department=item.department or "—"),
        _text("payee", holder=payee.holder or "—", bank=payee.bank or "—", account=payee.account or "—")
        if payee.kind != "person"
        else _text("payee_person"),
    )
    columns = _columns(
        "class",
        "project*",
        "trade",
        "level",
        "trained>",
        "passed>",
        "certified>",
        "claimed>",
        "standard>",
        "amount>",
    )
    total = (resources.text("papers.total"), *[""] * 6, str(item.people), "", format_fen(item.money.claimed))
    return ClaimSummary(head, _title("claim-summary"), (), columns, (row,), (total,), notes)


def people(head: PaperHead, sheet: ClaimSheet) -> ClaimPeople:
    """Return the 补贴人员明细 of those in the claim."""
    rows = []
    inside = _inside(sheet)
    for place, one in enumerate(inside, 1):
        assert one.line is not None
        rows.append(
            (
                str(place),
                one.name,
                one.document_number,
                qualification.group_name(one.line.chosen_group) if one.line.chosen_group else "",
                f"{one.attended}/{one.planned}",
                one.certificate,
                format_fen(one.line.standard_fen),
                format_fen(one.line.fen),
                one.line.payee.account,
            )
        )
    total = (resources.text("papers.total"), *[""] * 6, format_fen(sheet.item.money.claimed), "")
    columns = _columns(
        "number>", "name", "document", "group*", "hours>", "certificate", "standard>", "amount>", "account"
    )
    notes = (_text("capital", amount=capital(sheet.item.money.claimed)),)
    return ClaimPeople(head, _title("claim-people"), (), columns, tuple(rows), (total,), notes)


def notice(head: PaperHead, sheet: ClaimSheet) -> ClaimNoticeTable:
    """Return the 公示表: masked numbers that tell people apart; never phone, account, address or group."""
    item, inside = sheet.item, _inside(sheet)
    masked = masking.mask_for_notice([one.document_number for one in inside])
    level = codes.level_name(item.level) if item.level else ""
    rows = [
        (str(place), one.name, number, item.class_code, item.trade, level, format_fen(one.line.fen))
        for place, (one, number) in enumerate(zip(inside, masked, strict=True), 1)
        if one.line is not None
    ]
    total = (resources.text("papers.total"), *[""] * 5, format_fen(item.money.claimed))
    notes: tuple[str, ...] = ()
    if item.notice is not None:
        notes = (
            _text("notice", publisher=item.notice.publisher, place=item.notice.place),
            _text(
                "notice_days",
                first=item.notice.first.isoformat(),
                last=item.notice.last.isoformat(),
                phone=item.notice.phone,
            ),
        )
    columns = _columns("number>", "name", "document", "class*", "trade", "level", "amount>")
    return ClaimNoticeTable(head, _title("claim-notice"), (), columns, tuple(rows), (total,), notes, ())


def lacks(head: PaperHead, sheet: ClaimSheet) -> ClaimLacks:
    """Return the 缺件清单: every cause by person, then those of the class."""
    rows = [
        (one.name, one.document_number, _cause(cause.error)) for one in _inside(sheet) for cause in one.causes
    ]
    rows += [(sheet.item.class_code, "", _cause(cause.error)) for cause in sheet.causes]
    notes = (_text("lacks", count=len(rows)),)
    return ClaimLacks(
        head, _title("claim-lacks"), (), _columns("name", "document", "cause*"), tuple(rows), (), notes, ()
    )


def contents(head: PaperHead, rows: Sequence[tuple[str, str, str]], pages: int) -> PackContents:
    """Return the contents of the pack: number, item, page."""
    return PackContents(
        head,
        _title("claim-contents"),
        (),
        _columns("number>", "item*", "page>"),
        tuple(rows),
        (),
        (_text("pages", pages=pages),),
    )


PAPERS = {"summary": ClaimSummary, "people": ClaimPeople, "notice": ClaimNoticeTable, "lacks": ClaimLacks}


def _inside(sheet: ClaimSheet) -> list[ClaimPerson]:
    return [one for one in sheet.people if one.line is not None]


def _channel(sheet: ClaimSheet) -> str:
    return codes.table("channels").name(sheet.item.channel)


def _title(kind: str) -> str:
    return resources.text(f"papers.title.{kind}")


def _text(key: str, **params: object) -> str:
    return resources.text(f"claims.paper.{key}", "zh", **params)


def _columns(*names: str) -> tuple[FigureColumn, ...]:
    """Return columns by key; ``>`` sets it right, ``*`` gives it the room that is left."""
    return tuple(
        FigureColumn(
            resources.text(f"claims.column.{name.rstrip('>*')}"),
            "right" if ">" in name else "left",
            "*" in name,
        )
        for name in names
    )


def _cause(error: AppError) -> str:
    return resources.text(f"error.{error.code}", "zh", **error.params)
