"""Papers of a class: filled from the store, written as PDF or Excel."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import resources
from desktop_app.domain.clock import SHANGHAI
from desktop_app.domain.errors import AppError
from desktop_app.domain.papers import PaperContent
from desktop_app.domain.papers.naming import named_with
from desktop_app.domain.papers.registrations import Registrations
from desktop_app.domain.records import TRAINING_CLASS
from desktop_app.papers.watching import watched
from desktop_app.services import access
from desktop_app.services.context import Context, Service, command
from desktop_app.services.letterheads import read_letterhead
from desktop_app.services.paper_contents import PaperRequest, fill
from desktop_app.services.ports import NEVER, CancelToken, Progress, no_progress, stop_if_cancelled
from desktop_app.store.keys import write_atomically
from desktop_app.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from desktop_app.papers import PaperKind
    from desktop_app.services.evidence import EvidenceService

UNMASKED = frozenset({"roster", "registration", "agreement", "commitment"})
_PDF = "pdf"
# What a paper shows beyond the class itself needs the view that shows it on screen.
VIEWS = {
    "departures": "view_trainees",
    "roster": "view_trainees",
    "registration": "view_trainees",
    "agreement": "view_trainees",
    "commitment": "view_trainees",
    "sign-in": "view_trainees",
    "attendance": "view_attendance",
    "tickets": "view_trainees",
    "exam-sign-in": "view_trainees",
    "scores": "view_scores",
    "certificates": "view_certificates",
    "completion": "view_scores",
}


@dataclass(frozen=True, slots=True)
class PaperKindItem:
    """A paper that can be made: its code, the key of its title, its formats (pdf, xlsx)."""

    kind: str
    title_key: str
    formats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenPaper:
    """A paper on disk: size in bytes, the content's code, characters that no shipped font has, and in whose names."""

    file: Path
    size: int
    code: str
    missing_glyphs: tuple[str, ...]
    missing_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperPreview:
    """A paper as PDF with its pages; characters that no shipped font has, and the people in whose names they are."""

    pdf: bytes
    pages: int
    missing_glyphs: tuple[str, ...]
    missing_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page in grey: width and height in px, one byte a px, row by row without gaps."""

    width: int
    height: int
    grey: bytes


class PaperService(Service):
    """The papers of a class, from 开班申请表 to 结业名册 (requirements §5); photos come from the evidence folder."""

    def __init__(self, context: Context, evidence: EvidenceService | None = None) -> None:
        super().__init__(context)
        self._evidence = evidence

    def kinds(self) -> list[PaperKindItem]:
        """Return the papers of a class that the acting user may make, in the order of its life."""
        return [
            PaperKindItem(item.kind, item.title_key, item.formats)
            for item in _papers().values()
            if self.context.may(VIEWS.get(item.kind, "view_classes"))
        ]

    def content(self, kind: str, class_id: bytes) -> PaperContent:
        """Return what a paper of a class says, masked, for the screen.

        Raises AppError NOT_PERMITTED, PAPER_UNKNOWN, NOT_YOUR_CLASS.
        """
        actor = self.context.require("view_classes")
        if kind not in _papers():
            raise AppError("PAPER_UNKNOWN", kind=kind)
        self.context.require(VIEWS.get(kind, "view_classes"))
        at = self.context.now().astimezone(SHANGHAI)
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            return fill(sql, kind, PaperRequest(class_id, at, masked=True, printed_by=""))

    def write(self, kind: str, class_id: bytes, path: Path, purpose: str = "") -> WrittenPaper:
        """Write a paper to a file; the ending (.pdf, .xlsx) says the format.

        花名册, 培训协议 and 承诺书 carry whole document numbers where the acting user may export them: that needs
        a purpose (the paper's own by default) and is recorded. Everybody else gets it masked.
        Raises AppError NOT_PERMITTED, PAPER_UNKNOWN, PAPER_FORMAT, NOT_YOUR_CLASS, FILE_NOT_WRITABLE.
        """
        self.context.require("make_paper")
        paper = _papers().get(kind)
        if paper is None:
            raise AppError("PAPER_UNKNOWN", kind=kind)
        _checked_format(paper, path)
        return write_content(paper, self._filled(kind, class_id, purpose), path)

    def preview(
        self,
        kind: str,
        class_id: bytes,
        purpose: str = "",
        *,
        progress: Progress = no_progress,
        cancel: CancelToken = NEVER,
    ) -> PaperPreview:
        """Return a paper as it will be printed, recorded as ``write`` records it, for it may be printed from there.

        Raises AppError NOT_PERMITTED, PAPER_UNKNOWN, NOT_YOUR_CLASS, CANCELLED.
        """
        self.context.require("make_paper")
        paper = _papers().get(kind)
        if paper is None:
            raise AppError("PAPER_UNKNOWN", kind=kind)
        content = self._filled(kind, class_id, purpose)
        buffer = io.BytesIO()

        def watch(done: int, total: int) -> None:
            stop_if_cancelled(cancel)
            if total:
                progress(done, total)

        with watched(watch):
            made = paper.build(buffer, content)
        lacking = named_with(content, made.missing_glyphs)
        return PaperPreview(buffer.getvalue(), made.pages, made.missing_glyphs, lacking)

    def page_picture(self, pdf: bytes, number: int, dpi: int) -> PagePicture:
        """Return page ``number`` (from 0) of a PDF in grey for the screen or a printer."""
        from desktop_app.papers import scans  # noqa: PLC0415 - loads pdfium

        return PagePicture(*scans.grey_page(pdf, number, dpi))

    def _filled(self, kind: str, class_id: bytes, purpose: str) -> PaperContent:
        """Return what a paper says, whole where the acting user may export it so, and then recorded."""
        actor = self.context.require(VIEWS.get(kind, "view_classes"))
        masked = kind not in UNMASKED or not self.context.may("export_unmasked")
        at = self.context.now().astimezone(SHANGHAI)
        request = PaperRequest(class_id, at, masked, "" if masked else actor.user.display)
        with self.context.read() as sql:
            access.require_class(sql, actor, class_id)
            content = fill(sql, kind, request)
        content = self.with_letterhead(self.with_photos(content))
        if not masked:
            self.export_unmasked(class_id, purpose.strip() or resources.text(f"purpose.{kind}"))
        return content

    def with_letterhead(self, content: PaperContent) -> PaperContent:
        """Return a content under the institution's letterhead, where it has one."""
        if self._evidence is None:
            return content
        found = read_letterhead(self._evidence)
        head = replace(content.head, letterhead=found.text, logo=found.logo)
        return cast("PaperContent", replace(cast(Any, content), head=head))

    def with_photos(self, content: PaperContent) -> PaperContent:
        """Return a 学员登记表 with its photos; one that is not here leaves its place empty. Others stay as they are."""
        if not isinstance(content, Registrations):
            return content
        people = []
        for one in content.people:
            photo = b""
            if one.photo_digest and self._evidence is not None:
                with suppress(AppError):  # on its way from a colleague, or lost, which the evidence list says
                    photo = self._evidence.files.get(bytes.fromhex(one.photo_digest))
            people.append(replace(one, photo=photo))
        return replace(content, people=tuple(people))

    @command("export_unmasked", undoable=False)
    def export_unmasked(self, work: UnitOfWork, class_id: bytes, purpose: str) -> None:
        """Record that whole document numbers of a class leave the program, and for what."""
        work.reason = purpose
        work.remark(TRAINING_CLASS, class_id)


def write_content(paper: PaperKind, content: PaperContent, path: Path) -> WrittenPaper:
    """Write a filled paper to a file; the ending says the format.

    Raises AppError PAPER_FORMAT, FILE_NOT_WRITABLE.
    """
    buffer = io.BytesIO()
    if _checked_format(paper, path) == _PDF:
        result = paper.build(buffer, content)
        code, missing = result.content_code, result.missing_glyphs
    else:
        code, missing = _workbooks()[paper.kind](buffer, content), ()
    try:
        write_atomically(path, buffer.getvalue())
    except OSError as error:
        raise AppError("FILE_NOT_WRITABLE", file=path.name) from error
    return WrittenPaper(path, len(buffer.getvalue()), code, missing, named_with(content, missing))


def write_institution_paper(content: PaperContent, path: Path) -> WrittenPaper:
    """Write a paper that is of no class, e.g. 技能人才统计表; AppError PAPER_FORMAT, FILE_NOT_WRITABLE."""
    from desktop_app.papers import INSTITUTION_PAPERS  # noqa: PLC0415 - loads no reportlab until it prints

    return write_content(INSTITUTION_PAPERS[content.kind], content, path)


def _checked_format(paper: PaperKind, path: Path) -> str:
    """Return the format that a file's ending says; AppError PAPER_FORMAT."""
    ending = path.suffix.lower().lstrip(".")
    if ending not in paper.formats:
        raise AppError("PAPER_FORMAT", kind=paper.kind, formats="、".join(paper.formats))
    return ending


def _papers() -> Mapping[str, PaperKind]:
    """Return the papers; reportlab is loaded with them, and only when a paper is asked for."""
    from desktop_app.papers import PAPERS  # noqa: PLC0415 - see above

    return PAPERS


def _workbooks() -> Mapping[str, Callable[[BinaryIO, PaperContent], str]]:
    """Return the workbook writers; openpyxl is loaded with them, and only when a workbook is asked for."""
    from desktop_app.excel.paper_workbooks import WORKBOOKS  # noqa: PLC0415 - see above

    return WORKBOOKS
