"""What a list is: a function that gives the items, and the columns that people see of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from desktop_app.cli.invocation import Invocation
from desktop_app.domain.listings.training import ClassListItem

Items: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Lister:
    """One noun of ``list``."""

    items: Callable[[Invocation], Items]
    columns: Sequence[str]


def chosen_classes(invocation: Invocation) -> list[ClassListItem]:
    """Return the class that ``--class`` names, else all that the user may see."""
    code = invocation.arguments.class_code
    classes = invocation.services.classes
    return classes.list_classes() if code is None else [classes.class_by_code(code)]
