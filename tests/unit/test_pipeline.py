"""The journeys on a real store, with a scripted network: what is written, however often and by whomever it is tried."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from worker import ports, storage
from worker.core import feeds
from worker.errors import StaleLease
from worker.model import Fault, FeedSource, Lease, Outlet, Policy, Reply, RevisionKind
from worker.pipeline import dispatching, reading, relating, visiting
from worker.storage import migrate

START = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
FEED = "https://tamar.example/feed"
PAGE = "https://tamar.example/world/quake"
OUTLET = Outlet(
    slug="tamar",
    name="Tamar Wire",
    homepage="https://tamar.example/",
    country="GE",
    language="en",
    policy=Policy(min_gap_seconds=0.001, poll_seconds=60, revisit_seconds=60, requests_per_hour=3_600_000),
    feeds=(FeedSource(FEED),),
)
RSS = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>Tamar Wire</title>
<item><guid>q1</guid><title>Quake kills 12</title><link>{PAGE}</link></item></channel></rss>"""


def page(toll):
    return f"""<html lang="en"><head><title>Quake in Sarvan</title></head><body><article><h1>Quake in Sarvan</h1>
<p>At least {toll} people were killed when an earthquake struck the province of Sarvan early on Thursday, the
national disaster agency said in a statement from the capital.</p>
<p>Rescuers were digging by hand in villages cut off by rockfalls, it added, and tents were on their way to the
families who had spent the night in the open. Schools in the province stay closed until Monday.</p>
</article></body></html>"""


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        self.now += timedelta(milliseconds=10)  # no two moments are the same
        return self.now

    def advance(self, **duration):
        self.now += timedelta(**duration)


class Network:
    """Answers by URL; an answer is a body, a status or a fault."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = []
        self.robots = []

    async def get(self, url, validators, *, accept, allowed=None, first=None):
        if url.endswith("/robots.txt"):  # whatever befalls the feed befalls it too, and else there is none
            self.robots.append(url)
            fault = self.answers[FEED] if isinstance(self.answers[FEED], Fault) else None
            return Reply(url, None, {}, fault=fault) if fault else Reply(url, 404, {})
        self.asked.append(url)
        answer = self.answers[url]
        if isinstance(answer, Fault):
            return Reply(url, None, {}, fault=answer)
        if isinstance(answer, int):
            return Reply(url, answer, {})
        kind = "application/rss+xml" if answer.startswith("<?xml") else "text/html; charset=utf-8"
        return Reply(url, 200, {"content-type": kind}, body=answer.encode())


def kept_in(folder):
    """A store on SQLite in that folder."""
    url = f"sqlite:///{folder / 'figurewatch.db'}"
    migrate.upgrade(url)
    return storage.open_store(url)


class Newsdesk:
    """A world, its network, and what a worker would do, in one process."""

    def __init__(self, folder, store=None):
        self.store = store or kept_in(folder)
        self.clock = Clock()
        self.events: list[tuple[str, dict[str, object]]] = []
        self.network = Network({FEED: RSS, PAGE: page(12)})
        self.store.frontier.sync([OUTLET], START)
        self.world = ports.World(
            frontier=self.store.frontier,
            captures=self.store.captures,
            articles=self.store.articles,
            relations=self.store.relations,
            stories=self.store.stories,
            corrections=self.store.corrections,
            changes=self.store.changes,
            replays=self.store.replays,
            webhooks=self.store.webhooks,
            policies={OUTLET.slug: OUTLET.policy},
            clock=self.clock,
            jitter=lambda: 0.5,
            log=lambda event, **fields: self.events.append((event, fields)),
            lease=timedelta(minutes=2),
            lane=timedelta(minutes=1),
            read_attempts=3,
        )

    def dispatch(self):
        return dispatching.dispatch(self.world, batch=10, limit=100)

    def visit(self, leases):
        captured: list[int] = []
        asyncio.run(visiting.visit(leases, self.world, self.network, captured.append))
        return captured

    def cycle(self):
        """One tick and everything it brings."""
        found = self.dispatch()
        fresh = [id_ for leases in found.visits for id_ in self.visit(leases)]
        for capture_id in (*found.reads, *fresh):
            reading.read(capture_id, self.world)
        for version_id in found.relates:
            relating.relate(version_id, self.world)

    def census(self):
        return self.store.queries.census()


@pytest.fixture
def desk(tmp_path):
    newsdesk = Newsdesk(tmp_path)
    yield newsdesk
    newsdesk.store.close()


def test_from_a_feed_to_a_revision(desk):
    desk.cycle()  # the feed
    desk.cycle()  # the page
    assert desk.census().articles == desk.census().versions == 1
    desk.network.answers[PAGE] = page(31)
    desk.clock.advance(minutes=5)
    desk.cycle()
    (row,) = desk.store.queries.revisions(10)
    assert (row.kind, row.old.low, row.new.low) == (RevisionKind.REVISED, 12, 31)
    assert row.old.sentence.startswith("At least 12 people")
    kinds = [change.kind.value for change in desk.store.changes.after(0, 100)]
    assert kinds == ["article", "version", "version", "revision"]


def test_an_unchanged_page_is_not_read_again(desk):
    for _ in range(4):
        desk.cycle()
        desk.clock.advance(minutes=5)
    tallies = desk.census().tallies
    assert tallies["read_article"] == {"article": 1}
    assert tallies["visit"]["same"] >= 2
    assert desk.census().versions == 1


def test_a_message_that_comes_twice_is_done_once(desk):
    (leases,) = desk.dispatch().visits
    captured = desk.visit(leases)
    assert desk.visit(leases) == []
    for _ in range(2):
        for capture_id in captured:
            reading.read(capture_id, desk.world)
    assert desk.network.asked == [FEED]
    assert desk.census().tallies["read_feed"] == {"feed": 1}


def test_a_message_that_comes_twice_at_once_is_done_by_one_lane(desk):
    (leases,) = desk.dispatch().visits
    desk.visit([*leases, *leases])
    assert desk.network.asked == [FEED]


def test_a_lost_message_is_sent_again_when_its_lease_ends(desk):
    assert len(desk.dispatch().visits) == 1  # and lost
    assert desk.dispatch().visits == ()
    desk.clock.advance(minutes=3)
    desk.cycle()
    assert desk.network.asked == [FEED]


def test_a_capture_whose_message_is_lost_is_read_when_its_lease_ends(desk):
    (leases,) = desk.dispatch().visits
    (capture_id,) = desk.visit(leases)
    desk.clock.advance(minutes=3)
    assert desk.dispatch().reads == (capture_id,)


def test_a_lane_that_lost_its_host_writes_nothing(desk):
    (leases,) = desk.dispatch().visits
    stale = Lease(leases[0].id, leases[0].token - 1)
    desk.visit([stale])
    assert desk.network.asked == []
    assert ("lane.stale", {"host_id": stale.id}) in desk.events


def test_a_cancelled_lane_hands_its_host_back(desk):
    captured: list[int] = []

    async def cancelled():
        asked = asyncio.Event()

        async def silence(url, validators, **_):
            asked.set()
            await asyncio.Event().wait()

        desk.network.get = silence
        lanes = asyncio.ensure_future(visiting.visit(leases, desk.world, desk.network, captured.append))
        await asked.wait()
        lanes.cancel()
        await asyncio.wait({lanes})
        assert lanes.cancelled()

    (leases,) = desk.dispatch().visits
    asyncio.run(cancelled())
    assert len(desk.dispatch().visits) == 1


def test_what_makes_a_parser_raise_is_tried_three_times_then_quarantined(desk, monkeypatch):
    def poisoned(*_args, **_kwargs):
        raise OverflowError("date too far")

    monkeypatch.setattr(feeds, "parse", poisoned)
    for _ in range(5):
        desk.cycle()
        desk.clock.advance(minutes=10)
    (given_up,) = desk.store.quarantine.newest(10)
    assert (given_up.attempts, given_up.reason) == (3, "OverflowError: date too far")
    assert desk.census().tallies["quarantine"] == {"feed": 1}
    monkeypatch.undo()
    desk.store.captures.requeue(given_up.id)
    desk.cycle()
    assert desk.census().articles == 1


def test_a_read_overtaken_by_another_writes_nothing(desk):
    (leases,) = desk.dispatch().visits
    (capture_id,) = desk.visit(leases)
    now = desk.clock()
    slow = desk.store.captures.begin(capture_id, now + timedelta(minutes=2), 3)
    reading.read(capture_id, desk.world)
    with pytest.raises(StaleLease):
        desk.store.captures.fail(slow.lease, desk.clock(), "late")
    assert desk.census().articles == 1


def test_while_nobody_answers_no_outlet_is_charged(desk):
    desk.network.answers[FEED] = Fault.DNS
    for _ in range(3):
        desk.cycle()
        desk.clock.advance(minutes=2)
    (outlet,) = desk.store.queries.outlets()
    assert (outlet.failures, outlet.last_outcome) == (0, "unreachable")
    assert len(desk.network.robots) == 3
    assert desk.network.asked == []


def test_a_host_that_fails_alone_is_charged(desk):
    desk.cycle()  # it answered once: the network is up
    desk.network.answers[FEED] = Fault.DNS
    desk.clock.advance(minutes=2)
    desk.network.answers[PAGE] = 500
    desk.cycle()
    (outlet,) = desk.store.queries.outlets()
    assert outlet.failures == 1


def test_what_becomes_due_after_the_horizon_is_left_alone(desk):
    desk.world = replace(desk.world, horizon=START)
    desk.cycle()
    desk.cycle()
    assert desk.network.asked == [FEED]


def test_what_is_read_is_related_at_once(desk):
    desk.cycle()
    desk.cycle()
    assert desk.census().tallies["related"] == {"": 1}
    backlog = desk.store.queries.backlog(desk.clock())
    assert (backlog.unrelated, backlog.unrelatable) == (0, 0)
    assert [event for event, _ in desk.events][-2:] == ["article.read", "relate.done"]


def test_what_a_killed_reader_left_unrelated_is_related_when_its_lease_ends(desk, monkeypatch):
    desk.cycle()

    class Killed(BaseException):
        pass

    def kill(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(reading, "relate", kill)
        with pytest.raises(Killed):
            desk.cycle()
    assert desk.dispatch().relates == ()  # its lease still holds
    assert desk.store.queries.backlog(desk.clock()).unrelated == 1
    desk.clock.advance(minutes=3)
    (version_id,) = desk.dispatch().relates
    assert desk.dispatch().relates == ()
    for _ in range(2):  # the message comes twice
        relating.relate(version_id, desk.world)
    assert desk.census().tallies["related"] == {"": 1}
    assert ("relate.skipped", {"version_id": version_id}) in desk.events


def test_what_cannot_be_related_is_tried_three_times_and_costs_no_version(desk, monkeypatch):
    def poisoned(*_args):
        raise RecursionError("deep")

    monkeypatch.setattr(relating, "_relations", poisoned)
    for _ in range(6):
        desk.cycle()
        desk.clock.advance(minutes=10)
    assert desk.census().versions == 1
    assert desk.store.queries.backlog(desk.clock()).unrelatable == 1
    assert desk.census().tallies["quarantine"] == {"version": 1}
    assert [event for event, _ in desk.events].count("relate.failed") == 3
