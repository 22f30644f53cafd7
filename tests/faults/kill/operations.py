"""Every act that is killed, each with the profile that it begins with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.kill import commands, file_acts, reporting_acts
from tests.faults.kill.desks import Desk, make_desk
from tests.faults.kill.parent import Operation
from tests.faults.kill.reporting_acts import Province

Maker = Callable[[], Operation]


class Bench:
    """Makes the operations, and what they begin with once for all of them."""

    def __init__(self, scratch: Path, there: Province) -> None:
        self._scratch = scratch
        self.there = there
        self._desk: Desk | None = None
        self._joined: Desk | None = None

    def desk(self) -> Desk:
        if self._desk is None:
            self._desk = make_desk(self._scratch / "office")
        return self._desk

    def joined(self) -> Desk:
        if self._joined is None:
            self._joined = reporting_acts.joined_desk(self.desk(), self._scratch / "joined", self.there)
        return self._joined

    def make(self, name: str) -> Operation:
        """Return an operation by its name; KeyError."""
        makers: dict[str, Maker] = {
            "import": lambda: commands.Import(self.desk()),
            "mark": lambda: commands.Marking(self.desk()),
            "undo": lambda: commands.Undo(commands.marked_desk(self.desk(), self._scratch / "marked")),
            "seal": lambda: reporting_acts.Sealing(self.joined(), self.there),
            "push": lambda: reporting_acts.Pushing(
                reporting_acts.sealed_desk(self.joined(), self._scratch / "sealed"), self.there
            ),
            "pull": lambda: reporting_acts.Pulling(
                reporting_acts.published_desk(self.joined(), self._scratch / "published", self.there),
                self.there,
            ),
            "migrate": lambda: file_acts.migrations()[0],
            "backup": lambda: file_acts.BackingUp(self.desk()),
            "daily": lambda: file_acts.DailyBackup(self.desk()),
            "draft": lambda: file_acts.KeepingDrafts(self.desk()),
            "restore": lambda: file_acts.restoring(self.desk(), self._scratch / "restorable"),
        }
        return makers[name]()


OPERATIONS = (
    "import",
    "mark",
    "undo",
    "seal",
    "push",
    "pull",
    "migrate",
    "backup",
    "daily",
    "restore",
    "draft",
)


@contextmanager
def bench(scratch: Path) -> Iterator[Bench]:
    """Serve the province while operations are killed."""
    with reporting_acts.province(scratch) as there:
        yield Bench(scratch, there)
