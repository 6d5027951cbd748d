"""kill -9 at each stage of a visit: nothing is lost or doubled, and no server is asked a second time too early."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.unit.test_pipeline import FEED, PAGE, Newsdesk, page
from worker import pipeline

FLOOR = 60.0  # seconds, of the feed and of the page (`OUTLET.policy`)
STAGES = ("begun", "asked", "answered", "written", "sending", "releasing")


class Killed(BaseException):
    """The process is gone."""


class Doomed:
    """A frontier as a process uses it that dies at one stage; what is dead gives nothing back."""

    def __init__(self, frontier, stage):
        self.frontier = frontier
        self.stage = stage

    def __getattr__(self, name):
        return getattr(self.frontier, name)

    def begin(self, *arguments):
        begun = self.frontier.begin(*arguments)
        if self.stage == "begun":
            raise Killed
        return begun

    def record(self, steps):
        if self.stage == "answered":
            raise Killed
        recorded = self.frontier.record(steps)
        if self.stage == "written":
            raise Killed
        return recorded

    def release(self, *_):
        """The dead do not."""


class Watched(Newsdesk):
    """A desk that knows when each address was asked for."""

    def __init__(self, folder):
        super().__init__(folder)
        self.world = replace(self.world, lease=timedelta(seconds=20))  # ends before the floor does
        self.asked: dict[str, list[float]] = {}
        self.answer = self.network.get
        self.reachable(self.noted)

    def reachable(self, get: Any) -> None:
        self.network.get = get  # type: ignore[method-assign]

    async def noted(self, url, validators, **options):
        self.asked.setdefault(url, []).append(self.clock.now.timestamp())
        return await self.answer(url, validators, **options)

    def die(self, stage, url):
        """A worker takes what is due and is killed at a stage of its visit to `url`."""
        leases = [lease for batch in self.dispatch().visits for lease in batch]
        alive, doomed = self.world, Doomed(self.store.frontier, "begun" if stage == "begun" else "")

        async def ask(asked, validators, **options):
            reply = await self.noted(asked, validators, **options)
            if asked == url:
                if stage == "asked":
                    raise Killed
                if stage == "releasing":
                    raise asyncio.CancelledError
                doomed.stage = stage
            return reply

        def send(_capture_id):
            if stage == "sending":
                raise Killed

        self.world = replace(self.world, frontier=doomed)
        self.reachable(ask)
        with pytest.raises(Killed if stage == "begun" else BaseExceptionGroup):
            asyncio.run(pipeline.visit(leases, self.world, self.network, send))
        self.world = alive
        self.reachable(self.noted)


@pytest.fixture
def desk(tmp_path):
    newsdesk = Watched(tmp_path)
    yield newsdesk
    newsdesk.store.close()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("url", [FEED, PAGE])
def test_killed_at(stage, url, desk):
    desk.cycle()
    if url == PAGE:
        desk.cycle()
        desk.network.answers[PAGE] = page(31)
    else:
        desk.network.answers[FEED] = desk.network.answers[FEED].replace("Quake kills 12", "Quake kills 31")
    desk.clock.advance(minutes=5)
    desk.die(stage, url)
    for _ in range(30):
        desk.clock.advance(seconds=30)
        desk.cycle()
    for asked in desk.asked.values():
        gaps = [later - earlier for earlier, later in pairwise(asked)]
        assert min(gaps, default=FLOOR) >= FLOOR
    census = desk.census()
    assert (census.articles, census.versions) == (1, 2 if url == PAGE else 1)
    assert census.tallies["read_feed"] == {"feed": 2 if url == FEED else 1}
    assert census.tallies.get("revision", {}) == ({"revised": 1} if url == PAGE else {})
    backlog = desk.store.queries.backlog(desk.clock())
    assert (backlog.unread, backlog.quarantined) == (0, 0)
    lost = census.tallies["visit"].get("lost", 0)
    assert lost or stage in {"written", "sending"}
    assert lost == [event for event, _ in desk.events].count("visit.lost")


def test_a_cancelled_lane_writes_what_it_was_told_and_takes_its_mark_off(desk):
    desk.cycle()
    desk.cycle()
    desk.clock.advance(minutes=5)
    (leases,) = desk.dispatch().visits
    writing, go = asyncio.Event(), asyncio.Event()
    record = desk.store.frontier.record

    async def cancelled():
        loop = asyncio.get_running_loop()

        def slow(steps):
            loop.call_soon_threadsafe(writing.set)
            asyncio.run_coroutine_threadsafe(go.wait(), loop).result(10)
            return record(steps)

        desk.store.frontier.record = slow
        lanes = asyncio.ensure_future(pipeline.visit(leases, desk.world, desk.network, lambda _: None))
        await writing.wait()
        lanes.cancel()
        go.set()
        await asyncio.wait({lanes})
        assert lanes.cancelled()

    before = sum(desk.census().tallies["visit"].values())
    asyncio.run(cancelled())
    desk.store.frontier.record = record
    assert sum(desk.census().tallies["visit"].values()) == before + 1
    assert desk.dispatch().visits != ()  # the other resource of the host, at once
