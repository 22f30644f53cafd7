"""alembic environment: runs on the connection that the store hands over."""

from __future__ import annotations

from alembic import context

config = context.config


def _is_declared(name: str | None, kind: str, _parents: object) -> bool:
    """Leave the table of search terms out: it and those that SQLite keeps for it are no models."""
    return kind != "table" or not (name or "").startswith("trainee_term")


context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["target_metadata"],
    include_name=_is_declared,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
