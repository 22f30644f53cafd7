"""Sentences of the window: ``tr`` reads the same files as the command line."""

from __future__ import annotations

import resources

_language = ["zh"]


def set_language(language: str) -> None:
    """Use ``language`` ("zh" or "en") for every text made from now on."""
    _language[0] = language


def tr(key: str, **params: object) -> str:
    """Return the whole sentence of ``key`` with its named placeholders filled; KeyError where there is none."""
    return resources.text(key, _language[0], **params)


def has_text(key: str) -> bool:
    """Tell whether the language in use has a sentence for ``key``."""
    return resources.has_text(key, _language[0])
