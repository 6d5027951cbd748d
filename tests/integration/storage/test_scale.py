"""50,000 due resources: what is asked every second must go by an index, whatever the size of the table."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.contract.storage.given import HOUR, NOON, next_due, outlet, sha
from tests.harness.filling import pour, settle
from worker.storage.tables import hosts, resources

RESOURCES, HOSTS = 50_000, 1_000


@pytest.fixture
def crowded(store):
    """Each host has fifty due resources, and one long settled for each of them."""
    store.frontier.sync([outlet()], NOON)

    pour(store.database, hosts, ({"id": n, "authority": f"{n}.example", "free_at": NOON} for n in range(2, HOSTS + 2)))
    pour(store.database, resources, map(_resource, range(RESOURCES)))
    settle(store.database)
    return store


def _resource(n):
    return {
        "outlet_id": 1,
        "host_id": 2 + n % HOSTS,
        "kind": "article",
        "url": f"https://{n % HOSTS}.example/{n}",
        "url_key": sha(b"%d" % n),
        "status": "settled" if n % 2 else "active",
        "next_visit_at": NOON + timedelta(seconds=n),
        "first_seen_at": NOON,
    }


@contextmanager
def explained(store):
    """The plans of all SELECTs that run meanwhile, as one text."""
    plans = []
    explain = "EXPLAIN QUERY PLAN " if store.database.is_sqlite else "EXPLAIN "

    def ask(_connection, cursor, statement, parameters, *_):
        if statement.startswith(("SELECT", "WITH")):
            cursor.execute(explain + statement, parameters)
            plans.append(f"{statement}\n" + "\n".join(str(row) for row in cursor.fetchall()))

    event.listen(store.database.engine, "before_cursor_execute", ask)
    yield plans
    event.remove(store.database.engine, "before_cursor_execute", ask)


def test_asking_for_work_goes_by_the_index(crowded):
    now = NOON + timedelta(seconds=600)  # 300 of 25,000 are due, each at a host of its own
    with explained(crowded) as plans:
        first, *others = crowded.frontier.lease_hosts(now, now + HOUR, 300)
        assert next_due(crowded, first, now)
    assert len(others) == 299
    of_hosts, _, of_resource = plans  # the second: whether the lease holds
    assert "ix_resource_waiting" in of_hosts
    assert "ix_resource_due" in of_resource
    for plan in plans:
        assert "Seq Scan on resource" not in plan
        assert "SCAN resource" not in plan
    assert crowded.queries.backlog(now).due == 302
