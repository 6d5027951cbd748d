"""Walk what is due at each host, one polite request at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from worker.core import outcome as outcomes
from worker.core import robots, visits
from worker.errors import StaleLease
from worker.grouping import Grouped
from worker.model import Policy, ResourceKind, Step, Validators
from worker.pipeline.dispatching import NETWORK_MEMORY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from worker.model import Lease, Outcome, Recorded, Reply, RobotsIntent, Visit, VisitIntent
    from worker.ports import Fetcher, World


ACCEPT = {
    ResourceKind.FEED: "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.8, application/gzip;q=0.5, */*;q=0.1",
    ResourceKind.ARTICLE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
}
ACCEPT_ROBOTS = "text/plain, */*;q=0.1"
SHORT_WAIT = 10.0  # seconds a lane sleeps for its host; a host that wants more is given back meanwhile


async def visit(
    leases: Sequence[Lease],
    world: World,
    fetcher: Fetcher,
    send_read: Callable[[int], None],
) -> None:
    """Walk a batch of hosts, each in its own polite lane. Raises what any lane raised, after all have ended.

    A cancelled lane hands its host back.
    """
    now = world.clock()
    begun = await asyncio.to_thread(world.frontier.begin, leases, now, now + world.lease, _horizon(world, now))
    record = Grouped(world.frontier.record)
    lanes = []
    for lease, taken in zip(leases, begun, strict=True):
        if isinstance(taken, StaleLease):
            world.log("lane.stale", host_id=lease.id)
        elif taken.visit is not None:
            lanes.append(_Lane(taken.lease, world, fetcher, send_read, record, now).walk(taken.visit))
    ended = await asyncio.gather(*lanes, return_exceptions=True)
    if raised := [e for e in ended if isinstance(e, BaseException)]:
        raise BaseExceptionGroup("lanes", raised)


def _horizon(world: World, due: datetime) -> datetime:
    return due if world.horizon is None else min(due, world.horizon)


@dataclass(slots=True)
class _Lane:
    """What is due at one host, one request at a time, until nothing is, or the time of the lane is up."""

    lease: Lease  # as begun
    world: World
    fetcher: Fetcher
    send_read: Callable[[int], None]
    record: Grouped[Step, Recorded]
    begun: datetime
    unasked: int | None = None  # the resource lent, before anybody is asked for it
    over: bool = False  # the host is back

    async def walk(self, visit: Visit | None) -> None:
        """Visit one after the other; what ends early gives the host back."""
        try:
            while visit is not None:
                visit = await self._step(visit)
        except StaleLease:
            self.over = True
            self.world.log("lane.stale", host_id=self.lease.id, level="warning")
        finally:
            if not self.over:
                await asyncio.to_thread(self.world.frontier.release, self.lease, self.unasked)

    async def _step(self, visit: Visit) -> Visit | None:
        """One request, or none where robots.txt or a lane before says so; what is lent next."""
        self.unasked = visit.resource_id
        policy = self.world.policies.get(visit.outlet, Policy())
        if visits.may_have_been_made(visit, policy, self.world.clock()):
            return await self._put_off(visit, policy)
        if robots.is_due(visit, policy, self.world.clock()):
            return await self._ask_robots(visit, policy)
        if (refusal := robots.refusal(visit, policy)) is not None:
            return await self._withhold(visit, policy, *refusal)
        return await self._ask(visit, policy)

    async def _ask(self, visit: Visit, policy: Policy) -> Visit | None:
        """Ask, decide, write."""
        self.unasked = None
        allowed = partial(robots.allows, visit, policy)
        reply = await self.fetcher.get(visit.url, visit.validators, accept=ACCEPT[visit.kind], allowed=allowed)
        common = await self._common(policy, reply)
        intent = visits.decide(visit, reply, delay=robots.delay(visit, policy), **common)
        recorded = await self._write(intent)
        self.world.log(
            "visit.done",
            outlet=visit.outlet,
            url=visit.url,
            outcome=intent.outcome.value,
            status=reply.status,
            detail=intent.detail,
            seconds=round(reply.seconds, 3),
        )
        if recorded.capture_id is not None:
            self.send_read(recorded.capture_id)
        return await self._pause(recorded.visit, intent.host_free_at)

    async def _ask_robots(self, visit: Visit, policy: Policy) -> Visit | None:
        """Ask for the robots.txt of a resource's site; the resource is lent again."""
        self.unasked = None
        held = visit.robots.validators if visit.robots else Validators()
        url = robots.url_of(visit.url)
        reply = await self.fetcher.get(url, held, accept=ACCEPT_ROBOTS, first=robots.LARGEST)
        intent = robots.decide(visit, reply, **await self._common(policy, reply))
        recorded = await self._write(intent)
        known = intent.robots
        said = {"outcome": known.outcome.value, "standing": known.standing.value, "detail": known.detail}
        self.world.log("robots.done", outlet=visit.outlet, url=url, status=reply.status, **said)
        return await self._pause(recorded.visit, intent.host_free_at)

    async def _withhold(self, visit: Visit, policy: Policy, outcome: Outcome, detail: str) -> Visit | None:
        """Write the visit that robots.txt keeps us from making."""
        intent = visits.withheld(visit, outcome, detail, **await self._common(policy))
        recorded = await self._write(intent)
        said = {"outcome": outcome.value, "detail": detail}
        self.world.log("visit.withheld", outlet=visit.outlet, url=visit.url, **said)
        return recorded.visit

    async def _put_off(self, visit: Visit, policy: Policy) -> Visit | None:
        """Write a visit off that a lane before may have made, and that may have ended it."""
        now = self.world.clock()
        delay, until = robots.delay(visit, policy), now + self.world.lease
        jitter = self.world.jitter()
        intent = visits.put_off(
            visit, lease=self.lease, lease_until=until, now=now, policy=policy, delay=delay, jitter=jitter
        )
        recorded = await self._write(intent)
        said = {"outlet": visit.outlet, "url": visit.url, "losses": visit.losses}
        if intent.given_up:
            self.world.log("visit.quarantined", level="error", **said)
        else:
            self.world.log("visit.lost", level="warning", **said)
        return await self._pause(recorded.visit, intent.host_free_at)

    async def _write(self, intent: VisitIntent | RobotsIntent) -> Recorded:
        """Write an intent and take what is due by the time host and outlet may be asked again, if that is soon."""
        now = self.world.clock()
        free_at = max(intent.host_free_at, intent.at + timedelta(seconds=intent.budget_seconds))
        goes_on = now - self.begun < self.world.lane and self._seconds_until(free_at) <= SHORT_WAIT
        due = _horizon(self.world, max(now, free_at)) if goes_on else None
        # Other hosts of the outlet may use its budget meanwhile: a lane waits for it as it does for its host.
        writing = self.record(Step(intent, due, now + timedelta(seconds=SHORT_WAIT)))
        try:
            return await writing
        finally:  # cancelled or not, it is written: what was asked is not asked again
            if writing.done() and writing.exception() is None:
                following = writing.result().visit
                self.unasked = following.resource_id if following else None
                self.over = following is None

    async def _pause(self, visit: Visit | None, free_at: datetime) -> Visit | None:
        """Hand on what is lent, as soon as its host and its outlet may be asked."""
        if visit is not None:
            seconds = self._seconds_until(max(free_at, visit.not_before or free_at))
            if seconds > 0:
                await asyncio.sleep(seconds)
        return visit

    async def _common(self, policy: Policy, reply: Reply | None = None) -> _Common:
        """What every decision after a reply, or instead of one, needs to know."""
        world, now = self.world, self.world.clock()
        return {
            "lease": self.lease,
            "lease_until": now + world.lease,
            "now": now,
            "policy": policy,
            "network_up": await self._network_up(now, reply),
            "jitter": world.jitter(),
        }

    async def _network_up(self, now: datetime, reply: Reply | None) -> bool:
        """Tell whether we can reach anybody; whoever just answered need not be remembered."""
        if reply is not None and outcomes.reached(reply):
            return True
        return await asyncio.to_thread(self.world.frontier.network_up, now - NETWORK_MEMORY, self.lease.id)

    def _seconds_until(self, free_at: datetime) -> float:
        return max(0.0, (free_at - self.world.clock()).total_seconds())


class _Common(TypedDict):
    """Arguments that the decisions about visits share."""

    lease: Lease
    lease_until: datetime
    now: datetime
    policy: Policy
    network_up: bool
    jitter: float
