"""The ledger: what was served to whom and when, in an append-only SQLite file of its own.

A row is committed and fsynced before the first byte of its answer leaves, so that whatever a client saw is in
the ledger even after a kill -9. `complete` is set after the last byte was handed to the operating system: true
means that the client could have all of it, not that it has.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

from worker.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS play (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    digest TEXT NOT NULL,     -- SHA-256 of what is played
    started_at INTEGER        -- whole seconds since 1970; NULL until the clock starts
);
CREATE TABLE IF NOT EXISTS address (
    site TEXT PRIMARY KEY,
    port INTEGER NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS served (
    request_no INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,         -- seconds since 1970
    outlet TEXT NOT NULL,     -- name of the site
    method TEXT NOT NULL,
    url TEXT NOT NULL,        -- as asked for, host and query included
    version_no INTEGER,       -- of an article; NULL for anything else
    status INTEGER NOT NULL,
    body_sha256 TEXT,         -- of the body before any content coding; NULL without a body
    user_agent TEXT,
    if_none_match TEXT,
    if_modified_since TEXT,
    client TEXT NOT NULL,
    complete INTEGER NOT NULL DEFAULT 0
);
CREATE TRIGGER IF NOT EXISTS served_stays BEFORE DELETE ON served
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER IF NOT EXISTS served_only_completes
    BEFORE UPDATE OF request_no, at, outlet, method, url, version_no, status, body_sha256,
        user_agent, if_none_match, if_modified_since, client ON served
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer about to be served."""

    at: datetime
    outlet: str  # name of the site
    method: str
    url: str  # as asked for, host and query included
    version_no: int | None
    status: int
    body_sha256: str | None  # of the body before any content coding
    user_agent: str | None
    if_none_match: str | None
    if_modified_since: str | None
    client: str


@dataclass(frozen=True, slots=True)
class Served(Answer):
    """An answer as the ledger keeps it."""

    request_no: int
    complete: bool


@dataclass(frozen=True, slots=True)
class Record:
    """All that a ledger says."""

    digest: str
    started_at: datetime | None  # None: the clock has not started
    ports: Mapping[str, int]  # by name of the site
    served: tuple[Served, ...]  # in the order of request_no


class Ledger:
    """The one writer of a ledger file. Not safe for use by two threads at once."""

    def __init__(self, path: Path, digest: str) -> None:
        """Open or continue a ledger. Raises InputError when it belongs to another play or cannot be used."""
        self._db = _connect(path)
        try:
            self._db.executescript(_SCHEMA)
            self._db.execute("INSERT OR IGNORE INTO play (only, digest) VALUES (1, ?)", (digest,))
            (kept,) = self._db.execute("SELECT digest FROM play").fetchone()
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise InputError(f"{path}: not a ledger: {error}") from error
        if kept != digest:
            self._db.close()
            raise InputError(f"{path}: this ledger belongs to another scenario, or to an edited one")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @property
    def started_at(self) -> datetime | None:
        """When the play began; None while the clock has not started."""
        (seconds,) = self._db.execute("SELECT started_at FROM play").fetchone()
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def start(self, now: datetime) -> datetime:
        """Start the clock at the whole second of `now`, unless it runs; when it started."""
        self._db.execute("UPDATE play SET started_at = coalesce(started_at, ?)", (int(now.timestamp()),))
        started_at = self.started_at
        assert started_at is not None
        return started_at

    def ports(self) -> dict[str, int]:
        """The port of every site, as far as it is known."""
        return dict(self._db.execute("SELECT site, port FROM address"))

    def keep_ports(self, ports: Mapping[str, int]) -> None:
        """Keep ports for the next start."""
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO address (site, port) VALUES (?, ?)", ports.items())
        self._db.execute("COMMIT")

    def write(self, answers: Sequence[Answer], completed: Sequence[int]) -> list[int]:
        """Append answers and mark others as complete, in one fsynced transaction; the numbers of the new rows."""
        self._db.execute("BEGIN")
        numbers = [self._insert(answer) for answer in answers]
        self._db.executemany("UPDATE served SET complete = 1 WHERE request_no = ?", [(n,) for n in completed])
        self._db.execute("COMMIT")
        return numbers

    def _insert(self, answer: Answer) -> int:
        cursor = self._db.execute(
            "INSERT INTO served (at, outlet, method, url, version_no, status, body_sha256, user_agent,"
            " if_none_match, if_modified_since, client) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                answer.at.timestamp(),
                answer.outlet,
                answer.method,
                answer.url,
                answer.version_no,
                answer.status,
                answer.body_sha256,
                answer.user_agent,
                answer.if_none_match,
                answer.if_modified_since,
                answer.client,
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid


def read_ledger(path: Path) -> Record:
    """Read a ledger, also while it is being written or after its writer was killed. Raises InputError."""
    with _reading(path) as db:
        digest, started_at = _play(db, path)
        ports = dict(db.execute("SELECT site, port FROM address"))
        db.row_factory = sqlite3.Row
        rows = db.execute("SELECT * FROM served ORDER BY request_no").fetchall()
    return Record(digest, started_at, ports, tuple(_served(row) for row in rows))


def play_started_at(path: Path) -> datetime | None:
    """When the first request came; None before it. Raises InputError."""
    with _reading(path) as db:
        return _play(db, path)[1]


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise InputError(f"{path}: there is no ledger")
    with closing(_connect(path)) as db:
        try:
            db.execute("PRAGMA query_only = ON")
            db.execute("BEGIN")
            yield db
        except sqlite3.DatabaseError as error:
            raise InputError(f"{path}: not a ledger: {error}") from error


def _play(db: sqlite3.Connection, path: Path) -> tuple[str, datetime | None]:
    play = db.execute("SELECT digest, started_at FROM play").fetchone()
    if play is None:
        raise InputError(f"{path}: this ledger is just being made")
    digest, started_at = play
    return digest, None if started_at is None else datetime.fromtimestamp(started_at, UTC)


def _served(row: sqlite3.Row) -> Served:
    fields = dict(row)  # the columns are named as the fields
    at = datetime.fromtimestamp(fields["at"], UTC)
    return Served(**(fields | {"at": at, "complete": bool(fields["complete"])}))


def _connect(path: Path) -> sqlite3.Connection:
    """Autocommit, WAL for readers beside the writer, and an fsync with every commit."""
    try:
        # The writer is used from the one thread of an executor, which is not the one that opened it.
        db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error as error:
        raise InputError(f"{path}: {error}") from error
    return db
