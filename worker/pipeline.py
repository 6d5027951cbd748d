"""The journeys: what happens to a host, a feed and an article, top to bottom.

Each journey asks a store for the few fields it needs, asks `core` to decide, and hands the store one
intent that holds everything to write. The Protocols of `ports.py` are all that it knows of the outside.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from worker.core import copies, corrections, identity, reading, replaying, robots, stories, visits
from worker.core import outcome as outcomes
from worker.errors import OperatorError, Outdated, StaleLease
from worker.grouping import Grouped
from worker.model import (
    ArticleIntent,
    Declaration,
    FeedIntent,
    Policy,
    RelationIntent,
    ResourceKind,
    Step,
    Text,
    TextSource,
    Validators,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from worker.model import (
        Capture,
        Lease,
        Outcome,
        Recorded,
        Reply,
        RobotsIntent,
        StoredVersion,
        StoryIntent,
        Subject,
        Visit,
        VisitIntent,
    )
    from worker.ports import Fetcher, World

ACCEPT = {
    ResourceKind.FEED: "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.8, application/gzip;q=0.5, */*;q=0.1",
    ResourceKind.ARTICLE: "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
}
ACCEPT_ROBOTS = "text/plain, */*;q=0.1"
NETWORK_MEMORY = timedelta(minutes=5)  # no answer from anybody for so long: the fault is on our side
DECISIONS = 5  # on one version, when others keep changing its story
MOST_NEIGHBOURS = 30  # texts compared with one; agency copy printed by more outlets is linked through these
SHORT_WAIT = 10.0  # seconds a lane sleeps for its host; a host that wants more is given back meanwhile


# --- dispatch --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wakeups:
    """What one tick found: messages to send after its transactions committed."""

    visits: tuple[tuple[Lease, ...], ...]
    reads: tuple[int, ...]
    relates: tuple[int, ...]  # versions
    replays: tuple[int, ...]  # articles


def dispatch(world: World, batch: int, limit: int) -> Wakeups:
    """Lease what is due, whatever a lost message left behind included."""
    now = world.clock()
    until = now + world.lease
    hosts = world.frontier.lease_hosts(now, until, limit)
    reads = world.captures.lease_unread(now, until, limit)
    relates = world.relations.lease_waiting(now, until, limit)
    # History can wait until the news is read.
    replays = world.replays.lease(now, until, limit - len(reads)) if len(reads) < limit else ()
    world.changes.sequence()
    _watch_network(world, now)
    batches = tuple(hosts[i : i + batch] for i in range(0, len(hosts), batch))
    return Wakeups(batches, reads, relates, replays)


def _watch_network(world: World, now: datetime) -> None:
    """Say once that nobody at all can be reached, and once that it is over."""
    begun = world.frontier.watch_network(now - NETWORK_MEMORY)
    if begun is True:
        world.log("network.down", level="warning")
    elif begun is False:
        world.log("network.up")


# --- visit -----------------------------------------------------------------------------------------


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
            recorded = await asyncio.shield(writing)
        except asyncio.CancelledError:  # it is written all the same: what was asked is not asked again
            await asyncio.wait({writing})
            if writing.exception() is None:
                self._took(writing.result())
            raise
        self._took(recorded)
        return recorded

    def _took(self, recorded: Recorded) -> None:
        self.unasked = recorded.visit.resource_id if recorded.visit else None
        self.over = recorded.visit is None

    async def _pause(self, visit: Visit | None, free_at: datetime) -> Visit | None:
        """Hand on what is lent, as soon as its host and its outlet may be asked."""
        if visit is not None:
            await asyncio.sleep(self._seconds_until(max(free_at, visit.not_before or free_at)))
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
        """Tell whether anybody answers us; whoever just did need not be remembered."""
        if reply is not None and outcomes.reached(reply):
            return True
        return await asyncio.to_thread(self.world.frontier.network_up, now - NETWORK_MEMORY)

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


# --- read ------------------------------------------------------------------------------------------


def read(capture_id: int, world: World) -> None:
    """Read one capture; its attempt is counted and committed before anything parses it.

    Raises StaleLease when somebody else reads it, or has read a newer state: nothing was written then.
    """
    now = world.clock()
    capture = world.captures.begin(capture_id, now + world.lease, world.read_attempts)
    if capture is None:
        world.log("read.skipped", capture_id=capture_id)
        return
    policy = world.policies.get(capture.outlet, Policy())
    try:
        intent = _intent(capture, world, policy, now)
        _apply(intent, capture, world)
    except (StaleLease, OperatorError):  # not the fault of the bytes
        raise
    except Exception as error:  # noqa: BLE001 - strangers' bytes can make a parser raise anything; none may be lost
        reason = f"{type(error).__name__}: {error}"
        world.captures.fail(capture.lease, world.clock(), reason)
        world.log("read.failed", capture_id=capture_id, url=capture.resource_url, reason=reason, level="warning")
        return
    world.changes.sequence()
    for version_id in world.relations.waiting(capture_id):
        relate(version_id, world)


def _intent(capture: Capture, world: World, policy: Policy, now: datetime) -> FeedIntent | ArticleIntent:
    """One snapshot of what is known before, one write after: in between only the bytes are looked at."""
    stored = _newest(capture.article_id, world) if capture.article_id is not None else None
    recent = world.articles.recent(capture) if capture.article_id is not None else None
    intent = reading.intent(capture, stored, recent, policy=policy, now=now, jitter=world.jitter())
    if policy.text is TextSource.FEED and isinstance(intent, FeedIntent):
        told = world.articles.listed(capture, intent.articles)
        return reading.with_versions(intent, told, capture)
    return intent


def _newest(article_id: int, world: World) -> StoredVersion | None:
    """The newest version as today's reader reads it: nothing is compared across readers."""
    stored = world.articles.newest_version(article_id)
    if stored is None or replaying.is_current(stored.extractor):
        return stored
    world.replays.want(article_id)
    replay(article_id, world)
    return world.articles.newest_version(article_id)


def _apply(intent: FeedIntent | ArticleIntent, capture: Capture, world: World) -> None:
    if isinstance(intent, FeedIntent):
        _apply_feed(intent, capture, world)
    else:
        _apply_article(intent, capture, world)


def _apply_feed(intent: FeedIntent, capture: Capture, world: World) -> None:
    new = world.articles.apply_feed(intent)
    world.log(
        "feed.read",
        outlet=capture.outlet,
        url=capture.resource_url,
        verdict=intent.verdict.value,
        entries=len(intent.articles),
        new=new,
        versions=sum(draft.version is not None for draft in intent.articles),
        dropped=intent.dropped,
        detail=intent.detail,
    )


def _apply_article(intent: ArticleIntent, capture: Capture, world: World) -> None:
    revisions = world.articles.apply_article(intent)
    world.log(
        "article.read",
        outlet=capture.outlet,
        url=capture.resource_url,
        article_id=capture.article_id,
        verdict=intent.verdict.value,
        version=intent.version.ordinal if intent.version else None,
        revisions=len(revisions),
        detail=intent.detail,
    )


# --- relate ----------------------------------------------------------------------------------------


def relate(version_id: int, world: World) -> None:
    """Relate a version to what other articles say; run right after `read`, and again for what that left behind.

    Each relation is decided by a function of `core` from what the store lends; all are written in one transaction,
    which a repeat does not get into.
    """
    now = world.clock()
    subject = world.relations.begin(version_id, now + world.lease, world.read_attempts)
    if subject is None:
        world.log("relate.skipped", version_id=version_id)
        return
    try:
        _relate(subject, world, now)
    except StaleLease:
        world.log("relate.stale", version_id=version_id, level="warning")
        return
    except OperatorError:  # not the fault of the text
        raise
    except Exception as error:  # noqa: BLE001 - a text that cannot be related is kept, counted and tried again
        reason = f"{type(error).__name__}: {error}"
        world.relations.fail(subject.lease, world.clock(), reason)
        world.log("relate.failed", version_id=version_id, url=subject.url, reason=reason, level="warning")
        return
    world.changes.sequence()
    world.log("relate.done", outlet=subject.outlet, article_id=subject.article_id, version_id=version_id)


def _relate(subject: Subject, world: World, now: datetime) -> None:
    """Decide and write, again when what was decided on has changed. Raises Outdated when it always had."""
    for attempt in range(1, DECISIONS + 1):
        try:
            world.relations.apply(_relations(subject, world, now))
        except Outdated:
            if attempt == DECISIONS:
                raise
        else:
            return


def _relations(subject: Subject, world: World, now: datetime) -> RelationIntent:
    declarations = _declarations(subject, world)
    intent = RelationIntent(
        subject.lease, subject.article_id, now, story=_story(subject, world), declarations=declarations
    )
    return _with_copies(intent, subject, world)


def _declarations(subject: Subject, world: World) -> tuple[Declaration, ...]:
    """The notes of the version, each with the revisions that it declares."""
    found = corrections.notes(Text(subject.title, subject.text), subject.language)
    revised = world.corrections.revisions_of(subject.version_id) if found else {}
    return tuple(Declaration(note, corrections.link(note, revised)) for note in found)


def _story(subject: Subject, world: World) -> StoryIntent:
    """The story of the version's article, and which of its figures go on with a series there."""
    read = stories.read(subject)
    story = world.stories.of_article(read.subject.article_id)
    if story is not None:
        return stories.go_on(read, story, world.stories.series(story.story_id))
    lent = world.stories.candidates(read.subject.language, read.terms)
    placement = stories.choose(read, lent)
    known = world.stories.series(placement.story_id) if placement.story_id is not None else ()
    return stories.join(read, placement, lent, known)


def _with_copies(intent: RelationIntent, subject: Subject, world: World) -> RelationIntent:
    """Its copies, who published them first, how revisions go through them, and whether one is the same article.

    The article is in the index before it looks for others there: of two that are related at once, one sees the other.
    """
    prose = copies.read(subject.text)
    bands = copies.bands(prose)
    world.relations.index(subject.article_id, bands)
    neighbours = world.relations.neighbours(subject.article_id, bands, MOST_NEIGHBOURS)
    found = tuple(copies.find(subject, prose, neighbours))
    links = {link.other_id: link for link in (*world.relations.copies(subject.article_id), *found)}
    kin = {one.article_id: one for one in world.relations.kin((subject.article_id, *links))}
    article, others = kin.pop(subject.article_id, None), tuple(kin.values())
    if article is None:  # merged into another
        return intent
    return replace(
        intent,
        copies=found,
        origins=copies.origins(article, others, links),
        ripples=tuple(copies.follow(article, others)),
        merges=identity.merges(subject.article_id, links, world.relations.claimed(subject.article_id)),
    )


# --- replay ----------------------------------------------------------------------------------------


def replay(article_id: int, world: World) -> None:
    """Read an article's history again from its raw bytes, as today's reader does.

    Raises StaleLease when somebody else does, or when a newer version came in between: nothing was written then.
    """
    now = world.clock()
    history = world.replays.begin(article_id, now + world.lease, world.read_attempts)
    if history is None:
        world.log("replay.skipped", article_id=article_id)
        return
    try:
        intent = replaying.intent(history, now)
        world.replays.apply(intent)
    except (StaleLease, OperatorError):
        raise
    except Exception as error:  # noqa: BLE001 - as in `read`
        reason = f"{type(error).__name__}: {error}"
        world.replays.fail(history.lease, world.clock(), reason)
        world.log("replay.failed", article_id=article_id, reason=reason, level="warning")
        return
    world.log(
        "replay.done",
        outlet=history.outlet,
        article_id=article_id,
        versions=len(intent.readings),
        changed=sum(reading.changed for reading in intent.readings),
        revisions=sum(len(pair.added) for pair in intent.comparisons),
        retracted=len(intent.retracted),
    )
    world.changes.sequence()
