"""Papers: every kind and format is written and read back; who gets whole numbers, and what is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from desktop_app.domain.users import Role
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.papers import PAPERS
from desktop_app.services.container import Services
from desktop_app.services.evidence import Owner
from desktop_app.services.evidence import Paper as EvidencePaper
from desktop_app.services.imports.plan import BlankMeaning, ImportOptions
from desktop_app.services.papers import UNMASKED
from desktop_app.services.session_changes import Moved
from desktop_app.services.timetable import PlannedSession
from tests.factories.offices import PEOPLE, Office, TestClock
from tests.factories.pictures import jpeg
from tests.papers.pdf_reading import page_texts
from tests.services.store_facts import entries, newest, refusal
from tests.services.test_permission_matrix import ATTEMPTS

FAN = PEOPLE[0][1]
KINDS = [(kind, ending) for kind, paper in PAPERS.items() for ending in paper.formats]


def _read(path: Path) -> str:
    """Return everything that stands in a paper."""
    if path.suffix == ".pdf":
        return "".join(page_texts(path.read_bytes()))
    book = openpyxl.load_workbook(path)
    return "".join(
        str(cell.value) for sheet in book for row in sheet for cell in row if cell.value is not None
    )


def _write(services: Services, office: Office, kind: str, path: Path) -> str:
    written = services.papers.write(kind, office.class_id, path)
    assert written.file.stat().st_size == written.size
    assert written.missing_glyphs == ()
    return _read(path)


@pytest.mark.parametrize(("kind", "ending"), KINDS)
def test_every_paper_is_written_and_read_back(office: Office, tmp_path: Path, kind: str, ending: str) -> None:
    """It names institution, class and people."""
    services = office.as_role("office")
    ATTEMPTS["import_certificates"](services, office)
    text = _write(services, office, kind, tmp_path / f"paper.{ending}")
    assert "江城职业学院" in text
    assert "电工01班" in text
    wanted = {
        "opening": "开班申请表",
        "departures": "退训转班单",
        "timetable": "陈志强",
        "changes": "课表变更单",
        "completion": "结业名册",
    }
    assert wanted.get(kind, "范雨") in text


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_the_office_gets_whole_numbers_and_that_is_recorded(
    office: Office, tmp_path: Path, ending: str
) -> None:
    """The entry says what for: as given, else the paper's own purpose."""
    services = office.as_role("office")
    before = entries(office)
    assert FAN in _write(services, office, "roster", tmp_path / f"roster.{ending}")
    record = newest(office)
    assert (record.command, record.user, record.subject) == ("export_unmasked", "office 账号", "电工01班")
    assert record.reason
    services.papers.write("roster", office.class_id, tmp_path / f"roster.{ending}", "送人社局")
    assert newest(office).reason == "送人社局"
    assert entries(office) == before + 2


@pytest.mark.parametrize("role", [Role.TEACHER, Role.ADVISER, Role.HEAD])
def test_others_get_masked_numbers(office: Office, tmp_path: Path, role: Role) -> None:
    """And leave no entry, for nothing left the program."""
    services = office.as_role(role)
    before = entries(office)
    text = _write(services, office, "roster", tmp_path / "roster.xlsx")
    assert "范雨" in text
    assert FAN not in text
    assert "13800001111" not in text
    assert entries(office) == before


@pytest.mark.parametrize("kind", sorted(PAPERS.keys() - UNMASKED))
def test_only_the_roster_and_what_people_sign_has_whole_numbers(
    office: Office, tmp_path: Path, kind: str
) -> None:
    """Whoever writes it."""
    services = office.as_role("office")
    ATTEMPTS["import_certificates"](services, office)
    text = _write(services, office, kind, tmp_path / f"paper.{PAPERS[kind].formats[0]}")
    assert FAN not in text
    assert "13800001111" not in text


def test_a_paper_shows_nobody_more_than_the_screen(office: Office, tmp_path: Path) -> None:
    """Teachers have no certificates, auditors no papers, nobody those of others' classes."""
    path = tmp_path / "paper.pdf"
    teacher = office.as_role("teacher").papers
    assert "certificates" not in [item.kind for item in teacher.kinds()]
    assert refusal(teacher.write, "certificates", office.class_id, path) == "NOT_PERMITTED"
    assert refusal(teacher.write, "roster", office.other_class_id, path) == "NOT_YOUR_CLASS"
    assert refusal(office.as_role("auditor").papers.write, "roster", office.class_id, path) == "NOT_PERMITTED"
    assert not path.exists()


def test_what_cannot_be_written_is_said(office: Office, tmp_path: Path) -> None:
    """Kind, format, class, folder; and nothing is recorded as exported without a class."""
    write = office.as_role("office").papers.write
    before = entries(office)
    assert refusal(write, "poster", office.class_id, tmp_path / "a.pdf") == "PAPER_UNKNOWN"
    assert refusal(write, "roster", office.class_id, tmp_path / "a.docx") == "PAPER_FORMAT"
    assert refusal(write, "roster", b"\7" * 16, tmp_path / "a.pdf") == "CLASS_UNKNOWN"
    assert entries(office) == before
    assert refusal(write, "timetable", office.class_id, tmp_path / "no" / "a.pdf") == "FILE_NOT_WRITABLE"


def test_the_day_begins_at_midnight_in_shanghai(office: Office, tmp_path: Path) -> None:
    """At half past seven the session of today is held, though it is yesterday in Greenwich."""
    clock = office.profile.clock
    assert isinstance(clock, TestClock)
    services = office.as_role("office")
    services.attendance.mark_class(office.sessions[0])
    services.attendance.mark_class(office.sessions[1])
    clock.moment = datetime(2020, 11, 9, 23, 30, tzinfo=UTC)
    text = _write(services, office, "attendance", tmp_path / "a.pdf")
    assert "2020-11-1007:30" in text
    book = tmp_path / "a.xlsx"
    services.papers.write("attendance", office.class_id, book)
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(book).active]
    fan = next(row for row in rows if "范雨" in row)
    assert fan.count(2) == 2, "应到 2, 实到 2"


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_changes_of_the_timetable_stand_on_a_paper_with_before_after_reason_and_who(
    office: Office, tmp_path: Path, ending: str
) -> None:
    services = office.as_role("office")
    changes = services.session_changes
    changes.reschedule(office.sessions[2], Moved(date(2020, 11, 16), place="实训楼B204"), "实训室检修")
    changes.call_off(office.sessions[2], "停电")
    planned = PlannedSession(
        date(2020, 11, 18), time(14), time(17, 20), 4, "照明", "offline", "B203", ("周敏",)
    )
    changes.make_up(office.sessions[2], planned, "补上停电的课")
    text = _write(services, office, "changes", tmp_path / f"changes.{ending}").replace("\n", "")
    for said in (
        "日期 2020-11-11", "日期 2020-11-16", "地点 实训楼B204", "实训室检修", "停课", "停电",
        "补第3课次", "教师 周敏", "补上停电的课", "office 账号", "变更：3次",
    ):  # fmt: skip
        assert said.replace(" ", "") in text.replace(" ", "")


def test_the_registration_form_has_a_page_and_the_photo_of_each_person(
    office: Office, tmp_path: Path
) -> None:
    """Where there is no photo its place is left; the content's code knows one photo from another."""
    services = office.as_role("office")
    path = tmp_path / "登记表.pdf"
    bare = services.papers.write("registration", office.class_id, path)
    assert path.read_bytes().count(b"/Subtype /Image") == 0
    owner, paper = Owner("trainee", office.people[0]), EvidencePaper("photo")
    services.evidence.add(owner, paper, jpeg("照"), "照片.jpg")
    with_photo = services.papers.write("registration", office.class_id, path)
    assert path.read_bytes().count(b"/Subtype /Image") == 1
    assert with_photo.code != bare.code
    texts = page_texts(path.read_bytes())
    assert len(texts) == len(office.people)
    assert [name for name, _number in PEOPLE] == [
        next(name for name, _number in PEOPLE if name in text) for text in texts
    ]


def test_a_sign_in_grid_filled_in_comes_back_as_marks_of_many_sessions(
    office: Office, tmp_path: Path
) -> None:
    services, path = office.as_role("office"), tmp_path / "签到.xlsx"
    services.papers.write("sign-in", office.class_id, path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    (name,) = [cell for row in sheet for cell in row if cell.value == "范雨"]
    for place, sign in enumerate("√△", 1):
        name.offset(column=place).value = sign
    book.save(path)
    options = ImportOptions(blank=BlankMeaning.UNMARKED)
    plan = services.imports.plan(WorkbookKind.ATTENDANCE, path, "电工01班", options)
    services.imports.apply(plan)
    found = services.attendance.sheet(office.class_id).marks
    given = [found[session, office.people[0]].mark.status.value for session in office.sessions[:2]]
    assert given == ["present", "late"]
