"""Which marks of a class the platform has sent back, and why: the red corners of the grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.messages import error_text

ID = 16
MARK = "mark"
Reasons = dict[tuple[bytes, bytes], str]
"""(session id, trainee id) → the platform's sentence."""


def rejected_reader(services: Any, class_id: bytes) -> Callable[[], Reasons]:  # noqa: ANN401 - the container
    """Return the call that reads the rejected marks of a class; none before the institution has joined.

    Who sees the reports is spared what was put right since; for the others a mark stays until the next receipt.
    """

    def read() -> Reasons:
        with services.batches.view() as view:
            found = [one for one in view.rejected() if one.kind == MARK and one.subject == class_id.hex()]
        if found and services.reporting is not None and services.context.may("view_reports"):
            listed = services.reporting.rejected()
            found = [
                one for one in listed if one.kind == MARK and one.class_id == class_id and not one.corrected
            ]
        return {(one.key[:ID], one.key[ID:]): error_text(one.code, one.params) for one in found}

    return read
