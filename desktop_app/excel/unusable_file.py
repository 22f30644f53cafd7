"""Why the bytes of a file cannot be read, before its name is known."""

from __future__ import annotations


class UnusableFile(Exception):
    """Raised while bytes are read; ``read_workbook`` turns it into an AppError of the same code with ``file``."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
