"""How many revisions an article is expected to show, from what is known of it.

Revisions of a news article come fast at first and ever slower, in proportion to 1 / age; that is why every ladder in
the field stretches with age. What differs by orders of magnitude is the level: outlets differ, articles of one outlet
differ more, and few running stories bring most revisions. So the level is learned, for each outlet and stage of an
article's life from what the outlet did lately, shrunk to what all outlets together did at that age, and for each
article with a Gamma prior centred on that (the conjugate form of the estimators in Cho & Garcia-Molina 2003,
"Estimating frequency of change"). A story that has been revised is expected to go on in its rhythm until it has been
silent for a while. Both rates integrate to logarithms, so it is cheap to say after how long how many revisions are
expected.

Times are in seconds, levels in revisions per e-fold of the time they belong to.
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from worker.model import Pace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

MINUTE = 60.0
HOUR = 60 * MINUTE

# Chosen on the development scenarios of tests/bench/freshness, which are none of those that judge.
YOUNG = 0.25 * HOUR  # so long the rate of a new article stays about level
# Ages at which the stages of an article's life begin.
STAGES = (0.0, 1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 32 * HOUR, 64 * HOUR)
LAST_STAGE_ENDS = 14 * 24 * HOUR  # as far as outlets are measured
USUAL_LEVEL = 0.1  # where no outlet has been watched yet: half a revision of an article in its first day and a half
USUAL_WEIGHT = 10.0  # in articles: so many must be seen before the own record of an outlet counts as much
STAGE_WEIGHT = 10.0  # in articles: so many before a stage counts for itself and not by the usual profile of ages
PRIOR_SHAPE = 2.0  # in revisions: how many it takes to set an article apart from its outlet
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


def outlook(life: Life, now: datetime) -> Outlook:
    """What to expect of an article from `now` on."""
    born = life.first_seen_at.timestamp()
    if life.published_at is not None:
        born = max(min(born, life.published_at.timestamp()), born - OLDEST_ARRIVAL)
    age = max(0.0, now.timestamp() - born)
    changed = min(max(life.changed_at.timestamp() - born, 0.0), age)  # its age when it last changed
    level, due = _levels(life.pace, age)
    learned = level * (PRIOR_SHAPE + life.revisions) / (PRIOR_SHAPE + due)
    if not life.revisions:
        return Outlook(learned, age + YOUNG, 0.0, 1.0)
    interval = changed / life.revisions
    rhythm = min(max(interval, SHORTEST_RHYTHM), LONGEST_RHYTHM)
    # One interval is no rhythm yet, and a long one least of all: of the articles whose first revision came after ten
    # hours 3 % saw another within half an hour (development scenarios), of those with about twenty by then 48 %.
    sure = life.revisions / (life.revisions + max(1.0, interval / LONGEST_RHYTHM))
    return Outlook(learned, age + YOUNG, liveliness(life.pace) * sure, age - changed + rhythm)


def pace_of(lives: Iterable[Sequence[datetime]], now: datetime) -> Pace:
    """What articles have shown up to now; of each, when it was first seen, and then each of its revisions in order."""
    articles, revisions, followed = [0] * len(STAGES), [0] * len(STAGES), 0
    for born, *revised in lives:
        for reached in range(stage((now - born).total_seconds()) + 1):
            articles[reached] += 1
        for at in revised:
            revisions[stage((at - born).total_seconds())] += 1
        followed += sum((later - at).total_seconds() < FOLLOWS for at, later in pairwise(revised))
    return Pace(tuple(articles), tuple(revisions), followed)


def together(paces: Iterable[Pace]) -> Pace | None:
    """What outlets have shown between them; None when there are none."""
    each = list(paces)
    if not each:
        return None
    articles = tuple(map(sum, zip(*(pace.articles for pace in each), strict=True)))
    revisions = tuple(map(sum, zip(*(pace.revisions for pace in each), strict=True)))
    return Pace(articles, revisions, sum(pace.followed for pace in each))


@lru_cache(KEPT)
def levels(pace: Pace | None) -> tuple[float, ...]:
    """Revisions per e-fold that an article of this outlet shows in each stage, before anything is known of itself."""
    if pace is None:
        return (USUAL_LEVEL,) * len(STAGES)
    usual = levels(pace.usual)
    factor = _factor(pace, usual)
    return tuple(
        (revisions + STAGE_WEIGHT * e_folds * factor * level) / ((articles + STAGE_WEIGHT) * e_folds)
        for articles, revisions, e_folds, level in zip(pace.articles, pace.revisions, E_FOLDS, usual, strict=True)
    )


def _factor(pace: Pace, usual: tuple[float, ...]) -> float:
    """How many times as often as usual an outlet revises, over all stages."""
    expected = [level * e_folds for level, e_folds in zip(usual, E_FOLDS, strict=True)]  # of an article
    due: float = sum(expected)
    watched: float = sum(map(operator.mul, pace.articles, expected))
    return (sum(pace.revisions) + USUAL_WEIGHT * due) / (watched + USUAL_WEIGHT * due)


@lru_cache(KEPT)
def liveliness(pace: Pace | None) -> float:
    """Revisions per e-fold of silence that follow a revision at this outlet."""
    followed, revisions = (pace.followed, sum(pace.revisions)) if pace else (0, 0)
    usual = liveliness(pace.usual) if pace and pace.usual else RHYTHM
    prior = RHYTHM_WEIGHT * usual * FOLLOWS_E_FOLDS
    return (followed + prior) / (revisions + RHYTHM_WEIGHT) / FOLLOWS_E_FOLDS


def stage(age: float) -> int:
    """The stage of an article's life at this age, in seconds; 0 for what is not born yet."""
    return max(0, bisect_right(STAGES, age) - 1)


def _levels(pace: Pace | None, age: float) -> tuple[float, float]:
    """The level at this age, and how many revisions were to be expected until then."""
    now = stage(age)
    level, before = _at_stage(pace, now)
    return level, before + level * math.log((age + YOUNG) / (STAGES[now] + YOUNG))


@lru_cache(KEPT * len(STAGES))
def _at_stage(pace: Pace | None, now: int) -> tuple[float, float]:
    """The level of a stage, and how many revisions all stages before it bring."""
    known = levels(pace)
    return known[now], sum(map(operator.mul, known[:now], E_FOLDS))
