"""打印 on a class page: preview, printer, the whole archive, and stamped copies that no longer fit."""

from __future__ import annotations

import pypdfium2 as pdfium
import pytest
from PySide6.QtPrintSupport import QPrinter

from tests.services.test_stamped_papers import printed
from tests.ui.pages.user import press
from ui.print_preview import PrintPreview


@pytest.fixture
def class_id(office):
    return office.services.classes.list_classes()[0].id


@pytest.fixture
def page(office, class_id):
    return office.page("class", class_id=class_id)


def test_a_paper_is_turned_page_by_page_and_printed_with_what_was_chosen_last(office, page, tmp_path):
    shown = []
    page.printing.show_preview = shown.append
    page.printing.preview("roster")
    (dialog,) = shown
    assert isinstance(dialog, PrintPreview)
    assert dialog.count.text() == "第 1 / 1 页"
    assert dialog.warning.isHidden()
    picture = dialog.picture.pixmap()
    assert picture.width() > picture.height() > 300
    target = tmp_path / "打印.pdf"

    def choose(printer):
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        printer.setResolution(150)
        return True

    dialog.choose_printer = choose
    press(dialog.print_button)
    with pdfium.PdfDocument(target.read_bytes()) as document:
        assert len(document) == 1
        width, height = document[0].get_size()
    assert (round(width), round(height)) == (842, 595)
    assert office.told[-1] == "已送打印机，共 1 页"
    assert page.context.preferences.read("print/roster", {})["copies"] == 1
    dialog.deleteLater()


def test_turning_back_from_the_printer_prints_nothing(office, page):
    shown = []
    page.printing.show_preview = shown.append
    page.printing.preview("timetable")
    shown[0].choose_printer = lambda _printer: False
    press(shown[0].print_button)
    assert office.told == []
    assert shown[0].print_button.isEnabled()
    shown[0].deleteLater()


def test_every_paper_has_its_ways_out_and_the_archive_is_bound(office, page, tmp_path):
    target = tmp_path / "档案.pdf"
    page.printing.choose_file = lambda name, kind: target
    page.printing.write_archive()
    assert target.read_bytes().startswith(b"%PDF")
    assert office.told == ["已生成 档案.pdf"]


def test_a_stamped_copy_that_no_longer_fits_is_told_shown_and_corrected(
    office, page, class_id, tmp_path, monkeypatch
):
    services = office.services
    scan = tmp_path / "盖章.pdf"
    scan.write_bytes(printed(services, class_id, "roster", tmp_path))
    page.printing.choose_scans = lambda: [scan]
    page.printing.register_scans()
    assert office.told == ["已登记花名册的已盖章版"]
    assert page.stamped.isHidden()
    someone = services.classes.list_members(class_id)[0]
    services.trainees.edit(someone.trainee_id, {"phone": "13912345678", "ethnicity": "土家族"}, "更正")
    page.reload()
    assert page.stamped.text.text() == "花名册已盖章版与现数据不一致：2 处"
    assert not page.stamped.isHidden()
    press(page.stamped.look)
    target = tmp_path / "更正表.pdf"
    monkeypatch.setattr("ui.saving.QFileDialog.getSaveFileName", lambda *_: (str(target), ""))
    page.panel._content.write("pdf")
    assert target.stat().st_size > 1000
