"""Alembic's entry: the application hands over an open connection; there is no other way to run the migrations."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=False,  # the connection is in the application's own transaction already
    render_as_batch=True,
)
context.run_migrations()
