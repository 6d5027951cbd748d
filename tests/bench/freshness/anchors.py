"""How others choose the next visit, each rule as its source has it; times in seconds from the start of the trace.

All of them make the first visit when the feed lists the article. Where a project leaves the pace to cron, the rule is
followed to the second, or at the quarter hours where it counts runs: never worse than what its users get.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tests.bench.freshness.traces import Trace

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
CRON = 15 * MINUTE
NEVER = math.inf


class Policy(Protocol):
    """Chooses when to visit; one instance for a whole simulation."""

    def visited(self, number: int, trace: Trace, now: float, revised_at: float | None, late: float) -> float:
        """When to visit article `number` next; `revised_at` is when it was revised, None when nothing was new.

        `late`: seconds by which this visit missed its time. The first visit has nothing new. Infinity for never.
        """

    def stated(self, number: int, due: float, now: float) -> float:
        """When to visit an article whose feed gives a new date of change at `now`, having been due at `due`."""


class Deaf:
    """No project of the field schedules by what feeds say of articles it knows."""

    def stated(self, number: int, due: float, now: float) -> float:
        return due


class Newsdiffs(Deaf):
    """ecprice/newsdiffs, scraper.py (the newest): a ladder by the time since the last change.

    Under 3 hours 15 minutes, under a day 60, under 7 days 180, under 30 days 3 days, under 360 days 30 days, then
    never. The delay is looked up whenever the scraper runs, not when the visit was made, so an article on the edge
    of a rung waits for the longer delay.
    """

    LADDER = (
        (3 * HOUR, 15 * MINUTE),
        (DAY, 60 * MINUTE),
        (7 * DAY, 180 * MINUTE),
        (30 * DAY, 3 * DAY),
        (360 * DAY, 30 * DAY),
    )

    def __init__(self) -> None:
        self._changed: dict[int, float] = {}

    def visited(self, number: int, trace: Trace, now: float, revised_at: float | None, late: float) -> float:
        changed = self._changed.setdefault(number, now)
        if revised_at is not None:
            changed = self._changed[number] = now
        rung = 0.0
        for end, delay in self.LADDER:
            quiet = max(now - changed + delay, rung)
            if quiet < end:
                return changed + quiet
            rung = end
        return NEVER


class NewsSniffer(Deaf):
    """johnl/news-sniffer, news_article.rb: half an hour after a change, then 1.2 times the period before; ends at 40 d.

    The first visit counts as a change: the article has no text yet.
    """

    FIRST, GROWTH, ENDS = 30 * MINUTE, 1.2, 40 * DAY

    def __init__(self) -> None:
        self._period: dict[int, float] = {}

    def visited(self, number: int, trace: Trace, now: float, revised_at: float | None, late: float) -> float:
        fresh = revised_at is not None or number not in self._period
        period = self._period[number] = self.FIRST if fresh else float(round(self._period[number] * self.GROWTH))
        return now + period if period < self.ENDS else NEVER


class Diffengine(Deaf):
    """DocNow/diffengine, `Entry.stale`: time since the check over time since the creation is 0.2 or more.

    `repaired=False` reads both with `timedelta.seconds`, as the source does: whole days are dropped, so the ratio of
    an article older than a day has little to do with its age. It is asked at every run of cron.
    """

    RATIO = 0.2

    def __init__(self, *, repaired: bool) -> None:
        self._repaired = repaired

    def visited(self, number: int, trace: Trace, now: float, revised_at: float | None, late: float) -> float:
        if self._repaired:
            stale = (now - self.RATIO * trace.discovered) / (1 - self.RATIO)
            return max(_next_run(now), math.ceil(stale / CRON) * CRON)
        run = _next_run(now)
        while not self._stale(run - now, run - trace.discovered):
            run += CRON
        return run

    def _stale(self, since_check: float, since_creation: float) -> bool:
        hotness = int(since_creation) % int(DAY)
        return hotness == 0 or int(since_check) % int(DAY) / hotness >= self.RATIO


def _next_run(now: float) -> float:
    return (math.floor(now / CRON) + 1) * CRON


class EntryFrequency(Deaf):
    """miniflux, model/feed.go, `ScheduleNextCheck` with the scheduler `entry_frequency` and its defaults.

    A rule for feeds: a week over the entries of the last week, from 5 minutes to a day. An article is taken for a feed
    whose entries are its versions.
    """

    SHORTEST, LONGEST, WEEK = 5 * MINUTE, DAY, 7 * DAY

    def __init__(self) -> None:
        self._versions: dict[int, list[float]] = {}

    def visited(self, number: int, trace: Trace, now: float, revised_at: float | None, late: float) -> float:
        versions = self._versions.setdefault(number, [now])
        if revised_at is not None:
            versions.append(now)
        weekly = len(versions) - bisect_left(versions, now - self.WEEK)
        interval = round(self.WEEK / weekly / MINUTE) * MINUTE if weekly else self.LONGEST
        return now + max(self.SHORTEST, min(self.LONGEST, interval))
