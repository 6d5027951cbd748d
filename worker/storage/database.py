"""One engine for SQLite and PostgreSQL, and what a transaction means on each.

SQLite: WAL, and `BEGIN IMMEDIATE` for whatever may write, because a transaction that reads and then writes is refused
at once when somebody else wrote in between; the busy timeout does not apply then (sqlite.org/lang_transaction.html).
`synchronous=NORMAL`: a killed process loses nothing that was committed, a power cut may lose the last commits, which
are fetched and read again. PostgreSQL: READ COMMITTED, psycopg 3.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
import weakref
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, ProgrammingError

from worker.errors import InputError, SchemaError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import URL

T = TypeVar("T")

BUSY_SECONDS = 30  # the worst wait measured with 16 writers was 0.5 s
POLL_SECONDS = (0.001, 0.005)  # between two attempts to become SQLite's one writer; a transaction takes about 1 ms
LOG_BYTES = 64 * 2**20  # SQLite's log shrinks to this after a burst; it never shrinks by itself
CONNECT_SECONDS = 10
RETRIES = 5  # of a transaction that came to nothing
RETRY_SECONDS = 0.05  # at most, before the first; then twice as long each time
OLDEST_SQLITE = (3, 35)  # RETURNING
# A process stopped inside a transaction must not hold its locks for ever, nor wait for ever for another's.
POSTGRESQL_OPTIONS = f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout=60s"
TRY_AGAIN = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
NO_TABLE = frozenset({"42P01", "42703"})  # undefined_table, undefined_column
NO_TABLE_SQLITE = ("no such table", "no such column", "has no column")
_READING = "figurewatch_reading"


class Database:
    """An engine with two kinds of transaction; threads may share it, and a forked child starts with fresh connections.

    Raises Unreachable when the database does not answer, SchemaError when its tables are not those of this code.
    """

    def __init__(self, url: str) -> None:
        """`url` is a SQLAlchemy URL of either database. Raises InputError when it is none."""
        parsed = parse(url)
        self.name = parsed.render_as_string(hide_password=True)
        self.engine = _sqlite_engine(parsed) if parsed.drivername == "sqlite" else _postgresql_engine(parsed)
        self._reader = self.engine.execution_options(**{_READING: True})
        _open.add(self)

    @property
    def is_sqlite(self) -> bool:
        """Tell the two apart where they must be."""
        return self.engine.dialect.name == "sqlite"

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that only reads; like `write` again should it have come to nothing."""
        return self._run(self._reader, work)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction, again from its start should that have come to nothing.

        PostgreSQL ended it to resolve a conflict, or the connection was lost before anything was to be committed, as
        one that waited in the pool is when the server was restarted. To ask each whether it still lives, before it is
        used, cost a third of the transaction that writes a visit.
        """
        return self._run(self.engine, work)

    def _run(self, engine: Engine, work: Callable[[Connection], T]) -> T:
        with self._said_clearly():
            for retry in range(RETRIES):
                worked = False
                try:
                    with engine.begin() as connection:
                        result = work(connection)
                        worked = True
                except DBAPIError as error:
                    lost = error.connection_invalidated and not worked
                    if not lost and _state(error) not in TRY_AGAIN:
                        raise
                else:
                    return result
                time.sleep(random.uniform(0, RETRY_SECONDS * 2**retry))  # noqa: S311 - or they collide again
            with engine.begin() as connection:
                return work(connection)

    def after_fork(self) -> None:
        """Forget the parent's connections without closing them: they are still in use there."""
        self.engine.dispose(close=False)

    def close(self) -> None:
        """Close all idle connections."""
        self.engine.dispose()

    @contextmanager
    def _said_clearly(self) -> Iterator[None]:
        try:
            yield
        except (OperationalError, ProgrammingError, InterfaceError) as error:
            if _is_schema(error):
                raise SchemaError(
                    f"the tables of {self.name} are not those of this version ({error.orig}); "
                    "run `figurewatch db upgrade`"
                ) from error
            if isinstance(error, ProgrammingError):
                raise
            raise Unreachable(f"the database {self.name} does not answer: {error.orig}") from error
        except DBAPIError as error:
            if "not a database" in str(error.orig):
                raise InputError(f"{self.name} is not a database: {error.orig}") from error
            raise


_open: weakref.WeakSet[Database] = weakref.WeakSet()


def _forked() -> None:
    for database in list(_open):
        database.after_fork()


os.register_at_fork(after_in_child=_forked)  # nobody can forget it then


def parse(url: str) -> URL:
    """The URL with the driver we use. Raises InputError for a database we do not speak."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InputError("the database URL is no URL, such as sqlite:////var/lib/figurewatch/figurewatch.db") from error
    if parsed.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise InputError(f"the database URL must begin with postgresql:// or sqlite:///, not {parsed.drivername}://")
    if parsed.database in {None, "", ":memory:"}:
        raise InputError("the database URL names no file; SQLite in memory could not be shared by the processes")
    return parsed.set(drivername="sqlite")


def insert_into(connection: Connection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT, which both databases spell alike and SQLAlchemy has once for each."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> Any:
    """The same, by the name of the database."""
    return (sqlite if dialect == "sqlite" else postgresql).insert(table)


def _sqlite_engine(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise InputError(f"this Python comes with SQLite {sqlite3.sqlite_version}; 3.35 or newer is needed")
    engine = create_engine(
        url, hide_parameters=True, pool_size=4, max_overflow=16, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # or the driver would begin transactions of its own
    _use_wal(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL, which it then stays in."""
    # The busy timeout does not cover others who switch it right now.
    if not _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL")):
        connection.execute("PRAGMA journal_mode = WAL")
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":
        raise sqlite3.OperationalError("its file system cannot hold a write-ahead log; SQLite needs a local disk")


def _begin_sqlite(connection: Connection) -> None:
    """Take turns with other writers by polling.

    SQLite's own way of waiting doubles its pauses up to 100 ms, so whoever waits longest asks least often: of 12
    threads in 2 processes that wrote all the time, one got a single turn in 5 s. Polling gave each 354 to 584.
    """
    if connection.get_execution_options().get(_READING, False):
        connection.exec_driver_sql("BEGIN")
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA busy_timeout = 0")
    begun = _patiently(lambda: raw.execute("BEGIN IMMEDIATE"))
    raw.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    if not begun:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # fails through SQLAlchemy, as every other statement


def _patiently(attempt: Callable[[], object]) -> bool:
    """Try until the file is not locked; False when it was all the time."""
    deadline = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < deadline:
        try:
            attempt()
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise
            time.sleep(random.uniform(*POLL_SECONDS))  # noqa: S311 - so that nobody stays in step
        else:
            return True
    return False


def _postgresql_engine(url: URL) -> Engine:
    given = url.query.get("options", "")
    options = f"{POSTGRESQL_OPTIONS} {given if isinstance(given, str) else ' '.join(given)}".strip()
    return create_engine(
        url.difference_update_query(["options"]),
        hide_parameters=True,
        pool_size=2,
        max_overflow=8,
        connect_args={"options": options, "connect_timeout": CONNECT_SECONDS, "application_name": "figurewatch"},
    )


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _is_schema(error: DBAPIError) -> bool:
    return _state(error) in NO_TABLE or any(words in str(error.orig) for words in NO_TABLE_SQLITE)
