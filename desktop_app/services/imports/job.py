"""One import under way: the file, the answers, who asks, and what was remembered of this source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypedDict, TypeVar

from desktop_app.domain.errors import AppError
from desktop_app.domain.records import Entity
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.excel.sheet_reading import SheetReading
from desktop_app.services import access
from desktop_app.services.classes import find_class
from desktop_app.services.context import Context
from desktop_app.services.imports.plan import BlankMeaning, ImportOptions
from desktop_app.services.ports import CancelToken, Progress, stop_if_cancelled
from desktop_app.store import settings
from desktop_app.store.database import Connection
from desktop_app.store.record_tables import known_table

_STEP = 100


class _Read(Protocol):
    @property
    def signature(self) -> str: ...


Sheet = TypeVar("Sheet", bound=_Read)
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Remembered:
    """The answers given before for workbooks with the same headings."""

    mapping: Mapping[str, str] | None = None
    blank: BlankMeaning = BlankMeaning.ASK


class Described(TypedDict):
    """The fields of an ImportPlan that say which file and sheet it is about."""

    kind: WorkbookKind
    path: Path
    options: ImportOptions
    class_code: str | None
    sheet: str
    title: str
    signature: str
    mapping: Mapping[str, str]
    headings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Job:
    """What a planner works with."""

    context: Context
    kind: WorkbookKind
    path: Path
    class_code: str | None
    options: ImportOptions
    progress: Progress
    cancel: CancelToken

    def described(self, sheet: SheetReading, class_code: str | None = None) -> Described:
        """Return what a plan says of its file and sheet; ``class_code`` where it is not as it was given."""
        return Described(
            kind=self.kind,
            path=self.path,
            options=self.options,
            class_code=class_code or self.class_code,
            sheet=sheet.sheet,
            title=sheet.title,
            signature=sheet.signature,
            mapping=sheet.mapping,
            headings=sheet.headings,
        )

    def class_id(self, sql: Connection) -> bytes:
        """Return the key of the class; AppError CLASS_UNKNOWN, NOT_YOUR_CLASS."""
        found = find_class(sql, self.class_code or "")
        access.require_class(sql, self.context.require_actor(), found)
        return found

    def each(self, rows: Sequence[Row]) -> Iterator[Row]:
        """Yield rows, telling how far it is and stopping when the user wants to; AppError CANCELLED."""
        for index, row in enumerate(rows):
            if index % _STEP == 0:
                stop_if_cancelled(self.cancel)
                self.progress(index, len(rows), "import.checking")
            yield row
        self.progress(len(rows), len(rows), "import.checking")

    def read(self, reader: Callable[[Mapping[str, str] | None], Sheet]) -> tuple[Sheet, Remembered]:
        """Read the workbook with the mapping given, else with the one remembered for these headings."""
        stop_if_cancelled(self.cancel)
        self.progress(0, 0, "import.reading")
        with self.context.read() as sql:
            memory = _load(sql, self.kind)
        if self.options.mapping is not None:
            sheet = reader(self.options.mapping)
            return sheet, memory.get(sheet.signature, Remembered())
        try:
            sheet = reader(None)
        except AppError as error:
            if error.code != "HEADER_NOT_FOUND":
                raise
            return _by_memory(reader, memory, error)
        known = memory.get(sheet.signature, Remembered())
        return (reader(known.mapping), known) if known.mapping else (sheet, known)


def _by_memory(
    reader: Callable[[Mapping[str, str] | None], Sheet], memory: Mapping[str, Remembered], error: AppError
) -> tuple[Sheet, Remembered]:
    """Headings that no table knows: one of the mappings given before may be that of this source."""
    for signature, known in memory.items():
        if known.mapping:
            try:
                sheet = reader(known.mapping)
            except AppError:
                continue
            if sheet.signature == signature:
                return sheet, known
    raise error


def _setting(kind: WorkbookKind) -> str:
    return f"import.{kind.value}"


def _content(sql: Connection, kind: WorkbookKind) -> dict[str, Any]:
    stored = settings.read(sql, _setting(kind))
    content: dict[str, Any] = {} if stored is None else json.loads(stored)
    return content


def _load(sql: Connection, kind: WorkbookKind) -> dict[str, Remembered]:
    return {
        signature: Remembered(one.get("mapping"), BlankMeaning(one.get("blank", BlankMeaning.ASK)))
        for signature, one in _content(sql, kind).items()
    }


def remember(sql: Connection, kind: WorkbookKind, signature: str, options: ImportOptions) -> None:
    """Keep the answers of an import that was applied: its mapping, and what a blank means."""
    content = _content(sql, kind)
    known = dict(content.get(signature, {}))
    if options.mapping is not None:
        known["mapping"] = dict(options.mapping)
    if options.blank is not BlankMeaning.ASK:
        known["blank"] = options.blank.value
    if known and known != content.get(signature):
        settings.write(sql, _setting(kind), json.dumps({**content, signature: known}).encode())


def present_fields(sql: Connection, entity: Entity, keys: Sequence[bytes]) -> dict[bytes, dict[str, object]]:
    """Return the fields of those records under some keys that exist and do not count as deleted."""
    return {
        key: dict(record.fields)
        for key, record in known_table(entity).fetch_many(sql, keys).items()
        if not record.gone
    }
