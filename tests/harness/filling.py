"""Rows by the million, quickly: COPY on PostgreSQL, one prepared statement on SQLite; nothing waits for the disk."""

from contextlib import closing
from itertools import islice

from sqlalchemy import insert, text

CHUNK = 50_000  # rows; a million of them as Python objects would be gigabytes


def pour(database, table, rows):
    """Put rows (mappings with the same keys) into a table.

    References are not checked on PostgreSQL: the rows are our own, and the checks take two thirds of the time.
    """
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        database.write(lambda connection, chunk=chunk: _put(connection, table, chunk))


def _put(connection, table, rows):
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table), rows)
        return
    connection.execute(text("SET LOCAL synchronous_commit = off"))
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    names = list(rows[0])
    # What SQLAlchemy does to a value before the driver gets it, as JSON.
    by_name = [(name, table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect))
               for name in names]  # fmt: skip
    columns = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in names)
    into = f"COPY {table.name} ({columns}) FROM STDIN"
    with closing(connection.connection.driver_connection.cursor()) as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row([process(row[name]) if process else row[name] for name, process in by_name])


def settle(database):
    """What autovacuum and the daily `prune` do on a database that lives: statistics, and on PostgreSQL seen pages."""
    with database.engine.connect() as connection:
        outside = connection.execution_options(isolation_level="AUTOCOMMIT")
        outside.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM (ANALYZE)")
