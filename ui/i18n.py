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


def texts_under(prefix: str) -> dict[str, str]:
    """Return the sentences whose keys begin with ``prefix``: what follows it in the key → sentence."""
    sentences = resources.sentences(_language[0])
    return {key.removeprefix(prefix): text for key, text in sentences.items() if key.startswith(prefix)}
