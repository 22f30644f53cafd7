"""Schema of the platform's database: made where it is empty, brought up where it is older, refused where it is newer.

``python -m sync.platform.upgrading check`` compares the migrations with the tables (CI).
"""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, inspect, select

from desktop_app.domain.errors import AppError
from sync.contract.signing import new_private_key
from sync.platform.schema import PROVINCE, identity, metadata

HEAD = "relay_files"
_FIRST = "first_day"
_UPGRADE = (
    0x7472706C  # any number that nobody else takes: workers that start at once upgrade one after the other
)
_MIGRATIONS = str(Path(__file__).parent / "migrations")


def bring_up(connection: Connection) -> None:
    """Bring a database to this version's schema on an open transaction; AppError PLATFORM_DB_NEWER."""
    revision = current_revision(connection)
    if revision == HEAD:
        return
    config = _config(connection)
    _refuse_newer(config, revision)
    if connection.dialect.name == "postgresql":  # SQLite lets one writer in anyway
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE})")
        revision = current_revision(connection)
    if revision == _FIRST and not inspect(connection).has_table("alembic_version"):
        command.stamp(config, _FIRST)
    command.upgrade(config, "head")
    if connection.scalar(select(identity.c.institution_id)) is None:
        connection.execute(
            identity.insert().values(
                institution_id=PROVINCE,
                epoch=secrets.token_bytes(16),
                private_key=new_private_key(),
                token_secret=secrets.token_bytes(32),
                person_secret=secrets.token_bytes(32),
            )
        )


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database, None for an empty one.

    The first schema was made without alembic: it has a table of its own with the number 1.
    """
    found = inspect(connection)
    if found.has_table("alembic_version"):
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    return _FIRST if found.has_table("schema_version") else None


def _refuse_newer(config: Config, revision: str | None) -> None:
    if revision is None:
        return
    try:
        ScriptDirectory.from_config(config).get_revision(revision)
    except CommandError as error:
        raise AppError("PLATFORM_DB_NEWER", found=revision, known=HEAD) from error


def _config(connection: Connection) -> Config:
    config = Config(stdout=sys.stdout)
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("script_location", _MIGRATIONS)
    config.attributes["connection"] = connection
    config.attributes["target_metadata"] = metadata
    return config


def check(connection: Connection) -> None:
    """Fail where the migrations and the tables differ (alembic check)."""
    bring_up(connection)
    command.check(_config(connection))


def autogenerate(connection: Connection, name: str) -> None:
    """Write a migration with a human name for what the tables have and the migrations lack."""
    bring_up(connection)
    command.revision(_config(connection), message=name, rev_id=name, autogenerate=True)


def _in_memory(arguments: list[str]) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        match arguments:
            case ["check"]:
                check(connection)
            case ["new", name]:
                autogenerate(connection, name)
            case _:
                sys.exit("usage: python -m sync.platform.upgrading check | new NAME")
    engine.dispose()


if __name__ == "__main__":
    _in_memory(sys.argv[1:])
