"""Sentences of the contract's codes, from ``resources/i18n``; the client adds those it has under other keys."""

from __future__ import annotations

from collections.abc import Mapping

import resources


def sentence(code: str, params: Mapping[str, object], language: str = "zh") -> str:
    """Return the sentence of an error code; the code itself where this version knows none."""
    key = f"error.{code}"
    if not resources.has_text(key, language):
        return code
    try:
        return resources.text(key, language, **params)
    except KeyError:
        return code


def hint(code: str, params: Mapping[str, object], language: str = "zh") -> str | None:
    """Return what to do next about an error, if there is a sentence for it."""
    key = f"hint.{code}"
    if not resources.has_text(key, language):
        return None
    try:
        return resources.text(key, language, **params)
    except KeyError:
        return None
