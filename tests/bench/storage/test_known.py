"""What a large installation costs while little is due: time of a dispatch and memory, by what is known.

20,000 feeds, each on a host of its own, and 25 articles each: half a million. The same with a tenth of the articles in
between says whether what is not due costs anything.
"""

import asyncio
import importlib
import multiprocessing
import statistics
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update

from tests.contract.storage.given import HOUR, NOON, outlet, sha
from worker import app, storage
from worker.model import Policy, Reply, RobotsPolicy
from worker.pipeline import dispatching, visiting
from worker.ports import World
from worker.storage.tables import budgets, hosts, resources

pytestmark = pytest.mark.bench
FEEDS, ARTICLES, DUE, LIMIT = 20_000, (50_000, 500_000), 400, 400
BATCH = 50  # hosts to a message, as by default
CHUNK = 10_000
LATER = NOON + 30 * 24 * HOUR


def _row(kind, n):
    host = n % FEEDS
    return {
        "outlet_id": 1,
        "host_id": 2 + host,
        "kind": kind,
        "url": f"https://{host}.example/{kind}/{n}",
        "url_key": sha(f"{kind} {n}".encode()),
        "status": "active",
        "next_visit_at": LATER,
        "first_seen_at": NOON,
    }


def fill(store, kind, numbers):
    for first in range(numbers.start, numbers.stop, CHUNK):
        write(store, insert(resources), [_row(kind, n) for n in range(first, min(first + CHUNK, numbers.stop))])
    analyse(store)


def write(store, statement, rows=None):
    store.database.write(lambda connection: connection.execute(statement, rows))


def analyse(store):
    store.database.write(lambda connection: connection.exec_driver_sql("ANALYZE"))


def world(store, now):
    names = (
        "frontier",
        "captures",
        "articles",
        "relations",
        "stories",
        "corrections",
        "changes",
        "replays",
        "webhooks",
    )
    return World(
        **{name: getattr(store, name) for name in names},
        policies={"anadolu": Policy(robots=RobotsPolicy.IGNORE)},
        clock=lambda: now,
        jitter=lambda: 0.5,
        log=lambda *_, **__: None,
        lease=HOUR,
        lane=HOUR,
        read_attempts=3,
    )


def make_due(store, n, at):
    some = resources.c.kind == "feed", resources.c.status == "active", resources.c.id % (FEEDS // DUE) == n
    write(store, update(resources).where(*some).values(next_visit_at=at))


def put_off(store):
    write(store, update(resources).where(resources.c.next_visit_at < LATER).values(next_visit_at=LATER))
    write(store, update(hosts).values(lease_until=None, free_at=NOON))
    write(store, update(budgets).values(free_at=NOON))


def dispatches(store, now):
    """Milliseconds: nothing due, DUE hosts due, and what their lanes take to begin, medians of five."""
    idle, busy, begun = [], [], []
    for n in range(5):
        here = world(store, now + n * HOUR)
        at = here.clock()
        started = time.perf_counter()
        assert dispatching.dispatch(here, BATCH, LIMIT).visits == ()
        idle.append(time.perf_counter() - started)
        make_due(store, n, at)
        started = time.perf_counter()
        batches = dispatching.dispatch(here, BATCH, LIMIT).visits
        busy.append(time.perf_counter() - started)
        assert sum(map(len, batches)) == DUE
        started = time.perf_counter()
        lanes = [store.frontier.begin(leases, at, at + HOUR, at) for leases in batches]
        begun.append(time.perf_counter() - started)
        assert all(lane.visit is not None for batch in lanes for lane in batch)
        put_off(store)
    return [1e3 * statistics.median(each) for each in (idle, busy, begun)]


def crowded(store, now):
    """Milliseconds of a dispatch while everything is due, as after a long outage."""
    write(store, update(resources).where(resources.c.status == "active").values(next_visit_at=NOON))
    started = time.perf_counter()
    assert sum(map(len, dispatching.dispatch(world(store, now), BATCH, LIMIT).visits)) == LIMIT
    taken = time.perf_counter() - started
    write(store, update(resources).where(resources.c.status == "active").values(next_visit_at=LATER))
    write(store, update(hosts).values(lease_until=None, free_at=NOON))
    return 1e3 * taken


class Unchanged:
    """Everybody answers 304."""

    async def get(self, url, *_, **__):
        return Reply(url, 304, {}, seconds=0.1)


def _working(url, now, answer):
    """A process of its own that dispatches and visits; megabytes (PSS) before and after."""
    importlib.import_module(app.TASKS[app.VISIT])  # what a worker of this queue loads

    store = storage.open_store(url)
    pss = [_pss()]
    for n in range(3):
        make_due(store, n, now + n * HOUR)
        here = replace(world(store, now + n * HOUR), lane=timedelta(0))
        for leases in dispatching.dispatch(here, BATCH, LIMIT).visits:
            asyncio.run(visiting.visit(leases, here, Unchanged(), lambda _: None))
        put_off(store)
    answer.put((*pss, _pss()))


def _pss():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def memory(url, now):
    spawn = multiprocessing.get_context("spawn")
    answer = spawn.Queue()
    child = spawn.Process(target=_working, args=(url, now, answer))
    child.start()
    found = answer.get(timeout=300)
    child.join()
    return found


def test_a_dispatch_with_half_a_million_articles_known(store, database_url, request, capsys):
    store.frontier.sync([outlet()], NOON)
    write(
        store, insert(hosts), [{"id": n, "authority": f"{n - 2}.example", "free_at": NOON} for n in range(2, FEEDS + 2)]
    )
    # Or PostgreSQL goes on checking each new row's host by the plan that was good for one host, a scan of all 20,000.
    analyse(store)
    write(store, update(resources).values(status="paused"))
    fill(store, "feed", range(FEEDS))
    known = 0
    for articles in ARTICLES:
        fill(store, "article", range(known, articles))
        known = articles
        idle, busy, begun = dispatches(store, NOON + timedelta(days=1))
        before, after = memory(database_url, NOON + timedelta(days=2))
        counted = store.database.read(lambda c: c.execute(select(func.count()).select_from(resources)).scalar_one())
        with capsys.disabled():
            print(
                f"\n  {request.node.callspec.id:<11} {counted:,} resources on {FEEDS:,} hosts: dispatch {idle:.1f} ms "
                f"idle, {busy:.1f} ms for {DUE} due hosts, lanes begun in {begun:.1f} ms; a process that "
                f"dispatches and visits {before:.0f} MB, {after:.0f} MB after {3 * DUE:,} visits",
                end="",
            )
    with capsys.disabled():
        print(f"; a dispatch with all of them due {crowded(store, NOON + timedelta(days=3)):.0f} ms", end="")
