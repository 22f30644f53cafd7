"""``export``: a list as Excel or CSV, with the columns that ``list`` shows or those asked for; ``template``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import resources
from desktop_app.cli.invocation import Answer, Invocation
from desktop_app.cli.listing import LISTS
from desktop_app.cli.output import cell_text, plain
from desktop_app.cli.parser import Parsers, add_command
from desktop_app.domain.errors import AppError
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.exports import PERSONAL, ListColumn, ListTable, Value

_KEYS = frozenset({"id"})
"""Keys of records: for scripts, not for sheets."""
_PEOPLE = "trainees"
_NUMERIC = frozenset({"number", "hours", "people", "count", "total", "age"})


def register(commands: Parsers) -> None:
    """Add ``export`` and ``template``."""
    parser = add_command(commands, "export", "export", _export)
    parser.add_argument("noun", choices=sorted(LISTS))
    parser.add_argument("--class", dest="class_code", metavar="CODE")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx|FILE.csv")
    parser.add_argument("--columns", metavar="A,B…", help=resources.text("cli.help.export_columns"))
    parser.add_argument("--purpose", metavar="TEXT", help=resources.text("cli.help.export_purpose"))
    template = add_command(commands, "template", "template", _template)
    template.add_argument("kind", choices=[kind.value for kind in WorkbookKind])
    template.add_argument(
        "--class", dest="class_code", metavar="CODE", help=resources.text("cli.help.template_class")
    )
    template.add_argument("--out", type=Path, required=True, metavar="FILE.xlsx")
    template.add_argument("--purpose", default="", metavar="TEXT", help=resources.text("cli.help.purpose"))


def _template(invocation: Invocation) -> Answer:
    given, services = invocation.arguments, invocation.services
    class_id = services.classes.class_by_code(given.class_code).id if given.class_code else None
    written = services.templates.write(WorkbookKind(given.kind), given.out, class_id, given.purpose)
    data = {"file": str(written.file), "rows": written.rows, "bytes": written.size}
    return Answer(data, [resources.text("cli.exported", file=written.file, rows=written.rows)])


def _export(invocation: Invocation) -> Answer:
    given = invocation.arguments
    lister = LISTS[given.noun]
    items = [plain(item) for item in lister.items(invocation)]
    shown = [name for name in lister.columns if name not in _KEYS]
    if given.columns:
        shown = [name.strip() for name in given.columns.split(",") if name.strip()]
        known = sorted({name for item in items for name in item} | set(lister.columns))
        unknown = [name for name in shown if name not in known]
        if unknown:
            raise AppError("EXPORT_COLUMNS", names="、".join(unknown), known="、".join(known))
    people = given.noun == _PEOPLE
    columns = tuple(
        ListColumn(_heading(name), name in _NUMERIC, name if people and name in PERSONAL else "")
        for name in shown
    )
    class_id = invocation.services.classes.class_by_code(given.class_code).id if given.class_code else b""
    table = ListTable(
        title=resources.text(f"exports.list.{given.noun}"),
        columns=columns,
        rows=((bytes.fromhex(item["id"]) if people else b"", _cells(item, shown)) for item in items),
        count=len(items),
        filter=given.class_code or "",
        class_id=class_id,
    )
    written = invocation.services.exports.write_list(table, given.out, purpose=given.purpose)
    data = {"file": str(written.file), "rows": written.rows, "bytes": written.size}
    return Answer(data, [resources.text("cli.exported", file=written.file, rows=written.rows)])


def _heading(name: str) -> str:
    try:
        return resources.text(f"cli.column.{name}")
    except KeyError:
        return name


def _cells(item: Mapping[str, Any], names: list[str]) -> list[Value]:
    values = [item.get(name) for name in names]
    return [
        value if isinstance(value, int | float) and not isinstance(value, bool) else cell_text(value)
        for value in values
    ]
