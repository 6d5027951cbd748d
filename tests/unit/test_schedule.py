"""When to look again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.unit import paces
from worker.core import rates, schedule
from worker.core.rates import Life
from worker.model import Feed, FeedVerdict, Outcome, Policy, ResourceKind

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DEFAULT = Policy(requests_per_hour=36_000)
TINY = Policy(min_gap_seconds=0.05, poll_seconds=1, revisit_seconds=1, requests_per_hour=3_600_000)
FAILURES = sorted(schedule.BACKOFF)
KINDS = list(ResourceKind)
HOUR, DAY = 3600, 86_400
QUIET, BUSY = paces.of((1000,) * 8, (2,) * 8), paces.of((1000,) * 8, (600,) * 8)


def ago(**parts):
    return NOW - timedelta(**parts)


def seconds(moment):
    return (moment - NOW).total_seconds()


def feed(min_interval=None):
    return Feed(FeedVerdict.FEED, "t", (), min_interval=min_interval)


def read_feed(policy=DEFAULT, min_interval=None, jitter=0.0, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return seconds(schedule.after_feed(feed(min_interval), policy=policy, fetched_at=NOW, jitter=jitter, headers=named))


def quiet_feed(hours, policy=DEFAULT, jitter=0.0, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    when = schedule.after_quiet_feed(policy=policy, changed_at=ago(hours=hours), now=NOW, jitter=jitter, headers=named)
    return seconds(when)


def life(quiet=0.0, watched=None, **known):
    """An article that last changed `quiet` seconds ago and has been known for `watched`."""
    since = ago(seconds=quiet)
    return Life(first_seen_at=since if watched is None else ago(seconds=watched), changed_at=since, **known)


def article(quiet=0.0, policy=DEFAULT, jitter=0.0, headers=None, late=0.0, **known):
    when = schedule.after_article(
        life(quiet, **known), policy=policy, now=NOW, jitter=jitter, headers=headers or {}, late=late
    )
    return when and seconds(when)


def failure(outcome, kind=ResourceKind.FEED, failures=1, policy=DEFAULT, jitter=0.0, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return seconds(
        schedule.after_failure(outcome, kind, policy=policy, failures=failures, headers=named, now=NOW, jitter=jitter)
    )


def host(outcome, policy=DEFAULT, failures=1, jitter=0.0, *, silent=False, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return seconds(
        schedule.host_free(
            outcome, silent=silent, policy=policy, failures=failures, headers=named, now=NOW, jitter=jitter
        )
    )


# --- feeds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("min_interval", "headers", "expected"),
    [
        (None, {}, 600),
        (60.0, {}, 600),
        (1800.0, {}, 1800),
        (None, {"cache_control": "max-age=60"}, 600),
        (None, {"cache_control": "max-age=1800"}, 1800),
        (3600.0, {"cache_control": "max-age=1800"}, 3600),
        (525_600 * 60.0, {}, 31 * DAY),
        (None, {"cache_control": "max-age=31536000"}, 31 * DAY),
        (None, {"cache_control": "no-cache"}, 600),
    ],
)
def test_a_feed_that_was_read(min_interval, headers, expected):
    assert read_feed(min_interval=min_interval, **headers) == expected


@pytest.mark.parametrize(("hours", "expected"), [(0, 600), (1, 900), (2, 1200), (6, 2400), (10, 3600), (1000, 3600)])
def test_a_quiet_feed_is_asked_less_down_to_a_sixth(hours, expected):
    assert quiet_feed(hours) == expected


def test_a_quiet_feed_that_says_how_long_it_stays_fresh():
    assert quiet_feed(0, cache_control="max-age=1800") == 1800
    assert quiet_feed(10, cache_control="max-age=1800") == 3600
    assert quiet_feed(0, cache_control="max-age=99999999") == 31 * DAY


# --- articles ----------------------------------------------------------------------------------------------------


def test_an_article_is_asked_at_the_floor_at_first_and_seldom_in_the_end():
    waits = [article(hours * HOUR) for hours in (0, 1, 6, 24, 72, 7 * 24, 29 * 24)]
    assert waits == sorted(waits)
    assert waits[0] <= 1.2 * 900
    assert HOUR < waits[2] < 6 * HOUR < waits[4]
    assert waits[-1] == 3 * DAY
    assert article(-5 * HOUR) == waits[0]  # the clock was set back


def test_an_article_that_has_been_quiet_for_a_month_is_left_alone():
    assert article(30 * DAY - 1) is not None
    assert article(30 * DAY) is None


def test_the_outlets_record_counts_until_the_article_has_its_own():
    quiet, unknown, busy = (article(6 * HOUR, pace=pace) for pace in (QUIET, None, BUSY))
    assert quiet > unknown > busy
    assert quiet > 3 * article(6 * HOUR, pace=QUIET, revisions=4)


def test_a_running_story_is_followed_in_its_rhythm_until_it_falls_silent():
    """Eight updates in four hours: it is looked at within a fraction of its rhythm, then less and less."""
    running = [article(silent * HOUR, watched=(4 + silent) * HOUR, revisions=8) for silent in (0, 2, 12, 72)]
    assert running == sorted(running)
    assert running[0] == 900
    assert running[-1] > 8 * running[0]
    assert all(
        wait < article(silent * HOUR, watched=(4 + silent) * HOUR)
        for wait, silent in zip(running[1:], (2, 12, 72), strict=True)
    )


def test_an_article_without_figures_is_asked_less():
    asked, unknown, spared = (article(6 * HOUR, figures=figures) for figures in (True, None, False))
    assert asked == unknown < spared < 4 * asked


def test_a_date_of_publication_is_believed_up_to_two_hours_before_the_discovery():
    early = article(HOUR, published_at=ago(hours=2))
    assert (
        article(HOUR) <= early <= article(HOUR, published_at=ago(hours=3)) == article(HOUR, published_at=ago(days=900))
    )
    assert article(HOUR, published_at=ago(hours=-9)) == article(HOUR)  # a zone that is wrong


def test_freshness_of_an_article_page_is_honoured_up_to_three_days():
    assert article(headers={"cache-control": "max-age=7200"}) == 7200
    assert article(headers={"cache-control": "max-age=31536000"}) == 3 * DAY


def test_a_floor_above_three_days_is_kept():
    slow = Policy(revisit_seconds=4 * DAY)
    assert article(policy=slow) == 4 * DAY
    assert article(policy=slow, headers={"cache-control": "max-age=31536000"}) == 4 * DAY


@pytest.mark.parametrize("published", [None, ago(seconds=20), ago(hours=1), ago(days=2)])
@pytest.mark.parametrize("pace", [None, QUIET, BUSY, paces.of((8, *(0,) * 7), (0,) * 8)])
def test_a_demonstration_that_lasts_a_minute_is_watched_all_the_while(pace, published):
    """At a floor of four seconds nobody waits for more than six, whatever is known of outlet and article."""
    policy = Policy(min_gap_seconds=0.1, poll_seconds=3, revisit_seconds=4, requests_per_hour=36_000)
    for passed, revisions in ((0, 0), (12, 0), (30, 0), (60, 0), (30, 1), (60, 3)):
        wait = article(
            passed, policy, jitter=0.999, pace=pace, published_at=published, revisions=revisions, figures=False
        )
        assert 4 <= wait <= 6


def test_visits_of_a_tiny_policy_stay_close_together():
    moment: datetime | None = NOW
    for _ in range(20):
        assert moment is not None
        moment = schedule.after_article(life(), policy=TINY, now=moment, jitter=0.9)
    assert 20 <= seconds(moment) < 30
    moment = NOW
    for _ in range(20):
        moment = schedule.after_quiet_feed(policy=TINY, changed_at=NOW, now=moment, jitter=0.9)
    assert 20 <= seconds(moment) < 30


def test_a_visit_that_had_to_wait_asks_for_less_of_them():
    assert article(HOUR, late=900) == article(HOUR)
    assert article(HOUR) < article(HOUR, late=1800) < article(HOUR, late=3600)
    assert article(HOUR, late=30 * DAY) == pytest.approx(4 * article(HOUR))


def test_bytes_that_nobody_reads_fade_out_but_are_never_forgotten():
    def wait(kind, hours):
        return seconds(schedule.until_read(kind, life(hours * HOUR), policy=DEFAULT, now=NOW, jitter=0.0))

    waits = [wait(ResourceKind.ARTICLE, hours) for hours in (0, 3, 95, 10_000)]
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (article(), 3 * DAY)
    assert wait(ResourceKind.FEED, 10_000) == 600


# --- what the outlet says of an article --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "visited", "due", "expected"),
    [
        (10, 120, 300, 0),  # changed since the visit: now
        (10, 12, 300, 3),  # but not within the floor
        (10, 12, 2, 2),  # nor later than planned
        (130, 120, 300, 300),  # we have seen it since
        (-30, 120, 300, 300),  # a time to come
        (10, 120, None, 0),  # we had given up
        (130, 120, None, None),
    ],
)
def test_a_change_that_the_feed_states(said, visited, due, expected):
    """Minutes; ago for what was, ahead for what is planned."""
    soon = schedule.after_hint(
        ago(minutes=said),
        visited_at=ago(minutes=visited),
        due_at=None if due is None else ago(minutes=-due),
        floor=900,
        now=NOW,
    )
    assert soon == (None if expected is None else ago(minutes=-expected))


# --- failures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "floors"),
    [
        (Outcome.BROKEN, [1, 2, 4, 8, 16, 32, 36, 36]),
        (Outcome.SERVER_ERROR, [1, 2, 4, 8, 16, 32, 36, 36]),
        (Outcome.UNREACHABLE, [1, 2, 4, 8, 16, 32, 64, 128, 144]),
        (Outcome.THROTTLED, [2, 4, 8, 16, 32, 64, 128, 144]),
        (Outcome.BLOCKED, [4, 16, 64, 144]),
        (Outcome.MISSING, [1, 4, 16, 64, 256, 1008]),
        (Outcome.REFUSED, [36, 72, 144, 288, 576, 1008]),
    ],
)
@pytest.mark.parametrize(("kind", "floor"), [(ResourceKind.FEED, 600), (ResourceKind.ARTICLE, 900)])
def test_failures_in_a_row_back_off_by_their_class(outcome, floors, kind, floor):
    assert [failure(outcome, kind, n) / floor for n in range(1, len(floors) + 1)] == floors


def test_every_failure_has_a_backoff():
    no_failure = {Outcome.FRESH, Outcome.SAME, Outcome.NOT_MODIFIED, Outcome.GONE, Outcome.LOST}
    assert set(schedule.BACKOFF) == set(Outcome) - no_failure


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5", 1200),
        ("7200", 7200),
        ("Sun, 22 Nov 2026 12:00:00 GMT", 7200),
        ("Sun, 22 Nov 2020 12:00:00 GMT", 1200),
        ("-1", 1200),
        ("next week", 1200),
        ("315360000", 31 * DAY),
        ("9" * 17, 31 * DAY),
    ],
)
def test_retry_after_is_kept_between_the_floor_and_a_month(value, expected):
    assert failure(Outcome.THROTTLED, retry_after=value) == expected


def test_retry_after_counts_for_any_failure():
    assert failure(Outcome.SERVER_ERROR, retry_after="7200") == 7200
    assert failure(Outcome.BLOCKED, retry_after="7200") == 7200


def test_our_own_outage_is_retried_soon_and_spread():
    def wait(policy, jitter):
        return seconds(schedule.after_outage(ResourceKind.FEED, policy=policy, now=NOW, jitter=jitter))

    assert (wait(DEFAULT, 0.0), wait(DEFAULT, 0.5), wait(TINY, 0.0)) == (60, 90, 1)


# --- hosts -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome", [Outcome.FRESH, Outcome.SAME, Outcome.NOT_MODIFIED, Outcome.MISSING, Outcome.SERVER_ERROR]
)
def test_a_host_is_left_alone_for_the_minimum_gap(outcome):
    assert host(outcome, retry_after="3600") == 2


def test_only_too_many_requests_slows_the_whole_host():
    assert host(Outcome.THROTTLED, retry_after="120") == 120
    assert host(Outcome.THROTTLED, retry_after="0") == 2
    assert host(Outcome.THROTTLED, retry_after="315360000") == DAY
    assert [host(Outcome.THROTTLED, failures=n) for n in (1, 2, 3, 50)] == [64, 128, 256, 3600]


def test_a_host_that_does_not_answer_costs_only_a_request_now_and_then():
    assert host(Outcome.UNREACHABLE, silent=True) == 32
    assert host(Outcome.BROKEN, silent=True, policy=TINY) == pytest.approx(0.8)


# --- properties --------------------------------------------------------------------------------------------------

POLICIES = st.builds(
    Policy,
    min_gap_seconds=st.floats(0.01, 600),
    poll_seconds=st.floats(0.5, 10 * DAY),
    revisit_seconds=st.floats(0.5, 10 * DAY),
)
JITTER = st.floats(0, 1, exclude_max=True)
AGES = st.floats(-DAY, 400 * DAY)
SOME_HEADERS = st.dictionaries(
    st.sampled_from(["retry-after", "cache-control", "expires", "date", "age"]),
    st.sampled_from(["0", "60", "99999999999", "max-age=7200", "no-cache", "Sun, 22 Nov 2026 12:00:00 GMT", "?"]),
)


COUNTS = st.tuples(*[st.integers(0, 10**6)] * len(rates.STAGES))
PACES = st.none() | st.builds(
    paces.of,
    COUNTS,
    COUNTS,
    unrevised=COUNTS,
    first=COUNTS,
    followed=st.integers(0, 10**6),
    hourly=st.sampled_from([paces.NO_HOURS, (0,) * 6 + (50,) * 18, (0,) * 23 + (10**6,)]),  # more in test_hours.py
    evenly=st.sampled_from([paces.NO_HOURS, (50.0,) * 24]),
)
LIVES = st.builds(
    lambda quiet, before, **known: life(quiet, watched=quiet + before, **known),
    quiet=AGES,
    before=st.floats(0, 400 * DAY),
    published_at=st.none() | st.datetimes(datetime(1991, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    revisions=st.integers(0, 10_000),
    figures=st.sampled_from([None, True, False]),
    pace=PACES,
)
LATE = st.floats(0, 400 * DAY)
TROUBLES = st.tuples(st.integers(0, 5000), LATE)  # failures in a row, seconds late


def every_wait(policy, known, *, jitter, headers, failures, late=0.0):
    """All the waits of resources under these circumstances, by kind."""
    common = {"policy": policy, "now": NOW, "jitter": jitter, "headers": headers}
    feeds = [
        schedule.after_feed(feed(), policy=policy, fetched_at=NOW, jitter=jitter, headers=headers),
        schedule.after_quiet_feed(changed_at=known.changed_at, **common),
        schedule.until_read(ResourceKind.FEED, known, policy=policy, now=NOW, jitter=jitter),
        *(schedule.after_failure(o, ResourceKind.FEED, failures=failures, **common) for o in FAILURES),
    ]
    articles = [
        schedule.after_article(known, late=late, **common),
        schedule.until_read(ResourceKind.ARTICLE, known, policy=policy, now=NOW, jitter=jitter),
        *(schedule.after_failure(o, ResourceKind.ARTICLE, failures=failures, **common) for o in FAILURES),
    ]
    return [seconds(w) for w in feeds], [None if w is None else seconds(w) for w in articles]


@settings(deadline=None)  # a busy machine is no failure
@given(POLICIES, LIVES, JITTER, SOME_HEADERS, TROUBLES)
def test_never_early_and_never_frozen(policy, known, jitter, headers, troubles):
    failures, late = troubles
    feeds, articles = every_wait(policy, known, jitter=jitter, headers=headers, failures=failures, late=late)
    microsecond = 1e-6  # what a datetime rounds to
    most = 1.1 * max(31 * DAY, 1008 * max(policy.poll_seconds, policy.revisit_seconds)) + microsecond
    assert all(policy.poll_seconds - microsecond <= wait <= most for wait in feeds)
    assert all(wait is None or policy.revisit_seconds - microsecond <= wait <= most for wait in articles)


@settings(deadline=None)
@given(POLICIES, LIVES, JITTER, SOME_HEADERS, LATE)
def test_an_article_waits_for_twelve_days_or_four_floors_at_most(policy, known, jitter, headers, late):
    when = schedule.after_article(known, policy=policy, now=NOW, jitter=jitter, headers=headers, late=late)
    assert when is None or seconds(when) <= 1.1 * 4 * max(3 * DAY, policy.revisit_seconds) + 1e-6


@settings(deadline=None)
@given(POLICIES, LIVES, JITTER, SOME_HEADERS, TROUBLES)
def test_jitter_only_lengthens(policy, known, jitter, headers, troubles):
    failures, late = troubles
    without = every_wait(policy, known, jitter=0.0, headers=headers, failures=failures, late=late)
    spread = every_wait(policy, known, jitter=jitter, headers=headers, failures=failures, late=late)
    for calm, shaken in zip(chain(*without), chain(*spread), strict=True):
        assert (calm is None) == (shaken is None)
        assert calm is None or calm <= shaken <= calm * 1.1 + 1e-6


@settings(deadline=None)
@given(POLICIES, LIVES, st.floats(0, 30 * DAY))
def test_time_without_a_change_shortens_no_interval_unless_its_outlet_revises_more_then(policy, known, passed):
    """More at that age, or at that hour of the day."""
    if known.pace is not None:
        known = replace(known, pace=replace(known.pace, hourly=paces.NO_HOURS, evenly=paces.NO_HOURS))
    habits = rates.habits(known.pace)

    def wait(now):
        when = schedule.after_article(known, policy=policy, now=now, jitter=0.0)
        return None if when is None else (when - now).total_seconds()

    then = NOW + timedelta(seconds=passed)
    assume(rates.outlook(known, habits, then).by_age <= rates.outlook(known, habits, NOW).by_age)
    sooner, later = wait(NOW), wait(then)
    assert later is None or (sooner is not None and sooner <= later * (1 + 1e-5) + 1e-5)


def test_at_an_outlet_that_revises_late_a_quiet_article_is_looked_at_more_often_when_that_age_comes():
    late = paces.of((1000,) * 8, (*(0,) * 7, 400))
    waits = [article(quiet, pace=late) for quiet in (30 * HOUR, 60 * HOUR, 65 * HOUR)]
    assert waits[0] < waits[1]
    assert waits[2] < waits[1]


def test_at_an_outlet_that_sleeps_at_night_an_article_is_looked_at_less_often_by_night_than_by_day():
    works = paces.of((1000,) * 8, (100,) * 8, hourly=(0,) * 6 + (50,) * 16 + (0,) * 2, evenly=(100 / 3,) * 24)
    always = paces.of((1000,) * 8, (100,) * 8, hourly=(50,) * 24, evenly=(50.0,) * 24)

    def wait(pace, hour):
        now = NOW.replace(hour=hour)
        known = Life(now - timedelta(hours=12), now - timedelta(hours=12), pace=pace)
        when = schedule.after_article(known, policy=DEFAULT, now=now, jitter=0.0)
        assert when is not None
        return (when - now).total_seconds()

    assert wait(works, 10) < wait(always, 10) == wait(always, 0) < wait(works, 0)
    assert wait(works, 0) < 5 * wait(always, 0)


@settings(deadline=None)
@given(POLICIES, LIVES, st.integers(1, 1000), LATE)
def test_more_known_changes_never_lengthen_and_lateness_never_shortens(policy, known, more, late):
    """But the first may: there are outlets whose articles are all revised, and once."""

    def wait(known, late=0.0):
        when = schedule.after_article(known, policy=policy, now=NOW, jitter=0.0, late=late)
        return None if when is None else seconds(when)

    plain = wait(known)
    if plain is not None:
        if known.revisions:
            assert wait(replace(known, revisions=known.revisions + more)) <= plain * (1 + 1e-5) + 1e-5
        assert wait(known, late) >= plain


@settings(deadline=None)
@given(st.floats(0, 400 * DAY), st.floats(0, 400 * DAY), st.none() | st.floats(0, 40 * DAY), st.floats(0.5, DAY))
def test_what_an_outlet_says_never_delays_nor_breaks_the_floor(said, visited, due, floor):
    planned = None if due is None else NOW + timedelta(seconds=due)
    soon = schedule.after_hint(ago(seconds=said), visited_at=ago(seconds=visited), due_at=planned, floor=floor, now=NOW)
    if soon is None:
        assert planned is None
    elif soon != planned:
        assert soon >= max(NOW, ago(seconds=visited) + timedelta(seconds=floor))
        assert planned is None or soon < planned


@settings(deadline=None)
@given(st.floats(0, 20 * DAY), st.floats(60, HOUR), st.integers(1, 60))
def test_after_a_downtime_each_article_is_visited_once_and_then_in_longer_intervals(downtime, gap, articles):
    """One host, its articles all overdue: what was missed is not made up for."""
    policy = Policy(min_gap_seconds=gap, revisit_seconds=900)
    now, before = NOW, article(HOUR)
    for number in range(articles):
        late = downtime + number * gap
        known = life(HOUR + late)
        when = schedule.after_article(known, policy=policy, now=now, jitter=0.0, late=late)
        if when is not None:
            assert (when - now).total_seconds() >= before
            assert late < 3 * 900 or (when - now).total_seconds() >= 2 * before
        now += timedelta(seconds=gap)


@settings(deadline=None)
@given(POLICIES, st.sampled_from(list(Outcome)), JITTER, SOME_HEADERS, st.integers(0, 5000))
def test_a_host_is_never_asked_within_its_gap_nor_silenced_for_more_than_a_day(
    policy, outcome, jitter, headers, failures
):
    common = {"policy": policy, "failures": failures, "headers": headers, "now": NOW, "jitter": jitter}
    for silent in (False, True):
        wait = seconds(schedule.host_free(outcome, silent=silent, **common))
        assert policy.min_gap_seconds - 1e-6 <= wait <= 1.1 * max(DAY, 1800 * policy.min_gap_seconds)


@given(hourly=st.integers(1, 100_000))
def test_the_hourly_budget_cannot_be_spent_in_a_burst(hourly):
    assert schedule.budget_seconds(Policy(requests_per_hour=hourly)) * hourly >= 3600 - 1e-6
