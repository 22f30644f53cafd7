"""Shape of one record: types, lengths, ranges and code lists, all problems at once.

The hot path is one typed decode per record; only a record that fails it is looked at field by field.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import inspect

from sync.contract.kinds import FACTS, RecordKind, ReportKind
from sync.contract.records import FIELDS, RecordFields
from sync.contract.wire import Record


class Severity(StrEnum):
    """An error keeps the record out; a warning is told."""

    ERROR = "error"
    WARNING = "warning"


@dataclasses.dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a field (None: with the record as a whole), as a code with its parameters."""

    code: str
    field: str | None = None
    params: dict[str, Any] = dataclasses.field(default_factory=dict)
    severity: Severity = Severity.ERROR


_DECODERS = {kind.value: msgspec.msgpack.Decoder(shape) for kind, shape in FIELDS.items()}
_KEY_SIZES = {kind.value: facts.key_size for kind, facts in FACTS.items()}
_REPORT_OF = {kind.value: facts.report for kind, facts in FACTS.items()}


def read_body(kind: RecordKind | str, body: bytes) -> RecordFields:
    """Return the fields that some accepted bytes hold. Raises msgspec.MsgspecError, KeyError."""
    try:
        return _DECODERS[str(kind)].decode(body)
    except UnicodeDecodeError as error:  # msgspec lets it through
        raise msgspec.DecodeError("text is not UTF-8") from error


def place_problem(record: Record, report: ReportKind | None) -> FieldProblem | None:
    """Tell what is wrong with a record's kind or key, if anything; ``report`` None: a stream of the platform."""
    if record.kind not in _KEY_SIZES or _REPORT_OF[record.kind] is not report:
        return FieldProblem("KIND_NOT_IN_REPORT", None, {"kind": record.kind[:20]})
    if len(record.key) != _KEY_SIZES[record.kind]:
        return FieldProblem("KEY_WRONG_LENGTH", None, {"size": _KEY_SIZES[record.kind]})
    return None


def shape_problems(kind: str, body: bytes) -> list[FieldProblem]:
    """Return every problem of a record's fields, at most one a field."""
    try:
        values = msgspec.msgpack.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        values = None
    if not isinstance(values, dict):
        return [FieldProblem("FIELD_WRONG_TYPE", None, {})]
    problems: list[FieldProblem] = []
    for spec in msgspec.structs.fields(FIELDS[RecordKind(kind)]):
        if spec.encode_name not in values:
            if spec.required:
                problems.append(FieldProblem("FIELD_MISSING", spec.name))
            continue
        value = values[spec.encode_name]
        try:
            msgspec.convert(value, spec.type)
        except msgspec.ValidationError:
            problems.append(_explain(spec.name, spec.type, value))
    return problems


def _explain(name: str, wanted: Any, value: Any) -> FieldProblem:  # noqa: ANN401 - any type, any value
    if value is None or value in ("", []):
        return FieldProblem("FIELD_MISSING", name)
    for option in _options(inspect.type_info(wanted)):
        problem = _explain_option(name, option, value)
        if problem is not None:
            return problem
    return FieldProblem("FIELD_WRONG_TYPE", name)


def _options(kind: inspect.Type) -> Iterator[inspect.Type]:
    if isinstance(kind, inspect.Metadata):
        yield from _options(kind.type)
    elif isinstance(kind, inspect.UnionType):
        for inner in kind.types:
            yield from _options(inner)
    else:
        yield kind


def _explain_option(name: str, wanted: inspect.Type, value: Any) -> FieldProblem | None:  # noqa: ANN401
    match wanted, value:
        case inspect.LiteralType(values=allowed), str() | int():
            return FieldProblem(
                "FIELD_NOT_IN_LIST", name, {"allowed": ", ".join(str(item) for item in allowed)}
            )
        case inspect.StrType(max_length=int(most)), str() if len(value) > most:
            return FieldProblem("FIELD_TOO_LONG", name, {"limit": most})
        case inspect.StrType(pattern=str()) | inspect.DateType(), str():
            return FieldProblem("FIELD_WRONG_FORM", name)
        case inspect.IntType(ge=low, le=high), int() if not isinstance(value, bool):
            return FieldProblem("FIELD_OUT_OF_RANGE", name, {"low": low, "high": high})
        case inspect.ListType(max_length=int(most)), list() if len(value) > most:
            return FieldProblem("FIELD_TOO_LONG", name, {"limit": most})
        case inspect.ListType() | inspect.DictType(), list() | dict():
            return FieldProblem("FIELD_WRONG_FORM", name)
    return None
