"""已盖章版: scans of printed papers, known by the code at their foot, and where they no longer fit what is so now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import resources
from desktop_app.domain import masking
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import STAMPED, STAMPED_CONTENT
from desktop_app.domain.listings.evidence import EvidenceListItem
from desktop_app.domain.papers import MarkSign, PaperContent, content_code, plain_content
from desktop_app.domain.papers.archives import Corrections
from desktop_app.domain.papers.codes import PrintedCode
from desktop_app.domain.papers.differences import ADDED, GONE, Difference, differences
from desktop_app.domain.papers.figures import FigureColumn
from desktop_app.services import access
from desktop_app.services.classes import find_class
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService, KeptFile, Owner, Paper, name_file
from desktop_app.services.evidence_intake import Taken, take_in
from desktop_app.services.paper_contents import FILLERS, PaperRequest, fill
from desktop_app.services.papers import UNMASKED, PaperService, WrittenPaper, write_institution_paper
from desktop_app.store.database import Connection
from desktop_app.store.queries import evidence as queries
from desktop_app.store.unit_of_work import UnitOfWork

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class StampedPaper:
    """A stamped copy: its paper, the record of its scan, and where it differs from what is so now.

    ``differences`` is None where the data had changed before the scan was registered: then nothing can be compared.
    """

    kind: str
    content_code: str
    attachment_id: bytes
    file_name: str
    differences: tuple[Difference, ...] | None


@dataclass(frozen=True, slots=True)
class Registered:
    """What a scan was recognised as; ``fits`` tells whether it still says what is so now."""

    kind: str
    class_code: str
    printed_at: datetime
    fits: bool


class StampedPaperService(Service):
    """Registers scans and compares them."""

    def __init__(self, evidence: EvidenceService) -> None:
        super().__init__(evidence.context)
        self._evidence = evidence

    def register(self, class_id: bytes, data: bytes, file_name: str) -> Registered:
        """Register the scan of a printed paper of a class; the code at its foot says which.

        Raises AppError NOT_PERMITTED, NOT_YOUR_CLASS, STAMPED_NO_CODE, STAMPED_SEVERAL (one paper a file),
        STAMPED_OTHER_CLASS, PICTURE_*, PDF_*.
        """
        from desktop_app.papers import scans  # noqa: PLC0415 - loads pdfium and the reader of codes

        actor = self.context.require("add_evidence")
        taken = take_in(data, file_name)
        # from the scan as it came: pictures are made small for keeping
        found = {
            (one.kind, one.class_code, one.content_code): one for one in scans.printed_codes(data) if one
        }
        if not found:
            raise AppError("STAMPED_NO_CODE", file=taken.file_name)
        if len(found) > 1:
            raise AppError("STAMPED_SEVERAL", file=taken.file_name, count=len(found))
        (printed,) = found.values()
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            if printed.kind not in FILLERS or not _is_class(sql, printed.class_code, class_id):
                raise AppError("STAMPED_OTHER_CLASS", file=taken.file_name, class_code=printed.class_code)
            content = self._content_of(sql, class_id, printed)
        owner = Owner("training_class", class_id)
        paper = Paper(STAMPED, number=printed.content_code, issuer=printed.kind)
        files = [KeptFile(owner, paper, self._evidence.files.put(taken.content), taken)]
        if content is not None:
            said = json.dumps(plain_content(content), ensure_ascii=False).encode("utf-8", "surrogatepass")
            kept = Taken(said, _JSON, 1, f"{printed.content_code}.json")
            paper = Paper(STAMPED_CONTENT, number=printed.content_code, issuer=printed.kind)
            files.append(KeptFile(owner, paper, self._evidence.files.put(said), kept))
        self._register(files)
        return Registered(printed.kind, printed.class_code, printed.printed_at, content is not None)

    @command("add_evidence")
    def _register(self, work: UnitOfWork, files: list[KeptFile]) -> None:
        for file in files:
            name_file(work, self.context.new_id(), file)

    def of_class(self, class_id: bytes) -> list[StampedPaper]:
        """Return the newest stamped copy of each paper of a class; personal values in differences are masked.

        Raises AppError NOT_PERMITTED, NOT_YOUR_CLASS.
        """
        return [
            StampedPaper(
                item.issuer or "",
                item.number or "",
                item.id,
                item.file_name,
                None if found is None else tuple(map(_masked, found)),
            )
            for item, found in self._compared(class_id)
        ]

    def corrections(self, class_id: bytes, kind: str, path: Path, purpose: str = "") -> WrittenPaper:
        """Write the 更正表 to the newest stamped copy of a paper; whole values where the acting user may export them.

        Raises AppError NOT_PERMITTED, NOT_YOUR_CLASS, STAMPED_FITS where nothing differs, PAPER_FORMAT,
        FILE_NOT_WRITABLE.
        """
        actor = self.context.require("make_paper")
        found = next((one for item, one in self._compared(class_id) if item.issuer == kind), None)
        if not found:
            raise AppError("STAMPED_FITS", paper=resources.text(f"papers.title.{kind}"))
        whole = kind in UNMASKED and self.context.may("export_unmasked")
        if whole:
            said = purpose.strip() or resources.text("purpose.corrections")
            PaperService(self.context).export_unmasked(class_id, said)
        with self.context.read() as sql:
            at = self.context.now().astimezone(SHANGHAI)
            head = fill(sql, kind, PaperRequest(class_id, at, True, actor.user.display if whole else "")).head
        rows = tuple(
            (str(place), *described(one if whole else _masked(one))) for place, one in enumerate(found, 1)
        )
        columns = tuple(
            FigureColumn(resources.text(f"stamped.column.{name}"), align, wide)
            for name, align, wide in (
                ("number", "right", False),
                ("subject", "left", False),
                ("field", "left", False),
                ("before", "left", True),
                ("after", "left", True),
            )
        )
        meta = (resources.text("stamped.meta", paper=resources.text(f"papers.title.{kind}")),)
        title = resources.text("papers.title.corrections")
        return write_institution_paper(Corrections(head, title, meta, columns, rows), path)

    def _compared(self, class_id: bytes) -> list[tuple[EvidenceListItem, tuple[Difference, ...] | None]]:
        """Return the newest scan of each paper with what differs."""
        actor = self.context.require("view_evidence")
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            items = queries.owner_evidence(sql, "training_class", class_id)
            newest = {one.issuer: one for one in sorted(items, key=lambda one: one.id) if one.kind == STAMPED}
            contents = {one.number: one for one in items if one.kind == STAMPED_CONTENT}
            found: list[tuple[EvidenceListItem, tuple[Difference, ...] | None]] = []
            for item in newest.values():
                kept = contents.get(item.number)
                differing = None if kept is None else self._differences(sql, class_id, item, kept)
                found.append((item, differing))
        return found

    def _differences(
        self, sql: Connection, class_id: bytes, item: EvidenceListItem, kept: EvidenceListItem
    ) -> tuple[Difference, ...] | None:
        try:
            before: Mapping[str, Any] = json.loads(self._evidence.files.get(kept.digest))
        except AppError:  # the file is on its way from a colleague, or lost, which its own list says
            return None
        masked = item.issuer not in UNMASKED or "*" in json.dumps(before)
        after = self._now(sql, class_id, item.issuer or "", masked=masked)
        return differences(before, json.loads(json.dumps(plain_content(after))))

    def _content_of(self, sql: Connection, class_id: bytes, printed: PrintedCode) -> PaperContent | None:
        """Return the content that a printed code is of; None where the data has changed since."""
        for masked in (True, False) if printed.kind in UNMASKED else (True,):
            content = self._now(sql, class_id, printed.kind, masked=masked)
            if content_code(content) == printed.content_code:
                return content
        return None

    def _now(self, sql: Connection, class_id: bytes, kind: str, *, masked: bool) -> PaperContent:
        at = self.context.now().astimezone(SHANGHAI)
        return fill(sql, kind, PaperRequest(class_id, at, masked, ""))


def described(one: Difference) -> tuple[str, str, str, str]:
    """Return a difference in words: the line, the field, and both values."""
    if one.field in {ADDED, GONE}:
        return one.subject, resources.text(f"stamped.{one.field}"), one.before, one.after
    if one.field == "marks":
        values = [
            MarkSign[value].value if value in MarkSign.__members__ else value
            for value in (one.before, one.after)
        ]
        return one.subject, resources.text("stamped.mark", number=one.place), values[0], values[1]
    return one.subject, _field(one.field), one.before, one.after


def _field(name: str) -> str:
    for key in (f"stamped.field.{name}", f"papers.column.{name}"):
        try:
            return resources.text(key)
        except KeyError:
            continue
    return name


def _masked(one: Difference) -> Difference:
    """Return a difference without whole personal values."""
    masks = {
        "document_number": masking.mask_document,
        "phone": masking.mask_phone,
        "address": masking.mask_address,
    }
    mask = masks.get(one.field)
    if mask is None:
        return one
    return Difference(one.subject, one.field, mask(one.before), mask(one.after), one.place)


def _is_class(sql: Connection, code: str, class_id: bytes) -> bool:
    try:
        return find_class(sql, code) == class_id
    except AppError:
        return False
