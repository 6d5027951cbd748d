import asyncio
import sqlite3
from concurrent.futures import Future
from contextlib import closing
from datetime import timedelta

import pytest

from worker.errors import InputError
from worker.newsroom.journal import Journal
from worker.newsroom.ledger import Answer, Ledger, read_ledger

from .conftest import START

ANSWER = Answer(
    at=START,
    outlet="gazette",
    method="GET",
    url="http://127.0.0.1:8001/world/flood",
    version_no=2,
    status=200,
    body_sha256="ab" * 32,
    user_agent="watcher/1",
    if_none_match='W/"x"',
    if_modified_since=None,
    client="127.0.0.1",
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.db"


def test_what_is_written_is_read(path):
    with Ledger(path, "digest") as ledger:
        assert ledger.write([ANSWER, ANSWER], []) == [1, 2]
        assert ledger.write([], [2]) == []
        record = read_ledger(path)  # beside the writer
    assert record == read_ledger(path)
    assert [(row.request_no, row.complete) for row in record.served] == [(1, False), (2, True)]
    assert all(getattr(record.served[0], name) == getattr(ANSWER, name) for name in Answer.__dataclass_fields__)


def test_the_clock_starts_once_at_a_whole_second(path):
    with Ledger(path, "digest") as ledger:
        assert ledger.started_at is None
        assert ledger.start(START + timedelta(seconds=0.9)) == START
    with Ledger(path, "digest") as ledger:
        assert ledger.start(START + timedelta(seconds=60)) == START
    assert read_ledger(path).started_at == START


def test_ports_stay(path):
    with Ledger(path, "digest") as ledger:
        ledger.keep_ports({"gazette": 8001})
        ledger.keep_ports({"gazette": 9001, "echo": 9002})
    with Ledger(path, "digest") as ledger:
        assert ledger.ports() == {"gazette": 8001, "echo": 9002}


@pytest.mark.parametrize(
    "statement", ["DELETE FROM served", "UPDATE served SET status = 304", "UPDATE served SET version_no = NULL"]
)
def test_rows_cannot_be_rewritten(path, statement):
    with Ledger(path, "digest") as ledger:
        ledger.write([ANSWER], [])
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


def test_another_scenarios_ledger_is_refused(path):
    Ledger(path, "digest").__exit__()
    with pytest.raises(InputError, match="another scenario"):
        Ledger(path, "other")


def test_a_file_that_is_no_ledger(path):
    path.write_text("notes " * 1000)
    for opening in (lambda: Ledger(path, "digest"), lambda: read_ledger(path)):
        with pytest.raises(InputError, match="ledger"):
            opening()


def test_a_missing_ledger(path):
    with pytest.raises(InputError, match="there is no ledger"):
        read_ledger(path)
    assert not path.exists()


def test_every_commit_is_synced(path):
    with Ledger(path, "digest") as ledger:
        assert ledger._db.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


class SlowLedger(Ledger):
    """Counts transactions, and lets rows pile up during the first."""

    def __init__(self, path, gate):
        super().__init__(path, "digest")
        self.gate = gate
        self.batches = []

    def write(self, answers, completed):
        self.gate.result(timeout=10)
        self.batches.append((len(answers), list(completed)))
        return super().write(answers, completed)


def test_rows_that_wait_share_a_commit_and_keep_their_order(path):
    async def play():
        gate: Future[None] = Future()
        ledger = SlowLedger(path, gate)
        journal = Journal(ledger)
        writing = asyncio.create_task(journal.run())
        first = asyncio.create_task(journal.record(ANSWER))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        others = [asyncio.create_task(journal.record(ANSWER)) for _ in range(5)]
        await asyncio.sleep(0)
        gate.set_result(None)
        numbers = [await first, *(await asyncio.gather(*others))]
        journal.complete(3)
        journal.close()
        await writing
        return numbers, ledger.batches

    numbers, batches = asyncio.run(play())
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert sum(size for size, _ in batches) == 6
    assert len([size for size, _ in batches if size]) < 6
    assert batches[-1][1] == [3]


def test_a_ledger_that_cannot_be_written_ends_the_journal(path):
    class FullDisk(Ledger):
        def write(self, *_):
            raise sqlite3.OperationalError("database or disk is full")

    async def play():
        journal = Journal(FullDisk(path, "digest"))
        recording = asyncio.create_task(journal.record(ANSWER))
        await asyncio.sleep(0)
        try:
            await journal.run()
        finally:
            recording.cancel()

    with pytest.raises(sqlite3.OperationalError, match="disk is full"):
        asyncio.run(play())
