"""When to look again. Every interval grows from the floors of the policy; what the server asks for lengthens it.

An article is visited when it should have been revised WORTH times since the last visit (`rates` says what is
expected). To share a budget so that every visit is worth the same is what catches most changes of a Poisson process
whose loss is being overwritten (Azar et al. 2018, "Tractable near-optimal policies for crawling", with the importance
of a page proportional to its changes), and it needs no planner: each article's next visit follows from its own history
and its outlet's record, learned on the way (Kolobov et al. 2019, "Learning to crawl"). tests/bench/freshness measures
it against the ladders of the field.

Jitter, in [0, 1), only ever lengthens: a request is never early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from worker.core import hints, rates, wishes
from worker.model import Outcome, ResourceKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worker.core.rates import Life
    from worker.model import Feed, Policy

HOUR = 3600.0
DAY = 24 * HOUR
LONGEST = 31 * DAY  # what a server may ask for; beyond it we look whether it still means it
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

# A feed that says nothing new is asked less and less, down to a sixth: an hour at the default of ten minutes, after
# ten quiet hours. The clock counts and not the polls, so a newsroom's night slows a feed and a pause at noon does not.
FEED_SLOWEST = 6.0
FEED_SLOWDOWN_HOURS = 2.0
# What a visit to an article should find, in revisions. At this price and a floor of five minutes it takes about half of
# the requests of newsdiffs' ladder to catch as much (tests/bench/freshness). Who sets a shorter floor wants to look so
# often, so the price falls with it.
WORTH = 0.03
WORTH_FLOOR = 300.0
FIGURELESS = 1.5  # times as much is asked of an article that reports no figure, which may yet come to report one
# Nobody learns about an article nobody looks at: whatever is expected of it, its interval starts near the floor and
# grows by so many floors with each hour since it last changed.
LINE_START = 1.2
LINE_GROWTH = 8.0
ARTICLE_SLOWEST = 3 * DAY
ARTICLE_ENDS = 30 * DAY  # unchanged; the outlet's own word for a change brings it back
# Visits that come late say that the outlet's budget is spent: all its articles are then asked in longer intervals.
LATE = 1.0  # of a floor, before it counts
LATE_GAIN = 0.5  # of the interval for each floor of lateness
LATE_MOST = 4.0  # times the interval, whatever the lateness: after a downtime everything is late
JITTER = 0.1  # of the interval

# While nobody at all can be reached the fault is ours, and the end of the outage should be noticed soon.
OUTAGE_SECONDS = 60.0
OUTAGE_JITTER = 1.0  # catching up is spread

# Pauses of a whole host, in minimum gaps.
HOST_SILENT = 16.0  # it answers nobody for a while: 32 s at the default gap
HOST_THROTTLED = 32.0  # it says "too many" but not for how long; doubles
HOST_THROTTLED_MOST = 1800.0  # an hour
HOST_LONGEST = DAY  # one page's Retry-After must not silence an outlet for a month


@dataclass(frozen=True, slots=True)
class Backoff:
    """How the interval grows with failures in a row, in floors of the policy."""

    first: float
    growth: float
    most: float

    def floors(self, failures: int) -> float:
        """After this many failures, the one just seen included."""
        # The exponent is bounded, since 2.0 ** 1100 is no float.
        return min(self.most, self.first * self.growth ** min(max(failures, 1) - 1, 60))


_SOON = Backoff(1, 2, 36)  # up to 6 h at a floor of ten minutes
_RARELY = Backoff(36, 2, 1008)  # from 6 h up to a week
MISREAD = Backoff(1, 2, 144)  # up to a day
BACKOFF = MappingProxyType({
    Outcome.BROKEN: _SOON,
    Outcome.SERVER_ERROR: _SOON,
    Outcome.UNREACHABLE: Backoff(1, 2, 144),
    Outcome.UNEXPECTED: Backoff(1, 2, 144),
    Outcome.THROTTLED: Backoff(2, 2, 144),
    Outcome.BLOCKED: Backoff(4, 4, 144),
    Outcome.MISSING: Backoff(1, 4, 1008),
    Outcome.REFUSED: _RARELY,
    Outcome.TOO_LARGE: _RARELY,
    Outcome.UNSUPPORTED: _RARELY,
    Outcome.DISALLOWED: Backoff(144, 1, 144),  # a day at a floor of ten minutes, as long as robots.txt is held
})  # fmt: skip


def after_feed(
    feed: Feed,
    *,
    policy: Policy,
    fetched_at: datetime,
    jitter: float,
    headers: Mapping[str, str] = NO_HEADERS,
    misreads: int = 0,
) -> datetime:
    """When to poll a feed that was fresh and has been read; `headers` as the capture kept them.

    `misreads`: captures in a row that were no feed. What has turned into a web page is asked slower and slower.
    """
    wish = max(feed.min_interval or 0.0, hints.fresh_for(headers, fetched_at) or 0.0)
    floor = policy.poll_seconds * (MISREAD.floors(misreads) if misreads else 1.0)
    return wishes.first_after(_later(fetched_at, max(floor, min(wish, LONGEST)), jitter), feed.skips, jitter)


def after_article(
    life: Life,
    *,
    policy: Policy,
    now: datetime,
    jitter: float,
    headers: Mapping[str, str] = NO_HEADERS,
    late: float = 0.0,
    worth: float = WORTH,
) -> datetime | None:
    """When to revisit an article; None when it has been quiet for too long.

    `late`: seconds between the time planned for the visit just made and the visit. `worth`: revisions that a visit
    should find, at a floor of WORTH_FLOOR or more.
    """
    if is_over(life.changed_at, now):
        return None
    wish = min(hints.fresh_for(headers, now) or 0.0, _article_slowest(policy))
    return _later(now, max(_article_interval(life, policy, now, worth) * _stretch(policy, late), wish), jitter)


def after_hint(
    updated_at: datetime, *, visited_at: datetime, due_at: datetime | None, floor: float, now: datetime
) -> datetime | None:
    """When to revisit an article that its outlet says it changed at `updated_at`; `due_at` when that is no news.

    `floor`: seconds after `visited_at` before which it is not visited. A time to come is not believed: a clock or zone
    that is wrong would send us there with every poll.
    """
    if not visited_at < updated_at <= now:
        return due_at
    soon = max(now, visited_at + timedelta(seconds=floor))
    return soon if due_at is None else min(due_at, soon)


def after_quiet_feed(
    *,
    policy: Policy,
    changed_at: datetime,
    now: datetime,
    jitter: float,
    headers: Mapping[str, str] = NO_HEADERS,
    min_interval: float = 0.0,
    skips: int = 0,
) -> datetime:
    """When to poll a feed that said nothing new since `changed_at`; what it last asked for still holds."""
    slower = min(FEED_SLOWEST, 1 + _seconds(changed_at, now) / HOUR / FEED_SLOWDOWN_HOURS)
    wish = min(max(min_interval, hints.fresh_for(headers, now) or 0.0), LONGEST)
    return wishes.first_after(_later(now, max(policy.poll_seconds * slower, wish), jitter), skips, jitter)


def until_read(kind: ResourceKind, life: Life, *, policy: Policy, now: datetime, jitter: float) -> datetime:
    """When to look again at fresh bytes, should they never be read; reading sets a better time.

    New bytes are no revision yet, so pages that are new at every visit and never readable fade out as well.
    """
    if kind is ResourceKind.FEED:
        return _later(now, policy.poll_seconds, jitter)
    return _later(now, _article_interval(life, policy, now, WORTH), jitter)


def after_failure(
    outcome: Outcome,
    kind: ResourceKind,
    *,
    policy: Policy,
    failures: int,
    headers: Mapping[str, str],
    now: datetime,
    jitter: float,
) -> datetime:
    """When to try again after a failure; `failures` counts it. GONE is not tried again and not asked for here."""
    floor = floor_seconds(kind, policy)
    asked = min(hints.retry_after(headers, now) or 0.0, LONGEST)
    return _later(now, max(floor * BACKOFF[outcome].floors(failures), asked), jitter)


def after_outage(kind: ResourceKind, *, policy: Policy, now: datetime, jitter: float) -> datetime:
    """When to try again while nobody at all answers; no server has seen the request."""
    return _later(now, min(OUTAGE_SECONDS, floor_seconds(kind, policy)), jitter, OUTAGE_JITTER)


def is_over(changed_at: datetime, now: datetime) -> bool:
    """Tell whether an article has been quiet, or unavailable, for so long that it is left alone."""
    return _seconds(changed_at, now) >= ARTICLE_ENDS


def host_free(
    outcome: Outcome,
    *,
    silent: bool,
    policy: Policy,
    failures: int,
    headers: Mapping[str, str],
    now: datetime,
    jitter: float,
    delay: float = 0.0,
) -> datetime:
    """When the host may be asked for anything again; `silent`: it did not answer, not in time, or says that it cannot.

    A Retry-After is the host's with 429 only: with a server error it is of one path, whose server may be one of many.
    `delay`: seconds that its robots.txt wants between two requests.
    """
    gap = max(policy.min_gap_seconds, delay)
    if outcome is Outcome.THROTTLED:
        asked = hints.retry_after(headers, now)
        backoff = Backoff(HOST_THROTTLED, 2, HOST_THROTTLED_MOST)
        pause = policy.min_gap_seconds * backoff.floors(failures) if asked is None else min(asked, HOST_LONGEST)
        gap = max(gap, pause)
    elif silent:
        gap = max(gap, policy.min_gap_seconds * HOST_SILENT)
    return _later(now, gap, jitter)


def floor_seconds(kind: ResourceKind, policy: Policy) -> float:
    """What a resource of this kind is never asked more often than."""
    return policy.poll_seconds if kind is ResourceKind.FEED else policy.revisit_seconds


def budget_seconds(policy: Policy) -> float:
    """For how long one request uses up an outlet's hourly budget: spread evenly, it cannot be spent in a burst."""
    return HOUR / policy.requests_per_hour


def _article_interval(life: Life, policy: Policy, now: datetime, worth: float) -> float:
    floor = policy.revisit_seconds
    line = floor * (LINE_START + LINE_GROWTH * _seconds(life.changed_at, now) / HOUR)
    asked = worth * min(1.0, floor / WORTH_FLOOR) * (FIGURELESS if life.figures is False else 1.0)
    habits = rates.habits(life.pace)
    wait = rates.outlook(life, habits, now).seconds_until(asked, min(line, _article_slowest(policy)))
    # What is expected in so many seconds on average takes longer at night, and is there sooner in busy hours.
    return max(floor, habits.clock.seconds(now.timestamp(), wait))


def _stretch(policy: Policy, late: float) -> float:
    return min(LATE_MOST, 1 + LATE_GAIN * max(0.0, late / policy.revisit_seconds - LATE))


def _article_slowest(policy: Policy) -> float:
    return max(ARTICLE_SLOWEST, policy.revisit_seconds)


def _seconds(since: datetime, now: datetime) -> float:
    """How long ago; a clock that was set back makes nothing younger than new."""
    return max(0.0, (now - since).total_seconds())


def _later(now: datetime, seconds: float, jitter: float, share: float = JITTER) -> datetime:
    return now + timedelta(seconds=seconds * (1 + share * jitter))
