"""Fresh databases at the newest schema, on either engine, for suites that run on both."""

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from tests.harness.postgresql import libpq
from worker import storage
from worker.storage import migrate
from worker.storage.tables import METADATA

SQLITE, POSTGRESQL = ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class SqliteFiles:
    """Copies of one upgraded file."""

    folder: Path

    @contextmanager
    def fresh(self, folder: Path):
        """A fresh database in `folder`; its URL."""
        template = self.folder / "template.db"
        if not template.exists():
            migrate.upgrade(f"sqlite:///{template}")
        copy = folder / "figurewatch.db"
        shutil.copy(template, copy)
        yield f"sqlite:///{copy}"


# Rows go one by one, whatever refers to them: TRUNCATE makes a file for each table and index, fifty times slower.
EMPTY = sql.SQL("SET LOCAL session_replication_role = replica; {}").format(
    sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in METADATA.tables)
)
RESTART = """
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"""
BLOATED = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 1000000"""


@dataclass(frozen=True, slots=True)
class PostgresqlDatabase:
    """One upgraded database, emptied for each test: far faster than a copy for each."""

    url: str

    @contextmanager
    def fresh(self, _folder: Path):
        """The database without any row, its numbers beginning at one; its URL."""
        with psycopg.connect(libpq(self.url)) as connection:
            for (name,) in connection.execute(BLOATED).fetchall():  # what a test of many rows left
                connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.Identifier(name)))
            connection.execute(EMPTY)
            connection.execute(RESTART)
        yield self.url


@contextmanager
def postgresql_database(server):
    """A database at the newest schema, on a running server."""
    with server.database() as url:
        migrate.upgrade(url)
        yield PostgresqlDatabase(url)


@contextmanager
def opened(url):
    """A store that is closed again."""
    store = storage.open_store(url)
    try:
        yield store
    finally:
        store.close()
