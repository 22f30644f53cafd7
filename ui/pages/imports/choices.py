"""What was chosen for a file that is not imported yet, kept over a crash."""

from __future__ import annotations

from dataclasses import replace

from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.matching import SameNames
from desktop_app.services.imports.plan import BlankMeaning
from ui.pages.imports.presenter import ImportFlow
from ui.unsaved import Unsaved


def unsaved_choices(flow: ImportFlow) -> list[Unsaved]:
    """Return the answers and the mapping of a file that is not written yet; nothing where nothing was chosen."""
    mapping, options = flow.options.mapping, flow.options
    answers = [
        options.same_names is not SameNames.ASK,
        options.blank is not BlankMeaning.ASK,
        bool(options.reason),
    ]
    count = len(mapping or {}) + sum(answers)
    if flow.path is None or flow.applied or flow.kind is None or not count:
        return []
    values = {
        "path": str(flow.path),
        "kind": flow.kind.value,
        "class_code": flow.class_code,
        "mapping": None if mapping is None else dict(mapping),
        "same_names": options.same_names.value,
        "blank": options.blank.value,
        "reason": options.reason,
    }
    return [Unsaved("file", flow.path.name, values, count)]


def choose_again(flow: ImportFlow, unsaved: Unsaved) -> None:
    """Put the choices back into a flow that has just read the same file."""
    values = unsaved.values
    kind = WorkbookKind(values["kind"])
    if kind not in flow.kinds:
        return
    flow.set_kind(kind)
    flow.class_code = values["class_code"]
    flow.options = replace(
        flow.options,
        mapping=values["mapping"],
        same_names=SameNames(values["same_names"]),
        blank=BlankMeaning(values["blank"]),
        reason=values["reason"],
    )
