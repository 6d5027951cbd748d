"""To which story an article belongs: the most alike of the candidates, if it is alike enough, else to a new one.

Single-pass clustering as in topic detection and tracking (Allan et al., 1998): cosine over weighted stems against the
mean of a story, with a threshold that grows with its age. Cost is bounded by the number of candidates lent.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from worker.core.stories.terms import MARK
from worker.model import Placement

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Mapping
    from datetime import datetime

    from worker.model import Story

ALIKE = 0.35
NAMELESS = 0.7  # of the likeness of the words is left where one side names nobody
AGEING = 0.004  # for each day without an article: a forecast is cut after a month
OPEN_DAYS = 45.0  # after which a story takes no more articles: forecasts, plans and outbreaks go on for weeks
CAP = 50  # stories with a term, from which it says nothing
MOST = 60  # terms of a story
TOLD = 6  # shared terms that the reason names
FEWEST = 3  # shared terms: "Weather" and "Weather" are no story
SHORTLISTED = 30  # candidates that are looked at
SECONDS = 86_400


def place(
    weights: Mapping[str, float], candidates: Iterable[Story], spread: Mapping[str, int], at: datetime
) -> Placement:
    """Choose; `spread` is the number of open stories that have a term, counted up to `CAP`."""
    best, score = None, 0.0
    for story in sorted(candidates, key=lambda each: each.story_id):
        days = abs((at - story.last_at).total_seconds()) / SECONDS
        if days > OPEN_DAYS:
            continue
        enough = len(weights.keys() & story.terms.keys()) >= FEWEST
        like = likeness(weights, story.terms, spread) if enough else 0.0
        if like >= ALIKE + AGEING * days and like > score:
            best, score = story, like
    if best is None:
        return Placement(None, 0.0, "no open story is alike", dict(weights))
    return Placement(best.story_id, score, f"shares {', '.join(shared(weights, best, spread))}", mean(best, weights))


def shortlist(weights: Mapping[str, float], found: Mapping[str, Collection[int]]) -> tuple[int, ...]:
    """The ids of the stories that share most with an article; `found`: the newest that have each of its terms."""
    spread = {term: len(ids) for term, ids in found.items()}
    scores: dict[int, float] = {}
    for term, ids in found.items():
        weight = (weights[term] * rarity(term, spread)) ** 2
        for story_id in ids:
            scores[story_id] = scores.get(story_id, 0.0) + weight
    best = sorted(scores, key=lambda story_id: (-scores[story_id], -story_id))
    return tuple(best[:SHORTLISTED])


def shared(weights: Mapping[str, float], story: Story, spread: Mapping[str, int]) -> list[str]:
    """The terms that speak most for a story, names first."""
    common = weights.keys() & story.terms.keys()
    rare = {term: weights[term] * rarity(term.removeprefix(MARK), spread) for term in common}
    heaviest = sorted(common, key=lambda term: (not term.startswith(MARK), -rare[term], term))
    return [term.removeprefix(MARK) for term in heaviest[:TOLD]]


def likeness(one: Mapping[str, float], two: Mapping[str, float], spread: Mapping[str, int]) -> float:
    """The geometric mean of how alike the names are and how alike the other words.

    Two fires of one week share their words and not their names, a strike and an election the name of their country.
    """
    marked = {term.removeprefix(MARK) for term in {*one, *two} if term.startswith(MARK)}  # in either: "Kelm mourns"
    halves = [split(each, marked) for each in (one, two)]
    if not all(names for names, _ in halves):
        return NAMELESS * cosine(halves[0][1], halves[1][1], spread)
    return math.sqrt(math.prod(cosine(ours, theirs, spread) for ours, theirs in zip(*halves, strict=True)))


def split(weights: Mapping[str, float], marked: Container[str]) -> tuple[dict[str, float], dict[str, float]]:
    """The names among the terms, and the other words."""
    halves: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for term, weight in weights.items():
        stem = term.removeprefix(MARK)
        halves[0 if stem in marked else 1][stem] = weight
    return halves


def rarity(word: str, spread: Mapping[str, int]) -> float:
    """Inverse document frequency, over stories."""
    return math.log((CAP + 1) / (1 + min(CAP, max(spread.get(word, 0), spread.get(MARK + word, 0)))))


def cosine(one: Mapping[str, float], two: Mapping[str, float], spread: Mapping[str, int]) -> float:
    """Cosine of two weighted sets of stems."""
    weigh = {word: rarity(word, spread) for word in {*one, *two}}
    dot = sum(weight * two[word] * weigh[word] ** 2 for word, weight in one.items() if word in two)
    norms = (sum((weight * weigh[word]) ** 2 for word, weight in each.items()) for each in (one, two))
    product = math.prod(norms)
    return dot / math.sqrt(product) if product else 0.0


def mean(story: Story, weights: Mapping[str, float]) -> dict[str, float]:
    """The terms of a story with one article more."""
    share = 1 / (story.articles + 1)
    both = {
        word: story.terms.get(word, 0.0) * (1 - share) + weights.get(word, 0.0) * share
        for word in {*story.terms, *weights}
    }
    return dict(sorted(both.items(), key=lambda item: (-item[1], item[0]))[:MOST])
