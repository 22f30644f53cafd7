"""Sentences for people: both languages complete, placeholders the same, every error code explained."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from string import Formatter

import pytest

import resources
from tests.source_tree import SOURCE_ROOTS, called_name, python_files, tree_of

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+")
CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")


def fragments(language):
    return sorted(resources.path("i18n", language).glob("*.json"))


def placeholders(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def codes_in(node):
    """The literal codes in the first argument of an AppError: a string, or either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        return codes_in(node.body) + codes_in(node.orelse)
    return []


def raised_errors():
    """Yield (place, code, parameter names or None where they are not literal) of every AppError in the source."""
    for file in python_files(*SOURCE_ROOTS):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Call) and called_name(node) == "AppError" and node.args:
                names = {keyword.arg for keyword in node.keywords}
                for code in codes_in(node.args[0]):
                    yield f"{file.as_posix()}:{node.lineno}", code, None if None in names else names


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_no_key_stands_twice(language):
    counted = Counter()
    for fragment in fragments(language):
        pairs = json.loads(fragment.read_text(encoding="utf-8"), object_pairs_hook=list)
        counted.update(key for key, _ in pairs)
    assert counted
    assert [key for key, times in counted.items() if times > 1] == []


def test_every_fragment_exists_in_both_languages():
    assert [file.name for file in fragments("zh")] == [file.name for file in fragments("en")]


def test_both_languages_have_the_same_keys():
    chinese, english = resources.sentences("zh"), resources.sentences("en")
    assert sorted(set(chinese) ^ set(english)) == []


def test_translations_keep_the_placeholders():
    chinese, english = resources.sentences("zh"), resources.sentences("en")
    changed = [key for key in chinese if placeholders(chinese[key]) != placeholders(english.get(key, ""))]
    assert changed == []


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_sentences_are_text_under_well_formed_keys_with_named_placeholders(language):
    for key, sentence in resources.sentences(language).items():
        assert KEY.fullmatch(key), key
        assert isinstance(sentence, str), key
        assert sentence.strip(), key
        assert all(name.isidentifier() for name in placeholders(sentence)), key


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_every_error_that_is_raised_says_what_happened_and_what_to_do(language):
    first_place = {}
    for place, code, _ in raised_errors():
        first_place.setdefault(code, place)
    missing = {
        code: place
        for code, place in sorted(first_place.items())
        if not all(resources.has_text(f"{prefix}.{code}", language) for prefix in ("error", "hint"))
    }
    assert missing == {}


def test_error_codes_are_upper_case():
    assert [f"{place} {code}" for place, code, _ in raised_errors() if not CODE.fullmatch(code)] == []


def test_every_raised_error_carries_what_its_sentence_asks_for():
    chinese = resources.sentences("zh")
    lacking = []
    for place, code, given in raised_errors():
        for key in (f"error.{code}", f"hint.{code}"):
            asked = placeholders(chinese.get(key, ""))
            if given is not None and asked - given:
                lacking.append(f"{place} {key} asks for {sorted(asked - given)}")
    assert lacking == []


@pytest.mark.parametrize("language", resources.LANGUAGES)
def test_errors_and_hints_come_in_pairs(language):
    keys = resources.sentences(language)
    errors = {key.removeprefix("error.") for key in keys if key.startswith("error.")}
    hints = {key.removeprefix("hint.") for key in keys if key.startswith("hint.")}
    assert sorted(errors ^ hints) == []
