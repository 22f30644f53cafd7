"""The claim's papers and its pack: one numbered PDF with contents, and who lacks what (requirements §5)."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import resources
from desktop_app.domain.claims import PackItem, Per
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import STAMPED_CONTENT
from desktop_app.domain.listings.claims import ClaimSheet
from desktop_app.domain.papers import PaperHead
from desktop_app.domain.papers.figures import FigureTable
from desktop_app.services import claim_papers
from desktop_app.services.claim_facts import ClaimFacts, claim_facts, sheet_of
from desktop_app.services.context import Service
from desktop_app.services.evidence import EvidenceService
from desktop_app.services.paper_contents import PaperRequest, fill
from desktop_app.services.papers import PaperService, WrittenPaper, write_institution_paper
from desktop_app.store.database import Connection
from desktop_app.store.keys import write_atomically
from desktop_app.store.repositories import accounts

if TYPE_CHECKING:
    from desktop_app.papers.claim_pack import PackPart

PRINTED = {
    "roster": "roster",
    "timetable": "timetable",
    "attendance": "attendance",
    "scores": "scores",
    "certificates": "certificates",
}
"""What the pack's list calls a paper of ours → its kind."""


@dataclass(frozen=True, slots=True)
class WrittenPack:
    """A pack on disk: its pages, the names of its items in order, and what is still missing, each as a sentence."""

    file: Path
    pages: int
    items: tuple[str, ...]
    lacking: tuple[str, ...]


class ClaimPackService(Service):
    """Papers of a claim; whole numbers and accounts leave only by who may export them, recorded with the purpose."""

    def __init__(self, evidence: EvidenceService) -> None:
        super().__init__(evidence.context)
        self._evidence = evidence

    def paper(self, key: bytes, kind: str, path: Path, purpose: str = "") -> WrittenPaper:
        """Write 汇总表 ``summary``, 人员明细 ``people``, 公示表 ``notice`` or 缺件清单 ``lacks``, PDF or Excel.

        Raises AppError NOT_PERMITTED, CLAIM_UNKNOWN, PAPER_UNKNOWN, PAPER_FORMAT, FILE_NOT_WRITABLE.
        """
        self.context.require("make_paper")
        self.context.require("view_claims")
        if kind not in claim_papers.PAPERS:
            raise AppError("PAPER_UNKNOWN", kind=kind)
        whole = kind in {"people", "notice", "summary"} and self.context.may("export_unmasked")
        with self.context.read() as sql:
            sheet = sheet_of(sql, key, self.context.today(), masked=not whole)
            content = self._content(sql, sheet, kind, whole=whole)
        if whole and kind != "notice":
            self._record(sheet.item.class_id, purpose)
        return write_institution_paper(content, path)

    def write(self, key: bytes, path: Path, purpose: str = "") -> WrittenPack:
        """Bind the whole pack as PDF, whatever it still lacks; that it left the program is recorded.

        Raises AppError NOT_PERMITTED, CLAIM_UNKNOWN, PAPER_FORMAT, EVIDENCE_LOST, PDF_*, FILE_NOT_WRITABLE.
        """
        from desktop_app.papers import bookmarks, claim_pack  # noqa: PLC0415 - loads reportlab and pdfium

        self.context.require("make_paper")
        self.context.require("view_claims")
        self.context.require("export_unmasked")
        if path.suffix.lower() != ".pdf":
            raise AppError("PAPER_FORMAT", kind="pack", formats="pdf")
        with self.context.read() as sql:
            sheet = sheet_of(sql, key, self.context.today(), masked=False)
            facts = claim_facts(sql, sheet.item, self.context.today(), masked=False)
            parts = self._parts(sql, sheet, facts)
            head = self._head(sql, sheet)
        self._record(sheet.item.class_id, purpose)

        def contents(starts: list[int], pages: int) -> bytes:
            rows = [
                (str(place), part.title, str(start))
                for place, (part, start) in enumerate(zip(parts, starts, strict=True), 1)
            ]
            return _pdf(claim_papers.contents(head, rows, pages))

        bound = claim_pack.bind(parts, contents)
        marks = [(part.title, start - 1) for part, start in zip(parts, bound.starts, strict=True)]
        title = resources.text("papers.title.claim-contents")
        try:
            write_atomically(path, bookmarks.add(bound.content, [(title, 0), *marks]))
        except OSError as error:
            raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
        causes = [cause for one in sheet.people if one.line is not None for cause in one.causes]
        lacking = tuple(
            resources.text(f"error.{one.error.code}", "zh", **one.error.params)
            for one in (*causes, *sheet.causes)
            if one.error.code in {"CLAIM_PAPER_MISSING", "CLAIM_CLASS_PAPER"}
        )
        return WrittenPack(path, bound.pages, tuple(part.title for part in parts), lacking)

    def _parts(self, sql: Connection, sheet: ClaimSheet, facts: ClaimFacts) -> list[PackPart]:
        from desktop_app.papers.claim_pack import PackPart  # noqa: PLC0415 - loads reportlab and pdfium

        own = [self._content(sql, sheet, kind, whole=True) for kind in ("summary", "people")]
        parts = [PackPart(one.title, (_pdf(one),)) for one in own]
        for item in facts.pack.items:
            documents = self._documents(sql, sheet, facts, item)
            if documents:
                parts.append(PackPart(item.name, tuple(documents)))
        return parts

    def _documents(
        self, sql: Connection, sheet: ClaimSheet, facts: ClaimFacts, item: PackItem
    ) -> list[bytes]:
        if item.source == "notice":
            return [_pdf(self._content(sql, sheet, "notice", whole=True))] if sheet.item.notice else []
        if item.source in PRINTED:
            return [self._class_paper(sql, sheet, PRINTED[item.source])]
        owners = _owners(facts, item)
        kinds = set(item.kinds) if item.kinds else None
        named = [
            one
            for one in facts.evidence
            if (one.owner, one.owner_key) in owners and (kinds is None or one.kind in kinds)
        ]
        if item.source == "evidence":
            taken = {kind for other in facts.pack.items for kind in other.kinds} | {"photo", "other"}
            taken |= {STAMPED_CONTENT}
            named = [one for one in named if one.kind not in taken]
        elif item.source:
            return []
        return [self._evidence.files.get(one.digest) for one in named]

    def _class_paper(self, sql: Connection, sheet: ClaimSheet, kind: str) -> bytes:
        from desktop_app.papers import PAPERS  # noqa: PLC0415 - loads no reportlab until it prints

        actor = self.context.require_actor()
        at = self.context.now().astimezone(SHANGHAI)
        request = PaperRequest(sheet.item.class_id, at, masked=False, printed_by=actor.user.display)
        buffer = io.BytesIO()
        PAPERS[kind].build(buffer, fill(sql, kind, request))
        return buffer.getvalue()

    def _content(self, sql: Connection, sheet: ClaimSheet, kind: str, *, whole: bool) -> FigureTable:
        head = self._head(sql, sheet, whole=whole and kind != "notice")
        if kind == "summary":
            facts = claim_facts(sql, sheet.item, self.context.today())
            everybody = list(facts.claimants.values())
            counts = (
                len(everybody),
                sum(one.passed for one in everybody),
                sum(one.certificate is not None for one in everybody),
            )
            return claim_papers.summary(head, sheet, counts)
        fillers = {
            "people": claim_papers.people,
            "notice": claim_papers.notice,
            "lacks": claim_papers.lacks,
        }
        return fillers[kind](head, sheet)

    def _head(self, sql: Connection, sheet: ClaimSheet, *, whole: bool = True) -> PaperHead:
        found, at = accounts.institution(sql), self.context.now().astimezone(SHANGHAI)
        name = self.context.require_actor().user.display if whole else ""
        solo = found.solo or sheet.item.solo
        return PaperHead(found.name, sheet.item.class_code, at, printed_by=name, demo=found.demo, solo=solo)

    def _record(self, class_id: bytes, purpose: str) -> None:
        said = purpose.strip() or resources.text("purpose.claim")
        PaperService(self.context).export_unmasked(class_id, said)


def _owners(facts: ClaimFacts, item: PackItem) -> set[tuple[str, bytes]]:
    """Return whose files an item is made of: people of the claim, sessions, or the class."""
    class_id = facts.item.class_id
    if item.per is Per.CLASS:
        return {("training_class", class_id)}
    if item.per is Per.SESSION:
        return {(one.owner, one.owner_key) for one in facts.evidence if one.owner == "session"}
    people = {("trainee", person) for person in facts.lines}
    return people | {("enrolment", class_id + person) for person in facts.lines}


def _pdf(table: FigureTable) -> bytes:
    from desktop_app.papers import INSTITUTION_PAPERS  # noqa: PLC0415 - loads no reportlab until it prints

    buffer = io.BytesIO()
    INSTITUTION_PAPERS[table.kind].build(buffer, table)
    return buffer.getvalue()
