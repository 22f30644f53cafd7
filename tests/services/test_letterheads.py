"""文书抬头: words and logo over class papers; they change no content's code."""

from __future__ import annotations

import pytest

from desktop_app.domain.users import Role
from tests.factories.pictures import jpeg
from tests.papers.pdf_reading import page_texts
from tests.services.store_facts import entries, refusal


@pytest.fixture
def services(office):
    return office.as_role(Role.OFFICE)


def test_papers_carry_words_and_logo_and_keep_their_code(office, services, tmp_path):
    path = tmp_path / "课程表.pdf"
    bare = services.papers.write("timetable", office.class_id, path)
    services.letterheads.change("湖北省职业技能培训基地", jpeg("标", (300, 100)))
    headed = services.papers.write("timetable", office.class_id, path)
    assert headed.code == bare.code
    assert "湖北省职业技能培训基地" in page_texts(path.read_bytes())[0]
    assert path.read_bytes().count(b"/Subtype /Image") == 1


def test_a_later_letterhead_takes_the_place_of_the_former_and_keeps_its_logo_unless_told(office, services):
    services.letterheads.change("甲", jpeg("标", (300, 100)))
    services.letterheads.change("乙")
    found = services.letterheads.current()
    assert (found.text, bool(found.logo)) == ("乙", True)
    services.letterheads.change("", b"")
    found = services.letterheads.current()
    assert (found.text, found.logo) == ("", b"")
    services.history.undo()
    assert services.letterheads.current().text == "乙"


def test_a_scan_a_long_text_and_others_are_refused(office, services):
    before = entries(office)
    assert refusal(services.letterheads.change, "字" * 200) == "EVIDENCE_TEXT_TOO_LONG"
    assert refusal(services.letterheads.change, "", b"junk") == "PICTURE_UNREADABLE"
    assert refusal(office.as_role(Role.TEACHER).letterheads.change, "甲") == "NOT_PERMITTED"
    assert entries(office) == before
