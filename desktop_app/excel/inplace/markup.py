"""XML changed by place: elements are found by expat, and replaced in the bytes as they stand.

Nothing is written anew that is not changed, so unknown elements, extensions and prefixes stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat
from xml.sax.saxutils import escape

_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_STORABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class NotEditable(Exception):
    """The package is none that cells can be changed in: a part is missing, broken or odd."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element by its places: ``part[start:opened]`` is its start tag, ``part[start:end]`` all of it.

    ``closing`` is where its end tag begins; where ``empty``, that is ``opened``. ``name`` is without prefix.
    """

    name: str
    given: Mapping[str, str]
    start: int
    opened: int
    closing: int
    end: int
    depth: int

    @property
    def empty(self) -> bool:
        """Whether it is written as one tag."""
        return self.closing == self.end


@dataclass(frozen=True, slots=True)
class Edit:
    """``new`` in place of ``part[start:end]``."""

    start: int
    end: int
    new: bytes


Keep = Callable[[str, Mapping[str, str], int], bool]
"""Whether an element is wanted, by its name without prefix, what it is given, and how deep it stands (root 0)."""


class _Walker:
    """Collects wanted elements as they end."""

    def __init__(self, part: bytes, keep: Keep) -> None:
        self._part = part
        self._keep = keep
        self._open: list[tuple[str, dict[str, str], int, int] | None] = []
        self.found: list[Element] = []
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse
        self._parser = parser

    def walk(self) -> list[Element]:
        try:
            self._parser.Parse(self._part, True)
        except expat.ExpatError as error:
            raise NotEditable("xml") from error
        return sorted(self.found, key=lambda one: one.start)

    def _start(self, name: str, given: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if not self._keep(local, given, len(self._open)):
            self._open.append(None)
            return
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self._part, start)
        if tag is None:
            raise NotEditable("tag")
        self._open.append((local, given, start, tag.end()))

    def _end(self, _name: str) -> None:
        kept = self._open.pop()
        if kept is None:
            return
        local, given, start, opened = kept
        closing = end = opened
        if not self._part.startswith(b"/>", opened - 2):
            closing = self._parser.CurrentByteIndex
            end = self._part.index(b">", closing) + 1
        self.found.append(Element(local, given, start, opened, closing, end, len(self._open)))

    def _refuse(self, *_given: object) -> None:
        raise NotEditable("doctype")


def find(part: bytes, keep: Keep) -> list[Element]:
    """Return the wanted elements in the order they begin; NotEditable where the part is broken or has a DTD."""
    return _Walker(part, keep).walk()


def as_utf8(part: bytes) -> bytes:
    """Return a part in UTF-8; NotEditable where it is in a character set that its places cannot be told in."""
    if part[:2] in _UTF16:
        return _DECLARATION.sub("", part.decode("utf-16")).encode()
    head = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w-]+)", part[:200])
    if head and head[1].lower() not in (b"utf-8", b"us-ascii"):
        raise NotEditable("encoding")
    return part


def edited(part: bytes, edits: Iterable[Edit]) -> bytes:
    """Return the part with every edit made; of edits at one place the earlier given comes first."""
    pieces, place = [], 0
    for edit in sorted(edits, key=lambda one: (one.start, one.end)):
        if edit.start < place:
            raise NotEditable("overlap")
        pieces += [part[place : edit.start], edit.new]
        place = edit.end
    return b"".join([*pieces, part[place:]])


def inside(part: bytes, element: Element, new: bytes) -> Edit:
    """Return the edit that adds ``new`` at the end of an element, opening it where it is written as one tag."""
    if not element.empty:
        return Edit(element.closing, element.closing, new)
    tag = part[element.start : element.opened]
    name = re.match(rb"<([^\s/>]+)", tag)
    assert name is not None
    return Edit(element.start, element.end, tag[:-2].rstrip() + b">" + new + b"</" + name[1] + b">")


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """Return a start tag with an attribute set, or without it where ``value`` is None."""
    form = re.compile(rb"\s+" + re.escape(name.encode()) + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')")
    bare = form.sub(b"", tag, count=1)
    if value is None:
        return bare
    end = -2 if bare.endswith(b"/>") else -1
    return bare[:end].rstrip() + f' {name}="{quoted(value)}"'.encode() + bare[end:]


def prefix_of(part: bytes, root: Element) -> str:
    """Return the prefix, with its colon, that the root element is written with; "" where it has none."""
    match = re.match(rb"<([\w.-]+:)?", part[root.start :])
    return match[1].decode() if match and match[1] else ""


def text(value: str) -> str:
    """Return a text as XML, control characters that no workbook can hold left out, ``_x000D_`` kept as it reads."""
    whole = _ESCAPED.sub(r"_x005F_x\1_", _STORABLE.sub("", value))
    return escape(whole).replace("\r", "_x000D_")


def quoted(value: str) -> str:
    """Return a text as the value of an attribute between double quotes."""
    return escape(_STORABLE.sub("", value), {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
