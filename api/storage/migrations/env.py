"""Run by Alembic around the steps, on the connection and in the transaction of whoever asked for them."""

from alembic import context

from api.storage.tables import Base

# SQLite can change little about a table that is there: it is then made anew and filled.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
