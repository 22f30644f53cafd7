"""处置 of flags (R38): 提示 by the office with a reason; 阻断 by head or auditor, never by who entered it."""

from __future__ import annotations

from collections.abc import Collection

from desktop_app.domain.errors import AppError
from desktop_app.domain.rules import Finding, Severity, rule

MAX_REASON = 300


@rule("R38")
def check_disposal(
    kind: str, actor: bytes, authors: Collection[bytes], *, blocks: bool, solo: bool
) -> tuple[Finding, ...]:
    """不相容职责: who entered what a flag speaks of does not dispose of it; ``solo`` is 一人办班, which waives that.

    Blocks with FLAG_OWN_ENTRY where the flag is 阻断, else warns.
    """
    if solo or actor not in authors:
        return ()
    severity = Severity.BLOCK if blocks else Severity.WARN
    return (Finding("R38", severity, AppError("FLAG_OWN_ENTRY", kind=kind)),)
