"""Hairline tables: rows laid out, shared among pages, drawn with a repeated head.

Lengths are points. A cell that is None continues its left neighbour (in a head row: the cell above it).
Nothing is clipped: a row grows with its lines, and a row higher than a page is cut between lines.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from desktop_app.papers.columns import PADDING, Column, fit
from desktop_app.papers.typesetting import Face, Typesetter
from desktop_app.papers.watching import look

_HAIRLINE, _FRAME = 0.35, 0.9
_ABOVE = 1.2  # white above and below a cell's lines
_ASCENT = 0.88  # of the size, from the top of a line to its base line
Cells = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says. ``heads`` are further head rows under the columns' own heads; ``totals`` close it in bold.

    ``row_height`` is the wished height of a body row, ``row_least`` (0: the same) what it may shrink to where that
    saves a page, ``size`` the largest size of its letters; a ``headless`` one is a form whose rows name themselves.
    """

    columns: tuple[Column, ...]
    rows: tuple[Cells, ...]
    heads: tuple[Cells, ...] = ()
    totals: tuple[Cells, ...] = ()
    row_height: float = 18.0
    row_least: float = 0.0
    size: float = 9.0
    headless: bool = False


@dataclass(frozen=True, slots=True)
class _Cell:
    lines: tuple[str, ...]
    x: float
    width: float
    align: str
    face: Face
    inset: float = PADDING  # of a right-aligned text from the right edge
    rows: int = 1  # head rows that the cell spans


@dataclass(frozen=True, slots=True)
class Row:
    """A laid out row: its cells from left to right and its height."""

    cells: tuple[_Cell, ...]
    height: float


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A table ready to be drawn: head rows, body rows with the totals last, in their natural heights."""

    head: tuple[Row, ...]
    body: tuple[Row, ...]
    width: float

    def spread(self, least: float) -> TableLayout:
        """Return the layout with no body row lower than ``least``."""
        rows = []
        for row in self.body:
            look()
            rows.append(replace(row, height=max(row.height, least)))
        return replace(self, body=tuple(rows))

    @property
    def head_height(self) -> float:
        """Height of the head that every page repeats."""
        return sum(row.height for row in self.head)


def lay_out(setter: Typesetter, table: Table, room: float) -> TableLayout:
    """Return the table laid out to the width ``room``."""
    rows = [_cleaned(setter, row) for row in table.rows]
    totals = [_cleaned(setter, row) for row in table.totals]
    heads = [_cleaned(setter, row) for row in table.heads]
    columns = tuple(replace(column, head=setter.clean(column.head)) for column in table.columns)
    alone = [_single(row) for row in [*rows, *totals]]
    widths, size = fit(setter, columns, [*alone, *heads], room, table.size)
    grid = _Grid(setter, columns, tuple(widths), size, _insets(setter, columns, alone, widths, size))
    body = []
    for row in rows:
        look()
        body.append(grid.row(row, bold=False))
    body += [grid.row(row, bold=True) for row in totals]
    return TableLayout(() if table.headless else _head(grid, heads), tuple(body), room)


def _cleaned(setter: Typesetter, row: Cells) -> Cells:
    look()
    return tuple(None if cell is None else setter.clean(cell) for cell in row)


def _single(row: Cells) -> Cells:
    """The row without the cells that span columns: those do not tell how wide one column must be."""
    following = (*row[1:], "")
    return tuple(None if after is None else cell for cell, after in zip(row, following, strict=True))


def _insets(
    setter: Typesetter, columns: Sequence[Column], rows: Sequence[Cells], widths: Sequence[float], size: float
) -> tuple[float, ...]:
    """Right insets that set the numbers of a wide column, flush among themselves, in its middle."""
    insets = []
    for index, (column, width) in enumerate(zip(columns, widths, strict=True)):
        look()
        face = Face(size, tabular=column.tabular)
        widest = max((setter.width(row[index] or "", face) for row in rows), default=0.0)
        insets.append(max(PADDING, (width - widest) / 2))
    return tuple(insets)


@dataclass(frozen=True, slots=True)
class _Grid:
    setter: Typesetter
    columns: Sequence[Column]
    widths: tuple[float, ...]
    size: float
    insets: tuple[float, ...]

    def row(self, texts: Cells, *, bold: bool) -> Row:
        """Lay out a body row: a cell continued by None spans."""
        cells: list[_Cell] = []
        x = 0.0
        for index, (column, text) in enumerate(zip(self.columns, texts, strict=True)):
            if text is not None:
                span = 1
                while index + span < len(texts) and texts[index + span] is None:
                    span += 1
                width = sum(self.widths[index : index + span])
                face = Face(self.size, bold=bold, tabular=column.tabular)
                align = column.align if span == 1 else "center"
                lines = tuple(self.setter.wrap(text, width - 2 * PADDING, face))
                inset = min(
                    self.insets[index], max(PADDING, width - self.setter.width(lines[0], face) - PADDING)
                )
                cells.append(_Cell(lines, x, width, align, face, inset))
            x += self.widths[index]
        return Row(tuple(cells), max(_height(cell) for cell in cells))


def _height(cell: _Cell) -> float:
    return len(cell.lines) * cell.face.leading + 2 * _ABOVE


def _head(grid: _Grid, heads: Sequence[Cells]) -> tuple[Row, ...]:
    levels: list[Cells] = [tuple(column.head for column in grid.columns), *heads]
    heights = [14.0 if heads else 18.0] * len(levels)
    rows: list[list[_Cell]] = [[] for _ in levels]
    for level, texts in enumerate(levels):
        x = 0.0
        for index, (text, width) in enumerate(zip(texts, grid.widths, strict=True)):
            if text is not None:
                below = 1
                while level + below < len(levels) and levels[level + below][index] is None:
                    below += 1
                face = Face(grid.size, bold=level == 0, tabular=level > 0)
                lines = tuple(grid.setter.wrap(text, width - 2 * PADDING, face))
                cell = _Cell(lines, x, width, "center", face, rows=below)
                rows[level].append(cell)
                lacking = _height(cell) - sum(heights[level : level + below])
                heights[level + below - 1] += max(0.0, lacking)
            x += width
    return tuple(Row(tuple(cells), height) for cells, height in zip(rows, heights, strict=True))


def paginate(layout: TableLayout, first: float, later: float, closing: float) -> list[tuple[Row, ...]]:
    """Share the rows among pages with room for body rows of ``first`` and ``later`` points.

    The last page also bears ``closing`` (signatures), and never without a row above it: two move along if need be.
    """
    pages: list[list[Row]] = [[]]
    left = first
    waiting = deque(layout.body)
    while waiting:
        look()
        row = waiting.popleft()
        if row.height > left and pages[-1]:
            pages.append([])
            left = later
        if row.height > left:
            row, rest = _cut(row, left)
            if rest is not None:
                waiting.appendleft(rest)
        pages[-1].append(row)
        left -= row.height
    if left < closing:
        moved = _last_rows(pages[-1], later - closing)
        pages[-1] = pages[-1][: len(pages[-1]) - len(moved)]
        pages = [page for page in pages if page]
        pages.append(moved)
    return [tuple(page) for page in pages]


def _last_rows(page: list[Row], room: float) -> list[Row]:
    taken: list[Row] = []
    for row in reversed(page):
        if len(taken) == 2 or sum(one.height for one in taken) + row.height > room:
            break
        taken.insert(0, row)
    return taken


def _cut(row: Row, room: float) -> tuple[Row, Row | None]:
    """Cut a row that no page holds into what fits and what is carried over."""
    leading = max(cell.face.leading for cell in row.cells)
    lines = max(1, int((room - 2 * _ABOVE) / leading))
    above = tuple(replace(cell, lines=cell.lines[:lines]) for cell in row.cells)
    below = tuple(replace(cell, lines=cell.lines[lines:]) for cell in row.cells)
    first = Row(above, max(_height(cell) for cell in above))
    if not any(cell.lines for cell in below):
        return first, None
    return first, Row(below, max(_height(cell) for cell in below))


def draw(
    canvas: Canvas, setter: Typesetter, layout: TableLayout, rows: Sequence[Row], x: float, y: float
) -> float:
    """Draw the head and the rows with the upper left corner at (x, y); return the y of the lower edge."""
    top = y
    canvas.setLineWidth(_HAIRLINE)
    for index, row in enumerate(layout.head):
        for cell in row.cells:
            height = sum(one.height for one in layout.head[index : index + cell.rows])
            _draw_cell(canvas, setter, cell, x, y, height)
        y -= row.height
    canvas.lines(_rules(rows, x, y, layout.width))
    for row in rows:
        for cell in row.cells:
            _draw_text(canvas, setter, cell, x, y, row.height)
        y -= row.height
    canvas.setLineWidth(_FRAME)
    canvas.rect(x, y, layout.width, top - y)
    return y


def _rules(rows: Sequence[Row], x: float, y: float, width: float) -> list[tuple[float, float, float, float]]:
    """Return the lines between rows and cells: one between two rows, one along all rows parted at the same place."""
    lines = []
    open_at: dict[float, float] = {}
    for row in rows:
        edges = {cell.x for cell in row.cells if cell.x}
        lines += [(x + edge, open_at.pop(edge), x + edge, y) for edge in [*open_at] if edge not in edges]
        open_at |= {edge: y for edge in edges if edge not in open_at}
        y -= row.height
        lines.append((x, y, x + width, y))
    return [*lines, *((x + edge, top, x + edge, y) for edge, top in open_at.items())]


def _draw_cell(canvas: Canvas, setter: Typesetter, cell: _Cell, x: float, y: float, height: float) -> None:
    canvas.rect(x + cell.x, y - height, cell.width, height)
    _draw_text(canvas, setter, cell, x, y, height)


def _draw_text(canvas: Canvas, setter: Typesetter, cell: _Cell, x: float, y: float, height: float) -> None:
    face = cell.face
    base = y - (height - len(cell.lines) * face.leading) / 2 - face.size * (_ASCENT + 0.15)
    for line in cell.lines:
        slack = cell.width - setter.width(line, face)
        inset = {"left": PADDING, "right": slack - cell.inset, "center": slack / 2}[cell.align]
        setter.draw(canvas, x + cell.x + inset, base, line, face)
        base -= face.leading
