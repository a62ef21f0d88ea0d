"""How Alembic reaches the database: by the connection that it was given, in its transaction."""

from __future__ import annotations

from alembic import context

from bot.storage.sql.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    # SQLite can take back what a transaction did to its tables, though Alembic thinks not.
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
