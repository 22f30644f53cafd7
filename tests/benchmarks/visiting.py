"""A process of its own for ``bench_memory``: opens a profile, draws every page, tells what memory it took (Linux)."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

from desktop_app import bootstrap
from desktop_app.services.profile import Profile
from desktop_app.store.keys import Argon2Cost
from tests.factories.stress.pen import StepClock

PASSWORD = "Ceshi-2020!"
_COST = Argon2Cost(8, 1)


def resident() -> dict[str, float]:
    """Return what is resident now and was at the highest, in MiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    kib = {
        name: int(rest.split()[0])
        for name, _, rest in (line.partition(":") for line in lines)
        if "kB" in rest
    }
    return {"now": kib["VmRSS"] / 1024, "highest": kib["VmHWM"] / 1024}


def main(folder: Path, login: str) -> None:
    """Draw all that a user sees, and print the figures as one JSON object."""
    today = json.loads((folder / "stress.json").read_text(encoding="utf-8"))["today"]
    profile = Profile(folder, cost=_COST, clock=StepClock(date.fromisoformat(today)))
    before = resident()["now"]
    try:
        pictures = bootstrap.draw_window(profile, login, PASSWORD, folder / "pictures", ())
        after = resident()
    finally:
        profile.close()
    told = {"before": before, "after": after["now"], "highest": after["highest"], "pictures": pictures}
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
