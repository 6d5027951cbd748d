"""Which figure of the new version is which figure of the old one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain, combinations
from typing import TYPE_CHECKING

from worker.core.revisions.context import Role
from worker.core.revisions.evidence import FARTHEST, likeness, weigh, weigh_declaration, weigh_next_report
from worker.core.revisions.headlines import covered
from worker.core.revisions.periods import Times, agreement
from worker.core.revisions.series import is_of_its_day, is_quoted, kind_of, lead_retold, stands
from worker.core.revisions.units import SCORE, same_value, value_key
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from worker.core.revisions.context import Mention, Sentence, Version
    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.units import Values

# Up to this many pairs are all weighed (60 figures on each side); beyond it, in the larger unit classes, only
# figures that share a masked sentence or a rare word.
ALL_PAIRS, FEW_PAIRS = 4_000, 400
RARE = 12  # sentences that may share a word before it no longer leads to candidates
SURE = 4.0  # log-odds from which a pair ties its sentences together
MATCH = -2.0  # log-odds from which a pair may be one figure
LEADING = 4  # sentences, headline included, that say what a report is about
OPENING, SAME_OPENING = 2, 0.4  # the first sentences, headline included, and how alike they are in a serial report
OTHER_TIMES = frozenset({"other period", "other month"})
# Observations that no lack of rivals makes up for.
DOUBTS = OTHER_TIMES | frozenset(
    {
        "year on one side",
        "next report",
        "other noun",
        "other concept",
        "superseded",
        "role",
        "still shown",
    }
)
TELLING_DIGITS = 2  # of a value that does not stand twice by chance
SWAPPED = 12  # values of two sentences that are looked at for swaps
HOPELESS = -12.0  # log-odds that no tie makes up for


def pair_repeated(
    old: Sequence[Sentence], new: Sequence[Sentence]
) -> tuple[list[tuple[int, int]], list[tuple[Mention, Mention]]]:
    """Sentences, by index, that both versions have word for word, the first with the first and so on; their figures."""
    waiting: dict[tuple[str, str], list[Sentence]] = defaultdict(list)
    for sentence in reversed(new):
        waiting[sentence.part, sentence.text].append(sentence)
    twins: list[tuple[int, int]] = []
    pairs: list[tuple[Mention, Mention]] = []
    for sentence in old:
        same = waiting.get((sentence.part, sentence.text))
        if same:
            twin = same.pop()
            sentence.repeated = twin.repeated = True
            twins.append((sentence.index, twin.index))
            if len(sentence.mentions) == len(twin.mentions):
                pairs += zip(sentence.mentions, twin.mentions, strict=True)
    return twins, pairs


def comparable(
    ours: Sequence[Mention], theirs: Sequence[Mention], old: Version, new: Version
) -> Iterator[tuple[Mention, Mention]]:
    """Pairs worth weighing; headline figures that the body repeats must not take the body's partners."""
    own = apart_from_repeats(ours, old)
    titles = [mention for mention in own if mention.figure.part is Part.TITLE]
    texts = [mention for mention in own if mention.figure.part is Part.TEXT]
    return chain(candidates(texts, apart_from_repeats(theirs, new)), candidates(titles, theirs))


def apart_from_repeats(mentions: Sequence[Mention], version: Version) -> list[Mention]:
    """Leave out headline figures that the body repeats."""
    return [m for m in mentions if m.figure.part is Part.TEXT or not covered(m, version.body)]


def candidates(old: Sequence[Mention], new: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Pairs worth weighing: of one unit class, all of them in an article of usual length."""
    by_unit: dict[str, tuple[list[Mention], list[Mention]]] = defaultdict(lambda: ([], []))
    for mention in old:
        by_unit[mention.unit][0].append(mention)
    for mention in new:
        by_unit[mention.unit][1].append(mention)
    every = sum(len(ones) * len(others) for ones, others in by_unit.values())
    for ones, others in by_unit.values():
        if every <= ALL_PAIRS or len(ones) * len(others) <= FEW_PAIRS:
            yield from ((one, other) for one in ones for other in others)
        else:
            yield from by_rare_words(ones, others)


def by_rare_words(old: Sequence[Mention], new: Sequence[Mention]) -> Iterator[tuple[Mention, Mention]]:
    """Pairs whose sentences share a mask or a rare word; at most `RARE` partners for each word."""
    index: dict[object, list[Mention]] = defaultdict(list)
    for mention in new:
        for key in keys(mention):
            if len(index[key]) <= RARE:
                index[key].append(mention)
    for mention in old:
        seen: set[int] = set()
        for key in keys(mention):
            found = index.get(key, ())
            if len(found) > RARE:
                continue
            for other in found:
                if other.order not in seen:
                    seen.add(other.order)
                    yield mention, other


def keys(mention: Mention) -> Iterable[object]:
    """What leads from a figure to its candidates."""
    return [(mention.sentence.wording.form, mention.slot), *mention.words]


@dataclass(slots=True)
class Alignment:
    """Which figures are one, and the evidence for each pair."""

    repeated: list[tuple[Mention, Mention]]  # in sentences that both versions have
    chosen: list[Evidence]  # in other sentences
    matched: set[int]  # `id` of every mention that has a partner
    ties: Counter[tuple[int, int]]  # sentences of both versions, by index, that tell the same → common figures
    weighed: list[Evidence]  # every pair that was looked at, strongest first


def align(
    old: Version,
    new: Version,
    twins: Sequence[tuple[int, int]],
    repeated: list[tuple[Mention, Mention]],
    *,
    another: bool = False,
) -> Alignment:
    """Pair the figures of two versions one to one, surest first; `twins` and `repeated` as from `pair_repeated`.

    Sure pairs tie their sentences together and leave fewer to be mistaken for, which is weighed in a second round. In
    a live blog, whose older entries stay, a figure of a new entry may replace one that still stands below. `another`
    tells that the new version reports another match.
    """
    stale = {id(other) for _, other in repeated}
    settled = set() if new.live else {id(mention) for mention, _ in repeated}
    ours = [mention for mention in old.mentions if id(mention) not in settled]
    theirs = [mention for mention in new.mentions if id(mention) not in stale]
    count_peers(ours)
    count_peers(theirs)
    scored = score(comparable(ours, theirs, old, new), new)
    if (times := opens_anew(scored, new.body)) or another:
        for found in scored:
            weigh_next_report(found, months="other month" in times)
        scored.sort(key=strength)
    sure = take((found for found in scored if found.score >= SURE), set())
    ties = Counter(
        [(one.sentence.index, other.sentence.index) for one, other in repeated]
        + [(found.old.sentence.index, found.new.sentence.index) for found in sure]
    )
    weigh_neighbours(scored, sure, ties)
    weigh_remains(scored, sure, ours, theirs)
    weigh_kept(scored, ours)
    weigh_days(scored, old, new)
    told = {id(mention): retold(mention, new.body) for mention in ours}
    weigh_history(scored, theirs, old, told, past_share(ours, told))
    weigh_bare_values(scored)
    weigh_swaps(scored)
    scored.sort(key=strength)
    chosen, taken = choose(scored)
    ties.update((found.old.sentence.index, found.new.sentence.index) for found in chosen)
    ties.update(twins)
    return Alignment(repeated, chosen, taken | stale | {id(mention) for mention, _ in repeated}, ties, scored)


def count_peers(mentions: Sequence[Mention]) -> None:
    """Tell each figure how many values its version has of its kind and of its concept: an only one is found."""
    values: dict[object, set[object]] = defaultdict(set)
    for mention in mentions:
        mention.kind = kind_of(mention)
        if mention.figure.part is Part.TEXT:
            for key in groups_of(mention):
                values[key].add(value_key(mention.figure))
    times = Counter(value_key(mention.figure) for mention in mentions)
    for mention in mentions:
        mention.times = times[value_key(mention.figure)]
        mention.peers, mention.fellows = (max(1, len(values[key])) for key in groups_of(mention))


def groups_of(mention: Mention) -> tuple[object, object]:
    """The groups of figures that it could be mistaken for."""
    return mention.kind, (mention.unit, mention.concept)


def is_beside(found: Evidence, ties: Mapping[tuple[int, int], int]) -> bool:
    """Whether the sentence before or after tells the same in both versions."""
    one, two = found.old.sentence.index, found.new.sentence.index
    return any((one + step, two + other) in ties for step in (-1, 1) for other in (-1, 1))


def weigh_neighbours(scored: Iterable[Evidence], sure: Iterable[Evidence], ties: Mapping[tuple[int, int], int]) -> None:
    """Other figures of two sentences, or of those before and after, that are one; a pair does not support itself."""
    own = {id(found) for found in sure}
    for found in scored:
        tied = ties.get((found.old.sentence.index, found.new.sentence.index), 0) - (id(found) in own)
        if tied > 0:
            found.add("tied", min(tied, 3))
        elif is_beside(found, ties):
            found.add("beside tied")


def weigh_remains(
    scored: Iterable[Evidence], sure: Iterable[Evidence], ours: Sequence[Mention], theirs: Sequence[Mention]
) -> None:
    """The fewer figures of a unit and kind are left without a sure partner, the likelier two of them are one."""
    taken = {id(mention) for found in sure for mention in (found.old, found.new)}
    left: list[Counter[object]] = []
    for side in (ours, theirs):
        values: dict[object, set[object]] = defaultdict(set)
        for mention in side:
            if id(mention) not in taken and mention.figure.part is Part.TEXT:
                values[mention.unit].add(value_key(mention.figure))
                values[mention.unit, mention.kind].add(value_key(mention.figure))
        left.append(Counter({key: len(several) for key, several in values.items()}))
    for found in scored:
        if found.equal or found.observed.keys() & OTHER_TIMES or id(found.old) in taken or id(found.new) in taken:
            continue
        unit = found.old.unit
        found.add("left over", 1 / math.sqrt(max(1, left[0][unit]) * max(1, left[1][unit])))
        if found.old.kind == found.new.kind:
            key = unit, found.old.kind
            found.add("left of kind", 1 / math.sqrt(max(1, left[0][key]) * max(1, left[1][key])))


def weigh_kept(scored: Iterable[Evidence], ours: Sequence[Mention]) -> None:
    """Where few figures of the old version stand in the new one, it is another report more often than a new version."""
    kept = {id(found.old) for found in scored if found.equal and found.score > 0}
    share = (len(kept) + 1) / (len(ours) + 2)
    for found in scored:
        if not found.equal:
            found.add("kept", share - 0.5)


def weigh_days(scored: Iterable[Evidence], old: Version, new: Version) -> None:
    """Where the first sentences tell of other days, so do figures without a day of their own, running totals aside."""
    other_days = bool(old.days and new.days) and not old.days & new.days
    other_months = bool(old.months and new.months) and not old.months & new.months
    retold_lead = lead_retold(old, new)
    for found in scored:
        if not found.equal:
            amount = 0.3 if found.old.standing and found.new.standing else 1.0
            if other_days:
                found.add("other day", amount)
                if is_of_its_day(found.old) and is_of_its_day(found.new):
                    found.add("of its day")
            if retold_lead:
                found.add("lead retold", retold_lead * amount)
            if other_months:
                found.add("other month told", amount)


def past_share(ours: Iterable[Mention], told: Mapping[int, str]) -> float:
    """How much of what opened the old version the new one tells as another time's."""
    leads = [m for m in ours if m.figure.part is Part.TEXT and m.role is Role.LEVEL and m.sentence.index <= LEADING]
    return sum(told[id(mention)] == "old value dated" for mention in leads) / (len(leads) + 1)


def weigh_history(
    scored: Iterable[Evidence], theirs: Iterable[Mention], old: Version, told: Mapping[int, str], past: float
) -> None:
    """Where the old value stands in the new version too, as what holds or as another time's.

    `told` is how the new version gives each old value (`retold`), `past` how much of the opening it tells as past.
    """
    known = {id(mention) for mention in theirs if stands(mention, old.body)}
    for found in scored:
        if found.equal:
            continue
        if name := told[id(found.old)]:
            found.add(name)
        if id(found.new) in known:
            found.add("new value known")
        if past:
            found.add("history", past)


def weigh_bare_values(scored: Iterable[Evidence]) -> None:
    """Where a bare number beside the new value is the old one: "she weighs 52, having lost seven kilos"."""
    for found in scored:
        if found.equal or found.old.digits < TELLING_DIGITS:
            continue
        for other in found.new.sentence.mentions:
            if other is not found.new and not other.unit and other.noun is None and other.log == found.old.log:
                found.add("old value beside")
                break


def weigh_swaps(scored: Iterable[Evidence]) -> None:
    """Equal values in two sentences that exchanged their words: "£840m for schools, £480m for councils" and back."""
    groups: dict[tuple[int, int, str], list[Evidence]] = defaultdict(list)
    for found in scored:
        if found.equal and found.old.unit != SCORE and not found.old.sentence.repeated:
            groups[found.old.sentence.index, found.new.sentence.index, found.old.unit].append(found)
    for group in groups.values():
        for one, two in combinations(group[:SWAPPED], 2):
            if is_swapped(one, two):
                one.add("swapped")
                two.add("swapped")


def is_swapped(one: Evidence, two: Evidence) -> bool:
    """Whether the words next to each of two values are next to the other one in the new sentence."""
    if one.old is two.old or one.new is two.new:
        return False
    straight = (one.old.own.keys() & one.new.own.keys()) | (two.old.own.keys() & two.new.own.keys())
    if straight:
        return False
    return bool(one.old.own.keys() & two.new.own.keys()) and bool(two.old.own.keys() & one.new.own.keys())


def retold(mention: Mention, new: Values) -> str:
    """How the new version still gives the value of a figure: the observation's name, empty where it does not."""
    kind = kind_of(mention)
    equal = [
        other for other in new.near(mention) if same_value(mention.figure, other.figure) and kind_of(other) == kind
    ]
    if not equal or mention.role is not Role.LEVEL:
        return ""
    if any(other.role is Role.SUPERSEDED for other in equal):
        return ""
    if any(other.role is Role.BASELINE or (other.period and not mention.period) for other in equal):
        return "old value dated"
    return "old value stays"


def choose(scored: Sequence[Evidence]) -> tuple[list[Evidence], set[int]]:
    """Pairs that are likelier one figure than either is any other's partner or nobody's; and the `id`s of both.

    `scored` is sorted, strongest first. The odds are a softmax over the partners that are left, none being one of them.
    """
    rivals: dict[int, list[Evidence]] = defaultdict(list)
    for found in scored:
        rivals[id(found.old)].append(found)
        rivals[id(found.new)].append(found)
    taken: set[int] = set()
    chosen: list[Evidence] = []
    for found in scored:
        if found.score < MATCH:
            break
        if id(found.old) in taken or id(found.new) in taken:
            continue
        sides = [
            [rival for rival in rivals[id(mention)] if is_rival(rival, found, taken)]
            for mention in (found.old, found.new)
        ]
        found.odds = found.score - math.log1p(max(sum(math.exp(rival.score) for rival in side) for side in sides))
        found.rival = max((side[0] for side in sides if side), key=lambda rival: rival.score, default=None)
        taken |= {id(found.old), id(found.new)}
        chosen.append(found)
    return chosen, taken


def is_rival(other: Evidence, found: Evidence, taken: Container[int]) -> bool:
    """Whether another pair would give a figure another partner; a place that repeats the partner's value is none."""
    if id(other.old) in taken or id(other.new) in taken:
        return False
    return not (same_value(other.old.figure, found.old.figure) and same_value(other.new.figure, found.new.figure))


def score(pairs: Iterable[tuple[Mention, Mention]], new: Version) -> list[Evidence]:
    """The evidence on each pair that is not hopeless, strongest first."""
    likenesses: dict[tuple[int, int], float] = {}
    scored: list[Evidence] = []
    for one, other in pairs:
        if abs(one.log - other.log) > FARTHEST and one.figure.unit == other.figure.unit:
            continue  # most pairs: not worth a call
        key = one.sentence.index, other.sentence.index
        like = likenesses.get(key)
        if like is None:
            like = likenesses[key] = likeness(one.sentence, other.sentence)
        found = weigh(one, other, like)
        if found is None:
            continue
        weigh_declaration(found, new)
        if found.score > HOPELESS:
            scored.append(found)
    scored.sort(key=strength)
    return scored


def opens_anew(scored: Sequence[Evidence], body: Values) -> frozenset[str]:
    """What differs where the new version opens as the old one did, with another time and other figures: a series.

    The first figures that differ, place by place, decide for a pair of opening sentences, which are alike or of which
    the new one's `body` tells the old value as that of its time: "4.7 in June, from 4.1 in May".
    """
    first: dict[tuple[int, int], Evidence] = {}
    times: set[str] = set()
    for found in scored:
        one, two = found.old.sentence, found.new.sentence
        opening = max(one.index, two.index) <= OPENING and Part.TITLE not in (one.part, two.part)
        if opening and not found.equal and found.old.slot == found.new.slot:
            key = one.index, two.index
            if key not in first or found.old.slot < first[key].old.slot:
                first[key] = found
            differing = OTHER_TIMES & found.observed.keys()
            if differing and is_dated(found.old, body):
                times |= differing
    for found in first.values():
        if likeness(found.old.sentence, found.new.sentence) >= SAME_OPENING:
            times |= OTHER_TIMES & found.observed.keys()
    return frozenset(times)


def is_dated(mention: Mention, new: Values) -> bool:
    """Whether the new version gives the value of a figure as that of another time than its own, or moves on from it."""
    return any(
        same_value(mention.figure, other.figure)
        and (other.unit, other.group) == (mention.unit, mention.group)
        and (other.role is Role.BASELINE or is_quoted(mention) or is_of_time(other, mention))
        for other in new.near(mention)
    )


def is_of_time(other: Mention, mention: Mention) -> bool:
    """Whether a figure names the time of another one, or names one where the other does not."""
    return bool(other.period) and (not mention.period or agreement(other.period, mention.period) is Times.SAME)


def strength(found: Evidence) -> tuple[float, int, int]:
    """Strongest first, then reading order."""
    return -found.score, found.old.order, found.new.order


def take(scored: Iterable[Evidence], taken: set[int]) -> list[Evidence]:
    """One partner for each figure, in the order given."""
    chosen: list[Evidence] = []
    for found in scored:
        if id(found.old) not in taken and id(found.new) not in taken:
            taken |= {id(found.old), id(found.new)}
            chosen.append(found)
    return chosen
