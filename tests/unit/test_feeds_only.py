"""A frontier of feeds alone: no page is lent, the floor holds, and no dispatch is claimed."""

import asyncio
from dataclasses import replace

import pytest

from tests.unit.test_pipeline import FEED, PAGE, Newsdesk
from worker.model import Outcome
from worker.pipeline import reading, visiting


@pytest.fixture
def desk(tmp_path):
    made = Newsdesk(tmp_path)
    yield made
    made.store.close()


def visit(desk):
    """What `outlets check --visit` does in a round; ids of captures."""
    world = replace(desk.world, frontier=desk.store.feeds_only())
    now = desk.clock()
    leases = world.frontier.lease_hosts(now, now + world.lease, 10)
    captured: list[int] = []
    asyncio.run(visiting.visit(leases, world, desk.network, captured.append))
    return captured


def test_a_feed_is_visited_once_however_often_it_is_checked(desk):
    captured = [id_ for _ in range(20) for id_ in visit(desk)]
    assert desk.network.asked == [FEED]
    assert len(captured) == 1
    (state,) = desk.store.polls.states()
    assert (state.outcome, state.capture_id) == (Outcome.FRESH, captured[0])
    assert desk.store.polls.due(desk.clock.now) == 0


def test_a_page_that_is_due_is_left_to_the_daemon(desk):
    for capture_id in visit(desk):
        reading.read(capture_id, desk.world)
    assert desk.store.queries.backlog(desk.clock.now).due == 1  # the page
    desk.clock.advance(seconds=30)
    assert visit(desk) == []
    assert PAGE not in desk.network.asked


def test_a_check_is_no_dispatch(desk):
    visit(desk)
    assert desk.store.queries.last_dispatch_at() is None


def test_the_document_of_a_feed_is_lent(desk):
    (capture_id,) = visit(desk)
    body, headers, url = desk.store.polls.document(capture_id)
    assert (body, headers["content-type"], url) == (desk.network.answers[FEED].encode(), "application/rss+xml", FEED)


def test_what_fails_is_in_the_state(desk):
    desk.network.answers[FEED] = 404
    visit(desk)
    (state,) = desk.store.polls.states()
    assert (state.outcome, state.failures, state.capture_id) == (Outcome.MISSING, 1, None)
