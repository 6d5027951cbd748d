"""When to look again. Every interval grows from the floors of the policy; what the server asks for lengthens it.

Jitter, in [0, 1), only ever lengthens: a request is never early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from worker.core import hints
from worker.model import Outcome, ResourceKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from worker.model import Feed, Policy

HOUR = 3600.0
DAY = 24 * HOUR
LONGEST = 31 * DAY  # what a server may ask for; beyond it we look whether it still means it
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

# A feed that says nothing new is asked less and less, down to a sixth: an hour at the default of ten minutes, after
# ten quiet hours. The clock counts and not the polls, so a newsroom's night slows a feed and a pause at noon does not.
FEED_SLOWEST = 6.0
FEED_SLOWDOWN_HOURS = 2.0
# An article's interval grows with the hours since it last changed: at the default floor 15 min, then 30 min after an
# hour, 1 h after three, 3 h after eleven, 6 h after a day, 24 h after four days; nobody revises after a week.
ARTICLE_SLOWEST = DAY
ARTICLE_ENDS = 7 * DAY
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
})  # fmt: skip


def after_feed(
    feed: Feed, *, policy: Policy, fetched_at: datetime, jitter: float, headers: Mapping[str, str] = NO_HEADERS
) -> datetime:
    """When to poll a feed that was fresh and has been read; `headers` as the capture kept them."""
    wish = max(feed.min_interval or 0.0, hints.fresh_for(headers, fetched_at) or 0.0)
    return _later(fetched_at, max(policy.poll_seconds, min(wish, LONGEST)), jitter)


def after_article(
    *,
    policy: Policy,
    changed_at: datetime,
    now: datetime,
    jitter: float,
    headers: Mapping[str, str] = NO_HEADERS,
) -> datetime | None:
    """When to revisit an article whose text last changed at `changed_at`; None when that is too long ago."""
    age = _seconds(changed_at, now)
    if age >= ARTICLE_ENDS:
        return None
    wish = min(hints.fresh_for(headers, now) or 0.0, _article_slowest(policy))
    return _later(now, max(_article_interval(policy, age), wish), jitter)


def after_quiet_feed(
    *,
    policy: Policy,
    changed_at: datetime,
    now: datetime,
    jitter: float,
    headers: Mapping[str, str] = NO_HEADERS,
) -> datetime:
    """When to poll a feed that said nothing new since `changed_at`."""
    slower = min(FEED_SLOWEST, 1 + _seconds(changed_at, now) / HOUR / FEED_SLOWDOWN_HOURS)
    wish = min(hints.fresh_for(headers, now) or 0.0, LONGEST)
    return _later(now, max(policy.poll_seconds * slower, wish), jitter)


def until_read(
    kind: ResourceKind, *, policy: Policy, first_seen_at: datetime, now: datetime, jitter: float
) -> datetime:
    """When to look again at fresh bytes, should they never be read; reading sets a better time.

    An article's whole age counts, so that pages that are new at every visit and never readable fade out as well.
    """
    if kind is ResourceKind.FEED:
        return _later(now, policy.poll_seconds, jitter)
    return _later(now, _article_interval(policy, _seconds(first_seen_at, now)), jitter)


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
) -> datetime:
    """When the host may be asked for anything again; `silent`: it did not answer, or not in time."""
    gap = gap_seconds(policy)
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


def gap_seconds(policy: Policy) -> float:
    """Between two requests to one host: the hourly budget is spread evenly, so that it cannot be spent in a burst."""
    return max(policy.min_gap_seconds, HOUR / policy.requests_per_hour)


def _article_interval(policy: Policy, age: float) -> float:
    return min(policy.revisit_seconds * (1 + age / HOUR), _article_slowest(policy))


def _article_slowest(policy: Policy) -> float:
    return max(ARTICLE_SLOWEST, policy.revisit_seconds)


def _seconds(since: datetime, now: datetime) -> float:
    """How long ago; a clock that was set back makes nothing younger than new."""
    return max(0.0, (now - since).total_seconds())


def _later(now: datetime, seconds: float, jitter: float, share: float = JITTER) -> datetime:
    return now + timedelta(seconds=seconds * (1 + share * jitter))
