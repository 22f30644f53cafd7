"""What the code at the foot of a page says to a scanner: which paper it is, of which content, printed when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop_app.domain.clock import SHANGHAI

_PARTS = 5
_MOMENT = "%Y%m%dT%H%M"
_SESSION = "s"


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """Kind, class code (empty for papers of the institution), 表号, data time (Shanghai, by the minute), content code.

    ``session`` is the number of the 课次 that a 签到表 is for.
    """

    kind: str
    class_code: str
    paper_number: str
    printed_at: datetime
    content_code: str
    session: int | None = None

    def text(self) -> str:
        """Return what the code holds."""
        moment = self.printed_at.astimezone(SHANGHAI).strftime(_MOMENT)
        parts = [self.kind, self.class_code, self.paper_number, moment, self.content_code]
        parts += [f"{_SESSION}{self.session}"] if self.session is not None else []
        return "|".join(part.replace("|", "/") for part in parts)


def read_printed(text: str) -> PrintedCode | None:
    """Return what a code says; None where it is none of ours."""
    parts = text.split("|")
    if len(parts) not in {_PARTS, _PARTS + 1}:
        return None
    try:
        moment = datetime.strptime(parts[3], _MOMENT).replace(tzinfo=SHANGHAI)
        session = int(parts[5].removeprefix(_SESSION)) if len(parts) > _PARTS else None
    except ValueError:
        return None
    return PrintedCode(parts[0], parts[1], parts[2], moment, parts[4], session)
