"""Where Alembic's commands meet our connection; ``daemon.center.upgrade`` begins and ends the transaction."""

from alembic import context

from daemon.center import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    transactional_ddl=True,
)
context.run_migrations()
