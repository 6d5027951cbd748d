"""What newsrooms did to their articles: when each was published and revised. Made up from a seed, or read from a file.

A file holds one JSON object a line, times in ISO 8601:

    {"outlet": "a", "published": "2026-03-01T07:10:00Z", "revised": ["2026-03-01T07:42:10Z"], "figures": true,
     "discovered": "2026-03-01T07:20:00Z", "stated": ["2026-03-01T07:50:00Z"], "dated": true}

`discovered` (when a feed first listed it; the next ten-minute mark if left out), `stated` (polls of the feed that found
a new date of change), `dated` (the page states when it was changed) and `figures` (true) may be left out.
"""

from __future__ import annotations

import json
import math
import random
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
POLL = 600.0  # feeds are read at every ten-minute mark, by every policy alike; these requests are not counted
DAYS = 14
END = DAYS * DAY
JUDGED = END - DAY  # later revisions are not counted: they had no day to be seen in, so none is known to be lost
CLOSEST = 60.0  # seconds between two revisions of an article; what follows sooner is part of the first


@dataclass(frozen=True, slots=True)
class Trace:
    """The life of one article; times in seconds from the start."""

    outlet: str
    published: float
    discovered: float  # by the feed
    revised: tuple[float, ...]
    figures: bool = True
    stated: tuple[float, ...] = ()  # polls that found a new date of change in the feed, true or not
    dated: bool = False  # the page says when it was last revised


@dataclass(frozen=True, slots=True)
class Scenario:
    """How a set of newsrooms behaves. Every time is in hours unless its name says otherwise."""

    name: str
    says: str
    seed: int
    articles: int = 2000
    outlets: int = 25
    outlet_sizes: float = 0.8  # sigma of the lognormal volumes
    # Ordinary edits: Poisson with a mean that differs by outlet (lognormal) and by article (Pareto, or none at all).
    revisions: float = 1.2  # mean per article
    outlet_spread: float = 0.9  # sigma
    never: float = 0.5  # share of articles that are left alone
    tail: float = 1.7  # exponent of the Pareto; smaller is heavier
    delay: tuple[str, float, float] = ("lognormal", 1.5, 1.4)  # of an edit after publication: form, scale, shape
    # Running stories: updated in a rhythm until they end, rarely at night.
    running: float = 0.05  # share of articles
    running_for: float = 8.0  # median
    rhythm: tuple[str, float, float] = ("exponential", 0.6, 0.6)  # form, median gap, sigma of it between stories
    # Corrections that come after days.
    corrected: float = 0.06  # share
    corrected_after: float = 48.0  # median
    # Mornings on which something happens and everybody writes about it.
    bursts: int = 4
    burst_share: float = 0.12  # of all articles; nearly half of these run
    echo: float = 0.0  # revisions that each revision brings within about an hour (a branching process)
    night: float = 0.25  # what is done at night, of what is done by day
    # What outlets say themselves.
    stating: float = 0.0  # share of outlets whose feed gives a date of change
    truth: float = 0.9  # share of their revisions that show in it
    touches: float = 0.1  # changes of that date a day without a revision
    feed_length: int = 40  # articles
    dating: float = 0.0  # share of outlets whose pages say when they were changed


@dataclass(slots=True)
class _Outlet:
    name: str
    level: float
    volume: float
    states: bool
    dates: bool


@dataclass(slots=True)
class _Draft:
    outlet: _Outlet
    published: float
    figures: bool
    revised: list[float] = field(default_factory=list)


def make(scenario: Scenario) -> tuple[Trace, ...]:
    """The traces of a scenario in order of publication; the same for the same scenario."""
    dice = random.Random(scenario.seed)
    outlets = [_outlet(scenario, number, dice) for number in range(scenario.outlets)]
    mornings = [dice.randrange(DAYS) * DAY + 7 * HOUR for _ in range(scenario.bursts)]
    chosen = dice.choices(outlets, [o.volume for o in outlets], k=scenario.articles)
    drafts = sorted((_draft(scenario, outlet, mornings, dice) for outlet in chosen), key=lambda d: d.published)
    traces = [
        trace
        for _, of_outlet in groupby(sorted(drafts, key=lambda d: d.outlet.name), key=lambda d: d.outlet.name)
        for trace in _listed(scenario, list(of_outlet), dice)
    ]
    return tuple(sorted(traces, key=lambda t: (t.published, t.outlet)))


def load(path: Path) -> tuple[Trace, ...]:
    """Real traces from a file; the earliest publication is the start. Raises ValueError with the line that is wrong."""
    rows = list(_rows(path))
    start = min((row["published"] for row in rows), default=0.0)
    return tuple(sorted((_trace(row, start) for row in rows), key=lambda t: (t.published, t.outlet)))


def dump(traces: Iterable[Trace], path: Path, start: datetime) -> None:
    """Write traces so that `load` reads them."""

    def iso(seconds: float) -> str:
        return datetime.fromtimestamp(start.timestamp() + seconds, start.tzinfo).isoformat()

    with path.open("w") as file:
        for t in traces:
            row = {
                "outlet": t.outlet,
                "published": iso(t.published),
                "discovered": iso(t.discovered),
                "revised": [iso(r) for r in t.revised],
                "figures": t.figures,
                "stated": [iso(s) for s in t.stated],
                "dated": t.dated,
            }
            file.write(json.dumps(row) + "\n")


# --- reading -----------------------------------------------------------------------------------------------------


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row["outlet"] = str(row["outlet"])
            row["published"] = _moment(row["published"])
            row["discovered"] = _moment(row["discovered"]) if "discovered" in row else None
            for name in ("revised", "stated"):
                row[name] = sorted(_moment(moment) for moment in row.get(name, ()))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}, line {number}: {error!r}") from error
        yield row


def _moment(text: str) -> float:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"a time without zone: {text}")
    return moment.timestamp()


def _trace(row: dict[str, Any], start: float) -> Trace:
    published = row["published"] - start
    discovered = _next_poll(published) if row["discovered"] is None else row["discovered"] - start
    return Trace(
        outlet=row["outlet"],
        published=published,
        discovered=max(discovered, published),
        revised=tuple(moment - start for moment in row["revised"]),
        figures=bool(row.get("figures", True)),
        stated=tuple(moment - start for moment in row["stated"]),
        dated=bool(row.get("dated", False)),
    )


# --- making ------------------------------------------------------------------------------------------------------


def _outlet(scenario: Scenario, number: int, dice: random.Random) -> _Outlet:
    spread = scenario.outlet_spread
    return _Outlet(
        name=f"outlet-{number:02}",
        level=math.exp(dice.gauss(-spread * spread / 2, spread)),
        volume=math.exp(dice.gauss(0, scenario.outlet_sizes)),
        states=dice.random() < scenario.stating,
        dates=dice.random() < scenario.dating,
    )


def _draft(scenario: Scenario, outlet: _Outlet, mornings: list[float], dice: random.Random) -> _Draft:
    burst = bool(mornings) and dice.random() < scenario.burst_share
    runs = dice.random() < (0.45 if burst else scenario.running)
    if burst:
        published = dice.choice(mornings) + dice.expovariate(1 / HOUR)
    else:
        published = _by_day(scenario, dice, lambda: dice.random() * END)
    draft = _Draft(outlet, published, figures=runs or dice.random() < 0.55)
    times = _edits(scenario, draft, dice)
    if runs:
        times += _updates(scenario, published, dice)
    if dice.random() < scenario.corrected:
        times.append(published + scenario.corrected_after * HOUR * math.exp(dice.gauss(0, 1)))
    _echo(scenario, times, dice)
    draft.revised = _apart(published, times)
    return draft


def _edits(scenario: Scenario, draft: _Draft, dice: random.Random) -> list[float]:
    if dice.random() < scenario.never:
        return []
    by_article = dice.paretovariate(scenario.tail) * (scenario.tail - 1) / scenario.tail
    mean = min(60.0, scenario.revisions / (1 - scenario.never) * draft.outlet.level * by_article)
    delay = DELAYS[scenario.delay[0]]
    return [
        _by_day(scenario, dice, lambda: draft.published + HOUR * delay(dice, *scenario.delay[1:]))
        for _ in range(_poisson(mean, dice))
    ]


def _updates(scenario: Scenario, published: float, dice: random.Random) -> list[float]:
    form, median, sigma = scenario.rhythm
    until = published + scenario.running_for * HOUR * math.exp(dice.gauss(0, 1))
    gap = median * HOUR * math.exp(dice.gauss(0, sigma))
    times: list[float] = []
    now = published
    while True:
        slower = (1 / scenario.night if _night(now) else 1.0) * (1 + (now - published) / DAY)
        now += gap * slower * GAPS[form](dice)
        if now > min(until, END):
            return times
        times.append(now)


def _echo(scenario: Scenario, times: list[float], dice: random.Random) -> None:
    """Each revision brings others; the list grows while it is walked."""
    for moment in times:
        if len(times) > 300:
            return
        times += [moment + dice.expovariate(1 / HOUR) for _ in range(_poisson(scenario.echo, dice))]


def _apart(published: float, times: list[float]) -> list[float]:
    apart: list[float] = []
    for moment in sorted(times):
        if published < moment < END and (not apart or moment - apart[-1] >= CLOSEST):
            apart.append(moment)
    return apart


def _listed(scenario: Scenario, drafts: list[_Draft], dice: random.Random) -> Iterator[Trace]:
    """The articles of one outlet, with what its feed says of each while it lists it."""
    leaves = [_next_poll(d.published) for d in drafts[scenario.feed_length :]] + [END] * scenario.feed_length
    for draft, leave in zip(drafts, leaves, strict=False):
        yield Trace(
            outlet=draft.outlet.name,
            published=draft.published,
            discovered=_next_poll(draft.published),
            revised=tuple(draft.revised),
            figures=draft.figures,
            stated=tuple(_stated(scenario, draft, leave, dice)) if draft.outlet.states else (),
            dated=draft.outlet.dates,
        )


def _stated(scenario: Scenario, draft: _Draft, leave: float, dice: random.Random) -> list[float]:
    changes = [moment for moment in draft.revised if dice.random() < scenario.truth]
    touched = draft.published
    while scenario.touches and (touched := touched + dice.expovariate(scenario.touches / DAY)) < leave:
        changes.append(touched)
    return sorted({poll for poll in map(_next_poll, changes) if poll < leave})


def _next_poll(moment: float) -> float:
    return math.ceil(moment / POLL) * POLL


def _night(moment: float) -> bool:
    return not 6 <= moment % DAY / HOUR < 23


def _by_day(scenario: Scenario, dice: random.Random, draw: Callable[[], float]) -> float:
    """A time drawn again while it falls into the night, but for the share that is kept."""
    while True:
        moment = draw()
        if not _night(moment) or dice.random() < scenario.night:
            return moment


def _poisson(mean: float, dice: random.Random) -> int:
    """Knuth's product of uniforms; means are small here."""
    limit, product, count = math.exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count


DELAYS: dict[str, Callable[[random.Random, float, float], float]] = {
    "lognormal": lambda dice, scale, shape: scale * math.exp(dice.gauss(0, shape)),
    "weibull": lambda dice, scale, shape: dice.weibullvariate(scale, shape),
    "lomax": lambda dice, scale, shape: scale * (dice.paretovariate(shape) - 1),
}
GAPS: dict[str, Callable[[random.Random], float]] = {
    "exponential": lambda dice: dice.expovariate(math.log(2)),
    "lognormal": lambda dice: math.exp(dice.gauss(0, 0.5)),
    "even": lambda dice: dice.uniform(0.8, 1.2),
}


def closest(traces: Iterable[Trace]) -> float:
    """The shortest time between two revisions of one article, seconds."""
    return min((b - a for trace in traces for a, b in pairwise(trace.revised)), default=math.inf)
