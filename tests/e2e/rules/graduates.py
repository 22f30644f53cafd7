"""Set-up of the cases about results: a small class of a catalogue project after its only session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop_app.domain.records import TRAINING_CLASS
from tests.e2e.rules.people import CLASS, open_class
from tests.factories.command_line import CommandLine
from tests.factories.profiles import open_desk
from tests.factories.workbooks import write_csv

PASSED, FAILED = "钱进", "孙丽"
PEOPLE = ((PASSED, "420106199001011039"), (FAILED, "42010619920202002X"))
SESSION_DAY, EXAM_DAY, TODAY = date(2020, 11, 10), date(2020, 11, 12), date(2020, 12, 1)
NUMBER, OTHER = "S000042013000204200001", "S000042013000204200002"


@dataclass
class Graduates:
    """A class with two people, one of whom passes; today is 2020-12-01."""

    client: CommandLine
    folder: Path
    people: dict[str, str]

    def of(self, name: str) -> tuple[str, ...]:
        return ("--class", CLASS, "--trainee", self.people[name])

    def results(self, name: str = "results.csv", theory: int = 80) -> Path:
        """Write a file of the organisation: the first passes, the second has 50 in practice."""
        rows = [[1, PASSED, "42010001", theory, 75], [2, FAILED, "42010002", 70, 50]]
        return write_csv(self.folder / name, [["序号", "姓名", "准考证号", "理论", "实操"], *rows])

    def import_results(self, *more: object) -> tuple[object, ...]:
        file = more[0] if more else self.results()
        return ("import", "scores", file, "--class", CLASS, "--date", EXAM_DAY)

    def issue(self, name: str, number: str = NUMBER, *more: str) -> tuple[object, ...]:
        return ("certificate", "issue", *self.of(name), "--number", number, "--date", "2020-11-20", *more)


def taught(client: CommandLine, folder: Path) -> Graduates:
    """Open the class, take in its people and give its only session."""
    open_class(client)
    rows = [[place, name, number, "重点群体"] for place, (name, number) in enumerate(PEOPLE, 1)]
    file = write_csv(folder / "roster.csv", [["序号", "姓名", "身份证号", "人员类别"], *rows])
    client.run("import", "roster", file, "--class", CLASS)
    times = ("--start", "14:00", "--end", "17:20", "--hours", "4", "--content", "直流电路")
    client.run("session", "add", "--class", CLASS, "--date", SESSION_DAY, *times, "--teacher", "陈志强")
    client.set_day(TODAY)
    listed = client.run("list", "trainees", "--class", CLASS)["items"]
    return Graduates(client, folder, {one["name"]: one["id"] for one in listed})


def examined(client: CommandLine, folder: Path) -> Graduates:
    """Let the class sit its level exam: the first passes, the second fails."""
    found = taught(client, folder)
    client.run(*found.import_results())
    return found


def run_through(client: CommandLine) -> None:
    """Let the class be 在训, marked, taught and assessed, so that 结业 is next."""
    with open_desk(client.profile, day=TODAY) as desk:
        class_id = desk.services.classes.class_by_code(CLASS).id
        with desk.services.context.workstation.unit_of_work("open_class") as work:
            work.put(TRAINING_CLASS, class_id, {"state": "running"})
    client.run("mark", "--class", CLASS, "--session", 1, "--trainee", "all", "present")
    for verb, day in (("finish", "2020-11-11"), ("assess", EXAM_DAY)):
        client.run("class", verb, CLASS, "--on", day)


def certified(client: CommandLine, folder: Path) -> Graduates:
    """Let the one who passed hold the certificate."""
    found = examined(client, folder)
    client.run(*found.issue(PASSED))
    return found
