"""Every released schema has left a small database; this version opens each and keeps its state."""

from __future__ import annotations

import json
import shutil

import pytest

from desktop_app.services.profile import Profile
from desktop_app.store import schema, verifying
from desktop_app.store.state_hash import state_hash
from tests.factories.offices import CHEAP, TestClock
from tests.source_tree import ROOT

OLD = ROOT / "tests" / "data" / "old_databases"


@pytest.mark.parametrize("facts", sorted(OLD.glob("*.json")), ids=lambda path: path.stem)
def test_every_released_schema_opens_and_keeps_its_state(facts, tmp_path):
    said = json.loads(facts.read_text(encoding="utf-8"))
    folder = tmp_path / "profile"
    folder.mkdir()
    shutil.copyfile(facts.with_suffix(".db"), folder / "store.db")
    shutil.copyfile(facts.with_suffix(".keys"), folder / "keys.json")
    profile = Profile(folder, cost=CHEAP, clock=TestClock())
    context = profile.log_in(said["login"], said["password"])
    with context.read() as sql:
        assert schema.current_revision(sql) == schema.HEAD
        assert state_hash(sql).digest == said["state_hash"]
        assert verifying.verify(sql, context.workstation.device).ok
    profile.close()


def test_the_present_schema_has_left_its_database():
    assert (OLD / f"{schema.HEAD}.db").is_file()
