"""Run by Alembic: brings the database behind the given connection up to date, inside the caller's transaction."""

from __future__ import annotations

from alembic import context

from storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
