"""The lag of healthy hosts beside 200 slow ones, in one run with and without them; real lanes, a scripted network.

As a visit worker does: SLOTS batches of BATCH lanes at once, a dispatch every TICK seconds. A slow host always has
something due and takes SLOW seconds to answer, so its lane is over only when its time is. Durations are a tenth of the
defaults, but for the tick.
"""

import asyncio
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from tests.contract.storage.given import outlet
from worker import clock, ports
from worker.model import Policy, Reply, RobotsPolicy
from worker.pipeline import dispatching, visiting
from worker.storage.tables import resources

pytestmark = pytest.mark.bench
HEALTHY, SLOW_HOSTS = 200, 200
SLOTS, BATCH = 8, 50
TICK, SLOW, LANE = 0.5, 2.0, 6.0  # seconds
EVERY = 5.0  # seconds between two polls of a healthy host's feed
ROUND = 30.0  # seconds measured
POLICY = Policy(
    min_gap_seconds=0.01,
    poll_seconds=EVERY,
    requests_per_hour=36_000_000,
    robots=RobotsPolicy.IGNORE,
    revisit_seconds=1,
)


class Network:
    """Answers 304: a slow host after a while, a healthy one at once; remembers when each healthy one was asked."""

    def __init__(self):
        self.asked: dict[str, list[float]] = {}

    async def get(self, url, validators, **_):
        if "slow" in url:
            await asyncio.sleep(SLOW)
            return Reply(url, 304, {}, seconds=SLOW)
        self.asked.setdefault(url, []).append(time.monotonic())
        return Reply(url, 304, {}, seconds=0.01)


def world(store):
    none: Any = SimpleNamespace()
    nothing: Any = SimpleNamespace(lease_unread=lambda *_: (), lease_waiting=lambda *_: (), lease=lambda *_: ())
    return ports.World(
        frontier=store.frontier,
        captures=nothing,
        articles=none,
        relations=nothing,
        stories=none,
        corrections=none,
        changes=store.changes,
        replays=nothing,
        webhooks=nothing,
        policies={"healthy": POLICY, "slow": replace(POLICY, poll_seconds=0.01)},
        clock=clock.now,
        jitter=lambda: 0.0,
        log=lambda *_, **__: None,
        lease=timedelta(seconds=30),
        lane=timedelta(seconds=LANE),
        read_attempts=3,
    )


def lags(store, *, slow):
    """Seconds that healthy hosts were visited later than they were due, visit by visit."""
    healthy = outlet("healthy", *(f"https://h{n}.example/rss" for n in range(HEALTHY)))
    slow_ones = outlet("slow", *(f"https://slow{n}.example/rss" for n in range(SLOW_HOSTS)))
    store.frontier.sync([healthy, *([slow_ones] if slow else [])], clock.now())
    fresh = update(resources).values(next_visit_at=clock.now(), changed_at=clock.now(), etag='"a"')
    store.database.write(lambda connection: connection.execute(fresh))
    here, network, ended = world(store), Network(), time.monotonic() + ROUND

    def walk(batch):
        asyncio.run(visiting.visit(batch, here, network, lambda _: None))

    with ThreadPoolExecutor(SLOTS) as slots:
        while time.monotonic() < ended:
            for batch in dispatching.dispatch(here, BATCH, BATCH * SLOTS).visits:
                slots.submit(walk, batch)
            time.sleep(TICK)
    return [later - earlier - EVERY for times in network.asked.values() for earlier, later in pairwise(times)]


def test_lag_of_healthy_hosts(store, request, capsys):
    alone, beside = (sorted(lags(store, slow=slow)) for slow in (False, True))
    with capsys.disabled():
        for name, lag in (("alone", alone), (f"beside {SLOW_HOSTS} slow hosts", beside)):
            median, late = statistics.median(lag), lag[int(0.95 * len(lag))]
            said = f"{name}: {len(lag)} visits late by {median:.2f} s, p95 {late:.2f} s"
            print(f"\n  {request.node.callspec.id:<11} {said}", end="")
    assert len(beside) > HEALTHY
