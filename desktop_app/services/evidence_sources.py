"""Where evidence comes from in bulk: folders, archives, scans, one piece after another, each bounded.

An archive is never unpacked to the disk: its members are read into memory one by one, so no path in it can lead out
of anywhere, and what claims to be small and is not is cut off at the limit.
"""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain import evidence
from desktop_app.domain.errors import AppError
from desktop_app.domain.evidence_matching import natural_order
from desktop_app.services.evidence_intake import read_file

_ZIP = b"PK\x03\x04"
_UTF8_FLAG = 0x800
_NOT_FILES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of a source: its path there, and its bytes, or why it cannot be read."""

    path: str
    data: bytes
    problem: AppError | None = None


def pieces(sources: Sequence[Path]) -> Iterator[Piece]:
    """Yield the files of folders, archives and single files in natural order.

    Raises AppError EVIDENCE_FILE_MISSING, EVIDENCE_TOO_MANY (over 600 files), EVIDENCE_TOO_MUCH (over 600 MiB),
    ARCHIVE_UNREADABLE, ARCHIVE_LOCKED.
    """
    count = total = 0
    for source in sources:
        for piece in _of_source(source):
            count, total = count + 1, total + len(piece.data)
            if count > evidence.MAX_FILES:
                raise AppError("EVIDENCE_TOO_MANY", limit=evidence.MAX_FILES)
            if total > evidence.MAX_TOTAL_BYTES:
                raise AppError("EVIDENCE_TOO_MUCH", limit=evidence.MAX_TOTAL_BYTES >> 20)
            yield piece


def _of_source(source: Path) -> Iterator[Piece]:
    if source.is_dir():
        found = (path for path in source.rglob("*") if path.is_file() and not path.is_symlink())
        named = [(path.relative_to(source).as_posix(), path) for path in found]
        for name, path in sorted(named, key=lambda pair: natural_order(pair[0])):
            if not _is_hidden(name):
                yield _read(name, path)
        return
    if not source.is_file():
        raise AppError("EVIDENCE_FILE_MISSING", file=source.name)
    with source.open("rb") as file:
        is_archive = file.read(len(_ZIP)) == _ZIP
    if is_archive:
        yield from _of_archive(source)
    else:
        yield _read(source.name, source)


def _read(name: str, path: Path) -> Piece:
    try:
        return Piece(name, read_file(path))
    except AppError as error:
        return Piece(name, b"", error)


def _of_archive(path: Path) -> Iterator[Piece]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise AppError("ARCHIVE_UNREADABLE", file=path.name) from error
    with archive:
        if len(archive.infolist()) > evidence.MAX_FILES * 4:
            raise AppError("EVIDENCE_TOO_MANY", limit=evidence.MAX_FILES)
        members = [(_member_name(one), one) for one in archive.infolist() if not one.is_dir()]
        for name, member in sorted(members, key=lambda pair: natural_order(pair[0])):
            if not _is_hidden(name):
                yield _member(archive, member, name, path.name)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, archive_name: str) -> Piece:
    if member.flag_bits & 1:
        raise AppError("ARCHIVE_LOCKED", file=archive_name)
    too_large = AppError(
        "EVIDENCE_FILE_TOO_LARGE", file=evidence.clean_file_name(name), limit=evidence.MAX_FILE_BYTES >> 20
    )
    if member.file_size > evidence.MAX_FILE_BYTES:
        return Piece(name, b"", too_large)
    try:
        with archive.open(member) as file:
            data = file.read(evidence.MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        return Piece(name, b"", AppError("ARCHIVE_MEMBER_DAMAGED", file=evidence.clean_file_name(name)))
    return Piece(name, b"", too_large) if len(data) > evidence.MAX_FILE_BYTES else Piece(name, data)


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's path; archives made on Chinese Windows name files in GB 18030 without saying so."""
    name = member.filename
    if not member.flag_bits & _UTF8_FLAG:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _is_hidden(name: str) -> bool:
    """Tell whether a path is none of the user's making: of the system, or beginning with a dot."""
    parts = name.split("/")
    return parts[-1].lower() in _NOT_FILES or any(
        part.startswith((".", "__MACOSX")) and part not in {".", ".."} for part in parts
    )
