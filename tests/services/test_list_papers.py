"""项目目录表 and 愿训未训名单: written, read back, refused where there is nothing to list."""

from __future__ import annotations

import openpyxl
import pytest

from desktop_app.domain.users import Role
from tests.factories.catalogue import publish_project
from tests.papers.pdf_reading import page_texts
from tests.services.store_facts import refusal


@pytest.fixture
def services(office):
    return office.as_role(Role.OFFICE)


def cells(path):
    book = openpyxl.load_workbook(path)
    return [str(cell.value) for row in book.worksheets[0] for cell in row if cell.value is not None]


def test_the_catalogue_is_printed_with_its_nine_fields(services, tmp_path):
    publish_project(services.context, "WH-HG-09", "焊工")
    written = services.list_papers.catalogue(tmp_path / "目录.pdf")
    assert written.missing_glyphs == ()
    text = "".join(page_texts(written.file.read_bytes()))
    for word in ("项目目录表", "WH-HG-09", "焊工", "培训对象", "在岗职工", "60", "湖北省"):
        assert word in text.replace("\n", "")
    services.list_papers.catalogue(tmp_path / "目录.xlsx")
    assert "WH-HG-09" in cells(tmp_path / "目录.xlsx")


def test_who_wants_to_train_and_is_in_no_class_is_printed_masked(office, services, tmp_path):
    assert refusal(lambda: services.list_papers.unmet(tmp_path / "x.pdf")) == "UNMET_NONE"
    services.willingness.record(office.people[0], "育婴员", level="skill5")
    services.willingness.record(office.people[0], "保育员")
    services.list_papers.unmet(tmp_path / "愿训未训.xlsx")
    found = cells(tmp_path / "愿训未训.xlsx")
    assert any("育婴员" in one for one in found)
    assert any("1 人" in one and "2 人次" in one for one in found)
    document = str(services.trainees.reveal(office.people[0]).fields["document_number"])
    assert not any(document in one for one in found)
    assert services.list_papers.unmet(tmp_path / "愿训未训.pdf").size > 0
    assert not (tmp_path / "x.pdf").exists()
