"""What speaks for and against two mentions being the same reported figure.

Each observation adds to or takes from a sum of log-odds, as in the linking of records (Fellegi and Sunter, 1969).
What each of them weighs was fitted to pairs of versions; equality of the values is one observation among many.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from worker.core.revisions.context import PEOPLE, Role
from worker.core.revisions.periods import SPANS, Kind, Times, agreement, alike, is_past
from worker.core.revisions.series import is_quoted
from worker.core.revisions.units import same_value, value_key
from worker.core.revisions.weights import FITTED
from worker.model import Bound, Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from worker.core.revisions.context import Mention, Sentence, Version, Wording

# Log-odds of each observation where the values differ, and where they are equal (`tests/eval/fitting.py`).
CHANGED: dict[str, float] = {name: weights["changed"] for name, weights in FITTED["observations"].items()}
EQUAL: dict[str, float] = {name: weights["equal"] for name, weights in FITTED["observations"].items()}
# Concepts that name what happened to those who are counted: two of them never mean the same people.
FATES = frozenset({
    "killed", "hurt", "missing", "trapped", "rescued", "displaced", "detained", "charged", "convicted", "recovered",
    "captured", "destroyed", "damaged", "outage", "cases", "vaccinated", "seats", "votes", "turnout", "profit",
    "revenue",     "temperature", "wind", "rain", "depth", "magnitude", "unemployment", "inflation",
})  # fmt: skip
BOTH = 2
OPENING = 2  # headline, and the first sentences of the text
FEW = 6  # pairs of values of one kind that are weighed although their sentences share nothing
# Likeness of two sentences below which values of other kinds, or of one kind, are not weighed (`has_little_in_common`).
UNLIKE, UNLIKE_KIND = 0.2, 0.1
SMALL = 10  # counts up to which values agree by chance
SAME_PERSON = 0.6  # of the words beside two ages without a name
SURE_DISTANCE = 6
ENOUGH_WORDS, NEAR_CONCEPT = 5, 9
# Powers of ten between two values: a quarter more or less, three times, and what no correction bridges.
CLOSE, FAR, FARTHEST = 0.1, 0.5, 3.5


@dataclass(slots=True)
class Evidence:
    """The observations on a pair of mentions; `score` is their sum."""

    old: Mention
    new: Mention
    equal: bool
    gap: float  # powers of ten between the values
    score: float = 0.0
    observed: dict[str, float] = field(default_factory=dict)
    rival: Evidence | None = None  # the likeliest other pair of either; of chosen pairs only
    odds: float = 0.0  # log-odds against its rivals and against being no pair at all; of chosen pairs only

    def add(self, name: str, amount: float = 1.0) -> None:
        """Count an observation, in whole or in part."""
        value = (EQUAL if self.equal else CHANGED)[name] * amount
        self.observed[name] = value
        self.score += value


def weigh_words(sentences: Sequence[Sentence], wordings: Iterable[Wording]) -> dict[str, float]:
    """Inverse document frequency of each stem over the sentences of both versions; weighs words beside figures."""
    seen = Counter(chain.from_iterable([sentence.wording.topics for sentence in sentences]))
    rarities = {count: math.log((1 + len(sentences)) / count) for count in set(seen.values())}
    weights = {word: rarities[count] for word, count in seen.items()}
    for wording in wordings:
        wording.rarity = weights
    for sentence in sentences:
        for mention in sentence.mentions:
            if mention.words:
                mention.words = {word: near * weights[word] for word, near in mention.words.items()}
                mention.mass = sum(mention.words.values())
                mention.own = {word: weights[word] for word in mention.own}
                mention.own_mass = sum(mention.own.values())
    return weights


def likeness(old: Sentence, new: Sentence) -> float:
    """How much two sentences tell the same, in [0, 1]: cosine, and for split or merged sentences containment."""
    one, two = old.wording, new.wording
    if one.bag.keys().isdisjoint(two.bag.keys()):
        return 0.0
    if len(one.bag) > len(two.bag):
        one, two = two, one
    others = two.bag
    shared = [weight for word, weight in one.bag.items() if word in others]
    cosine = sum([weight * weight for weight in shared]) / math.sqrt(one.norm * two.norm)
    contained = sum(shared) / one.weight if len(one.bag) >= 4 else 0.0  # noqa: PLR2004 -- fewer words are contained by chance
    return max(cosine, 0.5 * (cosine + contained))


def overlap(one: Mention, two: Mention) -> tuple[float, float]:
    """Weighted Dice coefficient of the words beside two figures, and the weight of the best of them.

    Rare words and near ones weigh more.
    """
    if len(one.words) > len(two.words):
        one, two = two, one
    others = two.words
    shared = best = 0.0
    for word, weight in one.words.items():
        other = others.get(word)
        if other is not None:
            common = min(other, weight)
            shared += common
            best = max(best, common)
    total = one.mass + two.mass
    return (2 * shared / total if total else 0.0), best


def weigh(old: Mention, new: Mention, like: float) -> Evidence | None:
    """Sum up what speaks for and against the two being one figure; None where they cannot be."""
    gap = abs(old.log - new.log)
    # In one unit equal values are equally large; conversions may not be.
    equal = (gap <= CLOSE or old.figure.unit != new.figure.unit) and same_value(old.figure, new.figure)
    if not equal and (
        gap > FARTHEST
        or old.role is Role.SUPERSEDED
        or new.role is Role.SUPERSEDED  # a value quoted as outdated is no newer value of anything
        or (gap > CLOSE and has_little_in_common(old, new, like))
    ):
        return None
    found = Evidence(old, new, equal, gap, score=(EQUAL if equal else CHANGED)["prior"])
    weigh_sentence(found, like)
    weigh_wording(found)
    weigh_thing(found)
    weigh_scope(found)
    weigh_role(found)
    weigh_value(found)
    return found


def has_little_in_common(old: Mention, new: Mention, like: float) -> bool:
    """Whether two values that are not close tell of other things in other words: most pairs, and none was ever one.

    Few values of a kind, one concept or a sentence that names older values are enough to look again. Of 4,200 pairs of
    the development sets that this leaves out none had been chosen.
    """
    if like >= UNLIKE or (old.concept is not None and old.concept == new.concept):
        return False
    if old.kind == new.kind != "" and (like >= UNLIKE_KIND or old.peers * new.peers <= FEW):
        return False
    return not like or not (new.sentence.superseded or new.sentence.baselines)


def weigh_sentence(found: Evidence, like: float) -> None:
    """The masked sentences."""
    old, new = found.old.sentence, found.new.sentence
    if old.wording.form == new.wording.form and len(old.wording.mask) > 2:  # noqa: PLR2004 -- a bare number is no sentence
        found.add("same sentence")
        if found.old.slot != found.new.slot:
            found.add("other place in it")
    else:
        found.add("sentence", like)
    if old.part is new.part is Part.TITLE:
        found.add("title")
    elif old.part is not new.part:
        found.add("other part")
    else:
        weigh_place(found)


def weigh_place(found: Evidence) -> None:
    """Where the figures stand: what opens the old version is seldom what closes the new one."""
    opens = found.old.sentence.index <= OPENING, found.new.sentence.index <= OPENING
    if all(opens):
        found.add("both open")
    elif any(opens):
        found.add("one opens")
    found.add("elsewhere", abs(found.old.depth - found.new.depth))
    bounds = found.old.figure.bound, found.new.figure.bound
    if bounds[0] is bounds[1] and bounds[0] is not Bound.EXACT:
        found.add("hedged alike")


def weigh_wording(found: Evidence) -> None:
    """The words beside the figures."""
    shared, rarest = overlap(found.old, found.new)
    found.add("words", shared)
    if rarest:
        found.add("anchor", rarest)
    if (
        is_age(found.old)
        and is_age(found.new)
        and not found.equal
        and shared < SAME_PERSON
        and not found.old.names & found.new.names
    ):
        found.add("age of another")
    weigh_own_words(found)
    fewest = min(len(found.old.words), len(found.new.words))
    if not shared and fewest:
        found.add("no words", min(1.0, fewest / ENOUGH_WORDS))  # "Seventeen died" has little to share


def weigh_thing(found: Evidence) -> None:
    """What is counted, and what became of it."""
    old, new = found.old, found.new
    if old.kind and old.kind == new.kind:
        found.add("sole", 1 / math.sqrt(old.peers * new.peers))
    if old.figure.unit != new.figure.unit or is_age(old) != is_age(new) or rates_differ(old, new):
        found.add("other unit")
    if is_rate_against_count(old, new):
        found.add("rate against count")
    if old.noun and new.noun:
        weigh_noun(found)
    if old.concept and new.concept:
        weigh_concept(found)
    for name, member in old.contrasts.items():
        if new.contrasts.get(name, member) != member:
            found.add("contrast")


def weigh_own_words(found: Evidence) -> None:
    """The words that each figure of a list has beside it: shared, or with another figure of the list."""
    old, new = found.old, found.new
    total = old.own_mass + new.own_mass
    if not total:
        return
    shared = sum(weight for word, weight in old.own.items() if word in new.own)
    if shared:
        found.add("own words", 2 * shared / total)
    crossed = sum(weight for word, weight in old.own.items() if word in new.others)
    crossed += sum(weight for word, weight in new.own.items() if word in old.others)
    if crossed:
        found.add("words crossed", crossed / total)
    nearest = (old.nearest in new.others) + (new.nearest in old.others)
    if nearest:
        found.add("nearest word crossed", nearest)


def is_age(mention: Mention) -> bool:
    """Whether the years are those of a person."""
    return mention.figure.dimension == "age"


def is_rate_against_count(old: Mention, new: Mention) -> bool:
    """Whether one is a rate and the other a count: "96 cases per 100,000" and "231 cases"."""
    return not old.unit and old.rate != new.rate


def rates_differ(old: Mention, new: Mention) -> bool:
    """Whether both are rates, per other things: barrels a day and barrels a year."""
    return None not in {old.figure.per, new.figure.per} and old.figure.per != new.figure.per


def weigh_noun(found: Evidence) -> None:
    """The counted nouns; one that is borrowed from another figure says less."""
    old, new = found.old, found.new
    if old.noun == new.noun:
        found.add("same noun")
        return
    if old.group and old.group == new.group:
        found.add("noun group")
    elif old.topic in new.words or new.topic in old.words:
        found.add("noun beside")  # "46,000 were exported", "64,000 exports"
    elif not {old.group, new.group} & {"any", "person"} and old.concept_distance and new.concept_distance:
        sure = not (old.borrowed or new.borrowed)
        if sure or old.borrowed != new.borrowed:
            people = {old.group, new.group} <= PEOPLE
            found.add("other people" if people else "other noun", 1.0 if sure else 0.5)


def weigh_concept(found: Evidence) -> None:
    """The events or states; two fates right beside the figures exclude each other."""
    old, new = found.old, found.new
    if old.concept == new.concept:
        found.add("concept")
        found.add("sole concept", 1 / math.sqrt(old.fellows * new.fellows))
        if old.first and new.first and old.concept in FATES:
            found.add("first")
        return
    farther = max(old.concept_distance, new.concept_distance)
    if farther <= SURE_DISTANCE and {old.concept, new.concept} <= FATES:
        found.add("other concept")
    else:
        found.add("other weak concept", 1.0 if farther <= NEAR_CONCEPT else 0.5)


def weigh_scope(found: Evidence) -> None:
    """Place and period."""
    old, new = found.old, found.new
    if old.names and new.names:
        if old.names & new.names:
            found.add("names", len(old.names & new.names) / len(old.names | new.names))
        else:
            found.add("other names")
    one, two = old.figure.place, new.figure.place
    if one and two:
        found.add("place" if one in two or two in one else "other place")
    match agreement(old.period, new.period):
        case Times.OTHER if months_differ(old.period, new.period):
            found.add("other month", 0.5 if old.running or new.running else 1.0)
        case Times.OTHER if not (old.running or new.running) or "other names" in found.observed:
            found.add("other period")
        case Times.OTHER_HOUR if old.running and new.running:  # an event's own hour may be corrected
            found.add("other clock")
        case Times.ONE_PAST:
            found.add("year on one side", how_past(old, new))
        case Times.UNKNOWN if not (old.running or new.running):
            if agreement(old.period or old.told_of, new.period or new.told_of) is Times.OTHER:
                found.add("told of another day")  # "Rain fell on Monday. Koro recorded 34 millimetres."


def months_differ(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether more than the day differs: the month, the quarter or the year."""
    return any(kind in new and not alike(old[kind], new[kind]) for kind in old if kind in SPANS)


def how_past(old: Mention, new: Mention) -> float:
    """How much a past time that only one side names speaks against them; two that cannot be compared, still more."""
    if is_past(old.period) and is_past(new.period):
        return 3.0
    year = old.period.get(Kind.YEAR) or new.period.get(Kind.YEAR)
    if year in old.sentence.years & new.sentence.years:
        return 0.4  # a year of the story, which both tell somewhere
    # "last year" may be told by the paragraph
    return 1.0 if {Kind.YEAR, Kind.AGO} & (old.period.keys() | new.period.keys()) else 0.5


def weigh_role(found: Evidence) -> None:
    """What the figures do in their sentences."""
    old, new = found.old, found.new
    if Role.SUPERSEDED in (old.role, new.role) and old.role is not new.role:
        found.add("superseded")
    elif old.role is not new.role:
        name = "rate or change" if {old.role, new.role} == {Role.LEVEL, Role.CHANGE} else "role"
        found.add(name, 0.5 if found.equal else 1.0)  # a rewrite turns "was 5, is 4" into "down from 5 to 4"
    if old.owner and new.owner:
        if old.owner == new.owner:
            found.add("owner")
        else:
            found.add("owners crossed" if are_crossed(old, new) else "other owner")
    if old.subject and old.subject == new.subject:
        found.add("subject")
    if old.part != new.part:
        found.add("part")
    if old.more != new.more:
        found.add("more")
    if old.side is not None and new.side is not None and old.side != new.side:
        found.add("other side")
    elif old.sources and new.sources:
        found.add("same source" if old.sources & new.sources else "source")


def are_crossed(old: Mention, new: Mention) -> bool:
    """Whether both sentences have a figure for both owners: "Orre had 4,812 and Finch 4,790", then the other way."""
    return old.owner in new.sentence.owners and new.owner in old.sentence.owners


def weigh_value(found: Evidence) -> None:
    """Equal values are likelier to be one figure the more digits they have; magnitudes seldom change."""
    if found.equal:
        found.add("value")
        found.add("digit", min(found.old.digits, 4) - 1)
        if found.old.figure.low <= SMALL and not found.old.unit:
            found.add("small")
        if found.old.times * found.new.times > 1:
            found.add("common value", math.log(found.old.times * found.new.times))
        return
    if found.old.concept == found.new.concept and found.old.concept in FATES and found.new.log > found.old.log:
        found.add("grows")
    if found.old.sentence.repeated:
        found.add("still shown")  # a live blog keeps its older entries
    if found.old.stale or found.new.stale:
        found.add("stale")
    if found.gap > FAR:
        found.add("magnitude", found.gap - FAR)
    if 0 < found.gap < CLOSE:
        found.add("close", min(2.0, 1 - math.log10(found.gap / CLOSE)))


def weigh_declaration(found: Evidence, new: Version) -> None:
    """What the new version says of a correction: a notice with both values, or "44, not 34 as reported"."""
    if found.equal:
        return
    if new.declared and new.corrects(found.old.figure):
        found.add("declared" if new.corrects(found.new.figure) else "old value declared")
    held = found.new.role in {Role.LEVEL, Role.CHANGE}  # "grows by 13 buses and not, as planned, by 16"
    if held and not is_quoted(found.new) and value_key(found.old.figure) in found.new.sentence.superseded:
        found.add("replaces")
    elif found.new.role is found.old.role is Role.LEVEL and value_key(found.old.figure) in found.new.sentence.baselines:
        found.add("replaces baseline")


def is_of_old_report(old: Mention, new: Mention) -> bool:
    """Whether the new figure is told of the time of the old one: in June, "the gain for May was revised to 165,000"."""
    period = old.period or old.told_of
    return not SPANS.isdisjoint(new.period) and agreement(period, new.period) is Times.SAME


def weigh_next_report(found: Evidence, *, months: bool) -> None:
    """In a report on the next day or month, figures without a date of their own are those of that time too.

    A running total goes on from day to day; from month to month only one that counts since a date does.
    """
    old, new = found.old, found.new
    if months and is_of_old_report(old, new):
        return
    standing = old.counted_since + new.counted_since if months else old.standing + new.standing
    if not found.equal and standing < BOTH and "declared" not in found.observed:
        found.add("next report", 0.3 if standing else 1.0)
