"""Commands that are killed: import, marking, undo. One transaction each: all of it or nothing, and once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.identity import check_digit
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services.attendance import NewMark
from desktop_app.services.container import Services
from tests.factories.workbooks import write_csv
from tests.faults.kill.child import BUSY, Look, Teller
from tests.faults.kill.desks import HOLIDAY, Desk, check_sound, count, entries, rows

ROSTERS, PEOPLE = 6, 40
ROUNDS = 38
_STAGES = (BUSY, "writing", "committing")


def write_roster(folder: Path, number: int) -> Path:
    """A roster of invented people, none of whom is in another one."""
    head = ["序号", "姓名", "身份证号", "性别", "人员类别", "重点群体类型", "文化程度", "联系电话"]
    lines = []
    for place in range(1, PEOPLE + 1):
        first17 = f"4201061990{number + 1:02}{place % 28 + 1:02}{2 * place + 1:03}"
        document = first17 + check_digit(first17)
        name = f"学员{chr(0x4E00 + number)}{chr(0x4E00 + place)}"
        lines.append([place, name, document, "男", "社会重点群体", "城镇登记失业人员", "高中", "13800000001"])
    folder.mkdir(exist_ok=True)
    return write_csv(folder / f"roster{number}.csv", [head, *lines])


def take_roster(services: Services, path: Path, number: int) -> dict[str, Any]:
    """Import a roster into a class of its own; return the counts."""
    planned = services.imports.plan(WorkbookKind.ROSTER, path, f"导入{number}班")
    return services.imports.apply(planned).to_json()


@dataclass(frozen=True)
class Import:
    """Rosters go in one after the other."""

    desk: Desk
    name: ClassVar[str] = "import"
    stages: ClassVar[tuple[str, ...]] = _STAGES
    look: ClassVar[Look] = Look()

    def lay_out(self, folder: Path) -> None:
        self.desk.copy(folder)
        for number in range(ROSTERS):
            write_roster(folder / "rosters", number)

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder) as services:
            for number in range(ROSTERS):
                path = folder / "rosters" / f"roster{number}.csv"
                tell.begin()
                take_roster(services, path, number)
                tell.acknowledge(number)
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, later=HOLIDAY) as services:
            before = len(self.desk.people)
            done, rest = divmod(count(services, "trainee") - before, PEOPLE)
            assert rest == 0
            assert len(acknowledged) <= done <= begun
            assert entries(services, "import_roster") == done
            for number in range(begun):
                again = take_roster(services, folder / "rosters" / f"roster{number}.csv", number)
                wanted = (0, PEOPLE) if number < done else (PEOPLE, 0)
                assert (again["new"], again["same"], again["bad"]) == (*wanted, 0)
            assert count(services, "trainee") == before + begun * PEOPLE == count(services, "enrolment")
            numbers = rows(services, "SELECT count(DISTINCT document_number) FROM trainee")
            assert numbers == [(before + begun * PEOPLE,)]
            check_sound(services)


def mark_of(number: int) -> Mark:
    """A mark that tells by itself which of the rounds has written it."""
    status = MarkStatus.LATE if number < ROUNDS // 2 else MarkStatus.EARLY
    return Mark(status, number % (ROUNDS // 2) + 1)


def mark_all(desk: Desk, services: Services, number: int) -> None:
    """Mark everybody in the first session."""
    marks = [NewMark(person, mark_of(number)) for person in desk.people]
    services.attendance.mark(desk.sessions[0], marks, "与签到表核对")


def marked(desk: Desk, services: Services) -> Mark:
    """Return the mark that everybody has in the first session: a command is never there by half."""
    query = "SELECT status, lost_hours FROM mark WHERE session_id = ?"
    found = rows(services, query, desk.sessions[0])
    assert len(found) == len(desk.people)
    assert len(set(found)) == 1, found
    return Mark(MarkStatus(found[0][0]), found[0][1])


@dataclass(frozen=True)
class Marking:
    """A whole session is marked anew, and again."""

    desk: Desk
    name: ClassVar[str] = "mark"
    stages: ClassVar[tuple[str, ...]] = _STAGES
    look: ClassVar[Look] = Look()

    def lay_out(self, folder: Path) -> None:
        self.desk.copy(folder)

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder) as services:
            for number in range(ROUNDS):
                tell.begin()
                mark_all(self.desk, services, number)
                tell.acknowledge(number)
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, later=HOLIDAY) as services:
            written = entries(services, "mark_one") - len(self.desk.sessions)
            assert len(acknowledged) <= written <= begun
            wanted = mark_of(written - 1) if written else Mark(MarkStatus.PRESENT)
            assert marked(self.desk, services) == wanted
            assert count(services, "mark") == len(self.desk.people) * len(self.desk.sessions)
            services.history.undo()
            before = mark_of(written - 2) if written > 1 else Mark(MarkStatus.PRESENT)
            assert written == 0 or marked(self.desk, services) == before
            check_sound(services)


@dataclass(frozen=True)
class Undo:
    """Marks are taken back, the newest first."""

    desk: Desk
    name: ClassVar[str] = "undo"
    stages: ClassVar[tuple[str, ...]] = _STAGES
    look: ClassVar[Look] = Look()

    def lay_out(self, folder: Path) -> None:
        self.desk.copy(folder)

    def work(self, folder: Path, tell: Teller) -> None:
        with self.desk.at_work(folder) as services:
            for number in range(ROUNDS - 2):
                tell.begin()
                services.history.undo()
                tell.acknowledge(number)
            tell.done()

    def judge(self, folder: Path, begun: int, acknowledged: list[Any]) -> None:
        with self.desk.at_work(folder, later=HOLIDAY) as services:
            undone = entries(services, "undo")
            assert len(acknowledged) <= undone <= begun
            assert marked(self.desk, services) == mark_of(ROUNDS - 1 - undone)
            services.history.undo()
            assert marked(self.desk, services) == mark_of(ROUNDS - 2 - undone)
            services.history.redo()
            assert marked(self.desk, services) == mark_of(ROUNDS - 1 - undone)
            check_sound(services)


def marked_desk(desk: Desk, template: Path) -> Desk:
    """A copy of an office in which every round of marks has been made."""
    desk.copy(template)
    with desk.at_work(template) as services:
        for number in range(ROUNDS):
            mark_all(desk, services, number)
        moment = services.context.now()
    return replace(desk, template=template, moment=moment)
