"""What a large installation costs while little is due: time of a dispatch and memory, by what is known.

20,000 feeds, each on a host of its own, and 25 articles each: half a million. The same with a tenth of the articles in
between says whether what is not due costs anything.
"""

import resource
import statistics
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from tests.contract.storage.given import HOUR, NOON, outlet, sha
from worker.storage.tables import hosts, resources

pytestmark = pytest.mark.bench
FEEDS, ARTICLES, DUE, LIMIT = 20_000, (50_000, 500_000), 400, 400
CHUNK = 10_000


def _row(kind, n):
    host = n % FEEDS
    return {
        "outlet_id": 1,
        "host_id": 2 + host,
        "kind": kind,
        "url": f"https://{host}.example/{kind}/{n}",
        "url_key": sha(f"{kind} {n}".encode()),
        "status": "active",
        "next_visit_at": NOON + 30 * 24 * HOUR,
        "first_seen_at": NOON,
    }


def fill(store, kind, numbers):
    for first in range(numbers.start, numbers.stop, CHUNK):
        rows = [_row(kind, n) for n in range(first, min(first + CHUNK, numbers.stop))]
        store.database.write(lambda connection, rows=rows: connection.execute(insert(resources), rows))


def dispatches(store, now):
    """Milliseconds: nothing due, DUE hosts due, and what their lanes take to begin, medians of five."""
    idle, busy, begun = [], [], []
    for n in range(5):
        at = now + n * HOUR
        started = time.perf_counter()
        assert store.frontier.lease_hosts(at, at + HOUR, LIMIT) == ()
        idle.append(time.perf_counter() - started)
        chosen = (
            select(resources.c.id)
            .where(resources.c.kind == "feed", resources.c.status == "active", resources.c.id % 50 == n)
            .limit(DUE)
        )
        due = update(resources).where(resources.c.id.in_(chosen)).values(next_visit_at=at)
        store.database.write(lambda connection, due=due: connection.execute(due))
        started = time.perf_counter()
        leases = store.frontier.lease_hosts(at, at + HOUR, LIMIT)
        busy.append(time.perf_counter() - started)
        assert len(leases) == DUE
        started = time.perf_counter()
        lanes = [store.frontier.begin(leases[i : i + 50], at, at + HOUR, at) for i in range(0, DUE, 50)]
        begun.append(time.perf_counter() - started)
        assert all(lane.visit is not None for batch in lanes for lane in batch)
        later = update(resources).where(resources.c.next_visit_at <= at).values(next_visit_at=NOON + 30 * 24 * HOUR)
        freed = update(hosts).values(lease_until=None)
        store.database.write(
            lambda connection, later=later, freed=freed: [connection.execute(q) for q in (later, freed)]
        )
    return [1e3 * statistics.median(each) for each in (idle, busy, begun)]


def test_a_dispatch_with_half_a_million_articles_known(store, request, capsys):
    store.frontier.sync([outlet()], NOON)
    authorities = [{"id": n, "authority": f"{n - 2}.example", "free_at": NOON} for n in range(2, FEEDS + 2)]
    store.database.write(lambda connection: connection.execute(insert(hosts), authorities))
    store.database.write(lambda connection: connection.execute(update(resources).values(status="paused")))
    fill(store, "feed", range(FEEDS))
    known = 0
    for articles in ARTICLES:
        fill(store, "article", range(known, articles))
        known = articles
        store.database.write(lambda connection: connection.exec_driver_sql("ANALYZE"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        idle, busy, begun = dispatches(store, NOON + timedelta(days=1))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        counted = store.database.read(lambda c: c.execute(select(func.count()).select_from(resources)).scalar_one())
        with capsys.disabled():
            print(
                f"\n  {request.node.callspec.id:<11} {counted:,} resources on {FEEDS:,} hosts: dispatch {idle:.1f} ms "
                f"idle, {busy:.1f} ms for {DUE} due hosts, lanes begun in {begun:.1f} ms; {grown:.0f} MB more",
                end="",
            )
