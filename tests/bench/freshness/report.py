"""The comparison as a table for terminals and as a picture."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from tests.bench.freshness.traces import MINUTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.bench.freshness.simulation import Result


@dataclass(frozen=True, slots=True)
class Row:
    """One policy on one scenario; `against` names whose number of requests it was given."""

    scenario: str
    policy: str
    requests: int
    caught: float  # share of revisions
    figures: float  # the same, of articles that report figures
    median: float  # seconds, of those caught
    median_of_all: float  # seconds, those lost counted as never
    p95: float  # seconds, of those caught
    against: str = ""


def row(scenario: str, policy: str, result: Result, against: str = "") -> Row:
    """What is reported of a result."""
    return Row(
        scenario,
        policy,
        result.requests,
        result.caught,
        result.figures,
        result.lag(0.5),
        result.median_of_all,
        result.lag(0.95),
        against,
    )


def table(rows: Iterable[Row]) -> str:
    """Aligned text; lags in minutes."""
    head = ("scenario", "policy", "at the requests of", "requests", "caught", "figures", "median", "of all", "p95")
    cells = [head] + [
        (
            r.scenario,
            r.policy,
            r.against,
            f"{r.requests:,}",
            f"{r.caught:.1%}",
            f"{r.figures:.1%}",
            *(f"{lag / MINUTE:.1f}" for lag in (r.median, r.median_of_all, r.p95)),
        )
        for r in rows
    ]
    widths = [max(len(line[i]) for line in cells) for i in range(len(head))]
    return "\n".join(
        "  ".join(c.ljust(w) if i < 3 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        for line in cells
    )


# --- the picture -------------------------------------------------------------------------------------------------

PANEL, PAD, COLUMNS = 250, 46, 4
COLOURS = {
    "figurewatch": "#0b6e4f",
    "newsdiffs": "#c8553d",
    "news-sniffer": "#7a5195",
    "diffengine": "#d9a404",
    "diffengine, repaired": "#5f6c7b",
    "miniflux": "#2f7fd0",
}
MOST_REQUESTS = 2.0  # of newsdiffs'
MOST_LAG = 30 * MINUTE


@dataclass(frozen=True, slots=True)
class Curve:
    """What one policy reaches with how many requests, a point for each."""

    policy: str
    points: tuple[tuple[float, Row], ...]  # requests as a share of newsdiffs', ascending


def picture(scenarios: Sequence[tuple[str, Sequence[Curve]]]) -> str:
    """An SVG: for each scenario the share caught, and below it the median lag of all revisions, over the requests."""
    rows = -(-len(scenarios) // COLUMNS)
    width, height = COLUMNS * (PANEL + PAD) + PAD, rows * (1.5 * PANEL + 3 * PAD) + 2 * PAD
    body = [_legend()]
    for number, (name, curves) in enumerate(scenarios):
        x = PAD + number % COLUMNS * (PANEL + PAD)
        y = 2 * PAD + number // COLUMNS * (1.5 * PANEL + 3 * PAD)
        body.append(_panel((x, y), PANEL, f"{name}: caught", [(c, _caught(c)) for c in curves], ("40%", "70%", "100%")))
        y += PANEL + PAD
        body.append(_panel((x, y), PANEL / 2, "median lag", [(c, _lag(c)) for c in curves], ("30 min", "", "0")))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:.0f}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>{"".join(body)}</svg>\n'
    )


def _caught(curve: Curve) -> list[tuple[float, float]]:
    return [(share, (row.caught - 0.4) / 0.6) for share, row in curve.points]


def _lag(curve: Curve) -> list[tuple[float, float]]:
    return [(share, 1 - min(row.median_of_all, MOST_LAG) / MOST_LAG) for share, row in curve.points]


def _legend() -> str:
    parts = []
    for number, (policy, colour) in enumerate(COLOURS.items()):
        x = PAD + number * 170
        parts.append(
            f'<circle cx="{x}" cy="22" r="5" fill="{colour}"/><text x="{x + 10}" y="26">{escape(policy)}</text>'
        )
    return "".join(parts)


def _panel(
    at: tuple[float, float],
    height: float,
    title: str,
    curves: Sequence[tuple[Curve, list[tuple[float, float]]]],
    marks: tuple[str, str, str],
) -> str:
    parts = [
        f'<g transform="translate({at[0]:.0f},{at[1]:.0f})">',
        f'<text x="0" y="-8" font-weight="bold">{escape(title)}</text>',
        f'<rect width="{PANEL}" height="{height:.0f}" fill="none" stroke="#bbb"/>',
    ]
    for mark, share in zip(marks, (0.0, 0.5, 1.0), strict=True):
        parts.append(f'<text x="-4" y="{height * (1 - share) + 4:.0f}" text-anchor="end" fill="#555">{mark}</text>')
    for share, mark in ((0.5, "½"), (1.0, "newsdiffs’ requests"), (2.0, "2×")):
        across = PANEL * share / MOST_REQUESTS
        parts.append(f'<line x1="{across}" x2="{across}" y1="0" y2="{height:.0f}" stroke="#eee"/>')
        parts.append(f'<text x="{across}" y="{height + 13:.0f}" text-anchor="middle" fill="#555">{mark}</text>')
    for curve, points in curves:
        spots = [(PANEL * min(s, MOST_REQUESTS) / MOST_REQUESTS, height * (1 - min(1, max(0, v)))) for s, v in points]
        colour = COLOURS[curve.policy]
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in spots)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="{colour}"/>' for a, b in spots]
    return "".join(parts) + "</g>"
