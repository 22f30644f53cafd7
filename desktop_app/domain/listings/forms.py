"""List items of 外来表格."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.domain.foreign_forms import FormRules


@dataclass(frozen=True, slots=True)
class FormItem:
    """A form that was learned: of whom, what it is called, which version; ``signature`` of its headings."""

    id: bytes
    authority: str
    title: str
    version: str
    signature: str
    rules: FormRules
