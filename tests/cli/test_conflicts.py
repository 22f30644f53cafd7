"""Two workstations change one thing without knowing of each other; the command line settles it."""

from __future__ import annotations

import shutil

import pytest

from desktop_app.store.journal import JournalStore, pack_entry, unpack_entry
from tests.factories.profiles import open_desk
from tests.factories.workbooks import WELDERS
from tests.factories.workstations import become_another

MINE, THEIRS = "13900000001", "13900000002"


def change_phone(services, phone):
    person = services.trainees.list_trainees("袁玲子")[0]
    services.trainees.edit(person.id, {"phone": phone})


def entries(workstation):
    with workstation.read() as sql:
        journal = JournalStore(sql)
        return [unpack_entry(pack_entry(journal.entry(seq))) for seq in journal.sequence()]


@pytest.fixture
def conflict(client, tmp_path):
    """A phone number that differs on two workstations; return its id."""
    client.run("import", "roster", WELDERS.file("花名册"), "--class", WELDERS.code)
    shutil.copytree(client.profile, tmp_path / "other")
    with open_desk(tmp_path / "other") as other:
        become_another(other.profile.context.workstation)
        change_phone(other.services, THEIRS)
        foreign = entries(other.profile.context.workstation)
    with open_desk(client.profile) as own:
        change_phone(own.services, MINE)
        own.profile.context.workstation.receive(foreign)
    (item,) = client.run("list", "conflicts")["items"]
    assert sorted(value["value"] for value in item["values"]) == ["139****0001", "139****0002"]
    assert {value["device"] for value in item["values"]} > {"二号机"}
    assert (item["entity"], item["group"]) == ("trainee", "phone")
    return item["id"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("mine", MINE), ("theirs", THEIRS), ("13900000003", "13900000003")],
)
def test_a_conflict_is_settled_with_the_own_value_the_other_or_a_third(client, conflict, answer, expected):
    assert client.run("conflict", "answer", conflict, answer)["value"] == expected
    assert client.run("list", "conflicts")["total"] == 0
    assert client.run("search", expected[-4:])["total"] == 1
    assert client.refused("conflict", "answer", conflict, answer) == "CONFLICT_UNKNOWN"
