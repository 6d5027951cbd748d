"""The real main job against the local newsroom: everything that was served is found once, whatever is killed."""

import asyncio
import os
import re
import sqlite3
import time
from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
import redis

from tests.harness import figurewatch, memory
from tests.harness.receiver import receiving
from worker import clock, storage
from worker.cli import once
from worker.core import webhooks
from worker.errors import InputError
from worker.model import ChangeKind
from worker.newsroom.ledger import play_started_at
from worker.newsroom.ready import Ready
from worker.settings import load

# All versions of the scenario are out by second 42; the rest is for the last polls.
PLAY = 52
MOST = 25  # of the revisions: those of versions that are replaced while a worker is down are served to nobody
CHILDREN = {
    "worker-read": ("worker", "read"),
    "worker-visit": ("worker", "visit"),
    "valkey": ("valkey-server",),
    "beat": ("beat",),
    "site": ("site",),
    "newsroom": ("worker.newsroom",),
}


def summary(output):
    """The audit's first line, as numbers by name."""
    line = re.search(r"^revisions +(.*)$", output, re.MULTILINE)
    assert line, output
    return {name: int(count) for count, name in re.findall(r"(\d+) (\w+)", line[1])}


def assert_all_found(output):
    found = summary(output)
    assert found["served"] > MOST
    assert found["caught"] == found["served"], output
    assert found["missed"] == found["false"] == found["doubled"] == 0, output
    assert re.search(r"^versions .* 0 lost, 0 duplicated, 0 unexpected", output, re.MULTILINE), output


def elapsed(folder):
    try:
        started = play_started_at(folder / "newsroom.db")
    except InputError:  # not there yet
        return -1.0
    return time.time() - started.timestamp() if started else -1.0


def until(folder, seconds):
    """Wait for a second of the play."""
    figurewatch.eventually(lambda: elapsed(folder) >= seconds, f"second {seconds}", seconds=PLAY + 60)


def test_on_the_embedded_default(tmp_path):
    done = figurewatch.run("demo", "--seconds", PLAY, "--data-dir", tmp_path)
    assert_all_found(done.stdout)
    assert done.returncode == 0, done.stderr
    assert "2,300" in done.stdout  # the ministry's list, with the sentences before and after
    assert (tmp_path / "demo.log").read_text().count('"level":"error"') == 0


def test_on_postgresql_with_valkey_over_tcp_and_two_of_every_role(tmp_path, postgresql, valkey):
    data, log = tmp_path / "data", tmp_path / "out"
    with postgresql.database() as url, ExitStack() as stack:
        servers = {"database_url": url, "redis_url": valkey.url}
        play = ("demo", "--seconds", PLAY, "--data-dir", data)
        demo = stack.enter_context(figurewatch.running(*play, log=log, **servers))
        figurewatch.eventually(lambda: log.exists() and "Figurewatch follows" in log.read_text(), "the newsroom")
        ready = Ready.parse((data / "newsroom.out").read_text().splitlines()[0])
        pace = {"outlets": ready.outlets, "allow_networks": ready.allow_networks, "lease_seconds": 6, "lane_seconds": 3}
        for role in (["beat"], ["worker", "--queue", "visit"], ["worker", "--queue", "read"]):
            stack.enter_context(figurewatch.running(*role, log=tmp_path / "second", **servers, **pace))
        demo.wait(timeout=PLAY + 60)
        assert_all_found(log.read_text())
        assert demo.returncode == 0


@pytest.fixture
def receiver():
    """A consumer who wants to be told of everything, and fails now and then."""
    with receiving(webhooks.new_secret(bytes(32))) as running:
        yield running


def subscribe(data, receiver):
    with closing(storage.open_store(f"sqlite:///{data / 'figurewatch.db'}")) as store:
        store.endpoints.add(receiver.url, tuple(ChangeKind), receiver.secret, clock.now())
        store.endpoints.retry(1, clock.now(), 0)


def assert_told(data, receiver):
    """Deliver what is left, as `run-once` would, and hold all that came against the change feed."""
    settings = load({"FIGUREWATCH_ALLOW_NETWORKS": f"127.0.0.1/32:{receiver.port}"})
    already = len(receiver.events)
    with closing(storage.open_store(f"sqlite:///{data / 'figurewatch.db'}")) as store:
        store.changes.sequence()
        while store.endpoints.all()[0].waiting:
            store.endpoints.retry(1, clock.now())
            asyncio.run(once._deliver(settings, store))
        positions = [change.position for change in store.changes.after(0, 100_000)]
        counted = store.queries.census().tallies["delivery"]
    assert receiver.audit(positions) == []
    assert counted["delivered"] == len(positions)
    # While processes were killed, too. How many is chance: behind two failures in a row, of which a killed worker may
    # be one, an endpoint waits for minutes.
    assert already
    print(f"webhooks: {len(positions)} events, {receiver.duplicates} came twice, {counted}")


def test_kill_each_child_in_turn_then_the_supervisor_and_start_again(tmp_path, receiver):
    data, log = tmp_path / "data", tmp_path / "out"
    let_through = {"allow_networks": f"127.0.0.1/32:{receiver.port}"}
    with figurewatch.running("demo", "--seconds", PLAY, "--data-dir", data, log=log, **let_through) as demo:
        until(data, 1)
        subscribe(data, receiver)
        for second, words in zip(range(9, 39, 5), CHILDREN.values(), strict=True):
            until(data, second)
            victim = figurewatch.child(demo.pid, *words)
            family = [victim, *victim.children(recursive=True)]
            figurewatch.kill(victim)
            figurewatch.eventually(lambda family=family: figurewatch.all_gone(family), f"{words} to be gone")
        until(data, 45)
        for words in CHILDREN.values():  # each was started again
            assert figurewatch.child(demo.pid, *words)
        family = figurewatch.descendants(demo.pid)
        figurewatch.kill(demo)
        figurewatch.eventually(lambda: figurewatch.all_gone(family), "all children to be gone")
    output = log.read_text()
    assert {name for name in CHILDREN if f"{name} ended with status" in output} == set(CHILDREN)
    for seconds in (PLAY + 40, PLAY + 150):  # what was lost is to be fetched again, however slowly processes start
        done = figurewatch.run("demo", "--seconds", seconds, "--data-dir", data, **let_through)
        if summary(done.stdout)["served"] > MOST:
            break
    assert_all_found(done.stdout)
    assert done.returncode == 0, done.stderr
    assert_told(data, receiver)


@pytest.mark.soak
def test_suspended_workers_an_emptied_broker_a_locked_database_and_garbage(tmp_path):
    data, log = tmp_path / "data", tmp_path / "out"
    with figurewatch.running("demo", "--seconds", PLAY, "--data-dir", data, log=log) as demo:
        until(data, 8)
        for role, seconds in ((CHILDREN["worker-read"], 16), (CHILDREN["worker-visit"], 25)):
            worker = figurewatch.child(demo.pid, *role)
            family = [worker, *worker.children(recursive=True)]
            for process in family:
                process.suspend()
            until(data, seconds)  # longer than a lease: others take the work over
            for process in family:
                process.resume()
        with redis.Redis(unix_socket_path=str(data / "valkey.sock")) as broker:
            broker.flushall()
            until(data, 29)
            with closing(sqlite3.connect(data / "figurewatch.db", isolation_level=None)) as database:
                database.execute("BEGIN IMMEDIATE")
                until(data, 33)
                database.execute("ROLLBACK")
            broker.lpush("figurewatch:visit", "no message")
            broker.lpush("figurewatch:read", '{"body": "no task"}')
        demo.wait(timeout=PLAY + 60)
    assert_all_found(log.read_text())
    assert demo.returncode == 0


@pytest.fixture
def group():
    try:
        made = memory.Group(f"figurewatch-{os.getpid()}")
    except OSError as error:
        pytest.skip(f"no control group of our own: {error}")
    yield made
    made.end()


@pytest.mark.soak
def test_readers_that_the_kernel_kills_for_want_of_memory(tmp_path, group):
    data, log = tmp_path / "data", tmp_path / "out"
    with figurewatch.running("demo", "--seconds", 2 * PLAY, "--data-dir", data, log=log) as demo:
        until(data, 5)
        group.limit(1_500_000)
        while elapsed(data) < PLAY:
            for reader in figurewatch.child(demo.pid, *CHILDREN["worker-read"]).children():
                group.add(reader)
            time.sleep(1)
        group.limit(2**40)
        demo.wait(timeout=2 * PLAY + 60)
    assert group.killed() > 5
    told = (data / "demo.log").read_text().splitlines()
    assert any("signal 9" in line for line in told)
    assert all(line.startswith("{") for line in told)
    assert_all_found(log.read_text())
    assert demo.returncode == 0


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everything_that_may_go_is_pruned_at_once(tmp_path, kind, postgresql):
    data, log = tmp_path / "data", tmp_path / "out"
    with ExitStack() as stack:
        servers = {"database_url": stack.enter_context(postgresql.database())} if kind == "postgresql" else {}
        play = ("demo", "--seconds", PLAY, "--data-dir", data)
        demo = stack.enter_context(figurewatch.running(*play, log=log, **servers))
        until(data, 3)
        store = stack.enter_context(
            closing(storage.open_store(servers.get("database_url", f"sqlite:///{data}/figurewatch.db")))
        )
        gone = 0
        while elapsed(data) < PLAY:
            now = clock.now()
            gone += sum(pruned.captures for pruned in store.pruning.captures(now, now, dry_run=False))
            gone += sum(pruned.sketches for pruned in store.pruning.sketches(now - timedelta(hours=1), dry_run=False))
            time.sleep(0.1)
        demo.wait(timeout=PLAY + 60)
    assert gone > 20
    assert_all_found(log.read_text())
    assert demo.returncode == 0
    assert (data / "demo.log").read_text().count('"level":"error"') == 0
