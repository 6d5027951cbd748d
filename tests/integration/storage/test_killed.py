"""Processes that are killed, and processes that start at the same time."""

import signal
import subprocess
import sys

from tests.contract.storage.given import NOON, Cast, draft, everything, outlet
from tests.harness.databases import opened
from tests.harness.processes import dying_with_parent
from worker.storage import migrate

PROCESSES = 3

IN_THE_MIDDLE = """
import sys, time
from sqlalchemy import event, text
from worker.storage.database import Database

def half(connection):
    connection.execute(text("UPDATE resource SET failures = 99"))
    connection.execute(text("DELETE FROM sighting"))
    print("half way", flush=True)
    time.sleep(600)

Database(sys.argv[1]).write(half)
"""

UPGRADE = """
import sys
from worker.storage import migrate
print("ready", flush=True)
sys.stdin.readline()
print(migrate.upgrade(sys.argv[1]), flush=True)
"""

HALF_AN_UPGRADE = """
import sys, time
from alembic.operations import Operations
from worker.storage import migrate

whole = Operations.create_index
def stop(*arguments, **options):
    print("half way", flush=True)
    time.sleep(600)
Operations.create_index = stop
import alembic.op
alembic.op.create_index = stop
migrate.upgrade(sys.argv[1])
"""


def python(program, url):
    return subprocess.Popen(
        [sys.executable, "-c", program, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=dying_with_parent,  # noqa: PLW1509 - no other thread is there
    )


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_process_killed_inside_a_transaction_wrote_nothing_and_holds_nothing(database_url):
    with opened(database_url) as store:
        store.frontier.sync([outlet()], NOON)
        cast = Cast(store)
        cast.feed(draft("a"))
        before = everything(store)
        process = python(IN_THE_MIDDLE, database_url)
        assert process.stdout.readline() == "half way\n"
        assert everything(store) == before
        kill(process)
        assert everything(store) == before
        cast.later()
        cast.visit()  # the lock is free again
        assert everything(store) != before


def test_processes_that_upgrade_at_once(bare_database_url):
    processes = [python(UPGRADE, bare_database_url) for _ in range(PROCESSES)]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0] for process in processes]
    assert told == [f"{migrate.check(bare_database_url)}\n"] * PROCESSES


def test_an_upgrade_killed_half_way_is_made_whole_by_the_next(bare_database_url):
    process = python(HALF_AN_UPGRADE, bare_database_url)
    assert process.stdout.readline() == "half way\n"
    kill(process)
    migrate.upgrade(bare_database_url)
    migrate.check(bare_database_url)
