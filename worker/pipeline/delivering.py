"""Tell the endpoints of webhooks what has become known, each in its own lane and in the order of the change feed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worker.core import webhooks
from worker.errors import StaleLease
from worker.model import DeliveryOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from worker.model import Attempt, DeliveryIntent, Lease
    from worker.ports import Sender, World


async def deliver(leases: Sequence[Lease], world: World, sender: Sender, site: str) -> None:
    """Walk endpoints side by side, one event a request. `site`: the address of our pages, for links.

    Raises what any lane raised, after all have ended. A cancelled lane gives its endpoint back.
    """
    begun = world.clock()
    lanes = [_Lane(lease, world, sender, site, begun).walk() for lease in leases]
    ended = await asyncio.gather(*lanes, return_exceptions=True)
    if raised := [e for e in ended if isinstance(e, BaseException)]:
        raise BaseExceptionGroup("endpoints", raised)


@dataclass(slots=True)
class _Lane:
    """What one endpoint has not been told yet, until it fails, nothing is left, or the time of the lane is up."""

    lease: Lease
    world: World
    sender: Sender
    site: str
    begun: datetime

    async def walk(self) -> None:
        """Deliver one after the other; what ends in the middle gives the endpoint back."""
        try:
            attempt = await asyncio.to_thread(self._begin)
            while attempt is not None:
                self.lease = attempt.lease
                attempt = await self._deliver(attempt)
        except StaleLease:
            self.world.log("delivery.stale", endpoint_id=self.lease.id, level="warning")
        except BaseException:
            await asyncio.to_thread(self.world.webhooks.release, self.lease)
            raise

    def _begin(self) -> Attempt | None:
        now = self.world.clock()
        return self.world.webhooks.begin(self.lease, now, now + self.world.lease)

    async def _deliver(self, attempt: Attempt) -> Attempt | None:
        """One event; the next one when it was taken."""
        said = {"endpoint_id": attempt.lease.id, "event_id": attempt.event_id}
        if attempt.lost:
            self.world.log("delivery.lost", level="warning", **said)
        content = webhooks.body(attempt.event, self.site)
        headers = webhooks.headers(attempt.event_id, content, attempt.secrets, self.world.clock())
        reply = await self.sender.post(attempt.url, content, headers, first=webhooks.LONGEST_REPLY)
        intent = webhooks.decide(attempt, reply, self.world.clock(), self.world.jitter())
        following = await asyncio.to_thread(self._record, intent)
        self._say(attempt, intent)
        return following

    def _record(self, intent: DeliveryIntent) -> Attempt | None:
        goes_on = intent.at - self.begun < self.world.lane
        return self.world.webhooks.record(intent, intent.at + self.world.lease if goes_on else None)

    def _say(self, attempt: Attempt, intent: DeliveryIntent) -> None:
        said = {
            "endpoint_id": intent.lease.id,
            "event_id": attempt.event_id,
            "position": intent.position,
            "outcome": intent.outcome.value,
            "detail": intent.detail,
            "attempt": attempt.number,
            "seconds": round(intent.seconds, 3),
        }
        delivered = intent.outcome is DeliveryOutcome.DELIVERED
        self.world.log("delivery.done", level="info" if delivered else "warning", **said)
        if intent.disabled is not None:
            self.world.log("endpoint.disabled", level="error", endpoint_id=intent.lease.id, reason=intent.disabled)
