"""Which figure of the new version is which figure of the old one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from worker.core.revisions.evidence import likeness, weigh, weigh_declaration, weigh_next_report
from worker.core.revisions.headlines import covered
from worker.core.revisions.units import value_key
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from worker.core.revisions.context import Mention, Sentence, Version
    from worker.core.revisions.evidence import Evidence

# Up to this many pairs are all weighed (60 figures on each side); beyond it, in the larger unit classes, only
# figures that share a masked sentence or a rare word.
ALL_PAIRS, FEW_PAIRS = 4_000, 400
RARE = 12  # sentences that may share a word before it no longer leads to candidates
SURE = 4.0  # log-odds from which a pair ties its sentences together
MATCH = -2.0  # log-odds from which a pair may be one figure
OPENING, SAME_OPENING = 2, 0.4  # the first sentences, headline included, and how alike they are in a serial report
# Observations that no lack of rivals makes up for.
DOUBTS = frozenset(
    {
        "other period",
        "year on one side",
        "next report",
        "other noun",
        "other concept",
        "superseded",
        "role",
        "still shown",
    }
)
CLEARLY = 2.0  # log-odds by which a pair is ahead of its rivals
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
    return [(mention.sentence.form, mention.slot), *mention.words]


@dataclass(slots=True)
class Alignment:
    """Which figures are one, and the evidence for each pair."""

    repeated: list[tuple[Mention, Mention]]  # in sentences that both versions have
    chosen: list[Evidence]  # in other sentences
    matched: set[int]  # `id` of every mention that has a partner
    ties: Counter[tuple[int, int]]  # sentences of both versions, by index, that tell the same → common figures


def align(
    old: Version,
    new: Version,
    twins: Sequence[tuple[int, int]],
    repeated: list[tuple[Mention, Mention]],
) -> Alignment:
    """Pair the figures of two versions one to one, surest first; `twins` and `repeated` as from `pair_repeated`.

    Sure pairs tie their sentences together, which helps the figures beside them in a second round. In a live
    blog, whose older entries stay, a figure of a new entry may replace one that still stands below.
    """
    stale = {id(other) for _, other in repeated}
    settled = set() if new.live else {id(mention) for mention, _ in repeated}
    ours = [mention for mention in old.mentions if id(mention) not in settled]
    theirs = [mention for mention in new.mentions if id(mention) not in stale]
    count_peers(ours)
    count_peers(theirs)
    scored = score(comparable(ours, theirs, old, new), new)
    if opens_anew(scored):
        for found in scored:
            weigh_next_report(found)
        scored.sort(key=strength)
    taken: set[int] = set()
    sure = take((found for found in scored if found.score >= SURE), taken)
    ties = Counter(
        [(one.sentence.index, other.sentence.index) for one, other in repeated]
        + [(found.old.sentence.index, found.new.sentence.index) for found in sure]
    )
    rest = [found for found in scored if id(found.old) not in taken and id(found.new) not in taken]
    for found in rest:
        tied = ties[found.old.sentence.index, found.new.sentence.index]
        if tied:
            found.add("tied", min(tied, 3))
        elif is_beside(found, ties):
            found.add("beside tied")
    rest.sort(key=strength)
    weigh_rivals(rest)
    weigh_remains(rest, ours, theirs, taken)
    rest.sort(key=strength)
    chosen = sure + take((found for found in rest if found.score >= MATCH), taken)
    ties.update((found.old.sentence.index, found.new.sentence.index) for found in chosen[len(sure) :])
    ties.update(twins)
    return Alignment(repeated, chosen, taken | stale | {id(mention) for mention, _ in repeated}, ties)


def count_peers(mentions: Sequence[Mention]) -> None:
    """Tell each figure how many values its version has of its kind and of its concept: an only one is found."""
    values: dict[object, set[object]] = defaultdict(set)
    for mention in mentions:
        mention.kind = kind_of(mention)
        if mention.figure.part is Part.TEXT:
            for key in groups_of(mention):
                values[key].add(value_key(mention.figure))
    for mention in mentions:
        mention.peers, mention.fellows = (max(1, len(values[key])) for key in groups_of(mention))


def groups_of(mention: Mention) -> tuple[object, object]:
    """The groups of figures that it could be mistaken for."""
    return mention.kind, (mention.unit, mention.concept)


def kind_of(mention: Mention) -> str:
    """The counted noun, or unit and dimension: years of age are no years of prison."""
    if mention.unit:
        return f"{mention.figure.unit} {mention.figure.dimension} {mention.figure.per or ''}"
    return mention.group or mention.noun or ""


def is_beside(found: Evidence, ties: Mapping[tuple[int, int], int]) -> bool:
    """Whether the sentence before or after tells the same in both versions."""
    one, two = found.old.sentence.index, found.new.sentence.index
    return any((one + step, two + other) in ties for step in (-1, 1) for other in (-1, 1))


def weigh_remains(
    rest: Sequence[Evidence], ours: Sequence[Mention], theirs: Sequence[Mention], taken: Container[int]
) -> None:
    """When every other figure of a unit has found its partner, the last one of each version is likelier to be one."""
    left = [
        Counter(mention.unit for mention in side if id(mention) not in taken and mention.figure.part is Part.TEXT)
        for side in (ours, theirs)
    ]
    for found in rest:
        unit = found.old.unit
        if unit and left[0][unit] == left[1][unit] == 1 and not found.observed.keys() & DOUBTS:
            found.add("last")


def weigh_rivals(rest: Sequence[Evidence]) -> None:
    """What is left over on both sides, with no other partner in sight, is likelier to be one figure.

    `rest` is sorted, so the first two pairs of a mention are its best one and the rival of that.
    """
    best: dict[int, list[Evidence]] = defaultdict(list)
    for found in rest:
        for mention in (found.old, found.new):
            if len(best[id(mention)]) < 2:  # noqa: PLR2004 -- as said
                best[id(mention)].append(found)
    margins: list[tuple[Evidence, float]] = []
    for found in rest:
        rivals = [other for mention in (found.old, found.new) for other in best[id(mention)] if other is not found]
        lead = found.score - max((other.score for other in rivals), default=HOPELESS)
        if lead > 0 and not found.observed.keys() & DOUBTS:
            margins.append((found, lead))
    for found, lead in margins:
        found.add("alone", min(1.0, lead / CLEARLY))


def score(pairs: Iterable[tuple[Mention, Mention]], new: Version) -> list[Evidence]:
    """The evidence on each pair that is not hopeless, strongest first."""
    likenesses: dict[tuple[int, int], float] = {}
    scored: list[Evidence] = []
    for one, other in pairs:
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


def opens_anew(scored: Sequence[Evidence]) -> bool:
    """Whether the new version opens as the old one did, with another day and other figures: a report in a series.

    The first figures that differ, place by place, decide for a pair of opening sentences.
    """
    first: dict[tuple[int, int], Evidence] = {}
    for found in scored:
        one, two = found.old.sentence, found.new.sentence
        opening = max(one.index, two.index) <= OPENING and Part.TITLE not in (one.part, two.part)
        if opening and not found.equal and found.old.slot == found.new.slot:
            key = one.index, two.index
            if key not in first or found.old.slot < first[key].old.slot:
                first[key] = found
    return any(
        "other period" in found.observed and likeness(found.old.sentence, found.new.sentence) >= SAME_OPENING
        for found in first.values()
    )


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
