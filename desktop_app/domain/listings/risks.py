"""Risk flags as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desktop_app.domain.risk.kinds import Decision


@dataclass(frozen=True, slots=True)
class RiskFlag:
    """A flag: ``facts`` are (name, text) of what was found, ``people`` trainee ids, ``subjects`` (entity, key).

    ``decision`` is None while nobody has disposed of it, else cleared or confirmed; ``holds`` is False where its facts
    were corrected after that. ``authority``: the role, or department, that decided.
    """

    id: bytes
    kind: str
    blocks: bool
    class_id: bytes | None
    class_code: str
    facts: tuple[tuple[str, str], ...]
    people: tuple[bytes, ...] = ()
    subjects: tuple[tuple[int, bytes], ...] = ()
    decision: str | None = None
    disposed_on: date | None = None
    authority: str = ""
    reason: str = ""
    holds: bool = True

    @property
    def is_open(self) -> bool:
        """Tell whether it still stands: nobody has cleared it, and its facts hold."""
        return self.holds and self.decision != Decision.CLEARED
