"""When to look again."""

from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.core import schedule
from worker.model import Feed, FeedVerdict, Outcome, Policy, ResourceKind

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
DEFAULT = Policy(requests_per_hour=36_000)
TINY = Policy(min_gap_seconds=0.05, poll_seconds=1, revisit_seconds=1, requests_per_hour=3_600_000)
FAILURES = sorted(schedule.BACKOFF)
KINDS = list(ResourceKind)
HOUR, DAY = 3600, 86_400


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


def article(policy=DEFAULT, jitter=0.0, headers=None, **age):
    when = schedule.after_article(policy=policy, changed_at=ago(**age), now=NOW, jitter=jitter, headers=headers or {})
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


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        ({"seconds": 0}, 900),
        ({"hours": 1}, 1800),
        ({"hours": 3}, 3600),
        ({"hours": 11}, 3 * HOUR),
        ({"hours": 23}, 6 * HOUR),
        ({"hours": 95}, 24 * HOUR),
        ({"days": 6}, 24 * HOUR),
        ({"days": 7}, None),
        ({"days": 700}, None),
        ({"hours": -5}, 900),  # the clock was set back
    ],
)
def test_an_article_is_revisited_less_with_the_time_since_it_changed(age, expected):
    assert article(**age) == expected


def test_freshness_of_an_article_page_is_honoured_up_to_a_day():
    assert article(headers={"cache-control": "max-age=7200"}, hours=0) == 7200
    assert article(headers={"cache-control": "max-age=31536000"}, hours=0) == DAY


def test_a_floor_above_a_day_is_kept():
    slow = Policy(revisit_seconds=2 * DAY)
    assert article(slow, hours=0) == 2 * DAY
    assert article(slow, headers={"cache-control": "max-age=31536000"}, hours=0) == 2 * DAY


def test_the_schedule_keeps_to_the_scale_of_a_tiny_policy():
    """Twenty visits at a floor of a second that find nothing new are still a few seconds apart."""
    moment = start = NOW
    for _ in range(20):
        moment = schedule.after_article(policy=TINY, changed_at=start, now=moment, jitter=0.9) or NOW
    assert 20 <= (moment - start).total_seconds() < 30
    moment = start
    for _ in range(20):
        moment = schedule.after_quiet_feed(policy=TINY, changed_at=start, now=moment, jitter=0.9)
    assert 20 <= (moment - start).total_seconds() < 30


def test_bytes_that_nobody_reads_fade_out_but_are_never_forgotten():
    def wait(kind, **age):
        return seconds(schedule.until_read(kind, policy=DEFAULT, first_seen_at=ago(**age), now=NOW, jitter=0.0))

    assert [wait(ResourceKind.ARTICLE, hours=h) for h in (0, 3, 95, 10_000)] == [900, HOUR, DAY, DAY]
    assert wait(ResourceKind.FEED, hours=10_000) == 600


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
    no_failure = {Outcome.FRESH, Outcome.SAME, Outcome.NOT_MODIFIED, Outcome.GONE}
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


def every_wait(policy, age, *, jitter, headers, failures):
    """All the waits of resources under these circumstances, by kind."""
    since = ago(seconds=age)
    common = {"policy": policy, "now": NOW, "jitter": jitter, "headers": headers}
    feeds = [
        schedule.after_feed(feed(), policy=policy, fetched_at=NOW, jitter=jitter, headers=headers),
        schedule.after_quiet_feed(changed_at=since, **common),
        schedule.until_read(ResourceKind.FEED, policy=policy, first_seen_at=since, now=NOW, jitter=jitter),
        *(schedule.after_failure(o, ResourceKind.FEED, failures=failures, **common) for o in FAILURES),
    ]
    articles = [
        schedule.after_article(changed_at=since, **common),
        schedule.until_read(ResourceKind.ARTICLE, policy=policy, first_seen_at=since, now=NOW, jitter=jitter),
        *(schedule.after_failure(o, ResourceKind.ARTICLE, failures=failures, **common) for o in FAILURES),
    ]
    return [seconds(w) for w in feeds], [None if w is None else seconds(w) for w in articles]


@settings(deadline=None)  # a busy machine is no failure
@given(POLICIES, AGES, JITTER, SOME_HEADERS, st.integers(0, 5000))
def test_never_early_and_never_frozen(policy, age, jitter, headers, failures):
    feeds, articles = every_wait(policy, age, jitter=jitter, headers=headers, failures=failures)
    microsecond = 1e-6  # what a datetime rounds to
    most = 1.1 * max(31 * DAY, 1008 * max(policy.poll_seconds, policy.revisit_seconds))
    assert all(policy.poll_seconds - microsecond <= wait <= most for wait in feeds)
    assert all(wait is None or policy.revisit_seconds - microsecond <= wait <= most for wait in articles)


@settings(deadline=None)
@given(POLICIES, AGES, JITTER, SOME_HEADERS, st.integers(0, 20))
def test_jitter_only_lengthens(policy, age, jitter, headers, failures):
    without = every_wait(policy, age, jitter=0.0, headers=headers, failures=failures)
    spread = every_wait(policy, age, jitter=jitter, headers=headers, failures=failures)
    for calm, shaken in zip(chain(*without), chain(*spread), strict=True):
        assert (calm is None) == (shaken is None)
        assert calm is None or calm <= shaken <= calm * 1.1 + 1e-6


@settings(deadline=None)
@given(POLICIES, st.lists(AGES, min_size=2, max_size=2).map(sorted))
def test_older_is_never_revisited_sooner(policy, ages):
    younger, older = (
        schedule.after_article(policy=policy, changed_at=ago(seconds=a), now=NOW, jitter=0.0) for a in ages
    )
    assert older is None or (younger is not None and younger <= older)


@settings(deadline=None)
@given(POLICIES, st.sampled_from(list(Outcome)), JITTER, SOME_HEADERS, st.integers(0, 5000))
def test_a_host_is_never_asked_within_its_gap_nor_silenced_for_more_than_a_day(
    policy, outcome, jitter, headers, failures
):
    common = {"policy": policy, "failures": failures, "headers": headers, "now": NOW, "jitter": jitter}
    for silent in (False, True):
        wait = seconds(schedule.host_free(outcome, silent=silent, **common))
        assert policy.min_gap_seconds - 1e-6 <= wait <= 1.1 * max(DAY, 1800 * policy.min_gap_seconds)


@given(hourly=st.integers(1, 100_000), gap=st.floats(0, 60))
def test_the_hourly_budget_cannot_be_spent_in_a_burst(hourly, gap):
    policy = Policy(min_gap_seconds=gap, requests_per_hour=hourly)
    assert schedule.gap_seconds(policy) * hourly >= 3600 - 1e-6
    assert schedule.gap_seconds(policy) >= gap
