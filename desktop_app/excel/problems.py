"""What a reader has to say about a workbook: problems placed by cell, and what it normalised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Severity(StrEnum):
    """An error keeps its row out of the import; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell (or row, or sheet) that is wrong or doubtful.

    ``row`` is the number the spreadsheet shows (0: the sheet as a whole), ``column`` its letter ("" for the
    whole row), ``value`` the cell as typed. ``code`` and ``params`` make the sentence ``error.CODE``.
    """

    sheet: str
    row: int
    column: str
    value: str
    code: str
    severity: Severity = Severity.ERROR
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A value that was read otherwise than typed (spaces, full width, case, separators)."""

    row: int
    column: str
    before: str
    after: str
