"""Hand out what is due, to whoever does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.model import Lease
    from worker.ports import World


# No answer from anybody for so long, and many who gave none: the fault is on our side. Twice what a request may take.
NETWORK_MEMORY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wakeups:
    """What one tick found: messages to send after its transactions committed."""

    visits: tuple[tuple[Lease, ...], ...]
    reads: tuple[int, ...]
    relates: tuple[int, ...]  # versions
    replays: tuple[int, ...]  # articles
    deliveries: tuple[Lease, ...]  # endpoints of webhooks


def dispatch(world: World, batch: int, limit: int) -> Wakeups:
    """Lease what is due, whatever a lost message left behind included."""
    now = world.clock()
    if (lead := world.frontier.mind_clock(now)) is not None:
        world.log("clock.set_back", seconds=round(lead.total_seconds()), level="warning")
    until = now + world.lease
    hosts = world.frontier.lease_hosts(now, until, limit)
    reads = world.captures.lease_unread(now, until, limit)
    relates = world.relations.lease_waiting(now, until, limit)
    # History can wait until the news is read.
    replays = world.replays.lease(now, until, limit - len(reads)) if len(reads) < limit else ()
    world.changes.sequence()
    deliveries = world.webhooks.lease(now, until, limit)
    _watch_network(world, now)
    batches = tuple(hosts[i : i + batch] for i in range(0, len(hosts), batch))
    return Wakeups(batches, reads, relates, replays, deliveries)


def _watch_network(world: World, now: datetime) -> None:
    """Say once that nobody at all can be reached, and once that it is over."""
    begun = world.frontier.watch_network(now - NETWORK_MEMORY)
    if begun is True:
        world.log("network.down", level="warning")
    elif begun is False:
        world.log("network.up")
