"""Rules 13 to 23 and 28 to 30 of the Feed Reader Score: when to ask again, and when not to."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.harness import figurewatch
from tests.integration.manners.newsroom import Answer, after, always, revalidated, rss, turns
from worker import outlets
from worker.core import schedule
from worker.errors import OutletsError
from worker.pipeline import dispatching

HOUR, DAY = 3600.0, 86400.0
MONTH = 31 * DAY


def changing(page):
    """New content at every request, so that nothing slows down by itself."""
    contents = iter(range(10_000))
    return lambda _: page.fresh(next(contents) % 80).with_headers(ETag=f'"{len(page.requests)}"')


def test_rule_13_never_under_the_floor(page):
    page.serve(changing(page))
    page.desk(jitter=0.0).run(hours=5)
    assert len(page.gaps) > 4
    assert min(page.gaps) >= page.floor


def test_rule_13_without_validators_neither(page):
    page.serve(always(page.fresh()))
    page.desk(jitter=0.0).run(hours=6)
    assert len(page.gaps) > 4
    assert min(page.gaps) >= page.floor


def test_rule_14_ten_restarts_in_ten_minutes_ask_nothing(feed):
    feed.serve(changing(feed))
    desk = feed.desk(jitter=0.0)
    feed.visits(desk, 4)  # so the timer has just begun
    desk.run(seconds=60)
    asked = len(feed.requests)
    for _ in range(10):
        desk.restart()
        desk.run(seconds=50)
    assert len(feed.requests) == asked


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.999])
def test_rule_15_jitter_only_lengthens(page, jitter):
    page.serve(changing(page))
    page.visits(page.desk(jitter=jitter), 4)
    assert min(page.gaps) >= page.floor
    assert page.gaps[0] >= page.floor * (1 + 0.05 * jitter)  # and it does lengthen


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("7200", 2 * HOUR),
        ("86400", DAY),
        (7200.0, 2 * HOUR),  # a date, so far from now by the server's own clock
        (-7200.0, 0.0),
        ("-1", 0.0),
        ("soon", 0.0),
        ("315360000", MONTH),  # ten years: we look whether it still means it
    ],
)
def test_rule_16_retry_after_is_obeyed(page, status, value, wait):
    clock = page.room.clock

    def throttled(_):  # by a server whose clock is an hour slow
        said = after(value - HOUR, clock) if isinstance(value, float) else value
        return Answer(status=status).with_headers(Retry_After=said, Date=after(-HOUR, clock))

    page.serve(turns(throttled, revalidated(lambda: page.fresh().with_headers(ETag='"1"'))))
    page.visits(page.desk(jitter=0.0), 2)
    assert page.gaps[0] >= max(wait, page.floor)
    assert page.gaps[0] <= MONTH * 1.2


def test_rule_17_429_alone_backs_off_further_each_time_across_restarts(page):
    page.serve(always(Answer(status=429)))
    desk = page.desk(jitter=0.0)
    for count in range(1, 7):
        page.visits(desk, count)
        desk.restart()
    assert page.gaps[0] >= 2 * page.floor
    assert all(later >= 1.9 * earlier for earlier, later in zip(page.gaps, page.gaps[1:], strict=False))


@pytest.mark.parametrize(
    ("status", "others_wait"),
    [(429, True), (502, False), (503, False)],
    ids=["429 is of the host", "502 is of the path", "503 is of the path"],
)
def test_rule_18_the_scope_of_retry_after(feed, desk, status, others_wait):
    room = feed.room
    no = Answer(status=status).with_headers(Retry_After="14400")
    room.pages["/a"] = turns(rss().with_headers(ETag='"1"'), no)
    room.pages["/b"] = revalidated(lambda: rss(title="b").with_headers(ETag='"1"'))
    room.pages["/c"] = revalidated(lambda: rss(title="c").with_headers(ETag='"1"'))
    desk("/a", "/b", room.url("/c", "weekly.example")).run(hours=4)
    refused = room.requests("/a")[1].at
    assert len(room.requests("/a")) == 2
    asked = {t: [r for r in room.requests(t) if refused < r.at < refused + timedelta(hours=3.5)] for t in ("/b", "/c")}
    assert len(asked["/c"]) >= 8
    assert len(asked["/b"]) == 0 if others_wait else len(asked["/b"]) >= 8


def test_rule_18_a_429_is_of_the_host_that_said_so(feed, desk):
    """Which a redirect may have led to."""
    room = feed.room
    room.pages["/a"] = always(Answer(status=302).with_headers(Location=room.url("/x", "weekly.example")))
    room.pages["/x"] = always(Answer(status=429).with_headers(Retry_After="7200"))
    room.pages["/b"] = room.pages["/c"] = revalidated(lambda: rss().with_headers(ETag='"1"'))
    desk("/a", "/b", room.url("/c", "weekly.example")).run(hours=2.5)
    said = room.requests("/x")[0].at
    asked = {t: [r for r in room.requests(t) if said < r.at < said + timedelta(hours=2)] for t in ("/b", "/c", "/x")}
    assert (len(asked["/b"]) > 4, asked["/c"], asked["/x"]) == (True, [], [])


@pytest.mark.parametrize(
    ("header", "value", "wait"),
    [
        ("Cache_Control", "max-age=10800", 3 * HOUR),
        ("Cache_Control", "public, max-age=10800, must-revalidate", 3 * HOUR),
        ("Expires", 10800.0, 3 * HOUR),
        ("Cache_Control", "no-cache, max-age=10800", 0.0),
        ("Cache_Control", "no-cache", 0.0),
        ("Cache_Control", "s-maxage=10800", 0.0),
        ("Cache_Control", "max-age=315360000", MONTH),
        ("Expires", -10800.0, 0.0),
        ("Expires", "0", 0.0),
    ],
)
@pytest.mark.parametrize("quiet", [True, False], ids=["304", "200"])
def test_rule_19_freshness_is_waited_for_and_nothing_freezes(page, header, value, wait, quiet):
    def fresh():
        said = after(value, page.room.clock) if isinstance(value, float) else value
        return page.fresh(0 if quiet else len(page.requests)).with_headers(
            ETag=f'"{0 if quiet else len(page.requests)}"', **{header: said}
        )

    script = (lambda r: Answer(status=304, headers=fresh().headers) if r.conditional else fresh()) if quiet else None
    page.serve(script or (lambda _: fresh()))
    page.visits(page.desk(jitter=0.0), 3)
    # Pages are often said to be fresh for a year, and revised within the hour.
    most = MONTH if page.kind == "feed" else schedule.ARTICLE_SLOWEST
    assert all(gap >= max(min(wait, most), page.floor) for gap in page.gaps)
    assert all(gap <= MONTH * 1.2 for gap in page.gaps)
    if wait == 0.0:
        assert page.gaps[0] < 3 * HOUR


@pytest.mark.parametrize(
    ("words", "wait"),
    [
        ("<ttl>180</ttl>", 3 * HOUR),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", HOUR),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>8</sy:updateFrequency>", 3 * HOUR),
        ("<ttl>5</ttl>", 0.0),
        ("<ttl>525600</ttl>", DAY),
        ("<ttl>-3</ttl>", 0.0),
    ],
)
def test_rule_20_ttl_and_sy_mean_not_more_often(feed, words, wait):
    feed.serve(turns(*(rss(extra=words, title=f"{n}").with_headers(ETag=f'"{n}"') for n in range(5))))
    feed.visits(feed.desk(jitter=0.0), 5)
    assert all(gap >= max(wait, feed.floor) for gap in feed.gaps)
    assert all(gap <= DAY * 1.2 for gap in feed.gaps)


@pytest.mark.parametrize("confirmed", [True, False], ids=["304", "the same bytes"])
def test_rule_20_holds_while_nothing_changes(feed, confirmed):
    tag = {"ETag": '"1"'} if confirmed else {}
    feed.serve(revalidated(rss(extra="<ttl>180</ttl>").with_headers(**tag)))
    desk = feed.desk(jitter=0.0)
    feed.visits(desk, 3)
    desk.restart()
    feed.visits(desk, 5)
    assert all(3 * HOUR <= gap <= DAY for gap in feed.gaps)


@pytest.mark.parametrize("changing", [True, False])
def test_rule_20_skipped_hours_and_days_are_left_out(feed, changing):
    """From noon on a Sunday."""
    hours = "".join(f"<hour>{n}</hour>" for n in (13, 14, 15, 20, 0))
    said = f"<skipHours>{hours}</skipHours><skipDays><day>Tuesday</day></skipDays>"
    feed.serve(lambda _: rss(extra=said, title=f"{len(feed.requests) if changing else 0}"))
    feed.desk(jitter=0.9).run(hours=72)
    asked = [(r.at.weekday(), r.at.hour) for r in feed.requests]
    assert {hour for _, hour in asked} & {13, 14, 15, 20, 0} == set()
    assert {day for day, _ in asked} == {6, 0, 2}


def test_rule_20_who_skips_every_hour_is_asked_all_the_same(feed):
    said = f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>"
    feed.serve(always(rss(extra=said)))
    feed.desk(jitter=0.0).run(hours=24)
    assert len(feed.requests) > 12


def test_rule_21_410_stops(page):
    page.serve(turns(page.fresh(), Answer(status=410)))
    desk = page.desk()
    page.visits(desk, 2)
    desk.run(hours=24 * 40)
    desk.restart()
    desk.run(hours=24 * 2)
    assert len(page.requests) == 2
    assert desk.resource(page.target).status == "gone"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_rule_22_slower_and_slower_but_never_for_ever(feed, status):
    feed.serve(always(Answer(status=status)))
    desk = feed.desk(jitter=0.0)
    feed.visits(desk, 8)
    assert all(later >= earlier for earlier, later in zip(feed.gaps, feed.gaps[1:], strict=False))
    assert feed.gaps[-1] >= 24 * feed.floor
    assert feed.gaps[-1] <= 7 * DAY * 1.2
    assert desk.resource(feed.target).last_detail == f"HTTP {status}"  # reported
    assert desk.resource(feed.target).failures == 8


def test_rule_22_it_recovers(feed):
    feed.serve(turns(Answer(status=404), Answer(status=404), feed.fresh()))
    desk = feed.desk(jitter=0.0)
    feed.visits(desk, 5)
    assert desk.resource(feed.target).failures == 0
    assert feed.gaps[-1] <= 2 * feed.floor


def test_rule_28_a_manual_refresh_is_under_the_floor(feed):
    feed.serve(revalidated(lambda: feed.fresh().with_headers(ETag='"1"')))
    desk = feed.desk()
    feed.visits(desk, 2)
    desk.run(seconds=120)
    asked = len(feed.room.log)
    for _ in range(20):
        desk.tick()
    assert len(feed.room.log) == asked


def test_rule_28_run_once_again_and_again_asks_once(room, tmp_path):
    """And does not sit out an hour that a host wants to be left alone for."""
    room.pages["/feed"] = always(rss())
    room.pages["/closed"] = always(Answer(status=429).with_headers(Retry_After="3600"))
    described = tmp_path / "outlets.toml"
    feeds = "".join(FEED.format(f"http://127.0.0.1:{room.port}{path}") for path in ("/feed", "/closed", "/later"))
    described.write_text(OUTLET.format(feeds=feeds))
    settings = {"data_dir": tmp_path, "outlets": described, "allow_networks": f"127.0.0.1/32:{room.port}"}
    for _ in range(2):
        ended = figurewatch.run("run-once", **settings)
        assert ended.returncode == 0
        assert "1 left for later" in ended.stdout
    assert [len(room.requests(path)) for path in ("/feed", "/closed", "/later")] == [1, 1, 0]


def test_rule_29_two_schedulers_and_doubled_messages_ask_once(feed, desk):
    feed.serve(revalidated(lambda: feed.fresh().with_headers(ETag='"1"')))
    pair = [feed.desk(), feed.desk()]
    for _ in range(5):
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda d: dispatching.dispatch(d.world, 50, 200), pair))
            messages = [leases for wakeups in found for leases in wakeups.visits] * 2  # each comes twice
            list(pool.map(lambda visitor, leases: visitor.visit(leases, []), pair * 2, messages))
        pair[0].read_all()
        feed.room.clock.time += timedelta(minutes=5)
    assert len(feed.requests) >= 2
    assert min(feed.gaps) >= feed.floor


FEED = '[[outlet.feed]]\nurl = "{}"\n'
OUTLET = """
[[outlet]]
slug = "daily"
name = "The Daily"
homepage = "http://daily.example/"
country = "XA"
language = "en"
{feeds}
"""


@pytest.mark.parametrize(
    "other",
    [
        "http://daily.example/feed",
        "HTTP://Daily.Example/feed",
        "http://daily.example:80/feed",
        "http://daily.example./feed",
        "http://daily.example/feed#top",
        "http://daily.example/x/../feed",
    ],
)
def test_rule_30_one_feed_under_two_names_is_refused(tmp_path, other):
    described = tmp_path / "outlets.toml"
    described.write_text(OUTLET.format(feeds=FEED.format("http://daily.example/feed") + FEED.format(other)))
    with pytest.raises(OutletsError, match="already used in line"):
        outlets.load(described)
