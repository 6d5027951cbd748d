"""Which figures of an article go on with a series of its story, and which figures of earlier articles they supersede.

A figure supersedes the newest earlier one of its series by the same outlet, or, where that outlet has none, by any.
What another source says of the same thing is a series of its own: the spread is shown and never resolved.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from worker.core.revisions.evidence import FATES
from worker.core.revisions.units import magnitude, rounds, same_value
from worker.core.series.matching import Company, Likeness, liken
from worker.core.series.profiles import merged
from worker.model import Bound, Followed, Profile, Superseding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from worker.core.series.profiles import Reported
    from worker.model import Figure, Observation, Series

ByThing: TypeAlias = "dict[tuple[str | None, str], list[Profile]]"
NOUN = "noun"  # in the place of the concept of a thing that is known by its noun

JOIN = 2.0  # log-odds from which a figure goes on with a series
SURE = 3.0  # log-odds from which a figure of another day shows that the article is the next report in a row
LEAD = 1.0  # log-odds by which it must be ahead of another series that it could go on with
# A logistic curve over the score (Platt, 1999), held back a little: on the development half 92 % of the pairs less than
# 2.8 above the threshold were right, 99 % of those up to 6.5 above it, 96 % of the rest.
SLOPE, SHIFT, SUREST = 0.35, 2.0, 0.97
ROUNDED = Decimal("0.05")
GROWING = frozenset({"killed", "hurt", "destroyed", "damaged", "cases", "rescued", "captured", "detained", "displaced"})
SHRUNK = 0.5  # powers of ten that no count of what has happened loses: a second fire, a part
LATER_SOURCE_HOURS = 12  # from which a lower toll elsewhere is news, not the delay of a copy


@dataclass(frozen=True, slots=True)
class Article:
    """Whose figures are followed."""

    article_id: int
    outlet: str
    at: datetime  # when it, or its new version, was published
    ordinal: int = 1
    told: frozenset[Decimal] = frozenset()  # values that it tells as levels: what it still tells is not superseded


@dataclass(frozen=True, slots=True)
class Around:
    """What figures are compared among."""

    article: ByThing  # the profiles of the article's figures
    story: ByThing  # those of the story's series
    rivals: Mapping[int, frozenset[str]]  # series → sources that an article set against its own

    def are_alone(self, concept: str | None, unit: str) -> bool:
        """Whether article and story have one each of this thing."""
        return all(len(side.get((concept, unit), ())) == 1 for side in (self.article, self.story))


@dataclass(slots=True)
class Candidate:
    """A series that a figure may go on with."""

    order: int  # of the figure in its article
    item: Reported
    series: Series
    like: Likeness


def follow(article: Article, figures: Sequence[Reported], known: Collection[Series]) -> tuple[Followed, ...]:
    """One entry for each figure, in their order; `known` are the series of the story that the article belongs to."""
    scored = sorted(
        candidates(article, figures, known), key=lambda each: (-each.like.score, each.order, each.series.series_id)
    )
    taken: dict[int, Candidate] = {}
    used: set[int] = set()
    for each in scored:
        if each.order in taken or each.series.series_id in used or is_ambiguous(each, scored, used):
            continue
        taken[each.order] = each
        used.add(each.series.series_id)
    return tuple(followed(article, item, taken.get(order)) for order, item in enumerate(figures))


def candidates(article: Article, figures: Sequence[Reported], known: Collection[Series]) -> Iterator[Candidate]:
    """Every figure with every series that it may go on with."""
    by_unit: dict[str, list[Series]] = defaultdict(list)  # another unit is another thing, whatever else they share
    for series in known:
        by_unit[series.profile.unit].append(series)
    pairs = [(order, item, series) for order, item in enumerate(figures) for series in by_unit[item.profile.unit]]
    around = Around(
        counted(item.profile for item in figures), counted(series.profile for series in known), rivals(known)
    )
    likes = [likeness(article, item, series, around) for _, item, series in pairs]
    # As the same report of another day: figures alike in all but their own day are none of this event.
    next_report = any(like.veto == "other day" and like.score >= SURE for like in likes)
    for (order, item, series), first in zip(pairs, likes, strict=True):
        again = next_report and first.veto is None
        like = likeness(article, item, series, around, next_report=True) if again else first
        if like.veto is None and like.score >= JOIN:
            yield Candidate(order, item, series, like)


def counted(profiles: Iterable[Profile]) -> ByThing:
    """Profiles by concept and unit, and again by noun."""
    found: ByThing = defaultdict(list)
    for profile in profiles:
        found[profile.concept, profile.unit].append(profile)
        if profile.noun:
            found[NOUN, profile.noun].append(profile)
    return found


def rivals(known: Iterable[Series]) -> dict[int, frozenset[str]]:
    """For each series the sources of those of the same thing that one article told beside it, on another's word."""
    sourced: dict[tuple[str | None, str], list[tuple[Series, set[int]]]] = defaultdict(list)
    for series in known:
        if series.profile.sources:
            thing = series.profile.concept, series.profile.unit
            sourced[thing].append((series, {seen.article_id for seen in series.newest.values()}))
    found: dict[int, frozenset[str]] = {}
    for alike in sourced.values():
        for (one, told), (other, also) in combinations(alike, 2):
            if not one.profile.sources & other.profile.sources and told & also:
                found[one.series_id] = found.get(one.series_id, frozenset()) | other.profile.sources
                found[other.series_id] = found.get(other.series_id, frozenset()) | one.profile.sources
    return found


def likeness(
    article: Article, item: Reported, series: Series, around: Around, *, next_report: bool = False
) -> Likeness:
    """Compare one figure with one series."""
    thing = item.profile.concept, item.profile.unit
    ours, theirs = around.article.get(thing, ()), around.story.get(thing, ())
    company = Company(
        owners=frozenset(profile.owner for profile in theirs if profile.owner),
        places=places_beside(item.profile, series.profile, (*ours, *theirs)),
        alone=is_only_one(item.profile, series.profile, around),
        rivals=around.rivals.get(series.series_id, frozenset()),
        next_report=next_report,
    )
    grown = magnitude(item.figure) - magnitude(predecessor(article, series).figure)
    equal = any(same_value(item.figure, seen.figure) for seen in series.newest.values())
    like = liken(series.profile, item.profile, company, equal=equal, gap=abs(grown))
    if grown < -SHRUNK and GROWING & {item.profile.concept, series.profile.concept}:
        like.veto = like.veto or "shrunk"
    return like


def places_beside(new: Profile, known: Profile, others: Iterable[Profile]) -> frozenset[frozenset[str]]:
    """The places of the other figures and series; not asked for where both of these name one, or neither does."""
    if bool(new.place) == bool(known.place):
        return frozenset()
    return frozenset(
        profile.place
        for profile in others
        if profile.place
        and profile is not new
        and profile is not known
        and (profile.side is None or profile.side == new.side)
    )


def is_only_one(new: Profile, known: Profile, around: Around) -> bool:
    """Whether nothing else counts what these two count: the only dead, firefighters or percent of article and story."""
    thing = new.concept, new.unit
    told = new.concept in FATES or (new.concept is None and new.unit)
    if told and thing == (known.concept, known.unit) and around.are_alone(*thing):
        return True
    stranger = new.named and not new.sources & known.sources
    noun = new.noun if not new.unit and new.noun == known.noun else None
    return noun is not None and not stranger and around.are_alone(NOUN, noun)


def is_ambiguous(each: Candidate, scored: Sequence[Candidate], used: set[int]) -> bool:
    """Whether another free series of the same concept and another value is nearly as likely."""
    for other in scored:
        if other is each or other.like.score < each.like.score - LEAD or other.series.series_id in used:
            continue
        alike = ("concept" in other.like.observed) == ("concept" in each.like.observed)
        if other.order == each.order and alike and not same_newest(other.series, each.series):
            return True
    return False


def same_newest(one: Series, two: Series) -> bool:
    """Whether two series stand at the same value."""
    first, second = (max(series.newest.values(), key=lambda seen: seen.at) for series in (one, two))
    return same_value(first.figure, second.figure)


def predecessor(article: Article, series: Series) -> Observation:
    """What a figure of this outlet would supersede: its own newest figure, else the newest of all."""
    own = series.newest.get(article.outlet)
    return own or max(series.newest.values(), key=lambda seen: (seen.at, seen.version_id))


def followed(article: Article, item: Reported, found: Candidate | None) -> Followed:
    """What becomes of one figure."""
    if found is None:
        return Followed(None, item.profile, item.figure)
    profile = merged(found.series.profile, item.profile)
    return Followed(found.series.series_id, profile, item.figure, superseding(article, item, found))


def superseding(article: Article, item: Reported, found: Candidate) -> Superseding | None:
    """The earlier figure that this one supersedes; None where it repeats, rounds or lags behind."""
    old = predecessor(article, found.series)
    mine = any(seen.article_id == article.article_id for seen in found.series.newest.values())
    if mine or article.ordinal > 1 or old.at >= article.at or same_value(old.figure, item.figure):
        return None
    if is_rounded(item.figure, old.figure) or is_rounded(old.figure, item.figure) or old.figure.low in article.told:
        return None
    if old.outlet != article.outlet and lags(article, item, found, old):
        return None
    return Superseding(old, item.figure, logistic(found.like.score - JOIN), because(article, found, old))


def is_rounded(figure: Figure, exact: Figure) -> bool:
    """Whether a hedged figure only rounds the other one: "nearly 3,000" for 2,940."""
    hedged = figure.bound in {Bound.ABOUT, Bound.NEARLY, Bound.MORE_THAN}
    return hedged and rounds(figure.low, exact.low) and abs(figure.low - exact.low) <= abs(exact.low) * ROUNDED


def lags(article: Article, item: Reported, found: Candidate, old: Observation) -> bool:
    """Whether another outlet only prints late what was true before: an earlier value, or a lower toll soon after."""
    if any(same_value(seen.figure, item.figure) for seen in found.series.newest.values()):
        return True
    soon = (article.at - old.at).total_seconds() < LATER_SOURCE_HOURS * 3600
    return soon and item.profile.concept in GROWING and item.figure.low < old.figure.low


def logistic(score: float) -> float:
    """From log-odds above the threshold to a confidence."""
    return min(SUREST, 1 / (1 + math.exp(-max(-30.0, min(30.0, SHIFT + SLOPE * score)))))


def because(article: Article, found: Candidate, old: Observation) -> str:
    """The evidence, in words."""
    told = ", ".join(f"{name} {value:+.1f}" for name, value in found.like.observed.items())
    whose = "the same outlet" if old.outlet == article.outlet else old.outlet
    return f"a later article; the figure before by {whose} at {old.at:%Y-%m-%d %H:%M}: {told}"
