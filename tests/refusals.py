"""What a refusal must bring with it, wherever it is met."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import resources
from desktop_app.domain.errors import AppError


def told(act: Callable[..., object], *given: object) -> str:
    """Return the code of a refusal, whose sentences are there in both languages with all that they name."""
    with pytest.raises(AppError) as caught:
        act(*given)
    error = caught.value
    for language in resources.LANGUAGES:
        for part in ("error", "hint"):
            said = resources.text(f"{part}.{error.code}", language, **error.params)
            assert said
            assert "{" not in said
    return error.code
