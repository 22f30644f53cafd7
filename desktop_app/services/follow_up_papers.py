"""Fills the 就业跟踪表 of a class and the 整改回复 to an order."""

from __future__ import annotations

from pathlib import Path

import resources
from desktop_app.domain.employment import FollowUp
from desktop_app.domain.errors import AppError
from desktop_app.domain.listings.employment import FollowedPerson
from desktop_app.domain.papers import PaperHead
from desktop_app.domain.papers.figures import FigureColumn
from desktop_app.domain.papers.follow_ups import EmploymentTable, RectificationTable
from desktop_app.services.context import Service
from desktop_app.services.employment import EmploymentService, EmploymentSheet
from desktop_app.services.figure_papers import paper_head
from desktop_app.services.papers import WrittenPaper, write_institution_paper
from desktop_app.services.supervision import EventItem, SupervisionService

_EMPLOYMENT = (
    "number>",
    "name",
    "ended",
    "status",
    "employer*",
    "credit_code",
    "post",
    "contract",
    "insured",
    "matched",
    "followed",
    "voucher",
)
_REPLY = ("item", "content*")


class FollowUpPaperService(Service):
    """PDF or Excel by the file's ending."""

    def employment(self, class_id: bytes, path: Path) -> WrittenPaper:
        """Write the 就业跟踪表 of a class; AppError NOT_PERMITTED, NOT_YOUR_CLASS, PAPER_FORMAT, FILE_NOT_WRITABLE."""
        self.context.require("make_paper")
        sheet = EmploymentService(self.context).sheet(class_id)
        code = sheet.people[0].class_code if sheet.people else ""
        return write_institution_paper(employment_table(paper_head(self.context), code, sheet), path)

    def rectification(self, order_id: bytes, path: Path) -> WrittenPaper:
        """Write the 整改回复; AppError NOT_PERMITTED, ORDER_NOT_ANSWERED, PAPER_FORMAT, FILE_NOT_WRITABLE."""
        self.context.require("make_paper")
        items = SupervisionService(self.context).events()
        item = next((one for one in items if one.event.id == order_id and one.reply is not None), None)
        if item is None:
            raise AppError("ORDER_NOT_ANSWERED")
        return write_institution_paper(rectification_table(paper_head(self.context), item), path)


def employment_table(head: PaperHead, class_code: str, sheet: EmploymentSheet) -> EmploymentTable:
    """Return the 就业跟踪表 with every follow-up of every person, and the rates as of its day."""
    rates = sheet.rates
    return EmploymentTable(
        head,
        resources.text("papers.title.employment"),
        (resources.text("papers.meta.class", value=class_code),),
        _columns(*_EMPLOYMENT),
        tuple(row for one in sheet.people for row in _rows(one)),
        notes=(
            resources.text(
                "papers.note.employment",
                date=rates.counted_on.isoformat(),
                employment=rates.employment.text,
                retention=rates.retention.text,
                students=rates.students,
            ),
        ),
    )


def _rows(person: FollowedPerson) -> list[tuple[str, ...]]:
    ended = "" if person.ended_on is None else person.ended_on.isoformat()
    first = (str(person.number or ""), person.name, ended)
    found = [one for _, one in sorted(person.months.items())]
    return [(*first, *_cells(one)) for one in found] or [(*first, *[""] * (len(_EMPLOYMENT) - len(first)))]


def _cells(one: FollowUp) -> tuple[str, ...]:
    contract = [day.isoformat() for day in (one.contract_from, one.contract_until) if day is not None]
    voucher = [] if one.voucher_kind is None else [_word(f"employment.voucher.{one.voucher_kind.value}")]
    voucher += [] if one.voucher_on is None else [one.voucher_on.isoformat()]
    return (
        _word(f"employment.status.{one.status.value}"),
        one.employer,
        one.credit_code,
        one.post,
        " – ".join(contract),
        _answer(one.insured),
        _answer(one.matched),
        one.followed_on.isoformat(),
        " ".join([*voucher, one.voucher_number]).strip(),
    )


def _answer(value: bool | None) -> str:
    return "" if value is None else _word("employment.yes" if value else "employment.no")


def _word(key: str) -> str:
    return resources.text(key)


def rectification_table(head: PaperHead, item: EventItem) -> RectificationTable:
    """Return the 整改回复 to an order that is answered."""
    event, reply = item.event, item.reply
    assert reply is not None
    deadline = "" if event.deadline is None else event.deadline.isoformat()
    rows = (
        ("department", event.department),
        ("document", event.document),
        ("issued", event.issued_on.isoformat()),
        ("requirement", event.requirement),
        ("deadline", deadline),
        ("measures", reply.measures),
        ("responsible", reply.responsible),
        ("replied", reply.replied_on.isoformat()),
        ("files", str(reply.files)),
    )
    return RectificationTable(
        head,
        resources.text("papers.title.rectification"),
        (),
        _columns(*_REPLY),
        tuple((resources.text(f"papers.rectification.{name}"), text) for name, text in rows),
    )


def _columns(*names: str) -> tuple[FigureColumn, ...]:
    """Return columns by key; ``>`` sets it right, ``*`` gives it the room that is left."""
    return tuple(
        FigureColumn(
            resources.text(f"papers.follow_up.{name.rstrip('>*')}"),
            "right" if ">" in name else "left",
            "*" in name,
        )
        for name in names
    )
