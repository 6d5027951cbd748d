"""Alembic's way into our schema: a connection is handed in, within the one transaction of the whole upgrade."""

from alembic import context

from worker.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,  # on SQLite too, where BEGIN IMMEDIATE holds until the end
    render_as_batch=True,  # SQLite alters few things in place
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
