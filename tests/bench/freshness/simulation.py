"""Plays a policy against traces and counts what it saw."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tests.bench.freshness.anchors import NEVER
from tests.bench.freshness.traces import END, HOUR, JUDGED
from worker.core import rates, schedule
from worker.core.rates import Life
from worker.model import Pace
from worker.model import Policy as Manners

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tests.bench.freshness.anchors import Policy
    from tests.bench.freshness.traces import Trace

START = datetime(2026, 3, 1, tzinfo=UTC)
REMEMBERED = HOUR  # a pace, at most; the store measures outlets with few articles more often
FLOOR = 300.0  # seconds, of the project's own schedule


@dataclass(slots=True)
class Result:
    """What a policy saw of the revisions that happened after it knew the article."""

    requests: int = 0
    revisions: int = 0
    lags: list[float] = field(default_factory=list)  # seconds, of those caught, ascending
    of_figures: int = 0  # revisions of articles that report figures
    figures_caught: int = 0
    by_outlet: Counter[str] = field(default_factory=Counter)  # requests
    busiest: Counter[tuple[str, int]] = field(default_factory=Counter)  # requests by outlet and hour

    @property
    def caught(self) -> float:
        """Share of the revisions that a visit saw before the next one replaced them."""
        return len(self.lags) / self.revisions if self.revisions else 1.0

    @property
    def figures(self) -> float:
        """The same of articles that report figures."""
        return self.figures_caught / self.of_figures if self.of_figures else 1.0

    def lag(self, share: float) -> float:
        """Seconds within which this share of the caught revisions was seen."""
        return self.lags[min(len(self.lags) - 1, int(share * len(self.lags)))] if self.lags else math.inf

    @property
    def median_of_all(self) -> float:
        """Seconds within which half of all revisions were seen; those lost count as never."""
        half = self.revisions // 2
        return self.lags[half] if half < len(self.lags) else math.inf


def play(
    traces: Sequence[Trace], policy: Policy, *, gaps: Mapping[str, float] | None = None, hours: bool = False
) -> Result:
    """Run a policy over the traces up to their end.

    `gaps`: seconds between two requests to an outlet, where they are to be kept; visits then wait in order of the time
    they were planned for. `hours`: count requests by hour.
    """
    result = Result()
    due = [trace.discovered for trace in traces]
    seen = [-1] * len(traces)  # revisions before the last visit; -1 before the first
    free: dict[str, float] = {}
    events = [(moment, number) for number, moment in enumerate(due) if moment < END]
    events += [(poll, ~number) for number, trace in enumerate(traces) for poll in trace.stated if poll < END]
    heapq.heapify(events)
    while events:
        planned, number = heapq.heappop(events)
        if number < 0:
            number = ~number
            sooner = policy.stated(number, due[number], planned) if seen[number] >= 0 else due[number]
            if sooner < due[number]:
                due[number] = sooner
                heapq.heappush(events, (sooner, number))
            continue
        if planned != due[number]:
            continue  # it was brought forward
        trace = traces[number]
        now = planned
        if gaps is not None:
            now = max(planned, free.get(trace.outlet, 0.0))
            free[trace.outlet] = now + gaps[trace.outlet]
            if now >= END:
                continue
        result.requests += 1
        result.by_outlet[trace.outlet] += 1
        if hours:
            result.busiest[trace.outlet, int(now // HOUR)] += 1
        count = bisect_right(trace.revised, now)
        revised_at = trace.revised[count - 1] if 0 <= seen[number] < count else None
        if revised_at is not None and revised_at < JUDGED:
            result.lags.append(now - revised_at)
            result.figures_caught += trace.figures
        seen[number] = count
        due[number] = policy.visited(number, trace, now, revised_at, now - planned)
        if due[number] < END:
            heapq.heappush(events, (due[number], number))
    _count_all(traces, result)
    return result


def _count_all(traces: Sequence[Trace], result: Result) -> None:
    for trace in traces:
        revisions = sum(trace.discovered < moment < JUDGED for moment in trace.revised)
        result.revisions += revisions
        result.of_figures += revisions * trace.figures
    result.lags.sort()


@dataclass(slots=True)
class _Known:
    """What the project stores of an article."""

    first_seen_at: datetime
    published_at: datetime
    changed_at: datetime
    visited_at: datetime
    revisions: int = 0


@dataclass(slots=True)
class _Record:
    """What the visits have shown of an outlet, and what was measured of it last, as by `storage.pace`."""

    lives: dict[int, list[datetime]] = field(default_factory=dict)
    measured: float = -math.inf
    pace: Pace | None = None


class Figurewatch:
    """The project's own functions, `schedule.after_article` and `schedule.after_hint`, with what it would have stored.

    An outlet's record is what the visits so far have shown of it.
    """

    def __init__(self, worth: float = schedule.WORTH, floor: float = FLOOR) -> None:
        self._worth = worth
        self._manners = Manners(revisit_seconds=floor)
        self._known: dict[int, _Known] = {}
        self._records: dict[str, _Record] = {}
        self._usual: tuple[float, Pace | None] = (-math.inf, None)

    def visited(self, number: int, trace: Trace, now: float, revised_at: float | None, late: float) -> float:
        moment = _moment(now)
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = _Known(moment, _moment(trace.published), moment, moment)
            self._record(trace).lives[number] = [moment]
        if revised_at is not None:
            known.revisions += 1
            self._record(trace).lives[number].append(moment)
            # What the page says of it is stored with the version.
            known.changed_at = _moment(revised_at) if trace.dated else moment
            late = 0.0  # reading sets the time after a change, and does not know
        known.visited_at = moment
        life = Life(
            first_seen_at=known.first_seen_at,
            changed_at=known.changed_at,
            published_at=known.published_at,
            revisions=known.revisions,
            figures=trace.figures,
            pace=self._pace(trace, now),
        )
        due = schedule.after_article(life, policy=self._manners, now=moment, jitter=0.5, late=late, worth=self._worth)
        return NEVER if due is None else (due - START).total_seconds()

    def _pace(self, trace: Trace, now: float) -> Pace:
        record = self._record(trace)
        if record.pace is None or now >= record.measured + REMEMBERED:
            record.measured = now
            record.pace = replace(rates.pace_of(record.lives.values(), _moment(now)), usual=self._usually(now))
        return record.pace

    def _usually(self, now: float) -> Pace | None:
        at, usual = self._usual
        if usual is None or now >= at + REMEMBERED:
            usual = rates.together(record.pace for record in self._records.values() if record.pace)
            self._usual = now, usual
        return usual

    def _record(self, trace: Trace) -> _Record:
        return self._records.setdefault(trace.outlet, _Record())

    def stated(self, number: int, due: float, now: float) -> float:
        known, moment = self._known[number], _moment(now)
        sooner = schedule.after_hint(
            moment,
            visited_at=known.visited_at,
            due_at=None if due == NEVER else _moment(due),
            floor=self._manners.revisit_seconds,
            now=moment,
        )
        return NEVER if sooner is None else (sooner - START).total_seconds()


def _moment(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def at_budget(
    traces: Sequence[Trace], budget: int, make: Callable[[float], Policy], *, guess: float, within: float = 0.01
) -> tuple[float, Result]:
    """The result at the price of a visit that spends the budget: at most all of it, and at least all but `within`.

    Only the number of requests is looked at, so this matches budgets and tunes nothing. Requests fall about in
    proportion to the price, so a secant in logarithms needs few tries. Raises ArithmeticError should they not do.
    """
    low, high = math.log(1e-4), math.log(1e2)
    price = math.log(guess)
    for _ in range(25):
        result = play(traces, make(math.exp(price)))
        if budget * (1 - within) <= result.requests <= budget:
            return math.exp(price), result
        if result.requests > budget:
            low = price
        else:
            high = price
        price += 1.2 * math.log(result.requests / (budget * (1 - within / 2)))
        if not low < price < high:
            price = (low + high) / 2
    raise ArithmeticError(f"no price spends {budget} requests")
