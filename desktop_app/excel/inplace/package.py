"""An .xlsx as the package of parts it is: which part is which sheet, and what belongs to it."""

from __future__ import annotations

import copy
import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from desktop_app.excel.bounds import DAMAGES, check_package
from desktop_app.excel.inplace.markup import (
    Element,
    NotEditable,
    as_utf8,
    edited,
    find,
    inside,
    prefix_of,
    quoted,
)
from desktop_app.excel.unusable_file import UnusableFile

_TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part: its id, the last word of its type, and the part it names ("" where outside)."""

    id: str
    kind: str
    part: str
    type: str


class Package:
    """The parts of an .xlsx; parts that were set or added are written anew, the others as they were.

    Raises NotEditable where the bytes are no .xlsx that can be changed.
    """

    def __init__(self, data: bytes) -> None:
        try:
            check_package(data)
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (UnusableFile, *DAMAGES) as error:
            raise NotEditable("package") from error
        self._infos = self._archive.infolist()
        self._names = {info.filename: info for info in self._infos}
        if len(self._names) != len(self._infos):
            raise NotEditable("names")
        self._changed: dict[str, bytes] = {}
        self.book = self._one_of("", "officeDocument")
        self.sheets = self._sheets()

    @property
    def changed(self) -> frozenset[str]:
        """Names of the parts that were set or added."""
        return frozenset(self._changed)

    def has(self, name: str) -> bool:
        """Tell whether there is such a part."""
        return name in self._changed or name in self._names

    def part(self, name: str) -> bytes:
        """Return the bytes of a part as they stand now."""
        if name in self._changed:
            return self._changed[name]
        if name not in self._names:
            raise NotEditable(name)
        try:
            return self._archive.read(name)
        except DAMAGES as error:
            raise NotEditable(name) from error

    def xml(self, name: str) -> bytes:
        """Return a part in UTF-8."""
        return as_utf8(self.part(name))

    def put(self, name: str, part: bytes) -> None:
        """Set a part, or add it."""
        self._changed[name] = part

    def relations(self, name: str) -> list[Relation]:
        """Return what a part ("" is the package) is related to."""
        rels = _relations_of(name)
        if not self.has(rels):
            return []
        found = find(self.xml(rels), lambda local, _given, depth: depth == 1 and local == "Relationship")
        return [_relation(name, one) for one in found]

    def relate(self, name: str, kind: str, target: str) -> str:
        """Relate a part to another one; return the id of the relation."""
        taken = self.relations(name)
        numbers = [int(one.id[3:]) for one in taken if re.fullmatch(r"rId[0-9]{1,9}", one.id)]
        made = f"rId{max(numbers, default=0) + 1}"
        base = next((one.type.rpartition("/")[0] for one in self.relations(self.book)), _DOCUMENT)
        base = base if base.startswith("http://purl.oclc.org/") else _DOCUMENT
        entry = f'<{{}}Relationship Id="{made}" Type="{base}/{kind}" Target="/{quoted(target)}"/>'
        rels = _relations_of(name)
        if not self.has(rels):
            self.put(
                rels,
                f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_RELATIONS}"/>'.encode(),
            )
        self.add_inside(rels, entry)
        return made

    def declare(self, name: str, content_type: str) -> None:
        """Say of what type a part that was added is."""
        self.add_inside(_TYPES, f'<{{}}Override PartName="/{quoted(name)}" ContentType="{content_type}"/>')

    def declare_extension(self, extension: str, content_type: str) -> None:
        """Say of what type parts with an extension are, where nothing says so yet."""
        known = find(self.xml(_TYPES), lambda local, _given, depth: depth == 1 and local == "Default")
        if not any(one.given.get("Extension", "").lower() == extension for one in known):
            entry = f'<{{}}Default Extension="{extension}" ContentType="{content_type}"/>'
            self.add_inside(_TYPES, entry)

    def add_inside(self, name: str, entry: str) -> None:
        """Add an element at the end of a part's root; ``{}`` in it stands for the root's prefix."""
        part = self.xml(name)
        root = find(part, lambda _local, _given, depth: depth == 0)[0]
        self.put(name, edited(part, [inside(part, root, entry.format(prefix_of(part, root)).encode())]))

    def free_name(self, form: str) -> str:
        """Return the first name of a form such as ``xl/comments{}.xml`` that no part has."""
        taken = {name.lower() for name in (*self._names, *self._changed)}
        return next(
            name for number in range(1, 100_000) if (name := form.format(number)).lower() not in taken
        )

    def save(self, target: Path) -> None:
        """Write the package; parts that were not set are copied byte for byte, in their order."""
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            for info in self._infos:
                about = copy.copy(info)
                about.flag_bits &= 0x800
                out.writestr(about, self.part(info.filename))
            for name, part in self._changed.items():
                if name not in self._names:
                    out.writestr(name, part)

    def _one_of(self, name: str, kind: str) -> str:
        found = next((one.part for one in self.relations(name) if one.kind == kind), "")
        if not self.has(found):
            raise NotEditable(kind)
        return found

    def _sheets(self) -> dict[str, str]:
        """Return the part of every sheet of cells by its name."""
        parts = {one.id: one for one in self.relations(self.book)}
        entries = find(self.xml(self.book), lambda local, _given, depth: depth == 2 and local == "sheet")
        found: dict[str, str] = {}
        for entry in entries:
            key = next((value for name, value in entry.given.items() if name.endswith(":id")), "")
            relation = parts.get(key)
            if relation is not None and relation.kind == "worksheet" and self.has(relation.part):
                found[entry.given.get("name", "")] = relation.part
        return found


def _relation(name: str, element: Element) -> Relation:
    given = element.given
    target = given.get("Target", "")
    if given.get("TargetMode", "") == "External":
        part = ""
    else:
        folder = posixpath.dirname(name)
        part = posixpath.normpath(posixpath.join("/" + folder, unquote(target))).lstrip("/")
    kind = given.get("Type", "")
    return Relation(given.get("Id", ""), kind.rpartition("/")[2], part, kind)


def _relations_of(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
