"""The life of a feed: it moves (rule 23, T13), it turns into a web page, it comes back; and our own outages."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.integration.manners.newsroom import Answer, always, revalidated, rss, story, turns
from worker.core import moves
from worker.model import Policy, RobotsPolicy

DAY = 24.0


def moved(location, status=301):
    return always(Answer(status=status).with_headers(Location=location))


@pytest.fixture
def there(feed):
    """The feed at its new address."""
    feed.room.pages["/new"] = revalidated(lambda: feed.fresh().with_headers(ETag='"n"'))
    return feed


@pytest.mark.parametrize("status", [301, 308])
def test_rule_23_a_permanent_move_is_adopted_after_repeats(there, status):
    there.serve(moved("/new", status))
    desk = there.desk()
    desk.run(hours=DAY)
    assert len(there.requests) == moves.AGREEING
    news = there.room.requests("/new")
    assert len(news) > moves.AGREEING + 5
    assert all(not r.conditional for r in news[: moves.AGREEING + 1])  # an address of its own (rule 12)
    assert all(r.conditional for r in news[moves.AGREEING + 1 :])
    row = desk.resource("/feed")
    assert (row.url, row.moved_to) == (there.room.url("/feed"), there.room.url("/new"))
    (ailing,) = desk.store.queries.ailing_feeds()
    assert (ailing.state, ailing.url) == ("moved", there.room.url("/feed"))
    (feed,) = desk.store.polls.states()  # what `outlets check` tells: adopted or not, the file is to be changed
    assert feed.moved_to == there.room.url("/new")


@pytest.mark.parametrize("status", [302, 303, 307])
def test_rule_23_a_move_for_now_is_followed_each_time(there, status):
    there.serve(moved("/new", status))
    there.desk().run(hours=DAY)
    assert len(there.requests) == len(there.room.requests("/new")) > moves.AGREEING


def test_rule_23_moves_that_disagree_are_not_adopted(there):
    there.room.pages["/other"] = there.room.pages["/new"]
    targets = [Answer(status=301).with_headers(Location=to) for _ in range(40) for to in ("/new", "/other")]
    there.serve(turns(*targets))
    there.desk().run(hours=DAY)
    assert len(there.requests) > 2 * moves.AGREEING


@pytest.mark.parametrize("where", ["http://10.0.0.1/feed", "http://127.0.0.1:1/feed", "http://[::1]/feed", "file:///x"])
def test_t13_never_to_a_private_address(there, where):
    there.serve(moved(where))
    desk = there.desk()
    desk.run(hours=40 * DAY)
    assert desk.resource("/feed").moved_to is None
    assert desk.resource("/feed").last_outcome == "refused"
    assert len(there.requests) > 5


def test_t13_never_to_an_address_that_is_a_feed_already(there, desk):
    there.serve(moved("/new"))
    here = desk("/feed", "/new")
    here.run(hours=DAY)
    assert here.resource("/feed").moved_to is None
    assert len(there.requests) > moves.AGREEING


def test_the_old_address_is_asked_again_when_the_new_one_fails(there):
    there.serve(turns(*[Answer(status=301).with_headers(Location="/new")] * moves.AGREEING, there.fresh()))
    good = there.room.pages["/new"]
    there.room.pages["/new"] = lambda r: (
        good(r) if len(there.room.requests("/new")) < moves.AGREEING + 3 else Answer(status=404)
    )
    desk = there.desk()
    desk.run(hours=4 * DAY)
    assert len(there.requests) > moves.AGREEING + 5
    assert desk.resource("/feed").moved_to is None
    assert desk.resource("/feed").failures == 0


def test_a_feed_that_turns_into_a_web_page_is_named_so_asked_less_and_never_forgotten(feed):
    """A page that differs with every request, so that nothing but the count of such readings slows it down."""
    feed.serve(turns(feed.fresh(), lambda _: story(12 + len(feed.requests))))
    desk = feed.desk(jitter=0.0)
    desk.run(hours=7 * DAY)
    assert feed.gaps[-1] >= 100 * feed.floor  # up to a day
    assert feed.gaps[-1] <= 1.2 * 86400
    assert all(later >= earlier for earlier, later in pairwise(feed.gaps[1:]))
    (ailing,) = desk.store.queries.ailing_feeds()
    assert (ailing.state, ailing.failures > 5) == ("not_a_feed", True)


def test_it_is_a_feed_again(feed):
    feed.serve(turns(*[Answer(b"<html><p>Moved</p></html>")] * 4, feed.fresh()))
    desk = feed.desk(jitter=0.0)
    desk.run(hours=2 * DAY)
    assert desk.store.queries.ailing_feeds() == ()
    assert desk.store.queries.tally("read_feed", "not_a_feed") == 4


# --- our own outages -------------------------------------------------------------------------------------------------


NAMES = [f"host-{n}.example" for n in range(5)]


@pytest.fixture
def many(room, desk, monkeypatch):
    """Some hosts with a feed each, and a log of what is said."""
    monkeypatch.setattr("tests.integration.manners.desk.HOSTS", NAMES)
    room.pages["/feed"] = revalidated(lambda: rss().with_headers(ETag='"1"'))
    here = desk(
        *(room.url("/feed", name) for name in NAMES), policy=Policy(min_gap_seconds=15.0, robots=RobotsPolicy.IGNORE)
    )
    here.events = []
    dice = iter([n * 0.618 % 1 for n in range(100_000)])
    object.__setattr__(here.world, "log", lambda event, **_: here.events.append(event))
    object.__setattr__(here.world, "jitter", lambda: next(dice))
    return here


def unplugged(here, monkeypatch):
    monkeypatch.setattr("tests.integration.manners.desk.HOSTS", ())


def test_an_outage_is_charged_to_nobody_told_once_and_made_good_once(many, room, monkeypatch):
    many.run(seconds=1500)
    with monkeypatch.context() as patch:
        unplugged(many, patch)
        many.run(seconds=1200)
        assert many.events.count("network.down") == 1
        assert many.store.queries.outage_since() is not None
        assert all(feed.failures == 0 for feed in (many.resource(room.url("/feed", name)) for name in NAMES))
    back, asked = many.clock(), len(room.log)
    many.run(seconds=600)
    caught_up = room.log[asked:]
    assert sorted(r.host for r in caught_up) == sorted(NAMES)  # each once, none twice
    assert len({r.at for r in caught_up}) >= len(NAMES) / 2  # and not all at once
    assert max(r.at for r in caught_up) - back < timedelta(minutes=5)
    assert many.events.count("network.up") == 1
    assert many.store.queries.outage_since() is None


def test_an_outage_that_begins_in_the_middle_of_a_round_is_charged_to_nobody_either(many, room, monkeypatch):
    many.run(seconds=300)
    many.run(requests=1)  # the next round has begun
    with monkeypatch.context() as patch:
        unplugged(many, patch)
        for _ in range(48):
            many.run(seconds=5)  # as often as a dispatcher looks
        feeds = [many.resource(room.url("/feed", name)) for name in NAMES]
        assert [feed.last_outcome for feed in feeds].count("unreachable") == len(NAMES) - 1
        assert [feed.failures for feed in feeds] == [0] * len(NAMES)
        assert many.events.count("network.down") == 1
    asked = len(room.log)
    many.run(seconds=180)
    assert len({r.host for r in room.log[asked:]}) >= len(NAMES) - 1  # soon, and not after a floor


def test_a_round_that_some_miss_is_no_outage(many, room, monkeypatch):
    """While most hosts were asked nothing, two that are away say nothing about us."""
    many.run(seconds=300)
    monkeypatch.setattr("tests.integration.manners.desk.HOSTS", NAMES[2:])
    many.run(hours=1.0)
    assert "network.down" not in many.events
    assert [many.resource(room.url("/feed", name)).failures for name in NAMES[:2]] == [3, 3]
    assert min(many.room.gaps("/feed", NAMES[2])) >= many.policy.poll_seconds


def test_after_a_pause_of_the_scheduler_each_feed_is_asked_once(many, room):
    many.run(seconds=1500)
    many.clock.time += timedelta(hours=1)
    asked = len(room.log)
    many.run(seconds=300)
    assert sorted(r.host for r in room.log[asked:]) == sorted(NAMES)


def test_a_clock_that_jumps_a_day_ahead_and_back_neither_floods_nor_freezes(many, room):
    many.run(hours=2)
    many.clock.time += timedelta(days=1)
    asked = len(room.log)
    many.run(seconds=300)
    assert len(room.log) - asked == len(NAMES)  # what is due is asked once
    many.clock.time -= timedelta(days=1)
    for _ in range(24):
        many.tick()
        many.clock.time += timedelta(seconds=5)
    assert len(room.log) - asked == len(NAMES)
    assert many.events.count("clock.set_back") == 1
    many.run(hours=2)
    later = room.log[asked + len(NAMES) :]
    assert sorted(Counter(r.host for r in later)) == sorted(NAMES)
    assert set(Counter(r.host for r in later).values()) <= {2, 3, 4, 5}  # of two hours, at ten minutes and more


def test_one_host_that_is_down_is_no_outage(many, room, monkeypatch):
    many.run(seconds=1500)
    monkeypatch.setattr("tests.integration.manners.desk.HOSTS", NAMES[1:])
    many.run(hours=1.5)
    assert "network.down" not in many.events
    assert many.resource(room.url("/feed", NAMES[0])).last_outcome == "unreachable"
