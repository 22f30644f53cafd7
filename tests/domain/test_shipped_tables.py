"""Every shipped table names where it comes from, and every error of the domain has its sentences."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

import pytest

import desktop_app.domain
import resources

TABLES = sorted(path for folder in ("codes", "policy") for path in resources.path(folder).glob("*.json"))
MODULES = [
    "assessments",
    "attendance",
    "calendar",
    "certificates",
    "credit_codes",
    "identity",
    "money",
    "names",
    "passwords",
    "policy_parameters",
    "timetable",
    "trainees",
]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.name)
def test_a_table_names_its_source_and_no_address(table: Path) -> None:
    text = table.read_text(encoding="utf-8")
    assert json.loads(text)["source"]
    assert "://" not in text


@pytest.mark.parametrize("module", MODULES)
def test_every_error_has_a_sentence_and_a_next_step_in_both_languages(module: str) -> None:
    source = (Path(desktop_app.domain.__path__[0]) / f"{module}.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'AppError\(\s*"([A-Z0-9_]+)"', source))
    assert codes
    for code in codes:
        for kind in ("error", "hint"):
            sentences = [resources.sentences(language)[f"{kind}.{code}"] for language in resources.LANGUAGES]
            assert len({frozenset(fields(sentence)) for sentence in sentences}) == 1
