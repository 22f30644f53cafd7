"""What the page of 保存与删除 lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.retention import Basis, Due, Hold


@dataclass(frozen=True, slots=True)
class RetentionItem:
    """A person whose time of keeping is over, or about whom something was decided.

    ``state`` is None while nothing was proposed, else proposed, confirmed or kept; ``found`` None: not due any more.
    """

    trainee_id: bytes
    name: str
    document_number: str
    found: Due | None
    holds: tuple[Hold, ...]
    state: str | None = None
    basis: Basis | None = None
    due_on: date | None = None
    decided_on: date | None = None
    reason: str = ""
    certificate: str = ""
    records: int = 0
    files: int = 0
