"""已盖章版: a scan is known by its code, compared with what is so now, and corrected by a 更正表."""

from __future__ import annotations

import io
from datetime import date, time

import openpyxl
import pytest
from PIL import Image

from desktop_app.domain.attendance import Mark, MarkStatus
from desktop_app.domain.papers.differences import differences
from desktop_app.domain.users import Role
from desktop_app.papers import scans
from desktop_app.services.attendance import NewMark
from desktop_app.services.stamped_papers import described
from desktop_app.services.timetable import PlannedSession
from tests.services.store_facts import entries, newest, refusal


@pytest.fixture
def services(office):
    return office.as_role(Role.OFFICE)


def printed(services, class_id, kind, folder):
    """Print a paper; return it as a scanner would give it back: pictures of its pages in one PDF."""
    path = folder / f"{kind}.pdf"
    services.papers.write(kind, class_id, path, "盖章")
    data = path.read_bytes()
    pages = [
        Image.open(io.BytesIO(scans.page_picture(data, number))) for number in range(scans.count_pages(data))
    ]
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=170)
    return out.getvalue()


def words(services, class_id):
    """Return what differs, by paper."""
    return {
        one.kind: None if one.differences is None else [described(found) for found in one.differences]
        for one in services.stamped_papers.of_class(class_id)
    }


def test_a_registered_scan_is_known_fits_and_later_shows_what_changed(office, services, tmp_path):
    scan = printed(services, office.class_id, "roster", tmp_path)
    found = services.stamped_papers.register(office.class_id, scan, "花名册盖章.pdf")
    assert (found.kind, found.class_code, found.fits) == ("roster", "电工01班", True)
    assert newest(office).command == "add_evidence"
    assert words(services, office.class_id) == {"roster": []}
    services.trainees.edit(office.people[0], {"phone": "13900002222"}, "更正")
    services.trainees.edit(office.people[1], {"ethnicity": "土家族"}, "更正")
    ((kind, told),) = words(services, office.class_id).items()
    assert kind == "roster"
    assert told == [
        ("1 范雨", "联系电话", "138****1111", "139****2222"),
        (told[1][0], "民族", "", "土家族"),
    ]
    sheet = services.evidence.sheet(office.class_id)
    assert [item.kind for item in sheet.of_class] == ["stamped"]


def test_the_corrections_are_whole_for_a_recorded_purpose_and_masked_for_others(office, services, tmp_path):
    scan = printed(services, office.class_id, "roster", tmp_path)
    services.stamped_papers.register(office.class_id, scan, "花名册.pdf")
    assert (
        refusal(services.stamped_papers.corrections, office.class_id, "roster", tmp_path / "x.pdf")
        == "STAMPED_FITS"
    )
    services.trainees.edit(office.people[0], {"phone": "13900002222"}, "更正")
    services.stamped_papers.corrections(office.class_id, "roster", tmp_path / "更正.xlsx", "补盖章")
    text = str(list(openpyxl.load_workbook(tmp_path / "更正.xlsx").worksheets[0].values))
    for word in ("更正表", "花名册", "13800001111", "13900002222", "范雨"):
        assert word in text
    assert newest(office).command == "export_unmasked"
    adviser, before = office.as_role(Role.ADVISER), entries(office)
    adviser.stamped_papers.corrections(office.class_id, "roster", tmp_path / "更正.pdf")
    assert entries(office) == before


def test_one_wrong_mark_is_one_difference(office, services, tmp_path):
    scan = printed(services, office.class_id, "attendance", tmp_path)
    services.stamped_papers.register(office.class_id, scan, "考勤.pdf")
    services.attendance.mark(office.sessions[0], [NewMark(office.people[0], Mark(MarkStatus.ABSENT))], "更正")
    assert words(services, office.class_id) == {"attendance": [("1 范雨", "第1次课考勤", "√", "×")]}
    moved = PlannedSession(date(2020, 11, 12), time(9), time(11), 2, "交流电路", "offline", "", ("陈志强",))
    services.timetable.add_session(office.class_id, moved)
    assert len(words(services, office.class_id)["attendance"]) > 1


def test_a_copy_whose_data_changed_before_it_was_registered_says_so(office, services, tmp_path):
    scan = printed(services, office.class_id, "roster", tmp_path)
    services.trainees.edit(office.people[0], {"phone": "13900002222"}, "更正")
    assert not services.stamped_papers.register(office.class_id, scan, "花名册.pdf").fits
    assert words(services, office.class_id) == {"roster": None}
    services.stamped_papers.register(
        office.class_id, printed(services, office.class_id, "roster", tmp_path), "新.pdf"
    )
    assert words(services, office.class_id) == {"roster": []}


def test_other_papers_and_pictures_are_refused_and_nothing_is_kept(office, services, tmp_path):
    other = printed(services, office.other_class_id, "timetable", tmp_path)
    blank = io.BytesIO()
    Image.new("L", (800, 600), 255).save(blank, "PNG")
    register, before = services.stamped_papers.register, entries(office)
    assert refusal(register, office.class_id, other, "别班.pdf") == "STAMPED_OTHER_CLASS"
    assert refusal(register, office.class_id, blank.getvalue(), "空白.png") == "STAMPED_NO_CODE"
    assert (
        refusal(office.as_role(Role.TEACHER).stamped_papers.register, office.class_id, other, "x.pdf")
        == "NOT_PERMITTED"
    )
    assert entries(office) == before


def test_lines_are_compared_by_their_numbers_and_new_ones_named():
    old = {"lines": [{"number": 1, "name": "甲", "sex": "男"}, {"number": 2, "name": "乙", "sex": "女"}]}
    new = {"lines": [{"number": 1, "name": "甲", "sex": "女"}, {"number": 3, "name": "丙", "sex": "女"}]}
    found = [(one.subject, one.field, one.before, one.after) for one in differences(old, new)]
    assert found == [("1 甲", "sex", "男", "女"), ("2 乙", "gone", "2 乙", ""), ("3 丙", "added", "", "3 丙")]
