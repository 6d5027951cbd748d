"""How many revisions an article is expected to show, from what is known of it.

Revisions of a news article come fast at first and ever slower, in proportion to 1 / age; that is why every ladder in
the field stretches with age. What differs by orders of magnitude is the level: outlets differ, articles of one outlet
differ more, and few running stories bring most revisions. So the level is learned, for each outlet and stage of an
article's life from what the outlet did lately, shrunk to what all outlets together did at that age, and for each
article with a Gamma prior centred on that (the conjugate form of the estimators in Cho & Garcia-Molina 2003,
"Estimating frequency of change"). A story that has been revised is expected to go on in its rhythm until it has been
silent for a while. Both rates integrate to logarithms, so it is cheap to say after how long how many revisions are
expected.

An article that nobody has revised yet is judged by the others that had not been until its age: the hazard of a life
table. That holds, without a model, that many articles are never revised, and that revisions come in clusters.

Times are in seconds, levels in revisions per e-fold of the time they belong to.
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, TypeVar

from worker.core import hours
from worker.model import Pace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

T = TypeVar("T", int, float)

MINUTE = 60.0
HOUR = 60 * MINUTE

# Chosen on the development scenarios of tests/bench/freshness, which are none of those that judge.
YOUNG = 0.25 * HOUR  # so long the rate of a new article stays about level
# Ages at which the stages of an article's life begin.
STAGES = (0.0, 1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 32 * HOUR, 64 * HOUR)
DAYS = 14
LAST_STAGE_ENDS = DAYS * 24 * HOUR  # as far as outlets are measured
USUAL_LEVEL = 0.1  # where no outlet has been watched yet: half a revision of an article in its first day and a half
USUAL_WEIGHT = 10.0  # in articles: so many must be seen before the own record of an outlet counts as much
STAGE_WEIGHT = 10.0  # in articles: so many before a stage counts for itself and not by the usual profile of ages
PRIOR_SHAPE = 3.0  # in revisions: how many it takes to set an article that was revised apart from its outlet
FIRST = 1.5  # times as much worth as others is a first revision, which may begin a story that overwrites it soon
RHYTHM = 0.25  # revisions expected per e-fold of silence once a story has shown a rhythm, where none has been watched
RHYTHM_WEIGHT = 10.0  # in revisions: so many must be seen before the outlet's own record counts as much
FOLLOWS = 3 * HOUR  # a revision that comes so soon after another one belongs to a running story
FOLLOWS_E_FOLDS = 2.0  # ln(1 + FOLLOWS / rhythm) at a rhythm of half an hour
LONGEST_RHYTHM = 1 * HOUR
SHORTEST_RHYTHM = 5 * MINUTE
PRECISION = 1e-6
KEPT = 1_000  # outlets whose rates are worked out once for each pace
# The date on a page may be of another time zone, or of a first draft: an article new to us counts as this old at most.
OLDEST_ARRIVAL = 2 * HOUR
# How many e-folds each stage lasts.
E_FOLDS = tuple(
    math.log((end + YOUNG) / (start + YOUNG)) for start, end in zip(STAGES, (*STAGES[1:], LAST_STAGE_ENDS), strict=True)
)


@dataclass(frozen=True, slots=True)
class Life:
    """What is known of an article when its next visit is chosen."""

    first_seen_at: datetime
    changed_at: datetime  # when its text was last seen to change, or first seen
    published_at: datetime | None = None
    revisions: int = 0  # seen so far
    figures: bool | None = None  # whether its newest version reports any; None when not read yet
    pace: Pace | None = None  # of its outlet; None when not measured


@dataclass(frozen=True, slots=True)
class Outlook:
    """Revisions expected from now on."""

    by_age: float  # per e-fold of `age`
    age: float  # seconds, never 0
    by_rhythm: float  # per e-fold of `silence`
    silence: float  # seconds, never 0

    def expected(self, seconds: float) -> float:
        """How many revisions the next so many seconds should bring."""
        return self.by_age * math.log1p(seconds / self.age) + self.by_rhythm * math.log1p(seconds / self.silence)

    def rate(self, seconds: float) -> float:
        """Revisions per second, so many seconds from now; it only ever falls."""
        return self.by_age / (self.age + seconds) + self.by_rhythm / (self.silence + seconds)

    def seconds_until(self, worth: float, most: float) -> float:
        """After how long `worth` revisions are expected; `most` when that is longer.

        By Newton's steps on a concave function, which come from below and never overshoot.
        """
        if self.expected(most) <= worth:
            return most
        seconds = worth / self.rate(0.0)
        while (missing := worth - self.expected(seconds)) > worth * PRECISION:
            seconds += missing / self.rate(seconds)
        return seconds


@dataclass(frozen=True, slots=True)
class Habits:
    """What an outlet does, as far as it is known; levels are those of each stage."""

    levels: tuple[float, ...]  # of an article, before anything is known of itself
    before: tuple[float, ...]  # revisions that all the stages before bring such an article
    first: tuple[float, ...]  # of an article that has not been revised yet
    liveliness: float  # revisions per e-fold of silence that follow a revision
    clock: hours.Clock

    def due(self, age: float) -> tuple[float, float]:
        """The level at this age, and how many revisions were to be expected until then."""
        now = stage(age)
        level = self.levels[now]
        return level, self.before[now] + level * math.log((age + YOUNG) / (STAGES[now] + YOUNG))


@lru_cache(KEPT)
def habits(pace: Pace | None) -> Habits:
    """What the outlet's record says, held to what is usual the less it says."""
    if pace is None:
        return NO_HABITS
    usual = habits(pace.usual)
    levels = _levels(pace.articles, pace.revisions, usual.levels)
    prior = RHYTHM_WEIGHT * usual.liveliness * FOLLOWS_E_FOLDS
    return Habits(
        levels=levels,
        before=_before(levels),
        first=_levels(pace.unrevised, pace.first, usual.first),
        liveliness=(pace.followed + prior) / (sum(pace.revisions) + RHYTHM_WEIGHT) / FOLLOWS_E_FOLDS,
        clock=hours.clock(pace.hourly, pace.evenly, usual.clock.pace),
    )


def _before(levels: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(accumulate(map(operator.mul, levels[:-1], E_FOLDS), initial=0.0))


USUAL_LEVELS = (USUAL_LEVEL,) * len(STAGES)
NO_HABITS = Habits(USUAL_LEVELS, _before(USUAL_LEVELS), USUAL_LEVELS, RHYTHM, hours.ORDINARY)


def outlook(life: Life, known: Habits, now: datetime) -> Outlook:
    """What to expect of an article from `now` on; `known`: its outlet's habits."""
    born = life.first_seen_at.timestamp()
    if life.published_at is not None:
        born = max(min(born, life.published_at.timestamp()), born - OLDEST_ARRIVAL)
    age = max(0.0, now.timestamp() - born)
    if not life.revisions:
        return Outlook(FIRST * known.first[stage(age)], age + YOUNG, 0.0, 1.0)
    changed = min(max(life.changed_at.timestamp() - born, 0.0), age)  # its age when it last changed
    level, due = known.due(age)
    learned = level * (PRIOR_SHAPE + life.revisions) / (PRIOR_SHAPE + due)
    interval = changed / life.revisions
    rhythm = min(max(interval, SHORTEST_RHYTHM), LONGEST_RHYTHM)
    # One interval is no rhythm yet, and a long one least of all: of the articles whose first revision came after ten
    # hours 3 % saw another within half an hour (development scenarios), of those with about twenty by then 48 %.
    sure = life.revisions / (life.revisions + max(1.0, interval / LONGEST_RHYTHM))
    return Outlook(learned, age + YOUNG, known.liveliness * sure, age - changed + rhythm)


def pace_of(lives: Iterable[Sequence[datetime]], now: datetime) -> Pace:
    """What articles have shown up to now; of each, when it was first seen, and then each of its revisions in order."""
    each = list(lives)
    articles, revisions, unrevised, first, followed = *([0] * len(STAGES) for _ in range(4)), 0
    for born, *revised in each:
        reached = stage((now - born).total_seconds())
        at = [stage((moment - born).total_seconds()) for moment in revised]
        _count(articles, range(reached + 1))
        _count(revisions, at)
        _count(unrevised, range(min([reached, *at]) + 1))
        _count(first, at[:1])
        followed += sum((later - moment).total_seconds() < FOLLOWS for moment, later in pairwise(revised))
    by_age = [seen / max(1, lived) / e_folds for seen, lived, e_folds in zip(revisions, articles, E_FOLDS, strict=True)]
    expected = [by_age[reached] * e_folds for reached, e_folds in HOURS_OF_LIFE]
    hourly, evenly = hours.shown(each, now, expected)
    return Pace(
        tuple(articles), tuple(revisions), tuple(unrevised), tuple(first), followed, hourly=hourly, evenly=evenly
    )


def together(paces: Iterable[Pace]) -> Pace | None:
    """What outlets have shown between them; None when there are none."""
    each = list(paces)
    if not each:
        return None

    def summed(of: Callable[[Pace], tuple[T, ...]]) -> tuple[T, ...]:
        return tuple(map(sum, zip(*map(of, each), strict=True)))

    return Pace(
        articles=summed(lambda pace: pace.articles),
        revisions=summed(lambda pace: pace.revisions),
        unrevised=summed(lambda pace: pace.unrevised),
        first=summed(lambda pace: pace.first),
        followed=sum(pace.followed for pace in each),
        hourly=summed(lambda pace: pace.hourly),
        evenly=summed(lambda pace: pace.evenly),
    )


def _levels(articles: Sequence[int], revisions: Sequence[int], usual: tuple[float, ...]) -> tuple[float, ...]:
    """Revisions per e-fold in each stage, of articles that reached it; where few did, the usual profile holds."""
    factor = _factor(articles, revisions, usual)
    return tuple(
        (seen + STAGE_WEIGHT * e_folds * factor * level) / ((reached + STAGE_WEIGHT) * e_folds)
        for reached, seen, e_folds, level in zip(articles, revisions, E_FOLDS, usual, strict=True)
    )


def _factor(articles: Sequence[int], revisions: Sequence[int], usual: tuple[float, ...]) -> float:
    """How many times as often as usual they are revised, over all stages."""
    expected = [level * e_folds for level, e_folds in zip(usual, E_FOLDS, strict=True)]  # of an article
    due: float = sum(expected)
    watched: float = sum(map(operator.mul, articles, expected))
    return (sum(revisions) + USUAL_WEIGHT * due) / (watched + USUAL_WEIGHT * due)


def _count(counts: list[int], stages: Iterable[int]) -> None:
    for reached in stages:
        counts[reached] += 1


def stage(age: float) -> int:
    """The stage of an article's life at this age, in seconds; 0 for what is not born yet."""
    return max(0, bisect_right(STAGES, age) - 1)


# The stage of each hour of a life, and how many e-folds it lasts.
HOURS_OF_LIFE = tuple(
    (stage(hour * HOUR), math.log(((hour + 1) * HOUR + YOUNG) / (hour * HOUR + YOUNG))) for hour in range(24 * DAYS)
)
