"""整班档案: every paper that says something in one PDF, numbered, with contents and bookmarks; the claim's pack too."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest

from desktop_app.domain.users import Role
from desktop_app.papers import bookmarks
from tests.papers.pdf_reading import page_texts
from tests.services.store_facts import entries, newest, refusal
from tests.services.test_exports import FAN, Stopped
from tests.services.test_permission_matrix import ATTEMPTS


def outline(pdf: bytes) -> list[tuple[str, int]]:
    """Return the bookmarks of a PDF: title and page, from 0."""
    with pdfium.PdfDocument(pdf) as document:
        return [(item.get_title(), item.get_dest().get_index()) for item in document.get_toc()]


def test_a_class_is_bound_in_one_pdf_whose_bookmarks_lead_to_each_paper(office, tmp_path):
    services = office.as_role(Role.OFFICE)
    ATTEMPTS["import_certificates"](services, office)
    before = entries(office)
    written = services.class_archive.write(office.class_id, tmp_path / "档案.pdf", "归档")
    assert {
        "开班申请表",
        "花名册",
        "教学计划及课程表",
        "签到表",
        "考勤表",
        "成绩登记册",
        "证书发放登记表",
    } <= set(written.papers)
    assert "退训转班单" not in written.papers  # nobody left
    pdf = written.file.read_bytes()
    texts = page_texts(pdf)
    assert len(texts) == written.pages
    marks = outline(pdf)
    assert [title for title, _page in marks] == ["目录", *written.papers]
    for title, page in marks[1:]:
        assert title in texts[page], title
    for title in written.papers:
        assert title in texts[0]
    assert f"第{written.pages}页共{written.pages}页" in texts[-1]
    assert FAN in "".join(texts)
    assert entries(office) == before + 1
    assert (newest(office).command, newest(office).reason) == ("export_unmasked", "归档")


def test_an_adviser_gets_it_masked_and_without_what_is_empty(office, tmp_path):
    services, before = office.as_role(Role.ADVISER), entries(office)
    written = services.class_archive.write(office.class_id, tmp_path / "档案.pdf")
    assert FAN not in "".join(page_texts(written.file.read_bytes()))
    assert "证书发放登记表" not in written.papers
    assert entries(office) == before


def test_an_archive_is_refused_or_stopped_without_a_file(office, tmp_path):
    services = office.as_role(Role.OFFICE)
    assert refusal(services.class_archive.write, office.class_id, tmp_path / "档案.xlsx") == "PAPER_FORMAT"
    path = tmp_path / "档案.pdf"
    assert (
        refusal(lambda: services.class_archive.write(office.class_id, path, cancel=Stopped())) == "CANCELLED"
    )
    assert refusal(office.as_role(Role.AUDITOR).class_archive.write, office.class_id, path) == "NOT_PERMITTED"
    assert not path.exists()


def test_bookmarks_are_for_joined_files_only():
    for wrong in (b"%PDF-1.4\n%%EOF", b""):
        with pytest.raises(ValueError, match="no PDF of"):
            bookmarks.add(wrong, [("目录", 0)])
