"""kill -9 at each stage of a visit: nothing is lost or doubled, and no server is asked a second time too early."""

import asyncio
import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.harness.commands import invoke
from tests.unit.test_pipeline import FEED, PAGE, Newsdesk, page
from worker import clock
from worker.core import visits
from worker.errors import InputError
from worker.pipeline import visiting

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
            asyncio.run(visiting.visit(leases, self.world, self.network, send))
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
        lanes = asyncio.ensure_future(visiting.visit(leases, desk.world, desk.network, lambda _: None))
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


# --- an answer that ends whoever asks for it ----------------------------------------------------------


def killed_at_each_visit(desk, url, days):
    """Workers take what is due every half minute; each that asks for `url` is killed by the answer."""
    end = desk.clock.now + timedelta(days=days)
    while desk.clock.now < end:
        leases = [lease for batch in desk.dispatch().visits for lease in batch]
        doomed = Doomed(desk.store.frontier, "")

        async def ask(asked, validators, doomed=doomed, **options):
            reply = await desk.noted(asked, validators, **options)
            if asked == url:
                doomed.stage = "answered"
            return reply

        desk.reachable(ask)
        alive, desk.world = desk.world, replace(desk.world, frontier=doomed)
        with suppress(BaseExceptionGroup):
            asyncio.run(visiting.visit(leases, desk.world, desk.network, lambda _: None))
        desk.world = alive
        desk.reachable(desk.noted)
        desk.clock.advance(minutes=1)


def test_a_visit_that_ends_every_lane_is_asked_for_ever_less_and_in_the_end_once_a_week(desk):
    desk.cycle()
    desk.cycle()
    del desk.asked[PAGE]
    desk.clock.advance(minutes=5)
    killed_at_each_visit(desk, PAGE, days=0.1)
    asked = desk.asked[PAGE]
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert len(asked) == visits.MOST_LOSSES
    for n, gap in enumerate(gaps):
        assert FLOOR * 2**n <= gap <= 2 * FLOOR * 2**n + 120
    census, now = desk.census(), desk.clock.now
    assert census.tallies["quarantine"] == {"visit": 1}
    assert [event for event, _ in desk.events].count("visit.quarantined") == 1
    assert desk.store.queries.backlog(now).quarantined_visits == 1
    assert len(desk.asked[FEED]) > 20  # the other resource of the host is visited all the while
    (one,) = desk.store.quarantine.newest(10)
    assert (one.kind, one.url, one.attempts) == ("visit", PAGE, visits.MOST_LOSSES)
    desk.clock.advance(days=6)
    desk.cycle()
    assert len(desk.asked[PAGE]) == visits.MOST_LOSSES
    desk.clock.advance(days=8)  # a week, and as much again by chance
    desk.cycle()
    assert len(desk.asked[PAGE]) == visits.MOST_LOSSES + 1
    desk.clock.advance(days=1)
    desk.cycle()
    assert desk.store.queries.backlog(now).quarantined_visits == 0  # it was answered
    assert desk.store.quarantine.newest(10) == ()


def test_an_answer_ends_the_row_of_losses(desk):
    desk.cycle()
    desk.cycle()
    for n in range(visits.MOST_LOSSES + 1):
        desk.network.answers[PAGE] = page(20 + n)  # or it would be looked at ever less often
        desk.clock.advance(hours=1)
        desk.die("answered", PAGE)
        for _ in range(6):
            desk.clock.advance(minutes=5)
            desk.cycle()
    assert "quarantine" not in desk.census().tallies
    assert desk.store.queries.ailing_feeds() == ()


def test_by_hand_it_is_tried_when_the_floor_allows(desk, tmp_path, monkeypatch):
    desk.cycle()
    desk.clock.advance(minutes=5)
    killed_at_each_visit(desk, FEED, days=0.1)
    monkeypatch.setenv("FIGUREWATCH_DATA_DIR", str(tmp_path))
    (ailing,) = desk.store.queries.ailing_feeds()
    assert (ailing.url, ailing.state, ailing.failures) == (FEED, "quarantined", visits.MOST_LOSSES)
    (line,) = invoke("quarantine", "list", "--json").stdout.splitlines()
    name = json.loads(line)["name"]
    assert name.startswith("visit:")
    assert "lanes in a row ended" in invoke("quarantine", "show", name).stdout
    asked = len(desk.asked[FEED])
    assert invoke("quarantine", "requeue", name).stdout == f"{name} will be tried again\n"
    assert invoke("quarantine", "list").stdout == "nothing in quarantine\n"
    desk.clock.now = clock.now()  # the command goes by the clock on the wall
    desk.clock.advance(minutes=16)
    desk.cycle()
    assert len(desk.asked[FEED]) == asked + 1
    with pytest.raises(InputError, match="no visit"):
        invoke("quarantine", "show", name)
