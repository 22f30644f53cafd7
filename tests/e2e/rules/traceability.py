"""Clause → rule → function → screen → test: gathered from the code, written to the user help.

``python -m tests.e2e.rules.traceability`` rewrites ``resources/help/条款对照.md``; a test compares it.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from desktop_app.domain import rules
from tests.faults.empty_rule import import_domain, place_of
from tests.source_tree import ROOT

PAGE = ROOT / "resources" / "help" / "条款对照.md"
_CASE = re.compile(r"test_((?:r\d\d_)+)")
_HEAD = """# 条款对照

依据：鄂教职成〔2020〕1号。每一条列出它的规则、在哪个界面、由哪些程序和测试保证。本页由程序生成，“未实现”表示还没有做。

| 条款 | 规则 | 内容 | 界面 | 程序 | 测试 |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Traced:
    """A rule with the functions that stand for it and the end-to-end cases that try it (pytest node ids)."""

    clause: rules.Clause
    functions: tuple[str, ...]
    cases: tuple[str, ...]

    @property
    def rule(self) -> str:
        """Return the code of the rule."""
        return self.clause.rule


def traced() -> list[Traced]:
    """Return R01–R38 with what stands for each."""
    import_domain()
    cases = _cases()
    return [
        Traced(clause, _functions(clause.rule), tuple(cases.get(clause.rule, ())))
        for clause in rules.clauses()
    ]


def _functions(rule: str) -> tuple[str, ...]:
    """Return the places of the functions of a rule below ``domain``."""
    return tuple(sorted(place_of(one) for one in rules.FUNCTIONS.get(rule, [])))


def _cases() -> dict[str, list[str]]:
    """Return the cases of each rule, by their names ``test_r07_…`` or ``test_r07_r08_…``."""
    found: dict[str, list[str]] = {}
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            named = _CASE.match(node.name) if isinstance(node, ast.FunctionDef) else None
            for code in named[1].strip("_").split("_") if named else ():
                place = f"{file.relative_to(ROOT).as_posix()}::{node.name}"
                found.setdefault(code.upper(), []).append(place)
    return found


def page() -> str:
    """Return the help page."""
    lines = []
    for one in traced():
        functions = "、".join(f"`{name}`" for name in one.functions) or "未实现"
        cases = "、".join(f"`{case.rpartition('/')[2]}`" for case in one.cases) or "未实现"
        said = one.clause
        lines.append(
            f"| {said.clause} | {said.rule} | {said.text} | {said.screen} | {functions} | {cases} |\n"
        )
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
