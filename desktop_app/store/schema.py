"""Schema of the store: create, upgrade, refuse what is newer. alembic and the ORM are loaded only where needed.

``python -m desktop_app.store.schema check`` compares the migrations with the models (CI).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool

from desktop_app.domain.errors import AppError
from desktop_app.store import projections
from desktop_app.store.column_types import learn_columns
from desktop_app.store.database import Database

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "sharing"
_MIGRATIONS = str(Path(__file__).parent / "migrations")


def prepare(database: Database, before_migration: Callable[[], None] | None = None) -> None:
    """Bring a store to this version's schema; ``before_migration`` is told before a present store is changed.

    Raises AppError STORE_NEWER for a store written by a later version.
    """
    with database.reader() as connection:
        revision = current_revision(connection)
        if revision == HEAD:
            learn_columns(connection)
            return
    if revision is not None:
        refuse_newer(revision)
        if before_migration is not None:
            before_migration()
    with database.migrating() as connection:
        upgrade(connection)
        learn_columns(connection)


def refuse_newer(revision: str) -> None:
    """Raise AppError STORE_NEWER for a revision that this version does not know."""
    if revision == HEAD:
        return
    from alembic.config import Config  # noqa: PLC0415 - loaded only when there is work for it
    from alembic.script import ScriptDirectory  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", _MIGRATIONS)
    try:
        ScriptDirectory.from_config(config).get_revision(revision)
    except CommandError as error:
        raise AppError("STORE_NEWER", revision=revision) from error


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a store, None for an empty file."""
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    if not connection.exec_driver_sql(tables).scalar_one():
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()


def upgrade(connection: Connection) -> None:
    """Run the migrations that are lacking on an open transaction, and derive anew what lists show."""
    from alembic import command  # noqa: PLC0415 - loaded only when there is work for it

    revision = current_revision(connection)
    if revision is not None:
        refuse_newer(revision)
    command.upgrade(_config(connection), "head")
    if revision is not None:
        projections.rebuild(connection)


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - loaded only when there is work for it

    from desktop_app.store.models import Base  # noqa: PLC0415 - the same

    config = Config(stdout=sys.stdout)
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    config.attributes["target_metadata"] = Base.metadata
    return config


def _engine_in_memory() -> Engine:
    """Return an empty store; SQLCipher's own SQLite is newer than Python's."""
    return create_engine(
        "sqlite://", creator=lambda: driver.connect(":memory:"), module=driver, poolclass=StaticPool
    )


def check() -> None:
    """Fail where the migrations and the models differ (alembic check)."""
    from alembic import command  # noqa: PLC0415 - loaded only when there is work for it

    engine = _engine_in_memory()
    with engine.begin() as connection:
        upgrade(connection)
        command.check(_config(connection))
    engine.dispose()


def autogenerate(name: str) -> None:
    """Write a migration with a human name for what the models have and the migrations lack."""
    from alembic import command  # noqa: PLC0415 - loaded only when there is work for it

    engine = _engine_in_memory()
    with engine.begin() as connection:
        upgrade(connection)
        command.revision(_config(connection), message=name, rev_id=name, autogenerate=True)
    engine.dispose()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["check"]:
            check()
        case ["new", name]:
            autogenerate(name)
        case _:
            sys.exit("usage: python -m desktop_app.store.schema check | new NAME")
