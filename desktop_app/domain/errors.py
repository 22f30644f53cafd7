"""The one error type that crosses layers: a stable code with parameters, never a sentence."""

from __future__ import annotations


class AppError(Exception):
    """A known problem, told to the user through ``resources/i18n`` under ``error.CODE`` and ``hint.CODE``.

    ``params`` are the named placeholders of that sentence. They must not hold unmasked personal data
    beyond what the user has just typed.
    """

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __repr__(self) -> str:
        """Name the code only: parameters may be personal and must not reach a log."""
        return f"AppError({self.code})"


class FieldErrors(AppError):
    """Several fields of one form are wrong at once; ``fields`` maps field name to its error."""

    def __init__(self, fields: dict[str, AppError]) -> None:
        first = next(iter(fields.values()))
        super().__init__(first.code, **first.params)
        self.fields = fields
