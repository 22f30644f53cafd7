"""Set-up of the cases about people: a class of a catalogue project, and somebody in it, by command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.factories.catalogue import publish_project
from tests.factories.command_line import CommandLine
from tests.factories.profiles import open_desk

DAY = date(2020, 11, 3)
PROJECT = "WH-DG-01"
CLASS = "电工2020-09班"
PERSON = "钱进"
DOCUMENT = "420106199001011039"
USCC = "91420100MA0000000Y"


@dataclass
class Enrolled:
    """A class on 2020-11-03, and one person in it who was entered through a roster."""

    client: CommandLine
    trainee: str

    @property
    def words(self) -> tuple[str, ...]:
        return ("--class", CLASS, "--trainee", self.trainee)

    def choose(self, group: str, *more: str) -> tuple[str, ...]:
        return ("enrolment", "choose", *self.words, "--group", group, *more)

    def facts(self, *fields: str) -> None:
        self.client.run("trainee", "facts", self.trainee, *fields)


def open_class(client: CommandLine, *, with_project: bool = True, code: str = CLASS) -> None:
    """Make a class of a catalogue project that begins on 2020-11-03."""
    client.set_day(DAY)
    with open_desk(client.profile, day=DAY) as desk:
        publish_project(desk.services.context, PROJECT)
    project = ("--project", PROJECT) if with_project else ()
    client.run("class", "create", "--code", code, "--start", DAY, *project)


def add_person(client: CommandLine, folder: Path, *, name: str = PERSON, document: str = DOCUMENT) -> str:
    """Add a person without a class, from a roster; return the key."""
    file = folder / "people.csv"
    file.write_text(f"姓名,身份证号\n{name},{document}\n", encoding="utf-8")
    client.run("import", "roster", file)
    return str(client.run("search", name)["items"][0]["id"])


def enrolled(client: CommandLine, folder: Path) -> Enrolled:
    """Let somebody apply to a class and be admitted."""
    open_class(client)
    person = Enrolled(client, add_person(client, folder))
    client.run("enrolment", "apply", *person.words, "--consent", "--sensitive")
    client.run("enrolment", "admit", *person.words)
    return person
