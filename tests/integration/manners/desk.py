"""The real pipeline over a real database and the real fetcher, under a clock that a test moves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from tests.integration.net.stage import AGENT, Names
from worker.model import FeedSource, Lease, Outlet, Policy
from worker.net.addresses import AllowNetworks
from worker.net.fetch import Fetcher
from worker.pipeline import dispatching, reading, visiting
from worker.ports import World
from worker.storage import Store, open_store
from worker.storage.tables import budgets, hosts, resources

if TYPE_CHECKING:
    from tests.integration.manners.newsroom import Clock, Newsroom

# A gap longer than a lane waits for: each lane makes one request and gives its host back, so nothing ever sleeps.
GAP = 15.0
POLICY = Policy(min_gap_seconds=GAP, poll_seconds=600.0, revisit_seconds=900.0, requests_per_hour=600)
EVERYTHING = timedelta(days=400)
# Names that the newsroom goes by.
HOSTS = ("daily.example", "weekly.example")


def no_log(event: str, **fields: object) -> None:
    """Tests look at the newsroom's log."""


@dataclass
class Desk:
    """One installation of Figurewatch."""

    url: str  # of its database
    room: Newsroom
    feeds: tuple[str, ...]
    policy: Policy = POLICY
    jitter: float = 0.5
    store: Store = field(init=False)
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.store = open_store(self.url)
        self.start()

    @property
    def clock(self) -> Clock:
        return self.room.clock

    def start(self) -> None:
        """What every start does: sync the configuration."""
        outlet = Outlet("daily", "The Daily", "http://daily.example/", "XA", "en", self.policy, self._sources())
        self.store.frontier.sync([outlet], self.clock())
        self.world = World(
            frontier=self.store.frontier,
            captures=self.store.captures,
            articles=self.store.articles,
            relations=self.store.relations,
            stories=self.store.stories,
            corrections=self.store.corrections,
            changes=self.store.changes,
            replays=self.store.replays,
            webhooks=self.store.webhooks,
            policies={outlet.slug: outlet.policy},
            clock=self.clock,
            jitter=lambda: self.jitter,
            log=no_log,
            lease=timedelta(seconds=120),
            lane=timedelta(seconds=60),
            read_attempts=3,
        )

    def _sources(self) -> tuple[FeedSource, ...]:
        return tuple(FeedSource(url) for url in self.feeds)

    def restart(self) -> None:
        """End, and start again over the same database."""
        self.store.close()
        self.store = open_store(self.url)
        self.start()

    def tick(self) -> bool:
        """Do what is due now; whether anything was."""
        found = dispatching.dispatch(self.world, batch=50, limit=200)
        captured = list(found.reads)
        for leases in found.visits:
            self.visit(leases, captured)
        for capture_id in captured:
            reading.read(capture_id, self.world)
        return bool(found.visits or captured)

    def read_all(self) -> None:
        """Read what waits."""
        for capture_id in self.store.captures.lease_unread(self.clock(), self.clock() + timedelta(seconds=120), 200):
            reading.read(capture_id, self.world)

    def visit(self, leases: tuple[Lease, ...], captured: list[int]) -> None:
        asyncio.run(self._visit(leases, captured))

    async def _visit(self, leases: tuple[Lease, ...], captured: list[int]) -> None:
        allow = AllowNetworks.parse(f"127.0.0.1/32:{self.room.port}")
        names = Names(**{name.replace(".", "_"): ["127.0.0.1"] for name in HOSTS})
        async with Fetcher(user_agent=AGENT, allow=allow, resolver=names) as fetcher:
            await visiting.visit(leases, self.world, fetcher, captured.append)

    def run(self, *, hours: float = 0.0, seconds: float = 0.0, requests: int | None = None) -> None:
        """Play on for so long, or until so many more requests were made, going from one due moment to the next."""
        end = self.clock() + (timedelta(hours=hours, seconds=seconds) or EVERYTHING)
        enough = None if requests is None else len(self.room.log) + requests
        while True:
            self.tick()
            if enough is not None and len(self.room.log) >= enough:
                break
            due = self._next()
            if due is None or due > end:
                break
            self.clock.time = max(due, self.clock())
        if enough is None:
            self.clock.time = end

    def _next(self):
        """The next moment at which anything is due; None when nothing ever is."""
        waiting = (
            select(resources.c.next_visit_at, hosts.c.free_at, budgets.c.free_at)
            .join_from(resources, hosts, resources.c.host_id == hosts.c.id)
            .join(budgets, resources.c.outlet_id == budgets.c.outlet_id)
            .where(resources.c.status == "active", resources.c.next_visit_at.is_not(None))
        )
        rows = self.store.frontier._database.read(lambda connection: connection.execute(waiting).all())
        return min((max(row) for row in rows), default=None)

    def resource(self, target: str):
        """The row of a URL."""
        mine = select(resources).where(resources.c.url.endswith(target))
        return self.store.frontier._database.read(lambda connection: connection.execute(mine).one())
