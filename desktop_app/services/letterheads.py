"""文书抬头: the institution's own words and logo over its papers; a later one takes the place of the one before."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import LETTERHEAD, MAX_TEXT
from desktop_app.domain.records import ATTACHMENT
from desktop_app.services.context import Service, command
from desktop_app.services.evidence import EvidenceService, KeptFile, Owner, Paper, name_file
from desktop_app.services.evidence_intake import Taken, take_in
from desktop_app.store.queries.evidence import owner_evidence
from desktop_app.store.repositories import accounts
from desktop_app.store.unit_of_work import UnitOfWork

_INSTITUTION, _JPEG, _TEXT = "institution", "image/jpeg", "text/plain"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Words beside the logo, and the logo as JPEG; either may be empty."""

    text: str = ""
    logo: bytes = b""


class LetterheadService(Service):
    """Sets and shows the letterhead."""

    def __init__(self, evidence: EvidenceService) -> None:
        super().__init__(evidence.context)
        self._evidence = evidence

    def current(self) -> Letterhead:
        """Return the letterhead, empty where there is none."""
        self.context.require("view_classes")
        return read_letterhead(self._evidence)

    def change(self, text: str, logo: bytes | None = None) -> None:
        """Set words and logo (a picture file's bytes; None keeps the present one, b"" takes it away).

        Raises AppError NOT_PERMITTED, EVIDENCE_TEXT_TOO_LONG, PICTURE_*, LETTERHEAD_PDF.
        """
        self.context.require("add_evidence")
        if len(text.strip()) > MAX_TEXT:
            raise AppError("EVIDENCE_TEXT_TOO_LONG", limit=MAX_TEXT)
        if logo is None:
            logo = read_letterhead(self._evidence).logo
        taken = (
            take_in(logo, "logo.jpg") if logo else Taken(text.encode() or b"-", _TEXT, 1, "letterhead.txt")
        )
        if logo and taken.media_type != _JPEG:
            raise AppError("LETTERHEAD_PDF")
        with self.context.read() as sql:
            key = accounts.institution(sql).id
        paper = Paper(LETTERHEAD, number=text.strip())
        self._change(
            KeptFile(Owner(_INSTITUTION, key), paper, self._evidence.files.put(taken.content), taken)
        )

    @command("add_evidence")
    def _change(self, work: UnitOfWork, kept: KeptFile) -> None:
        items = owner_evidence(work.sql, kept.owner.entity, kept.owner.key)
        before = [item for item in items if item.kind == LETTERHEAD]
        same = next((item for item in before if item.digest == kept.digest), None)
        for item in before:
            if item is not same:
                work.delete(ATTACHMENT, item.id)
        if same is None:
            name_file(work, self.context.new_id(), kept)
        else:  # the same logo under other words
            work.put(ATTACHMENT, same.id, {"number": kept.paper.number or None})


def read_letterhead(evidence: EvidenceService) -> Letterhead:
    """Return the newest letterhead; a logo that is still on its way from a colleague is left out."""
    with evidence.context.read() as sql:
        items = owner_evidence(sql, _INSTITUTION, accounts.institution(sql).id)
    newest = max((one for one in items if one.kind == LETTERHEAD), key=lambda one: one.id, default=None)
    if newest is None:
        return Letterhead()
    logo = b""
    if newest.media_type == _JPEG:
        with suppress(AppError):
            logo = evidence.files.get(newest.digest)
    return Letterhead(newest.number or "", logo)
