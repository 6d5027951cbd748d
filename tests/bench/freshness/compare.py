"""One set of traces, every policy: each anchor at its own pace, and the project at as many requests as each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.freshness.anchors import Diffengine, EntryFrequency, Newsdiffs, NewsSniffer
from tests.bench.freshness.report import Curve, Row, row
from tests.bench.freshness.simulation import Figurewatch, Result, at_budget, play
from tests.bench.freshness.traces import DAY, DAYS, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.freshness.anchors import Policy
    from tests.bench.freshness.traces import Trace

ANCHORS: dict[str, Callable[[], Policy]] = {
    "newsdiffs": Newsdiffs,
    "news-sniffer": NewsSniffer,
    "diffengine": lambda: Diffengine(repaired=False),
    "diffengine, repaired": lambda: Diffengine(repaired=True),
    "miniflux": EntryFrequency,
}
# Played at their own pace only: nobody runs the one, and the other looks less often than the schedule ever does.
UNMATCHED = frozenset({"diffengine, repaired", "miniflux"})
CAPPED = "half of newsdiffs, hour by hour"  # each outlet's; visits wait for their turn
PRICE = 0.025  # of a visit at newsdiffs' requests, about; where the search for equal requests starts


@dataclass(frozen=True, slots=True)
class Found:
    """What a scenario showed."""

    rows: tuple[Row, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Duel:
    """newsdiffs, and the project at all and at half of its requests."""

    newsdiffs: Result
    equal: Result
    half: Result


def duel(traces: Sequence[Trace]) -> Duel:
    """What the goals are about."""
    newsdiffs = play(traces, Newsdiffs())
    price, equal = at_budget(traces, newsdiffs.requests, Figurewatch, guess=PRICE)
    _, half = at_budget(traces, newsdiffs.requests // 2, Figurewatch, guess=2.5 * price)
    return Duel(newsdiffs, equal, half)


def everything(name: str, traces: Sequence[Trace]) -> Found:
    """All rows of the table, and the curves of the picture."""
    rows: list[Row] = []
    requests: dict[str, int] = {}
    for anchor, make in ANCHORS.items():
        result = play(traces, make())
        rows.append(row(name, anchor, result))
        requests[anchor] = result.requests
        if anchor not in UNMATCHED:
            _, same = at_budget(traces, result.requests, Figurewatch, guess=PRICE)
            rows.append(row(name, "figurewatch", same, anchor))
    budget = requests["newsdiffs"]
    _, half = at_budget(traces, budget // 2, Figurewatch, guess=2.5 * PRICE)
    rows.append(row(name, "figurewatch", half, "half of newsdiffs"))
    rows.append(row(name, "figurewatch", play(traces, Figurewatch()), "its own price"))
    gaps = hourly_gaps(traces)
    rows.append(row(name, "newsdiffs", play(traces, Newsdiffs(), gaps=gaps), CAPPED))
    rows.append(row(name, "figurewatch", play(traces, Figurewatch(), gaps=gaps), CAPPED))
    ours = sorted((r for r in rows if r.policy == "figurewatch" and r.against != CAPPED), key=lambda r: r.requests)
    curves = [Curve("figurewatch", tuple((r.requests / budget, r) for r in ours))]
    curves += [Curve(r.policy, ((r.requests / budget, r),)) for r in rows if not r.against]
    return Found(tuple(rows), tuple(curves))


def hourly_gaps(traces: Sequence[Trace], share: float = 0.5) -> dict[str, float]:
    """Seconds between requests, by outlet, that leave each this share of what newsdiffs makes on average."""
    made = play(traces, Newsdiffs()).by_outlet
    first: dict[str, float] = {}
    for trace in traces:
        first.setdefault(trace.outlet, trace.discovered)
    return {outlet: (DAYS * DAY - first[outlet]) / (share * count) for outlet, count in made.items()}


def fullest_hour(result: Result, gaps: dict[str, float]) -> float:
    """The most requests an outlet got in an hour, as a share of what its gap allows."""
    return max(count / (HOUR / gaps[outlet] + 1) for (outlet, _), count in result.busiest.items())
