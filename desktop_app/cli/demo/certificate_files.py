"""The 评价组织's file of certificate numbers, which the twelve workbooks do not have."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

SERIES = "S0000420130002042"


def write_certificates(
    path: Path, passed: Sequence[dict[str, Any]], place: int, issued_on: date, taken: str | None
) -> None:
    """Write a CSV of numbers (1 letter + 21 digits) for those who passed.

    ``taken`` is given to the first of them: a number that another institution has registered.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["序号", "姓名", "准考证号", "证书编号", "发证日期"])
        for row, item in enumerate(passed):
            number = f"{SERIES}{place}{item['number']:04d}" if taken is None or row else taken
            writer.writerow([item["number"], item["name"], item["ticket"], number, issued_on.isoformat()])
