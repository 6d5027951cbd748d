"""What a worker does for webhooks, over a store with four changes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.contract.storage.given import Cast, figure, revision
from tests.integration.net.stage import GENEROUS, fetcher
from worker.core import webhooks
from worker.model import ChangeKind
from worker.pipeline import delivering
from worker.ports import World

SITE = "https://figures.example"
SECRET = webhooks.new_secret(bytes(range(32)))


class Clock:
    def __init__(self):
        self.now = datetime.now(UTC)  # the library that verifies has a clock of its own

    def __call__(self):
        return self.now


class Desk:
    """A store with four changes, and what a worker does for webhooks."""

    def __init__(self, store):
        self.store, self.clock = store, Clock()
        self.events: list[tuple[str, dict[str, Any]]] = []
        cast = Cast(store)
        cast.keep(cast.article(), figures=[figure(12)])
        found = [revision(figure(12), figure(31))]
        cast.keep(cast.capture_later(), text="31.", figures=[figure(31)], revisions=found)
        store.changes.sequence()
        nothing: dict[str, Any] = dict.fromkeys(
            ("frontier", "captures", "articles", "relations", "stories", "corrections", "replays")
        )
        self.world = World(
            **nothing,
            changes=store.changes,
            webhooks=store.webhooks,
            policies={},
            clock=self.clock,
            jitter=lambda: 0.5,
            log=lambda event, **fields: self.events.append((event, fields)),
            lease=timedelta(minutes=2),
            lane=timedelta(minutes=1),
            read_attempts=3,
        )

    def add(self, url, *kinds):
        endpoint_id = self.store.endpoints.add(url, kinds or tuple(ChangeKind), SECRET, self.clock())
        self.store.endpoints.retry(endpoint_id, self.clock(), 0)
        return endpoint_id

    def lease(self):
        return self.store.webhooks.lease(self.clock(), self.clock() + self.world.lease, 50)

    async def deliver(self, *played, limits=GENEROUS, sender=None):
        async with fetcher(*played, limits=limits) as client:
            await delivering.deliver(self.lease(), self.world, sender or client, SITE)

    def tally(self):
        return self.store.queries.census().tallies.get("delivery", {})

    def endpoint(self, endpoint_id=1):
        (found,) = [one for one in self.store.endpoints.all() if one.endpoint_id == endpoint_id]
        return found

    def outcomes(self):
        return [fields["outcome"] for event, fields in self.events if event == "delivery.done"]
