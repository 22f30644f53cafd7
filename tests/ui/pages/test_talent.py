"""技能人才: numbers that open the people behind them, credit banks and 待遇 in the window."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from PySide6.QtWidgets import QFileDialog

from desktop_app.domain.credit_bank import Bank
from desktop_app.excel.column_names import WorkbookKind
from desktop_app.services import talent
from desktop_app.services.certificate_steps import Issued
from desktop_app.services.imports.plan import ImportOptions
from tests.ui.pages.sample_profile import DEMO_DAY, WORKBOOKS
from tests.ui.pages.user import error_of, press, type_into
from ui.dialogs.help import HelpDialog
from ui.pages.classes.certificates_tab import CertificatesTab
from ui.pages.talent import tabs
from ui.pages.talent.page import TalentPage
from ui.pages.talent.panels import tenths_of

CODE = "电工2020-02班"


@pytest.fixture
def certified(desk):
    """Two people of a class hold their certificates."""
    services = desk.services
    class_id = desk.class_id(CODE)
    options = ImportOptions(held_on=date(2020, 12, 2), organisation="湖北江城技能评价中心")
    file = WORKBOOKS / "成绩-社会重点群体-电工.xlsx"
    services.imports.apply(services.imports.plan(WorkbookKind.SCORES, file, CODE, options))
    services.certificate_steps.prepare(class_id)
    for place, row in enumerate(services.certificates.list_certificates(class_id)[:2]):
        issued = Issued(f"S00004201300020420000{place}", DEMO_DAY)
        services.certificate_steps.issue(class_id, row.trainee_id, issued)
    return desk


def page_of(desk):
    return desk.show(TalentPage(desk.context))


def holders(page):
    """Open the people behind the first number."""
    numbers = page.tabs.made("numbers")
    numbers.open_row(numbers.all_rows()[0])
    return page.tabs.made("holders")


def fill(tab, verb, **fields):
    tab.begin(tab.all_rows()[0], verb)
    panel = tab.panel._content
    for name, value in fields.items():
        type_into(panel.form.fields[name], value)
    press(panel.save_button)
    return panel


def test_a_number_opens_the_people_behind_it(certified):
    page = page_of(certified)
    numbers = page.tabs.made("numbers")
    assert "持证 2 人" in page.header._facts.text()
    assert {row.group for row in numbers.all_rows()} == {"level", "trade", "region"}
    tab = holders(page)
    assert len(tab.all_rows()) == numbers.all_rows()[0].people == 2
    assert page.crumbs[-1].text == numbers.all_rows()[0].name


def test_a_certificate_leads_to_its_holder(certified):
    tab = certified.show(CertificatesTab(certified.context, certified.class_id(CODE)))
    row = next(row for row in tab.all_rows() if row.state == "issued")
    tab._follow_up(row)
    name, params = certified.visited[-1]
    page = page_of(certified)
    page.open(**params)
    assert (name, len(page.tabs.made("holders").all_rows())) == ("talent", 2)
    assert page.tabs.current() == "holders"


def test_a_deposit_needs_an_account_and_goes_once_to_each_bank(certified, monkeypatch, tmp_path):
    page = page_of(certified)
    tab = holders(page)
    panel = fill(tab, "deposit", on="2020-11-25")
    assert error_of(panel.form.fields["account"])
    type_into(panel.form.fields["account"], "GJ-0001")
    press(panel.save_button)
    first = tab.all_rows()[0]
    assert first.banks == (Bank.NATIONAL.value,)
    tab.begin(first, "deposit")
    assert tab.panel._content.form.fields["bank"].editor.count() == 1
    deposits = page.tabs.show_tab("deposits")
    assert [row.exported_on for row in deposits.all_rows()] == [None]
    target = tmp_path / "bank.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(target), ""))
    deposits.export(Bank.NATIONAL)
    assert openpyxl.load_workbook(target).worksheets[0].max_row > 1
    assert deposits.all_rows()[0].exported_on == DEMO_DAY


def test_a_conversion_says_course_school_and_credits(certified):
    page = page_of(certified)
    tab = holders(page)
    panel = fill(tab, "convert", course="电工技术", school="江城职业技术学院", credits="2.55")
    assert error_of(panel.form.fields["credits"])
    type_into(panel.form.fields["credits"], "2.5")
    press(panel.save_button)
    rows = page.tabs.show_tab("conversions").all_rows()
    assert [(row.course, row.tenths) for row in rows] == [("电工技术", 25)]


def test_treatment_is_not_before_the_certificate(certified):
    page = page_of(certified)
    tab = holders(page)
    early = "2020-11-01"
    panel = fill(tab, "treat", employer="东风电气", measure="技能津贴每月 200 元", on=early)
    assert early in error_of(panel.form.fields["on"])
    type_into(panel.form.fields["on"], DEMO_DAY.isoformat())
    press(panel.save_button)
    assert tab.all_rows()[0].treated
    assert [row.employer for row in page.tabs.show_tab("treatments").all_rows()] == ["东风电气"]


@pytest.mark.parametrize("ending", ["pdf", "xlsx"])
def test_the_statistics_are_printed(certified, monkeypatch, tmp_path, ending):
    target = tmp_path / f"talent.{ending}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(target), ""))
    page_of(certified).print_paper(ending)
    assert target.stat().st_size > 1000
    assert len(certified.told) == 1


@pytest.mark.parametrize(
    ("text", "tenths"),
    [("2", 20), ("2.5", 25), ("0.1", 1), ("0", None), ("2.55", None), ("两分", None), ("", None)],
)
def test_credits_are_read_to_a_tenth(text, tenths):
    assert tenths_of(text) == tenths


def test_the_help_opens_at_the_page(certified):
    dialog = HelpDialog(None, "talent")
    dialog.show()
    assert dialog.browser.verticalScrollBar().value() > 0
    dialog.close()
    dialog.deleteLater()


def test_a_list_too_long_says_that_it_is_cut(certified, monkeypatch):
    monkeypatch.setattr(talent, "MOST_HOLDERS", 1)
    monkeypatch.setattr(tabs, "MOST_HOLDERS", 1)
    tab = holders(page_of(certified))
    assert len(tab.all_rows()) == 1
    assert not tab.capped.isHidden()
