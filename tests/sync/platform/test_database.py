"""The platform's database: durable, versioned; its identity persists; its acts are chained."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import create_engine, func, select, update

from desktop_app.domain.errors import AppError
from sync.platform.acts import broken_act, record_act
from sync.platform.database import open_database, reading, writing
from sync.platform.identity import load_identity
from sync.platform.schema import act, record, stream
from sync.platform.upgrading import HEAD, check, current_revision
from tests.sync.statements import ManualClock

BOTH_DATABASES = True


@pytest.fixture
def url(empty_url):
    return empty_url


def test_every_connection_is_durable(url, database):
    engine = open_database(url)
    for transaction in (writing, reading):
        with transaction(engine) as connection:
            if database == "sqlite":
                assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            else:
                assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    engine.dispose()


def test_keys_sort_by_bytes(url):
    numbers = ["Ö", "a", "B", "阿", "b-1", "B1", "ab", "𠅤", "龘", "-a", " a"]
    engine = open_database(url)
    with writing(engine) as connection:
        rows = [{"institution_id": 7, "name": name, "version": 1} for name in numbers]
        connection.execute(stream.insert(), rows)
        names = connection.scalars(
            select(stream.c.name).where(stream.c.institution_id == 7).order_by(stream.c.name)
        )
        assert names.all() == sorted(numbers, key=lambda one: one.encode())
        keys = [bytes([first, second]) for first in (0, 127, 128, 255) for second in (255, 0)]
        rows = [
            {"institution_id": 7, "report": 1, "kind": 1, "key": key, "version": 1, "fields": b""}
            for key in keys
        ]
        connection.execute(record.insert(), rows)
        assert connection.scalars(select(record.c.key).order_by(record.c.key)).all() == sorted(keys)
    engine.dispose()


def test_the_migrations_make_what_the_tables_say(url):
    engine = open_database(url)
    with writing(engine) as connection:
        check(connection)
    engine.dispose()


def test_workers_that_start_at_once_upgrade_one_after_the_other(url):
    engines = []
    threads = [threading.Thread(target=lambda: engines.append(open_database(url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({load_identity(engine).epoch for engine in engines}) == 1
    assert len(engines) == 3
    for engine in engines:
        engine.dispose()


def test_acts_of_colleagues_at_once_stay_one_chain(url):
    engine = open_database(url)

    def act_often():
        for number in range(5):
            with writing(engine) as connection:
                record_act(connection, ManualClock(), "cli", "certificate add", number=number)

    threads = [threading.Thread(target=act_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(engine) as connection:
        assert connection.scalar(select(func.count()).select_from(act)) == 20
        assert broken_act(connection) is None
    engine.dispose()


def test_identity_persists_and_differs_between_platforms(url, tmp_path):
    engine = open_database(url)
    first = load_identity(engine)
    engine.dispose()
    engine = open_database(url)
    assert load_identity(engine) == first
    engine.dispose()
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")
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
