"""Stories told over days by several outlets, with what each article observes: `gold/stories`, read and scored.

The superseded pairs follow from the observations by one rule, which README.md beside the data states: a figure
supersedes the newest earlier one of its series by the same outlet, or, where that outlet has none, by any outlet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

GOLD = Path(__file__).parent / "gold" / "stories"
_HEADER = re.compile(r"@ (?P<id>\w+)(?:\.(?P<version>\d+))? (?P<outlet>\w+) (?P<at>\S+)(?P<values>(?: [\w/-]+=\S+)*)")
_SCALE = {"m": Decimal(10) ** 6, "b": Decimal(10) ** 9}


@dataclass(frozen=True, slots=True)
class Told:
    """One version of an article."""

    story: str
    id: str
    version: int
    outlet: str
    at: datetime
    title: str
    text: str
    values: dict[str, Decimal]  # what it observes: series → low end
    optional: frozenset[str]  # series of another story that it only mentions: to link it is neither required nor wrong


class Seen(NamedTuple):
    """A figure of an article, by its low end."""

    article: str
    low: Decimal


class Pair(NamedTuple):
    """A figure of an earlier article and the one of a later article that supersedes it."""

    old: Seen
    new: Seen


@dataclass(frozen=True, slots=True)
class Gold:
    """The right pairs, each as a set: whichever earlier article of the series printed the old value will do."""

    required: tuple[frozenset[Pair], ...]
    allowed: frozenset[Pair]

    def score(self, found: Collection[Pair]) -> tuple[float, float]:
        """Precision and recall."""
        right = sum(any(pair in each for pair in found) for each in self.required)
        wrong = sum(pair not in self.allowed for pair in found)
        return (len(found) - wrong) / max(1, len(found)), right / len(self.required)


def load(half: str) -> tuple[Told, ...]:
    """The articles of a half of the set, in the order in which they were published."""
    told = []
    for block in re.split(r"^## ", (GOLD / f"{half}.txt").read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        story, _, rest = block.partition("\n")
        told += [_told(story, entry) for entry in re.split(r"^(?=@ )", rest, flags=re.MULTILINE) if entry.strip()]
    return tuple(sorted(told, key=lambda each: each.at))


def _told(story: str, entry: str) -> Told:
    header, title, text = entry.split("\n", 2)
    match = _HEADER.fullmatch(header)
    if match is None:
        raise ValueError(f"not the header of an article: {header}")
    values = dict(pair.split("=") for pair in match["values"].split())
    return Told(
        story,
        match["id"],
        int(match["version"] or 1),
        match["outlet"],
        datetime.fromisoformat(match["at"]).replace(tzinfo=UTC),
        title,
        text.strip(),
        {_series(story, name): _number(value.rstrip("?")) for name, value in values.items()},
        frozenset(_series(story, name) for name, value in values.items() if value.endswith("?")),
    )


def _series(story: str, name: str) -> str:
    return name if "/" in name else f"{story}/{name}"


def _number(printed: str) -> Decimal:
    return Decimal(printed.rstrip("mb")) * _SCALE.get(printed[-1], Decimal(1))


def superseded(articles: Iterable[Told]) -> Gold:
    """The pairs that the observations make; a new version of an article supersedes nothing of another one."""
    seen: dict[str, list[tuple[str, Seen]]] = defaultdict(list)  # by series, in order: outlet and figure
    mentioned: dict[str, list[Seen]] = defaultdict(list)  # by an article of another story
    required, allowed = [], set()
    for told in articles:
        for name, low in told.values.items():
            new = Seen(told.id, low)
            before = [figure for outlet, figure in seen[name] if outlet == told.outlet] or [f for _, f in seen[name]]
            earlier = {figure for _, figure in seen[name] if figure.low != low and figure.article != told.id}
            earlier |= {figure for figure in mentioned[name] if figure.low != low}
            if name in told.optional:
                allowed |= {Pair(old, new) for old in earlier}
                mentioned[name].append(new)
                continue
            seen[name].append((told.outlet, new))
            if before and told.version == 1 and before[-1].low != low:
                right = frozenset(Pair(old, new) for old in earlier if old.low == before[-1].low)
                required.append(right)
                allowed |= right
    return Gold(tuple(required), frozenset(allowed))
