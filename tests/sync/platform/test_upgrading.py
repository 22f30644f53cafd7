"""Every schema that the platform's database has had is brought up with its state, secrets and a batch under way."""

from __future__ import annotations

import hashlib
import hmac
import json
import shutil

import pytest
from sqlalchemy import create_engine, select

from sync.contract.wire import BatchStatus
from sync.platform.acts import broken_act
from sync.platform.app import create_app
from sync.platform.claims import person_hash, register_training
from sync.platform.database import open_database, reading, writing
from sync.platform.identity import load_identity
from sync.platform.institutions import institution_by_uscc
from sync.platform.schema import claimed_training, metadata
from sync.platform.statements import count_records, reported_reports
from sync.platform.upgrading import HEAD, current_revision
from tests.source_tree import ROOT
from tests.sync.running_platform import OWN, Running, frame, refusal, served
from tests.sync.sharing.offices import RelayOffice
from tests.sync.statements import ManualClock, Sealer

OLD = ROOT / "tests" / "data" / "old_platforms"
FIRST = json.loads((OLD / "1.json").read_text(encoding="utf-8"))


@pytest.fixture
def brought_up(tmp_path):
    shutil.copyfile(OLD / "1.db", tmp_path / "p.db")
    engine = open_database(f"sqlite:///{tmp_path / 'p.db'}")
    yield engine
    engine.dispose()


def test_the_first_schema_keeps_its_state_and_its_identity(brought_up):
    with reading(brought_up) as connection:
        assert current_revision(connection) == HEAD
        for uscc, said in FIRST["institutions"].items():
            owner = institution_by_uscc(connection, uscc).id
            state = reported_reports(connection, owner, b"\0" * 16)
            told = {"hash": state.digest.hex(), "reports": len(state.reports)}
            assert told | {"records": count_records(connection, owner)} == said
        assert broken_act(connection) is None
        for table, rows in FIRST["rows"].items():
            if table != "schema_version":
                assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == rows, table
    assert load_identity(brought_up).epoch.hex() == FIRST["epoch"]


def test_devices_of_the_first_schema_go_on_with_their_batch(brought_up):
    with served(create_app(brought_up, ManualClock(), demo=True)) as url:
        platform = Running(url, brought_up, ManualClock())
        office = platform.workstation()
        office.device = bytes.fromhex(FIRST["device"])
        office.private_key = bytes.fromhex(FIRST["device_key"])
        office.sealer = Sealer(OWN, office.device, office.private_key, demo=True)
        office.log_in()
        path = f"/v1/batches/{FIRST['open_batch']}/pages/1"
        status = frame(office._send("PUT", path, bytes.fromhex(FIRST["open_page"])), BatchStatus)
        assert office.open_receipt(status.receipt).accepted == 2
        office.device = bytes.fromhex(FIRST["lost_device"])
        assert refusal(
            office.post("/v1/challenges", json.dumps({"device": _text(office.device)}).encode())
        ) == (
            403,
            "DEVICE_REVOKED",
        )
        office.session.close()


def _text(data: bytes) -> str:
    import base64

    return base64.b64encode(data).decode("ascii")


def test_plain_hashes_of_people_are_keyed_and_still_found(brought_up):
    document = tuple(FIRST["training"]["document"])
    plain = hashlib.sha256("\0".join(document).encode()).digest()
    secret = load_identity(brought_up).person_secret
    with writing(brought_up) as connection:
        (held,) = connection.scalars(select(claimed_training.c.person)).all()
        assert held == hmac.digest(secret, plain, "sha256") == person_hash(secret, *document)
        training = FIRST["training"]
        register_training(
            connection, ManualClock(), training["uscc"], document, training["trade"], training["level"]
        )
        assert len(connection.scalars(select(claimed_training.c.person)).all()) == 1
    assert len(secret) == 32
    assert len(set(secret)) > 1


def test_a_failed_upgrade_leaves_the_first_schema_as_it_was(tmp_path, monkeypatch):
    shutil.copyfile(OLD / "1.db", tmp_path / "p.db")
    with monkeypatch.context() as broken:
        broken.setattr("secrets.token_bytes", lambda _size: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            open_database(f"sqlite:///{tmp_path / 'p.db'}")
    plain = create_engine(f"sqlite:///{tmp_path / 'p.db'}")
    with plain.connect() as connection:
        assert current_revision(connection) == "first_day"
        rows = connection.exec_driver_sql("SELECT count(*) FROM device").scalar()
    plain.dispose()
    assert rows == FIRST["rows"]["device"]
    open_database(f"sqlite:///{tmp_path / 'p.db'}").dispose()


def test_a_platform_before_the_relay_keeps_its_devices_and_serves_one(tmp_path):
    told = json.loads((OLD / "evidence.json").read_text(encoding="utf-8"))
    shutil.copyfile(OLD / "evidence.db", tmp_path / "p.db")
    engine = open_database(f"sqlite:///{tmp_path / 'p.db'}")
    with reading(engine) as connection:
        assert current_revision(connection) == HEAD
        for table, rows in told["rows"].items():
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == rows, table
    assert load_identity(engine).epoch.hex() == told["epoch"]
    with served(create_app(engine, ManualClock(), demo=True)) as url:
        platform = Running(url, engine, ManualClock())
        office = platform.workstation(told["uscc"])
        office.device = bytes.fromhex(told["device"])
        office.private_key = bytes.fromhex(told["device_key"])
        office.log_in()
        office.session.close()
        relayed = RelayOffice(platform)
        assert relayed.workstation().exchange().pages == []
        relayed.close()
    engine.dispose()


def test_the_institution_leads_every_key():
    for table in metadata.sorted_tables:
        assert next(iter(table.primary_key.columns)).name == "institution_id", table.name
        for index in table.indexes:
            assert index.columns[0].name == "institution_id", index.name
