"""What a file really is: its content decides, never its extension."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from desktop_app.excel.bounds import (
    DAMAGES,
    FILE_LIMIT,
    MARKUP_FILE_LIMIT,
    TEXT_FILE_LIMIT,
    UNPACKED_LIMIT,
)
from desktop_app.excel.delimited import utf16_of
from desktop_app.excel.unusable_file import UnusableFile

_MANIFEST_LIMIT = 1 << 20  # bytes

_CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BARE_BIFF = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!|\?xml|(?:html|head|meta|style|body|div|table|tr|workbook|ss:workbook)\b)",
    re.IGNORECASE,
)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PICTURES_AND_PAPERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x07\x08", b"Rar!", b"7z\xbc\xaf")


class FileKind(StrEnum):
    """How a file has to be read."""

    CALAMINE = "calamine"  # xlsx, xlsm, ods
    BIFF = "biff"  # xls
    MARKUP = "markup"  # HTML or SpreadsheetML, often named .xls
    TEXT = "text"  # CSV or tab text, often named .xls


def sniff(data: bytes) -> FileKind:
    """Tell how ``data`` has to be read.

    Raises WORKBOOK_EMPTY (no bytes), WORKBOOK_FILE_TOO_LARGE (megabytes), WORKBOOK_PASSWORD,
    WORKBOOK_UNPACKS_TOO_LARGE (megabytes), WORKBOOK_UNREADABLE (damaged) and WORKBOOK_NOT_A_TABLE (no spreadsheet
    at all).
    """
    if len(data) > FILE_LIMIT:
        raise UnusableFile("WORKBOOK_FILE_TOO_LARGE", megabytes=FILE_LIMIT >> 20)
    if not data.strip():
        raise UnusableFile("WORKBOOK_EMPTY")
    if data.startswith(b"PK\x03\x04"):
        return _sniff_zip(data)
    if data.startswith(_CFB):
        return _sniff_compound(data)
    if data.startswith(_BARE_BIFF):
        return FileKind.BIFF
    if data.startswith(_PICTURES_AND_PAPERS):
        raise UnusableFile("WORKBOOK_NOT_A_TABLE")
    if utf16 := utf16_of(data):
        text_start = data[:4096].decode(utf16, errors="ignore").encode()
    else:
        if _NOT_TEXT.search(data):
            raise UnusableFile("WORKBOOK_NOT_A_TABLE")
        text_start = data[:4096]
    kind = FileKind.MARKUP if _MARKUP.match(text_start) else FileKind.TEXT
    limit = MARKUP_FILE_LIMIT if kind is FileKind.MARKUP else TEXT_FILE_LIMIT
    if len(data) > limit:
        raise UnusableFile("WORKBOOK_FILE_TOO_LARGE", megabytes=limit >> 20)
    return kind


def _sniff_compound(data: bytes) -> FileKind:
    """A compound file is an old .xls, an encrypted .xlsx, or something else of Office."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnusableFile("WORKBOOK_PASSWORD")
    if "Workbook".encode("utf-16-le") in data or "Book\x00".encode("utf-16-le") in data:
        return FileKind.BIFF
    raise UnusableFile("WORKBOOK_NOT_A_TABLE")


def _sniff_zip(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            manifest = _read_manifest(archive, sizes)
    except DAMAGES as error:
        raise UnusableFile("WORKBOOK_UNREADABLE") from error
    if sum(sizes.values()) > UNPACKED_LIMIT:
        raise UnusableFile("WORKBOOK_UNPACKS_TOO_LARGE", megabytes=UNPACKED_LIMIT >> 20)
    if b"encryption-data" in manifest:
        raise UnusableFile("WORKBOOK_PASSWORD")
    is_office = any(name.startswith("xl/workbook") and name.endswith(".xml") for name in sizes)
    is_ods = "content.xml" in sizes and b"opendocument.spreadsheet" in manifest
    if not (is_office or is_ods):
        raise UnusableFile("WORKBOOK_NOT_A_TABLE")
    return FileKind.CALAMINE


def _read_manifest(archive: zipfile.ZipFile, sizes: dict[str, int]) -> bytes:
    name = "META-INF/manifest.xml"
    if name not in sizes or sizes[name] > _MANIFEST_LIMIT:
        return b""
    return archive.read(name)
