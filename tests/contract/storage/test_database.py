"""URLs, errors a person can act on, and the two kinds of transaction."""

import multiprocessing
import sqlite3
import threading

import pytest
from sqlalchemy import text

from worker.errors import InputError, SchemaError, Unreachable
from worker.storage import open_store
from worker.storage.database import Database, parse


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d", "postgresql+psycopg"),
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg"),
        ("sqlite:////var/lib/figurewatch.db", "sqlite"),
        ("sqlite+pysqlite:///figurewatch.db", "sqlite"),
    ],
)
def test_urls_that_are_spoken(given, driver):
    assert parse(given).drivername == driver


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("", "is no URL"),
        ("figurewatch.db", "is no URL"),
        ("mysql://h/d", "must begin with postgresql:// or sqlite://"),
        ("postgresql+asyncpg://h/d", "must begin with"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
    ],
)
def test_urls_that_are_not(given, why):
    with pytest.raises(InputError, match=why):
        parse(given)


def test_options_of_the_url_are_kept(postgresql):
    with postgresql.database() as url:
        database = Database(f"{url}&options=-c%20work_mem%3D5MB")
        shown = database.read(
            lambda connection: [
                connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("work_mem", "timezone")
            ]
        )
        database.close()
    assert shown == ["5MB", "UTC"]


def test_the_password_is_never_told():
    database = Database("postgresql://user:secret@127.0.0.1:1/nowhere")
    with pytest.raises(Unreachable) as error:
        database.read(lambda connection: connection.execute(text("SELECT 1")))
    assert "secret" not in str(error.value)
    assert "127.0.0.1" in str(error.value)


def test_parameters_are_never_told(store):
    with pytest.raises(SchemaError) as error:
        store.database.read(
            lambda connection: connection.execute(text("SELECT :word FROM nowhere"), {"word": "secret"})
        )
    assert "secret" not in f"{error.value} {error.value.__cause__}"


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(Unreachable, match="unable to open"):
        open_store(f"sqlite:///{tmp_path}/absent/figurewatch.db")


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "notes.txt").write_text("Dear diary, " * 100)
    with pytest.raises(InputError, match="is not a database"):
        open_store(f"sqlite:///{tmp_path}/notes.txt")


def test_what_fails_is_undone(store):
    def half(connection):
        connection.execute(text("INSERT INTO tally VALUES ('a', '', 1)"))
        raise KeyError("half way")

    with pytest.raises(KeyError):
        store.database.write(half)
    assert store.queries.tally("a") == 0


def test_readers_see_one_moment_while_somebody_writes(store):
    """A writer never waits for readers, nor they for it."""
    begun, written = threading.Event(), threading.Event()

    def read(connection):
        connection.execute(text("SELECT count(*) FROM tally")).scalar_one()
        begun.set()
        assert written.wait(30)
        return connection.execute(text("SELECT 1")).scalar_one()

    reader = threading.Thread(target=store.database.read, args=[read])
    reader.start()
    assert begun.wait(30)
    store.database.write(lambda connection: connection.execute(text("INSERT INTO tally VALUES ('a', '', 1)")))
    written.set()
    reader.join()
    assert store.queries.tally("a") == 1


def test_a_forked_child_and_its_parent_both_go_on(store):
    assert store.queries.tally("a") == 0  # a connection is open, and idle in the pool
    context = multiprocessing.get_context("fork")
    child = context.Process(target=_raise_tally, args=[store])
    child.start()
    child.join()
    assert child.exitcode == 0
    assert store.queries.tally("a") == 1
    store.database.write(lambda connection: connection.execute(text("UPDATE tally SET count = 2")))


def _raise_tally(store):
    assert store.database.engine.pool.checkedin() == 0, "it speaks on a connection of its parent"
    store.database.write(lambda connection: connection.execute(text("INSERT INTO tally VALUES ('a', '', 1)")))


def test_sqlite_is_opened_for_several_processes(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/figurewatch.db")
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    found = database.read(
        lambda connection: [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names]
    )
    database.close()
    assert found == ["wal", 1, 1, 30_000]


def test_whoever_may_write_holds_the_lock_from_the_start(tmp_path):
    """Else a transaction that reads first is refused once somebody else has written."""
    path = tmp_path / "figurewatch.db"
    database = Database(f"sqlite:///{path}")
    database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER)"))
    other = sqlite3.connect(path, timeout=0, isolation_level=None)

    def read_then_write(connection):
        connection.exec_driver_sql("SELECT count(*) FROM t").scalar_one()
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO t VALUES (1)")
        connection.exec_driver_sql("INSERT INTO t VALUES (2)")

    database.write(read_then_write)
    assert other.execute("SELECT n FROM t").fetchall() == [(2,)]
    other.close()
    database.close()


def test_a_writer_waits_for_its_turn(tmp_path):
    path = tmp_path / "figurewatch.db"
    database = Database(f"sqlite:///{path}")
    database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER)"))
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    asked = threading.Event()

    def write():
        asked.set()
        database.write(lambda connection: connection.exec_driver_sql("INSERT INTO t VALUES (1)"))

    writer = threading.Thread(target=write)
    writer.start()
    assert asked.wait(30)
    other.execute("INSERT INTO t VALUES (2)")
    other.execute("COMMIT")
    writer.join()
    assert other.execute("SELECT n FROM t").fetchall() == [(2,), (1,)]
    other.close()
    database.close()


def test_nobody_waits_for_ever(tmp_path, monkeypatch):
    path = tmp_path / "figurewatch.db"
    database = Database(f"sqlite:///{path}")
    database.write(lambda connection: connection.exec_driver_sql("CREATE TABLE t (n INTEGER)"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("worker.storage.database.BUSY_SECONDS", 0)
    with pytest.raises(Unreachable, match="is locked"):
        database.write(lambda connection: connection.exec_driver_sql("INSERT INTO t VALUES (1)"))
    assert database.read(lambda connection: connection.exec_driver_sql("SELECT n FROM t").scalars().all()) == []
    other.close()
    database.close()


def test_a_deadlock_is_tried_again(postgresql):
    """Two transactions that lock two rows crosswise: PostgreSQL ends one, which then starts over."""
    with postgresql.database() as url:
        database = Database(url)
        database.write(lambda c: c.exec_driver_sql("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)"))
        database.write(lambda c: c.exec_driver_sql("INSERT INTO t VALUES (1, 0), (2, 0)"))
        both_hold_one = threading.Barrier(2)
        tries = []
        raised = text("UPDATE t SET n = n + 1 WHERE id = :id")

        def crosswise(first, second):
            def work(connection):
                tries.append(first)
                connection.execute(raised, {"id": first})
                if len(tries) <= 2:
                    both_hold_one.wait(30)
                connection.execute(raised, {"id": second})

            database.write(work)

        threads = [threading.Thread(target=crosswise, args=pair) for pair in ((1, 2), (2, 1))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        totals = database.read(lambda c: c.exec_driver_sql("SELECT n FROM t ORDER BY id").scalars().all())
        database.close()
    assert totals == [2, 2]
    assert len(tries) > 2
