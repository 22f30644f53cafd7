"""alembic environment: runs on the connection that the platform hands over."""

from __future__ import annotations

from alembic import context

config = context.config
context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["target_metadata"],
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
