"""What comes in as evidence: files checked and made small, before any command begins.

Pictures and PDF files only; everything else is refused by its content, whatever its name ends in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.domain import evidence
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence import PhotoSize

if TYPE_CHECKING:
    from types import ModuleType


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it is kept: its bytes, media type, pages and the name it was given."""

    content: bytes
    media_type: str
    pages: int
    file_name: str


@dataclass(frozen=True, slots=True)
class PhotoShape:
    """How a 证件照 is cut: its size, and the most bytes it may have."""

    size: PhotoSize = PhotoSize.ONE_INCH
    most: int = 50 * 1024


def read_file(path: Path) -> bytes:
    """Read a file of the user's; AppError EVIDENCE_FILE_MISSING, EVIDENCE_FILE_TOO_LARGE (over 30 MiB)."""
    try:
        with path.open("rb") as file:
            data = file.read(evidence.MAX_FILE_BYTES + 1)
    except OSError as error:
        raise AppError("EVIDENCE_FILE_MISSING", file=path.name) from error
    if len(data) > evidence.MAX_FILE_BYTES:
        raise AppError("EVIDENCE_FILE_TOO_LARGE", file=path.name, limit=evidence.MAX_FILE_BYTES >> 20)
    return data


def take_in(data: bytes, name: str, photo: PhotoShape | None = None) -> Taken:
    """Return a file as it is kept; with ``photo`` as a 证件照.

    Raises AppError PICTURE_*, PDF_*, PHOTO_BYTES_TOO_FEW; EVIDENCE_PHOTO_PDF for a photo that is a PDF.
    """
    file_name = evidence.clean_file_name(name)
    if scans().is_pdf(data):
        if photo is not None:
            raise AppError("EVIDENCE_PHOTO_PDF", file=file_name)
        return Taken(data, scans().PDF, scans().count_pages(data), file_name)
    content = (
        pictures().take_in(data) if photo is None else pictures().portrait(data, photo.size, most=photo.most)
    )
    return Taken(content, pictures().JPEG, 1, file_name)


def pictures_of(content: bytes, media_type: str) -> tuple[bytes, ...]:
    """Return the pages of a kept file as pictures, the first 20 of them; none of a workbook."""
    if media_type != scans().PDF:
        return (content,) if media_type == pictures().JPEG else ()
    pages = min(scans().count_pages(content), SHOWN_PAGES)
    return tuple(scans().page_picture(content, number) for number in range(pages))


SHOWN_PAGES = 20


def pictures() -> ModuleType:
    """Return the module of pictures; Pillow is loaded with it, and only when a file comes in."""
    from desktop_app.papers import pictures as module  # noqa: PLC0415 - see above

    return module


def scans() -> ModuleType:
    """Return the module of scans; pdfium and the code reader are loaded with it."""
    from desktop_app.papers import scans as module  # noqa: PLC0415 - see above

    return module
