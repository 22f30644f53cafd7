"""Bookmarks of a PDF that pdfium has joined, added behind it as an update (ISO 32000-1, 7.5.6 and 12.3.3)."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*$", re.DOTALL)
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_SIZE = re.compile(rb"/Size (\d+)")
_PAGES = re.compile(rb"/Pages (\d+) 0 R")
_KIDS = re.compile(rb"/Kids\s*\[(.*?)\]", re.DOTALL)
_REFERENCE = re.compile(rb"(\d+) 0 R")


def add(pdf: bytes, entries: Sequence[tuple[str, int]]) -> bytes:
    """Return the PDF with a bookmark for each (title, page from 0), shown when it is opened.

    For files of ``scans.join`` only, whose pages hang on one node: ValueError for others.
    """
    trailer = _TRAILER.search(pdf)
    if trailer is None or not entries:
        raise ValueError("no PDF of scans.join, or nothing to mark")
    root, size = int(_found(_ROOT, trailer[1])), int(_found(_SIZE, trailer[1]))
    catalogue = _dictionary(pdf, root)
    kids = _found(_KIDS, _dictionary(pdf, int(_found(_PAGES, catalogue))))
    pages = [int(one) for one in _REFERENCE.findall(kids)]
    first = size + 1
    objects = {
        root: catalogue + b" /Outlines %d 0 R /PageMode /UseOutlines" % size,
        size: b"/Type /Outlines /First %d 0 R /Last %d 0 R /Count %d"
        % (first, size + len(entries), len(entries)),
    }
    for place, (title, page) in enumerate(entries):
        number = first + place
        text = b"\xfe\xff" + title.encode("utf-16-be")
        parts = [b"/Title <%s> /Parent %d 0 R /Dest [%d 0 R /Fit]" % (text.hex().encode(), size, pages[page])]
        parts += [b"/Prev %d 0 R" % (number - 1)] if place else []
        parts += [b"/Next %d 0 R" % (number + 1)] if place + 1 < len(entries) else []
        objects[number] = b" ".join(parts)
    return pdf + _update(len(pdf), objects, root, trailer)


def _update(start: int, objects: dict[int, bytes], root: int, trailer: re.Match[bytes]) -> bytes:
    """Return the objects, their cross-reference and a trailer that leads back to the one before."""
    body, offsets = b"", {}
    for number, content in objects.items():
        offsets[number] = start + len(body)
        body += b"%d 0 obj\n<<%s>>\nendobj\n" % (number, content)
    table = b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % one for one in sorted(offsets.items()))
    kept = _SIZE.sub(b"/Size %d" % (max(objects) + 1), trailer[1])
    end = b"trailer\n<<%s /Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        kept.strip(),
        trailer[2],
        start + len(body),
    )
    assert root in offsets
    return body + table + end


def _dictionary(pdf: bytes, number: int) -> bytes:
    found = re.search(rb"(?<!\d)%d 0 obj\s*<<(.*?)>>\s*endobj" % number, pdf, re.DOTALL)
    if found is None:
        raise ValueError(f"object {number}")
    return found[1]


def _found(pattern: re.Pattern[bytes], text: bytes) -> bytes:
    found = pattern.search(text)
    if found is None:
        raise ValueError(pattern.pattern)
    return found[1]
