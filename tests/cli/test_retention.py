"""Deletion after the time of keeping, its certificate, a restored backup, and a person's own copy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from tests.e2e.rules.people import DOCUMENT, PERSON, add_person, open_class
from tests.factories.command_line import CommandLine
from tests.factories.profiles import ADMIN, HEAD, OFFICE

LATER = date(2023, 12, 29)


@pytest.fixture
def stranger(client: CommandLine, tmp_path: Path) -> str:
    """A person who never enrolled, entered on 2020-12-28; it is three years and a day later."""
    key = add_person(client, tmp_path)
    client.set_day(LATER)
    return key


def text_of(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_nobody_is_proposed_before_the_time_is_over(client, tmp_path):
    add_person(client, tmp_path)
    assert client.run("retention", "list")["total"] == 0
    assert client.refused("retention", "propose") == "DELETION_NOBODY"


def test_a_deletion_is_proposed_by_the_office_and_confirmed_by_the_head(client, tmp_path, stranger):
    assert client.refused("retention", "confirm", stranger, user=HEAD) == "DELETION_NOT_PROPOSED"
    assert client.run("retention", "propose")["proposed"] == 1
    assert client.refused("retention", "confirm", stranger) == "NOT_PERMITTED"
    number = client.run("retention", "confirm", stranger, user=HEAD)["certificate"]
    assert client.run("search", PERSON)["total"] == 0
    assert client.run("verify", user=ADMIN)["ok"]
    (item,) = client.run("retention", "list")["items"]
    assert (item["state"], item["name"], item["certificate"]) == ("confirmed", "", number)
    out = tmp_path / "certificate.pdf"
    client.run("retention", "certificate", stranger, "--out", out, user=HEAD)
    told = text_of(out)
    assert number in told
    assert PERSON not in told
    assert client.refused("retention", "confirm", stranger, user=HEAD) == "DELETION_NOT_PROPOSED"


def test_the_head_may_keep_a_person_with_a_reason(client, stranger):
    client.run("retention", "propose")
    assert client.refused("retention", "keep", stranger, user=HEAD) == "REASON_MISSING"
    client.run("retention", "keep", stranger, "--reason", "审计未结束", user=HEAD)
    assert client.refused("retention", "propose") == "DELETION_NOBODY"
    assert client.refused("retention", "confirm", stranger, user=HEAD) == "DELETION_NOT_PROPOSED"


def test_who_is_under_audit_is_neither_proposed_nor_erased(client, stranger):
    """审计 (requirements §4): head and auditor hold people, the office cannot."""
    client.run("retention", "propose")
    hold = ("retention", "hold", stranger)
    assert client.refused(*hold, "--reason", "审计", user=OFFICE) == "NOT_PERMITTED"
    assert client.refused(*hold, user=HEAD) == "REASON_MISSING"
    assert client.run(*hold, "--reason", "省厅专项审计", user=HEAD)["held"] == 1
    assert client.run(*hold, "--reason", "省厅专项审计", user=HEAD)["held"] == 0
    assert client.refused("retention", "confirm", stranger, user=HEAD) == "DELETION_HELD"
    assert client.refused("retention", "propose") == "DELETION_NOBODY"
    (item,) = client.run("retention", "list")["items"]
    assert (item["state"], item["holds"], item["reason"]) == ("held", ["audit"], "省厅专项审计")
    client.run("retention", "release", stranger, "--reason", "审计结束", user=HEAD)
    assert client.run("retention", "propose")["proposed"] == 1
    client.run("retention", "confirm", stranger, user=HEAD)
    assert client.refused(*hold, "--reason", "审计", user=HEAD) == "DELETION_DONE"


def test_a_backup_from_before_an_erasure_does_not_bring_the_person_back(client, tmp_path, stranger):
    file = tmp_path / "before.backup"
    client.run("backup", file, user=ADMIN)
    client.run("retention", "propose")
    number = client.run("retention", "confirm", stranger, user=HEAD)["certificate"]
    client.run("restore", file, user=ADMIN)
    assert client.run("search", PERSON)["total"] == 0
    (item,) = client.run("retention", "list")["items"]
    assert (item["state"], item["certificate"]) == ("confirmed", number)
    assert client.run("verify", user=ADMIN)["ok"]


def test_a_person_gets_a_copy_of_everything_and_the_act_is_recorded(client, tmp_path):
    open_class(client)
    key = add_person(client, tmp_path)
    out = tmp_path / "copy.xlsx"
    export = ("person", "export", key, "--out", out)
    assert client.refused(*export) == "PURPOSE_MISSING"
    assert client.refused(*export, "--purpose", "本人申请查阅", user=ADMIN) == "NOT_PERMITTED"
    client.run(*export, "--purpose", "本人申请查阅")
    cells = {cell.value for row in load_workbook(out).active.iter_rows() for cell in row}
    assert {PERSON, DOCUMENT} <= cells
    newest = client.run("list", "journal", user=ADMIN)["items"][0]
    assert newest["command"] == "export_person"
