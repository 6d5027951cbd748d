"""At which hours of the day an outlet revises. Newsrooms sleep, and a visit finds little while they do.

The hours are learned from what the outlet did, not from a table of time zones: agencies work around the clock, papers
do not. An hour of the day counts by the revisions that fell into it over those that would have, were all hours alike.
An outlet that has shown few revisions is held to what all outlets show together.

Moments are in seconds of the epoch, hours of the day in UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

HOUR = 3600.0
DAY = 24 * HOUR
# Chosen on the development scenarios of tests/bench/freshness, which are none of those that judge.
WEIGHT = 3.0  # in revisions: so many in an hour of the day before the own record of an outlet counts as much
QUIETEST = 0.2  # of an average hour: what is seldom looked at seldom shows a revision, so no hour is ever given up
EVEN = (1.0,) * 24


@dataclass(frozen=True, slots=True)
class Clock:
    """Runs fast while the outlet works and slowly while it sleeps, and shows a day after a day."""

    pace: tuple[float, ...]  # in each hour of the day, beside an ordinary clock; the mean is 1
    at: tuple[float, ...]  # what it shows when each hour begins, seconds of the day

    def shows(self, moment: float) -> float:
        """What it shows at a moment."""
        days, rest = divmod(moment, DAY)
        hour = _hour(rest)
        return days * DAY + self.at[hour] + (rest - hour * HOUR) * self.pace[hour]

    def moment(self, shown: float) -> float:
        """When it shows that."""
        days, rest = divmod(shown, DAY)
        hour = bisect_right(self.at, rest) - 1
        return days * DAY + hour * HOUR + (rest - self.at[hour]) / self.pace[hour]

    def seconds(self, now: float, passed: float) -> float:
        """How long from `now` until so many seconds have passed on it."""
        return self.moment(self.shows(now) + passed) - now


def clock(hourly: Sequence[float], evenly: Sequence[float], usual: Sequence[float] = EVEN) -> Clock:
    """The clock of an outlet with revisions `hourly` where there would have been `evenly`; `usual`: others' paces."""
    shown = [(seen + WEIGHT * level) / (even + WEIGHT) for seen, even, level in zip(hourly, evenly, usual, strict=True)]
    smooth = [(shown[hour - 1] + 2 * shown[hour] + shown[(hour + 1) % 24]) / 4 for hour in range(24)]
    kept = [max(QUIETEST, level) for level in smooth]
    pace = tuple(level * 24 / sum(kept) for level in kept)
    return Clock(pace, tuple(accumulate((level * HOUR for level in pace[:-1]), initial=0.0)))


ORDINARY = clock((0,) * 24, (0.0,) * 24)


def shown(
    lives: Iterable[Sequence[datetime]], now: datetime, expected: Sequence[float]
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Revisions by hour of the day, and the same, had they come at all hours alike.

    Of each article only whole days count, in which every hour came once. `lives`: when it was first seen, and then each
    of its revisions. `expected`: of an article in each hour of its life, in any unit; later hours are not looked at.
    """
    longest = len(expected) // 24
    births: Counter[tuple[int, int]] = Counter()  # by whole days lived and hour of the day
    hourly = [0] * 24
    for born, *revised in lives:
        days = min(int((now - born).total_seconds() // DAY), longest)
        if days < 1:
            continue
        births[days, _hour(born.timestamp())] += 1
        for at in revised:
            if (at - born).total_seconds() < days * DAY:
                hourly[_hour(at.timestamp())] += 1
    return tuple(hourly), _evenly(births, expected, sum(hourly))


def _evenly(births: Counter[tuple[int, int]], expected: Sequence[float], revisions: int) -> tuple[float, ...]:
    """Revisions that the articles would show in each hour of the day, in proportion to `expected` alone."""
    lived = [[0.0] * 24]  # by whole days: what a life brings in its first, second ... hour of the day
    for day in range(0, len(expected), 24):
        lived.append([before + more for before, more in zip(lived[-1], expected[day : day + 24], strict=True)])
    even = [0.0] * 24
    for (days, hour), count in births.items():
        for passed, brings in enumerate(lived[days]):
            even[(hour + passed) % 24] += count * brings
    # Who is born in the middle of an hour lives half of each hour of its life in the next hour of the day.
    even = [even[hour] + even[hour - 1] for hour in range(24)]
    whole = sum(even)
    return tuple(level * revisions / whole if whole else 0.0 for level in even)


def _hour(moment: float) -> int:
    return int(moment % DAY // HOUR)
