"""robots.txt against the real pipeline: asked for like anything else, followed, kept, asked for again (RFC 9309)."""

from itertools import pairwise

import pytest

from tests.integration.manners.newsroom import Answer, always, revalidated, rss, story, turns
from worker.model import Policy, RobotsPolicy

HOUR, DAY = 3600.0, 86400.0
NO_STORIES = Answer(b"User-agent: *\nDisallow: /story\n", type="text/plain")


def policy(**changes):
    return Policy(**{"min_gap_seconds": 15.0} | changes)


@pytest.fixture
def daily(room):
    """A newsroom with a feed of one story."""
    room.pages["/feed"] = revalidated(lambda: rss(room.url("/story")).with_headers(ETag='"1"'))
    room.pages["/story"] = revalidated(lambda: story().with_headers(ETag='"1"'))
    return room


def serve(room, answer):
    room.pages["/robots.txt"] = answer if callable(answer) else always(answer)


def test_it_is_asked_for_first_and_alone(daily, desk):
    desk("/feed").run(hours=2)
    assert [r.target for r in daily.log[:3]] == ["/robots.txt", "/feed", "/story"]
    assert len(daily.requests("/robots.txt")) == 1
    times = [r.at for r in daily.log]
    assert min((b - a).total_seconds() for a, b in pairwise(times)) >= 15.0


def test_what_it_disallows_is_never_asked_for_and_says_so(daily, desk):
    serve(daily, NO_STORIES)
    here = desk("/feed")
    here.run(hours=72)
    assert daily.requests("/story") == []
    assert len(daily.requests("/feed")) > 20
    kept = here.resource("/story")
    assert (kept.last_outcome, kept.failures, kept.status) == ("disallowed", 0, "active")
    assert kept.last_detail == f"{daily.url('/robots.txt')} disallows it"
    (overview,) = here.store.queries.outlets()
    assert (overview.disallowed, overview.failing) == (1, 0)
    assert here.store.queries.article(1).last_outcome == "disallowed"
    assert here.store.queries.tally("visit", "disallowed") >= 2


def test_what_it_allows_anew_is_asked_for_within_a_day(daily, desk):
    serve(daily, turns(NO_STORIES, Answer(b"", type="text/plain")))
    desk("/feed").run(hours=26)
    robots = daily.requests("/robots.txt")
    assert len(robots) == 2
    assert 0 < (daily.requests("/story")[0].at - robots[1].at).total_seconds() < 120


def test_what_it_comes_to_disallow_is_left_alone(daily, desk):
    serve(daily, turns(Answer(b"", type="text/plain"), NO_STORIES))
    here = desk("/feed")
    here.run(hours=72)
    stories, second = daily.requests("/story"), daily.requests("/robots.txt")[1].at
    assert stories[0].at < second
    assert all(r.at < second for r in stories)
    assert here.resource("/story").last_outcome == "disallowed"


def test_it_is_asked_for_once_a_day_and_conditionally(daily, desk):
    serve(daily, revalidated(Answer(b"User-agent: *\nDisallow: /x\n", type="text/plain").with_headers(ETag='"r"')))
    desk("/feed", jitter=0.0).run(hours=73)
    robots = daily.requests("/robots.txt")
    assert [r.header("If-None-Match") for r in robots] == [None, '"r"', '"r"', '"r"']
    assert all(20 * HOUR < gap <= DAY + 2 * HOUR for gap in daily.gaps("/robots.txt"))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_without_one_everything_is_allowed(daily, desk, status):
    serve(daily, Answer(status=status))
    desk("/feed").run(hours=1)
    assert daily.requests("/story")


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_while_it_cannot_be_had_nothing_is_asked_for(daily, desk, status):
    serve(daily, Answer(status=status))
    here = desk("/feed")
    here.run(hours=24)
    assert {r.target for r in daily.log} == {"/robots.txt"}
    assert 3 <= len(daily.log) <= 24  # and it is asked for slower and slower
    feed = here.resource("/feed")
    assert feed.last_outcome == ("throttled" if status == 429 else "server_error")
    assert feed.last_detail == f"robots.txt cannot be had: HTTP {status}"


def test_it_recovers(daily, desk):
    serve(daily, turns(Answer(status=500), Answer(b"", type="text/plain")))
    here = desk("/feed")
    here.run(hours=3)
    assert daily.requests("/story")
    assert here.resource("/feed").failures == 0


def test_after_a_month_out_of_reach_it_counts_as_absent(daily, desk):
    serve(daily, Answer(status=500))
    desk("/feed", policy=policy(poll_seconds=HOUR)).run(hours=24 * 29)
    assert daily.requests("/feed") == []
    desk("/feed", policy=policy(poll_seconds=HOUR)).run(hours=24 * 4)
    assert len(daily.requests("/feed")) > 3


def test_a_copy_is_used_while_a_newer_one_cannot_be_had(daily, desk):
    serve(daily, turns(NO_STORIES, Answer(status=500)))
    desk("/feed", policy=policy(poll_seconds=HOUR)).run(hours=24 * 40)
    assert daily.requests("/story") == []
    assert len(daily.requests("/feed")) > 100


@pytest.mark.parametrize("hops", [5, 6])
def test_five_redirects_are_followed_and_more_mean_that_there_is_none(daily, desk, hops):
    daily.pages["/robots.txt"] = always(Answer(status=301).with_headers(Location="/r1"))
    for n in range(1, hops):
        daily.pages[f"/r{n}"] = always(Answer(status=301).with_headers(Location=f"/r{n + 1}"))
    daily.pages[f"/r{hops}"] = always(NO_STORIES)
    desk("/feed").run(hours=2)
    assert bool(daily.requests("/story")) == (hops == 6)


def test_rules_up_to_500_kib_are_read_and_the_rest_is_no_error(daily, desk):
    long = NO_STORIES.body + b"# a remark\n" * 700_000 + b"Disallow: /feed\n"  # 7.7 MB: more than is fetched of a page
    serve(daily, Answer(long, type="text/plain"))
    here = desk("/feed")
    here.run(hours=2)
    assert daily.requests("/feed")
    assert daily.requests("/story") == []


def test_a_crawl_delay_widens_the_gap(daily, desk):
    serve(daily, Answer(b"User-agent: figurewatch\nCrawl-delay: 120\n", type="text/plain"))
    for n in range(5):
        daily.pages[f"/s{n}"] = always(story(n))
    daily.pages["/feed"] = revalidated(lambda: rss(*(daily.url(f"/s{n}") for n in range(5))).with_headers(ETag='"1"'))
    desk("/feed").run(hours=3)
    times = [r.at for r in daily.log]
    assert len(times) > 10
    assert min((b - a).total_seconds() for a, b in pairwise(times)) >= 120.0


def test_a_page_that_redirects_to_what_is_disallowed_is_not_followed(daily, desk):
    serve(daily, Answer(b"User-agent: *\nDisallow: /hidden\n", type="text/plain"))
    daily.pages["/story"] = always(Answer(status=302).with_headers(Location="/hidden/story"))
    daily.pages["/hidden/story"] = always(story())
    here = desk("/feed")
    here.run(hours=2)
    assert daily.requests("/hidden/story") == []
    assert here.resource("/story").last_outcome == "disallowed"


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        (RobotsPolicy.OBEY, {"/robots.txt"}),
        (RobotsPolicy.PAGES, {"/robots.txt", "/feed"}),
        (RobotsPolicy.IGNORE, {"/feed", "/story"}),
    ],
)
def test_the_policy_of_the_outlet(daily, desk, said, asked):
    serve(daily, Answer(b"User-agent: *\nDisallow: /\n", type="text/plain"))
    desk("/feed", policy=policy(robots=said)).run(hours=2)
    assert {r.target for r in daily.log} == asked


def test_it_survives_a_restart(daily, desk):
    serve(daily, NO_STORIES)
    here = desk("/feed")
    here.run(hours=1)
    for _ in range(3):
        here.restart()
        here.run(hours=1)
    assert len(daily.requests("/robots.txt")) == 1
    assert daily.requests("/story") == []


def test_another_host_has_one_of_its_own(daily, desk):
    daily.pages["daily.example", "/robots.txt"] = always(NO_STORIES)
    daily.pages["/other"] = always(rss(daily.url("/story", "weekly.example")))
    desk("/feed", daily.url("/other", "weekly.example")).run(hours=2)
    assert daily.requests("/story", "daily.example") == []
    assert daily.requests("/story", "weekly.example")
