"""How answers and errors are printed: one JSON object, or lines for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import resources
from desktop_app.cli.invocation import Answer
from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, RuleErrors


def plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return a value as JSON has it: keys of records hex, dates and times ISO, sets and tuples lists."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        items = sorted(value) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    return value


def describe(error: AppError) -> dict[str, str]:
    """Return code, message and hint of a known error."""
    try:
        message = resources.text(f"error.{error.code}", "zh", **error.params)
        hint = resources.text(f"hint.{error.code}", "zh", **error.params)
    except KeyError:
        message = resources.text("error.UNKNOWN", code=error.code)
        hint = resources.text("hint.UNKNOWN")
    return {"code": error.code, "message": message, "hint": hint}


def with_causes(error: AppError) -> dict[str, Any]:
    """Return a known error; where rules stopped the act, with every cause and the rule behind it."""
    told: dict[str, Any] = dict(describe(error))
    if isinstance(error, RuleErrors):
        told["causes"] = described_findings(error.findings)
    return told


def described_findings(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Return code, message, hint and rule of what rules found."""
    return [describe(one.error) | {"rule": one.rule} for one in findings]


def with_advice(answer: Answer, advice: Sequence[Finding]) -> Answer:
    """Return an answer that also says what the rules warned of, under ``warnings``."""
    if not advice:
        return answer
    told = described_findings(advice)
    lines = [f"{one['message']} {one['hint']}" for one in told]
    data = answer.data | {"warnings": [*answer.data.get("warnings", []), *told]}
    return Answer(data, [*answer.lines, *lines], answer.status)


def print_answer(answer: Answer, *, as_json: bool) -> None:
    """Print what a command says on stdout."""
    if as_json:
        print(json.dumps(plain(answer.data), ensure_ascii=False))
        return
    for line in answer.lines:
        print(line)


def print_error(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Print an error: JSON on stdout, or code, text and hint on stderr."""
    if as_json:
        print(json.dumps({"error": dict(told)}, ensure_ascii=False))
        return
    print(resources.text("cli.error", code=told["code"], message=told["message"]), file=sys.stderr)
    if told["hint"]:
        print(told["hint"], file=sys.stderr)
    for cause in told.get("causes", [])[1:]:
        print(f"{cause['message']} {cause['hint']}", file=sys.stderr)


def table(items: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[str]:
    """Return items as lines under a head, columns parted by tabs, and how many there are."""
    heads = [resources.text(f"cli.column.{name}") for name in columns]
    rows = ["\t".join(cell_text(plain(item.get(name))) for name in columns) for item in items]
    return ["\t".join(heads), *rows, resources.text("cli.count", count=len(items))]


def cell_text(value: object) -> str:
    """Return a value of ``plain`` as people read it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(cell_text(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{key}={cell_text(item)}" for key, item in value.items())
    return str(value)
