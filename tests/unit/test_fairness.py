"""T24: one slow host with many due articles leaves the others where they were."""

import asyncio
from dataclasses import replace

from sqlalchemy import insert

from tests.contract.storage.given import outlet, sha
from tests.unit.test_pipeline import OUTLET, START, Newsdesk
from worker.model import Reply, RobotsPolicy
from worker.pipeline import dispatching, visiting
from worker.storage.tables import hosts, resources

QUICK = [f"https://quick-{n}.example/rss" for n in range(20)]
SLOW, ARTICLES = "https://slow.example/rss", 500
POLICY = replace(OUTLET.policy, robots=RobotsPolicy.IGNORE, revisit_seconds=1.0)


class Desk(Newsdesk):
    def __init__(self, folder, *, slow):
        super().__init__(folder)
        configured = replace(outlet("all", *QUICK, *([SLOW] if slow else [])), policy=POLICY)
        self.store.frontier.sync([configured], START)
        self.world = replace(self.world, policies={"all": POLICY})
        if slow:
            self.store.database.write(_articles)


def _articles(connection):
    """What the slow host has waiting, all longer due than anything of the others."""
    host_id = connection.execute(hosts.select().where(hosts.c.authority == "slow.example")).one().id
    rows = [
        {
            "outlet_id": 1,
            "host_id": host_id,
            "kind": "article",
            "url": f"https://slow.example/{n}",
            "url_key": sha(b"%d" % n),
            "status": "active",
            "next_visit_at": START.replace(hour=1),
            "first_seen_at": START.replace(hour=1),
        }
        for n in range(ARTICLES)
    ]
    connection.execute(insert(resources), rows)


def visited(desk):
    """Two ticks of a worker whose slow host answers only when all else that was due is done; the quick ones' times."""
    done: dict[str, list[float]] = {}

    async def play():
        quick_done = asyncio.Event()

        async def get(url, validators, **_):
            if url.startswith("https://slow"):
                await quick_done.wait()  # not `wait_for`, which may swallow a cancellation
                return Reply(url, 404, {})
            return Reply(url, 200, {"content-type": "text/plain"}, body=url.encode())

        def log(event, **fields):
            if event == "visit.done" and fields["url"] in QUICK:
                done.setdefault(fields["url"], []).append(desk.clock.now.timestamp())
                if len(done) == len(QUICK):
                    quick_done.set()

        desk.network.get = get
        desk.world = replace(desk.world, log=log)
        (leases,) = dispatching.dispatch(desk.world, batch=100, limit=100).visits
        begun = desk.clock.now.timestamp()
        lanes = asyncio.ensure_future(visiting.visit(leases, desk.world, desk.network, lambda _: None))
        await asyncio.wait({lanes, asyncio.ensure_future(quick_done.wait())}, return_when=asyncio.FIRST_COMPLETED)
        assert not lanes.done() or lanes.result() is None
        again = dispatching.dispatch(desk.world, batch=100, limit=100).visits
        lanes.cancel()
        await asyncio.wait({lanes})
        return len(leases), begun, again

    leases, begun, again = asyncio.run(play())
    return leases, {url: times[0] - begun for url, times in done.items()}, again


def test_one_slow_host_with_500_due_articles_leaves_the_lag_of_the_others_unchanged(tmp_path):
    for name in ("alone", "beside"):
        (tmp_path / name).mkdir()
    alone = Desk(tmp_path / "alone", slow=False)
    beside = Desk(tmp_path / "beside", slow=True)
    _, without, _ = visited(alone)
    leases, with_slow, again = visited(beside)
    assert leases == len(QUICK) + 1  # however much is due there, it is one lane
    assert with_slow.keys() == without.keys() == set(QUICK)  # done while the slow one had not answered once
    # By a clock that every look at it moves on: what else is asked of it is at most the one lane's.
    assert max(with_slow.values()) <= max(without.values()) * 1.2
    assert again == ()  # and it is not asked by a second lane meanwhile
    for desk in (alone, beside):
        desk.store.close()
