"""Adds cell formats to styles.xml; the formats that are there keep their numbers."""

from __future__ import annotations

from desktop_app.excel.inplace.markup import (
    Edit,
    Element,
    NotEditable,
    edited,
    find,
    inside,
    prefix_of,
    with_attribute,
)
from desktop_app.excel.inplace.package import Package

_WANTED = frozenset({"numFmts", "fonts", "fills", "cellXfs"})
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 32), 34, 36, *range(50, 59)})
"""Built-in number formats that show a date, those of East Asian editions included (ECMA-376, 18.8.30)."""


class Styles:
    """The cell formats of a workbook; what is added is written by ``save``."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._name = next((one.part for one in package.relations(package.book) if one.kind == "styles"), "")
        if not package.has(self._name):
            raise NotEditable("styles")
        self._part = package.xml(self._name)
        found = find(
            self._part,
            lambda name, _given, depth: (
                depth == 0
                or (depth == 1 and name in _WANTED)
                or (depth == 2 and name in {"xf", "font", "fill", "numFmt"})
            ),
        )
        self._root = found[0]
        self._groups = {one.name: one for one in found if one.depth == 1}
        if not {"fonts", "fills", "cellXfs"} <= self._groups.keys():
            raise NotEditable("styles")
        self._formats = self._inside("cellXfs", "xf", found)
        self._counts = {"fonts": len(self._inside("fonts", "font", found)),
                        "fills": len(self._inside("fills", "fill", found))}  # fmt: skip
        self._codes = {
            one.given.get("numFmtId"): one.given.get("formatCode", "")
            for one in found
            if one.name == "numFmt"
        }
        self._added: dict[str, list[bytes]] = {"fonts": [], "fills": [], "cellXfs": []}
        self._made: dict[tuple[object, ...], int] = {}

    def filled(self, base: int, colour: str) -> int:
        """Return a format that is ``base`` on a ground of ``colour`` (RRGGBB)."""
        return self._like(base, ("fill", colour), {"fillId": str(self._fill(colour)), "applyFill": "1"})

    def kept_as_text(self, base: int) -> int:
        """Return a format that is ``base``, whose cell stays text when it is edited, whatever it begins with."""
        return self._like(base, ("quote",), {"quotePrefix": "1"})

    def bold(self) -> int:
        """Return the first format in bold."""
        prefix = prefix_of(self._part, self._root)
        font = self._add("fonts", f'<{prefix}font><{prefix}b/><{prefix}sz val="11"/></{prefix}font>')
        return self._like(0, ("bold",), {"fontId": str(font), "applyFont": "1"})

    def shows_date(self, style: int) -> bool:
        """Tell whether a number in such a cell is shown as a date."""
        if not 0 <= style < len(self._formats):
            return False
        number = self._formats[style].given.get("numFmtId", "0")
        code = self._codes.get(number)
        if code is None:
            return number.isdecimal() and int(number) in _DATE_FORMATS
        plain = code.split(";")[0].lower()
        return "y" in plain and "d" in plain

    def save(self) -> None:
        """Write what was added into the package."""
        edits = []
        for name, added in self._added.items():
            if added:
                group = self._groups[name]
                tag = self._part[group.start : group.opened]
                count = int(group.given.get("count", "0") or 0) + len(added)
                before = self._counts.get(name, len(self._formats))
                new_tag = with_attribute(tag, "count", str(max(count, before + len(added))))
                edits += self._grown(group, new_tag, b"".join(added))
        if edits:
            self._package.put(self._name, edited(self._part, edits))

    def _grown(self, group: Element, tag: bytes, added: bytes) -> list[Edit]:
        if group.empty:
            return [
                Edit(group.start, group.end, edited(tag, [inside(tag, find(tag, lambda *_: True)[0], added)]))
            ]
        return [Edit(group.start, group.opened, tag), Edit(group.closing, group.closing, added)]

    def _inside(self, group: str, name: str, found: list[Element]) -> list[Element]:
        outer = self._groups[group]
        return [one for one in found if one.name == name and outer.start < one.start < outer.end]

    def _fill(self, colour: str) -> int:
        prefix = prefix_of(self._part, self._root)
        return self._add(
            "fills",
            f'<{prefix}fill><{prefix}patternFill patternType="solid"><{prefix}fgColor rgb="FF{colour}"/>'
            f'<{prefix}bgColor indexed="64"/></{prefix}patternFill></{prefix}fill>',
        )

    def _add(self, group: str, entry: str) -> int:
        key = (group, entry)
        if key not in self._made:
            self._made[key] = self._counts[group] + len(self._added[group])
            self._added[group].append(entry.encode())
        return self._made[key]

    def _like(self, base: int, mark: tuple[object, ...], given: dict[str, str]) -> int:
        key = (base, *mark)
        if key not in self._made:
            if base >= len(self._formats) + len(self._added["cellXfs"]) or not self._formats:
                raise NotEditable("style")
            self._made[key] = len(self._formats) + len(self._added["cellXfs"])
            self._added["cellXfs"].append(self._changed(base, given))
        return self._made[key]

    def _changed(self, base: int, given: dict[str, str]) -> bytes:
        if base < len(self._formats):
            element = self._formats[base]
            whole, opened = self._part[element.start : element.end], element.opened - element.start
        else:
            whole = self._added["cellXfs"][base - len(self._formats)]
            opened = whole.index(b">") + 1
        tag = whole[:opened]
        for name, value in given.items():
            tag = with_attribute(tag, name, value)
        return tag + whole[opened:]
