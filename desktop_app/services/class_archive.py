"""The archive of a class: every paper that has something to say, in one numbered PDF with contents and bookmarks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import resources
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.errors import AppError
from desktop_app.domain.papers import OpeningApplication, PaperContent, PaperHead
from desktop_app.domain.papers.archives import ArchiveContents
from desktop_app.domain.papers.figures import FigureColumn
from desktop_app.papers.watching import watched
from desktop_app.services import access
from desktop_app.services.context import Service
from desktop_app.services.employment import EmploymentService
from desktop_app.services.follow_up_papers import employment_table
from desktop_app.services.paper_contents import PaperRequest, fill
from desktop_app.services.papers import UNMASKED, PaperService
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.store.keys import write_atomically

if TYPE_CHECKING:
    from desktop_app.papers.claim_pack import PackPart


@dataclass(frozen=True, slots=True)
class WrittenArchive:
    """An archive on disk: its pages, bytes, the titles of its papers, and characters that no shipped font has."""

    file: Path
    pages: int
    size: int
    papers: tuple[str, ...]
    missing_glyphs: tuple[str, ...]


class ClassArchiveService(Service):
    """整班档案."""

    def __init__(self, papers: PaperService) -> None:
        super().__init__(papers.context)
        self._papers = papers

    def write(
        self,
        class_id: bytes,
        path: Path,
        purpose: str = "",
        *,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> WrittenArchive:
        """Write every paper of a class that the acting user may see and that is not empty as one PDF.

        Papers with whole document numbers are whole where the acting user may export them; that is recorded.
        Raises AppError NOT_PERMITTED, PAPER_FORMAT, NOT_YOUR_CLASS, FILE_NOT_WRITABLE, CANCELLED.
        """
        # loads reportlab and pdfium, which most days need not hold
        from desktop_app.papers import INSTITUTION_PAPERS, PAPERS, bookmarks, claim_pack  # noqa: PLC0415

        self.context.require("make_paper")
        if path.suffix.lower() != ".pdf":
            raise AppError("PAPER_FORMAT", kind="archive", formats="pdf")
        contents = self._contents(class_id)
        whole = any(content.kind in UNMASKED and content.head.printed_by for content in contents)
        if whole:
            said = purpose.strip() or resources.text("purpose.archive")
            self._papers.export_unmasked(class_id, said)
        papers = {**PAPERS, **INSTITUTION_PAPERS}
        parts, missing = [], dict[str, None]()
        for place, content in enumerate(contents):
            progress(place, len(contents))
            buffer = io.BytesIO()
            with watched(lambda _done, _total: stop_if_cancelled(cancel)):
                made = papers[content.kind].build(buffer, content)
            missing |= dict.fromkeys(made.missing_glyphs)
            title = resources.text(f"papers.title.{content.kind}")
            parts.append(claim_pack.PackPart(title, (buffer.getvalue(),)))
        head = contents[0].head
        bound = claim_pack.bind(parts, lambda starts, pages: _front(head, parts, starts, pages))
        stop_if_cancelled(cancel)
        marks = [(part.title, start - 1) for part, start in zip(parts, bound.starts, strict=True)]
        content_bytes = bookmarks.add(bound.content, [(resources.text("archive.contents"), 0), *marks])
        try:
            write_atomically(path, content_bytes)
        except OSError as error:
            raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
        titles = tuple(part.title for part in parts)
        return WrittenArchive(path, bound.pages, len(content_bytes), titles, tuple(missing))

    def _contents(self, class_id: bytes) -> list[PaperContent]:
        """Return the contents that say something, in the order of the class's life."""
        actor = self.context.require("view_classes")
        at = self.context.now().astimezone(SHANGHAI)
        may_whole = self.context.may("export_unmasked")
        found: list[PaperContent] = []
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            for item in self._papers.kinds():
                whole = may_whole and item.kind in UNMASKED
                request = PaperRequest(class_id, at, not whole, actor.user.display if whole else "")
                content = fill(sql, item.kind, request)
                if _says_something(content):
                    found.append(self._papers.with_letterhead(self._papers.with_photos(content)))
        if self.context.may("view_employment"):
            sheet = EmploymentService(self.context).sheet(class_id)
            if any(one.months for one in sheet.people):
                found.append(employment_table(found[0].head, sheet.people[0].class_code, sheet))
        return found


def _says_something(content: PaperContent) -> bool:
    """Tell whether a content lists anybody or anything; the 开班申请表 tells of the class itself."""
    if content.kind == OpeningApplication.kind:
        return True
    lists = [
        value
        for field in fields(cast(Any, content))
        if isinstance(value := getattr(content, field.name), tuple)
    ]
    return any(lists)


def _front(head: PaperHead, parts: Sequence[PackPart], starts: Sequence[int], pages: int) -> bytes:
    """Return the contents page: number, paper, page."""
    from desktop_app.papers import INSTITUTION_PAPERS  # noqa: PLC0415 - as above

    columns = (
        FigureColumn(resources.text("archive.column.number"), "right"),
        FigureColumn(resources.text("archive.column.paper"), wide=True),
        FigureColumn(resources.text("archive.column.page"), "right"),
    )
    rows = tuple(
        (str(place), part.title, str(start))
        for place, (part, start) in enumerate(zip(parts, starts, strict=True), 1)
    )
    notes = (resources.text("archive.pages", pages=pages),)
    content = ArchiveContents(
        head, resources.text("papers.title.archive-contents"), (), columns, rows, (), notes
    )
    buffer = io.BytesIO()
    INSTITUTION_PAPERS[content.kind].build(buffer, content)
    return buffer.getvalue()
