"""Whether a figure of an article is the one that a series follows.

First what forbids it (another thing, place, period, part, side), then a sum of log-odds over what speaks for it, as
in `revisions.evidence`. Other articles use other words, so sentences count for nothing here, and the guards for more:
a figure that is left alone does less harm than one that is said to supersede a stranger.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from worker.core.revisions.context import PEOPLE
from worker.core.revisions.evidence import FATES
from worker.core.series.times import clash, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from worker.model import Profile

WEIGHTS: Mapping[str, float] = {
    "prior": -2.5,
    "concept": 3.0,
    "noun": 2.0,
    "kind of noun": 1.2,
    "other noun": -2.0,
    "words": 4.0,
    "unit": 1.0,
    "contrast": 0.5,
    "place": 1.5,
    "place within": 0.5,
    "place on one side": -1.0,
    "another has the place": -3.0,
    "names": 1.0,
    "other names": -1.0,
    "owner": 1.0,
    "other owner": -0.5,
    "source": 1.0,
    "other words for the source": -0.5,
    "a stranger's word": -1.0,
    "owner on one side": -2.0,
    "other weak concept": -1.5,
    "day": 1.0,
    "other opening day": -0.5,
    "only one": 1.5,
    "first": 1.0,
    "told as revised": 1.5,
    "other setting": -4.0,
    "period": 1.5,
    "running": 0.5,
    "same value": 2.5,
    "far": -4.0,
}
# Concepts whose figures belong to somebody: another owner is another figure.
OWNED = frozenset({"votes", "seats", "poll", "profit", "revenue", "sales", "price", "inflation", "unemployment"})
# What is reported for a period, so that a quarter is never compared with a year, or with what names no period.
PERIODIC = frozenset({"profit", "revenue", "sales", "inflation", "unemployment", "growth", "deficit", "surplus"})
NARROW = frozenset({"child", "pupil", "officer", "soldier", "fighter", "crew", "firefighter", "worker", "passenger"})
# Stems beside a figure that says itself to replace another one.
REVISING = frozenset({"correct", "revis", "restat", "recount", "low", "lower", "rais", "trim"})
# "Two dock workers killed", and later "four people": who leads two reports of one accident is all that it hit.
ABOARD_AND_AT_WORK = frozenset({"worker", "crew", "passenger"})
FAR, FARTHEST = 0.5, 1.3  # powers of ten between two values


@dataclass(slots=True)
class Likeness:
    """What speaks for a figure being that of a series; `score` is the sum, `veto` what forbids it."""

    veto: str | None = None
    score: float = WEIGHTS["prior"]
    observed: dict[str, float] = field(default_factory=dict)

    def add(self, name: str, amount: float = 1.0) -> None:
        """Count an observation, in whole or in part."""
        value = WEIGHTS[name] * amount
        if value:
            self.observed[name] = value
            self.score += value


@dataclass(frozen=True, slots=True)
class Company:
    """What stands beside a series and a figure, in their story and article."""

    owners: frozenset[str]  # of the series of that unit and concept
    alone: bool  # the only series and the only figure of their concept and unit
    places: frozenset[frozenset[str]] = frozenset()  # of the other figures and series of their unit and concept
    rivals: frozenset[str] = frozenset()  # stems of the sources of other series that an article told beside this one
    next_report: bool = False  # the article opens as an earlier one did, on another day


def liken(known: Profile, new: Profile, company: Company, *, equal: bool, gap: float) -> Likeness:
    """Compare a series and a figure; `gap` is the power of ten between their values."""
    found = Likeness(next(vetoes(known, new, company, gap), None))
    weigh_thing(found, known, new)
    weigh_scope(found, known, new)
    weigh_sources(found, known, new)
    told = company.places | {known.place, new.place} - {frozenset()}
    if bool(known.place) != bool(new.place) and len(told) > 1 and not is_set_there(known, new, told):
        found.add("another has the place")
    if company.alone:
        found.add("only one")
    if known.first and new.first and known.concept == new.concept and known.concept in FATES:
        found.add("first")
    if not equal and REVISING & new.words.keys():
        found.add("told as revised")
    if equal:
        found.add("same value")
    elif gap > FAR:
        found.add("far", gap - FAR)
    return found


def vetoes(known: Profile, new: Profile, company: Company, gap: float) -> Iterator[str]:
    """What forbids two figures to be one; a day comes last, so that it is named only when nothing else does."""
    if known.unit != new.unit or (known.per and new.per and known.per != new.per):
        yield "other unit"
    if gap > FARTHEST:
        yield "other magnitude"
    yield from vetoes_of_thing(known, new)
    yield from vetoes_of_source(known, new, company)
    if is_elsewhere(known, new):
        yield "other place"
    if is_of_other_period(known, new):
        yield "other period"
    # What is counted belongs to the day of its event; an offer or a rate does not belong to the day it was named on.
    days = {known.day, new.day} - {None}
    if not known.unit and len(days) > 1 and ((known.dated and new.dated) or company.next_report):
        yield "other day"


def vetoes_of_thing(known: Profile, new: Profile) -> Iterator[str]:
    """Another thing, or a part of it."""
    if new.apart and not known.apart:
        yield "another event"
    concepts = {known.concept, new.concept}
    if len(concepts) > 1 and concepts <= FATES and known.near and new.near:
        yield "other event"
    if any(new.contrasts.get(name, member) != member for name, member in known.contrasts.items()):
        yield "contrast"
    if is_subset(known, new):
        yield "part and whole"


def vetoes_of_source(known: Profile, new: Profile, company: Company) -> Iterator[str]:
    """Somebody else's word, or somebody else's figure."""
    if known.side is not None and new.side is not None and known.side != new.side:
        yield "other side"
    if not known.sources & new.sources and ((known.named and new.named) or new.sources & company.rivals):
        yield "rival source"
    if OWNED & {known.concept, new.concept} and is_owned_otherwise(known, new, company):
        yield "other owner"


def is_of_other_period(known: Profile, new: Profile) -> bool:
    """Whether the periods clash; what is reported for a period is compared within that period only."""
    if clash(known.periods, new.periods):
        return True
    periodic = PERIODIC & {known.concept, new.concept}
    return bool(periodic) and known.periods != new.periods and not named(known.periods) & named(new.periods)


def is_owned_otherwise(known: Profile, new: Profile, company: Company) -> bool:
    """Whether the figures belong to two: "won Velland's election with 34.6" is no figure of Velland's."""
    if not known.owner or not new.owner or is_same_owner(known.owner, new.owner):
        return False
    own = set(known.owner.split()) - set(new.owner.split())
    return any(is_same_owner(new.owner, other) for other in company.owners) or new.names.isdisjoint(own)


def is_same_owner(one: str, other: str) -> bool:
    """Whether two names may be one: none has a word more, or only one has ("Marit Solheim", "Solheim")."""
    first, second = set(one.split()), set(other.split())
    return first <= second or second <= first


def is_subset(known: Profile, new: Profile) -> bool:
    """Whether one counts a part of what the other counts: "33 of them", children among people."""
    if known.part != new.part and not (known.place and known.place == new.place) and not (known.first and new.first):
        return True
    if known.group == new.group or not {known.group, new.group} <= PEOPLE:
        return False
    leads = known.first and new.first and known.concept == new.concept and known.concept in FATES
    narrow = NARROW - ABOARD_AND_AT_WORK if leads else NARROW
    return bool({known.group, new.group} & narrow)


def is_elsewhere(known: Profile, new: Profile) -> bool:
    """Whether both name the place that scopes them, and not the same one."""
    if not known.place or not new.place:
        return False
    return not (known.place <= new.place or new.place <= known.place)


def is_set_there(known: Profile, new: Profile, told: Iterable[frozenset[str]]) -> bool:
    """Whether the place that only one names is where the other's article is set, and no other of those told of is."""
    placed, placeless = (known, new) if known.place else (new, known)
    others = (place for place in told if place != placed.place)
    return placed.place <= placeless.setting and not any(place & placeless.setting for place in others)


def weigh_thing(found: Likeness, known: Profile, new: Profile) -> None:
    """What is counted, and the words beside it."""
    if known.concept and new.concept:
        sure = 1.0 if known.near and new.near else 0.5
        found.add("concept" if known.concept == new.concept else "other weak concept", sure)
    if known.noun and new.noun:
        if known.noun == new.noun:
            found.add("noun")
        elif known.group and known.group == new.group:
            found.add("kind of noun")
        elif not ({known.group, new.group} <= PEOPLE or ("concept" in found.observed and known.concept in FATES)):
            found.add("other noun")
    if known.unit:
        found.add("unit")
    if known.contrasts.items() & new.contrasts.items():
        found.add("contrast")
    found.add("words", overlap(known.words, new.words))


def overlap(one: Mapping[str, float], two: Mapping[str, float]) -> float:
    """Dice coefficient of two weighted sets of words."""
    total = sum(one.values()) + sum(two.values())
    return 2 * sum(min(weight, two[word]) for word, weight in one.items() if word in two) / total if total else 0.0


def weigh_scope(found: Likeness, known: Profile, new: Profile) -> None:
    """Place, names, owner and time."""
    weigh_place(found, known, new)
    if known.names and new.names:
        found.add("names" if known.names & new.names else "other names")
    if known.owner and new.owner:
        found.add("owner" if is_same_owner(known.owner, new.owner) else "other owner")
    elif (known.owner or new.owner) and OWNED & {known.concept, new.concept}:
        found.add("owner on one side")
    if known.day and new.day and not known.unit:
        found.add("day" if known.day == new.day else "other opening day")
    if named(known.periods) & named(new.periods):
        found.add("period")
    if known.running and new.running:
        found.add("running")


def weigh_place(found: Likeness, known: Profile, new: Profile) -> None:
    """Where, and where their articles are set."""
    if known.place and new.place:
        found.add("place" if known.place == new.place else "place within")
    elif any(one.place and not one.place & (two.setting | two.names) for one, two in ((known, new), (new, known))):
        found.add("place on one side")
    if known.setting and new.setting and not known.setting & new.setting and not known.place & new.place:
        found.add("other setting")


def weigh_sources(found: Likeness, known: Profile, new: Profile) -> None:
    """Who says so."""
    if known.sources and new.sources:
        if known.sources & new.sources:
            found.add("source")
        else:
            found.add("other words for the source")
    elif new.named and not known.sources and not new.sources & (known.names | known.setting):
        found.add("a stranger's word")
