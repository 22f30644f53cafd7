"""Migrations and models say the same, models say what the registry says, and a newer store is refused."""

from __future__ import annotations

import sys

import pytest
from sqlalchemy import Integer, LargeBinary, String

from desktop_app.domain import records as m
from desktop_app.domain.errors import AppError
from desktop_app.store import schema
from desktop_app.store.database import Database
from desktop_app.store.models import Base
from desktop_app.store.workstation import Workstation
from tests.factories.workstations import DATA_KEY, SetClock, migrated_file


def test_migrations_make_what_the_models_declare(capsys):
    schema.check()


def test_a_new_file_gets_the_schema_of_this_version(tmp_path):
    database = Database(tmp_path / "store.db", DATA_KEY)
    schema.prepare(database)
    with database.reader() as sql:
        assert schema.current_revision(sql) == schema.HEAD
        tables = {
            row[0] for row in sql.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    assert set(Base.metadata.tables) <= tables
    database.close()


def test_the_newest_migration_is_the_one_that_this_version_expects():
    from alembic.script import ScriptDirectory

    assert ScriptDirectory(str(schema.Path(schema.__file__).parent / "migrations")).get_heads() == [
        schema.HEAD
    ]


def test_opening_a_store_of_this_version_does_not_load_alembic(tmp_path):
    import subprocess

    path = tmp_path / "store.db"
    path.write_bytes(migrated_file().read_bytes())
    program = (
        "import sys, pathlib; from desktop_app.store.workstation import Workstation\n"
        "from desktop_app.domain.clock import SystemClock\n"
        f"Workstation(pathlib.Path(sys.argv[1]), bytes.fromhex('{DATA_KEY.hex()}'), SystemClock()).close()\n"
        "assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)


def test_a_store_of_a_later_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "store.db"
    path.write_bytes(migrated_file().read_bytes())
    database = Database(path, DATA_KEY)
    with database.writer() as sql:
        sql.exec_driver_sql("UPDATE alembic_version SET version_num = 'second_year'")
    database.close()
    before = path.read_bytes()
    with pytest.raises(AppError) as caught:
        Workstation(path, DATA_KEY, SetClock())
    assert caught.value.code == "STORE_NEWER"
    assert caught.value.params == {"revision": "second_year"}
    assert path.read_bytes() == before


@pytest.mark.parametrize("entity", m.ENTITIES, ids=lambda entity: entity.name)
def test_the_table_of_an_entity_has_its_key_its_groups_and_its_parents(entity):
    table = Base.metadata.tables[entity.name]
    fields = {name for group in entity.groups for name in group.fields}
    assert {column.name for column in table.columns} == (
        {part.name for part in entity.key} | fields | {"base", "later", "gone"}
    )
    assert [column.name for column in table.primary_key.columns] == [part.name for part in entity.key]
    for part in entity.key:
        assert isinstance(table.c[part.name].type, Integer if part.size == 2 else LargeBinary)
    for name in fields:
        assert isinstance(table.c[name].type, (Integer, LargeBinary, String))
    parents = {key.parent.name: key.column.table.name for key in table.foreign_keys}
    assert parents == entity.parents
    for name in fields - set(entity.parents):
        assert table.c[name].nullable, f"{name} would refuse a value that another workstation took"
    assert all(not table.c[name].nullable for name in entity.parents)
    assert not any(index.unique for index in table.indexes)


def test_packed_fields_are_text():
    for entity in m.ENTITIES:
        for group in entity.groups:
            for name in group.packed:
                assert isinstance(Base.metadata.tables[entity.name].c[name].type, String)


def test_every_lookup_of_children_has_an_index():
    for entity in m.ENTITIES:
        table = Base.metadata.tables[entity.name]
        first_columns = {next(iter(index.columns)).name for index in table.indexes}
        first_columns.add(next(iter(table.primary_key.columns)).name)
        missing = set(entity.parents) - first_columns
        assert missing <= ({"trainee_id"} if entity.name == "mark" else set())
