"""Adds comments to a sheet: their texts, and the drawing in which Excel shows them, each made where it is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from desktop_app.excel.inplace.cells import Place, reference_of
from desktop_app.excel.inplace.markup import (
    Edit,
    Element,
    NotEditable,
    edited,
    find,
    inside,
    prefix_of,
    quoted,
    text,
)
from desktop_app.excel.inplace.package import Package

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_DRAWING = frozenset(
    {
        "legacyDrawingHF",
        "drawingHF",
        "picture",
        "oleObjects",
        "controls",
        "webPublishItems",
        "tableParts",
        "extLst",
        "AlternateContent",
    }
)
"""What stands behind ``legacyDrawing`` in a sheet (ECMA-376, 18.3.1.99)."""

_SHAPE_ID = re.compile(rb"_x0000_s([0-9]{1,9})")
_WIDTH_COLUMNS, _LINE = 4, 22
_BLOCK = 1024  # shapes of one cluster in a drawing

_NEW_VML = """<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{data}"/>\
</o:shapelayout>{shapes}</xml>"""
_SHAPE_TYPE = """<v:shapetype xmlns:v="urn:schemas-microsoft-com:vml" \
xmlns:o="urn:schemas-microsoft-com:office:office" id="_x0000_t202" coordsize="21600,21600" o:spt="202" \
path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>\
<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>"""
_SHAPE = """<v:shape xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" \
xmlns:x="urn:schemas-microsoft-com:office:excel" id="_x0000_s{id}" type="#_x0000_t202" \
style="position:absolute;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>\
<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">\
<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>\
<x:Anchor>{left},15,{top},2,{right},31,{bottom},4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>\
<x:Column>{column}</x:Column></x:ClientData></v:shape>"""


def add_comments(package: Package, sheet: str, comments: Mapping[Place, str], author: str) -> None:
    """Put texts on cells of the sheet in part ``sheet``; a cell that has a comment keeps it, the new text below."""
    texts = _related(package, sheet, "comments")
    if not texts:
        texts = package.free_name("xl/comments{}.xml")
        empty = f'<comments xmlns="{_MAIN}"><authors/><commentList/></comments>'
        package.put(texts, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{empty}'.encode())
        package.declare(texts, _COMMENTS_TYPE)
        package.relate(sheet, "comments", texts)
    new = _add_texts(package, texts, comments, author)
    if new:
        _add_shapes(package, sheet, new)


def _related(package: Package, sheet: str, kind: str) -> str:
    return next((one.part for one in package.relations(sheet) if one.kind == kind and one.part), "")


def _add_texts(package: Package, name: str, comments: Mapping[Place, str], author: str) -> dict[Place, str]:
    """Write the texts; return those whose cell had none before, and so needs a shape."""
    part = package.xml(name)
    found = find(
        part,
        lambda one, _given, depth: depth <= 1 or one in {"comment", "author", "text"},
    )
    groups = {one.name: one for one in found if one.depth == 1}
    if not {"authors", "commentList"} <= groups.keys():
        raise NotEditable("comments")
    p = prefix_of(part, found[0])
    authors = sum(one.name == "author" for one in found)
    own = [one for one in found if one.name == "comment"]
    bodies = {one.given.get("ref", ""): _text_of(found, one) for one in own}
    edits, added, new = (
        [inside(part, groups["authors"], f"<{p}author>{text(author)}</{p}author>".encode())],
        [],
        {},
    )
    for place, says in sorted(comments.items()):
        reference = reference_of(place)
        run = f'<{p}r><{p}t xml:space="preserve">{{}}{text(says)}</{p}t></{p}r>'
        body = bodies.get(reference)
        if reference in bodies and body is not None:
            edits.append(inside(part, body, run.format("\n").encode()))
        elif reference not in bodies:
            new[place] = says
            added.append(
                f'<{p}comment ref="{reference}" authorId="{authors}"><{p}text>{run.format("")}</{p}text></{p}comment>'
            )
    edits.append(inside(part, groups["commentList"], "".join(added).encode()))
    package.put(name, edited(part, edits))
    return new


def _text_of(found: list[Element], comment: Element) -> Element | None:
    return next(
        (one for one in found if one.name == "text" and comment.start < one.start < comment.end), None
    )


def _add_shapes(package: Package, sheet: str, comments: Mapping[Place, str]) -> None:
    name = _drawing_of(package, sheet)
    if name:
        _grow_drawing(package, name, comments)
        return
    name = package.free_name("xl/drawings/vmlDrawing{}.vml")
    shapes, blocks = _shapes(comments, _BLOCK + 1)
    data = ",".join(map(str, blocks))
    package.put(name, _NEW_VML.format(data=data, shapes=_SHAPE_TYPE + shapes).encode())
    package.declare_extension("vml", _VML_TYPE)
    _show_drawing(package, sheet, package.relate(sheet, "vmlDrawing", name))


def _drawing_of(package: Package, sheet: str) -> str:
    """Return the drawing that the sheet names; there may be another one for its header and footer."""
    found = find(package.xml(sheet), lambda name, _given, depth: depth == 1 and name == "legacyDrawing")
    if not found:
        return ""
    key = next((value for name, value in found[0].given.items() if name.endswith(":id")), "")
    name = next((one.part for one in package.relations(sheet) if one.id == key), "")
    if not package.has(name):
        raise NotEditable("legacyDrawing")
    return name


def _grow_drawing(package: Package, name: str, comments: Mapping[Place, str]) -> None:
    part = package.xml(name)
    end = part.rfind(b"</xml")
    if end < 0:
        raise NotEditable("vml")
    first = max((int(one) for one in _SHAPE_ID.findall(part)), default=_BLOCK) + 1
    shapes, _blocks = _shapes(comments, first)
    head = "" if b'id="_x0000_t202"' in part or b"id='_x0000_t202'" in part else _SHAPE_TYPE
    package.put(name, edited(part, [Edit(end, end, (head + shapes).encode())]))


def _shapes(comments: Mapping[Place, str], first: int) -> tuple[str, list[int]]:
    """Return the shapes of comments, numbered from ``first``, and the clusters that the numbers belong to."""
    made = []
    for number, (place, says) in enumerate(sorted(comments.items()), start=first):
        row, column = place[0] - 1, place[1]
        lines = 2 + sum(1 + len(line) // _LINE for line in says.splitlines())
        made.append(
            _SHAPE.format(
                id=number, row=row, column=column, left=column + 1, right=column + 1 + _WIDTH_COLUMNS,
                top=max(row - 1, 0), bottom=max(row - 1, 0) + lines,
            )
        )  # fmt: skip
    return "".join(made), list(range(first // _BLOCK, (first + len(made) - 1) // _BLOCK + 1))


def _show_drawing(package: Package, sheet: str, key: str) -> None:
    part = package.xml(sheet)
    found = find(part, lambda _name, _given, depth: depth <= 1)
    p = prefix_of(part, found[0])
    entry = f'<{p}legacyDrawing xmlns:r="{_RELATIONS}" r:id="{quoted(key)}"/>'.encode()
    follower = next((one.start for one in found if one.depth == 1 and one.name in _AFTER_DRAWING), None)
    edit = inside(part, found[0], entry) if follower is None else Edit(follower, follower, entry)
    package.put(sheet, edited(part, [edit]))
