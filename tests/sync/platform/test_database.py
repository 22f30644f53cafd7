"""The platform's database: durable, versioned; its identity persists; its acts are chained."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, select, update

from desktop_app.domain.errors import AppError
from sync.platform.acts import broken_act, record_act
from sync.platform.database import open_database, reading, writing
from sync.platform.identity import load_identity
from sync.platform.schema import act
from sync.platform.upgrading import HEAD, current_revision
from tests.sync.statements import ManualClock


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'p.db'}"


def test_every_connection_is_durable(url):
    engine = open_database(url)
    for transaction in (writing, reading):
        with transaction(engine) as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_identity_persists_and_differs_between_platforms(url, tmp_path):
    engine = open_database(url)
    first = load_identity(engine)
    engine.dispose()
    engine = open_database(url)
    assert load_identity(engine) == first
    engine.dispose()
    other = open_database(f"sqlite:///{tmp_path / 'q.db'}")
    assert load_identity(other).epoch != first.epoch
    other.dispose()


def test_a_newer_schema_is_refused_and_left_as_it_is(url):
    engine = open_database(url)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'next_year'")
    engine.dispose()
    with pytest.raises(AppError) as refused:
        open_database(url)
    assert (refused.value.code, refused.value.params["found"]) == ("PLATFORM_DB_NEWER", "next_year")
    assert refused.value.params["known"] == HEAD
    plain = create_engine(url)
    with plain.connect() as connection:
        assert current_revision(connection) == "next_year"
    plain.dispose()


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense"])
def test_other_databases_are_refused(address):
    with pytest.raises(AppError, match="PLATFORM_DB_URL"):
        open_database(address)


def test_acts_are_chained_and_a_changed_one_is_found(url):
    engine, clock = open_database(url), ManualClock()
    with writing(engine) as connection:
        for number in range(3):
            record_act(connection, clock, "cli", "certificate add", number=number)
        assert broken_act(connection) is None
        connection.execute(update(act).where(act.c.number == 2).values(params='{"number": 9}'))
        assert broken_act(connection) == 2
    engine.dispose()


def fail_within_a_transaction(engine):
    with writing(engine) as connection:
        record_act(connection, ManualClock(), "cli", "seed")
        raise ZeroDivisionError


def test_a_failed_transaction_leaves_nothing(url):
    engine = open_database(url)
    with pytest.raises(ZeroDivisionError):
        fail_within_a_transaction(engine)
    with reading(engine) as connection:
        assert connection.scalars(select(act.c.number)).all() == []
    engine.dispose()
