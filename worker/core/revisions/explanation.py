"""Two versions side by side: which sentence became which, and what became of each figure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from worker.core.revisions.comparison import Comparison, compare_in_full, is_change
from worker.core.revisions.evidence import likeness
from worker.core.revisions.headlines import compatible
from worker.core.revisions.units import value_key

if TYPE_CHECKING:
    from worker.core.revisions.context import Mention, Sentence, Version
    from worker.model import Revision, Text

ALIKE = 0.35  # from which two sentences without a common figure are shown beside each other
LOOKED_AT = 8  # mentions of one value, for one that a mention repeats
SEARCHED = 400  # sentences on a side up to which sentences without figures are paired too


class Fate(StrEnum):
    """What became of a figure."""

    UNCHANGED = "unchanged"
    REVISED = "revised"
    REQUALIFIED = "requalified"
    WITHDRAWN = "withdrawn"
    CUT = "cut"  # gone with its passage
    ADDED = "added"
    NOTICE = "notice"  # named by a correction notice


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure in a sentence: offsets from the start of the sentence."""

    start: int
    end: int
    fate: Fate


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence with its figures marked."""

    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of the old version beside the one that took its place."""

    old: Side | None
    new: Side | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The rows in the order of the new version, and what the comparison concluded."""

    rows: tuple[Row, ...]
    revisions: tuple[Revision, ...]
    abstained: tuple[Revision, ...]


def explain(old: Text, new: Text, *, language: str = "en") -> Explanation:
    """Align two versions for people to look at; an old sentence without a successor follows the one before it."""
    comparison = compare_in_full(old, new, language=language)
    fates = fates_of(comparison)
    successors = successors_of(comparison)
    taken = set(successors.values())
    before: dict[int, list[Sentence]] = {}
    last = -1
    for sentence in comparison.old.sentences:
        successor = successors.get(sentence.index)
        if successor is None:
            before.setdefault(last, []).append(sentence)
        else:
            last = successor
    of_new = {new_index: comparison.old.sentences[old_index] for old_index, new_index in successors.items()}
    rows = [Row(side(sentence, fates), None) for sentence in before.get(-1, ())]
    for sentence in comparison.new.sentences:
        partner = of_new.get(sentence.index) if sentence.index in taken else None
        rows.append(Row(side(partner, fates) if partner else None, side(sentence, fates)))
        rows += [Row(side(gone, fates), None) for gone in before.get(sentence.index, ())]
    return Explanation(tuple(rows), comparison.revisions, comparison.abstained)


def side(sentence: Sentence, fates: dict[int, Fate]) -> Side:
    """A sentence with marks."""
    marks = []
    for mention in sentence.mentions:
        start = max(0, mention.figure.start - sentence.span.start)
        end = min(len(sentence.text), mention.figure.end - sentence.span.start)
        marks.append(Mark(start, end, fates[id(mention)]))
    return Side(sentence.text, tuple(marks))


def fates_of(comparison: Comparison) -> dict[int, Fate]:
    """What became of every mention, by `id`."""
    fates: dict[int, Fate] = {}
    for version, alone in ((comparison.old, Fate.CUT), (comparison.new, Fate.ADDED)):
        for sentence in version.sentences:
            for mention in sentence.mentions:
                fates[id(mention)] = Fate.NOTICE if sentence.notice else alone
    for one, other in comparison.alignment.repeated:
        fates[id(one)] = fates[id(other)] = Fate.UNCHANGED
    told = {(id(revision.old), id(revision.new)) for revision in comparison.revisions}
    for found in comparison.alignment.chosen:
        fate = Fate.UNCHANGED
        if is_change(found):
            if (id(found.old.figure), id(found.new.figure)) not in told and not repeats(found.old, comparison):
                continue
            fate = Fate.REQUALIFIED if found.equal else Fate.REVISED
        fates[id(found.old)] = fates[id(found.new)] = fate
    gone = {id(revision.old) for revision in comparison.revisions if revision.new is None}
    fates.update({id(mention): Fate.WITHDRAWN for mention in comparison.old.mentions if id(mention.figure) in gone})
    share_fates(comparison.old, Fate.CUT, fates)
    share_fates(comparison.new, Fate.ADDED, fates)
    return fates


def repeats(mention: Mention, comparison: Comparison) -> bool:
    """Whether a reported revision starts from this value: headline and lead repeat the body."""
    return any(
        revision.old.low == mention.figure.low and revision.old.unit == mention.figure.unit
        for revision in comparison.revisions
    )


def share_fates(version: Version, alone: Fate, fates: dict[int, Fate]) -> None:
    """A mention without a partner that repeats another one of its version shares its fate."""
    known: dict[object, list[Mention]] = {}
    for mention in version.mentions:
        if fates[id(mention)] is not alone:
            known.setdefault(value_key(mention.figure), []).append(mention)
    for mention in version.mentions:
        if fates[id(mention)] is alone:
            for other in known.get(value_key(mention.figure), ())[:LOOKED_AT]:
                if compatible(mention, other):
                    fates[id(mention)] = fates[id(other)]
                    break


def successors_of(comparison: Comparison) -> dict[int, int]:
    """For each old sentence the new one that shares most figures with it, or reads most alike; one to one."""
    shared: Counter[tuple[int, int]] = Counter()
    for one, other in comparison.alignment.repeated:
        shared[one.sentence.index, other.sentence.index] += 1
    for found in comparison.alignment.chosen:
        shared[found.old.sentence.index, found.new.sentence.index] += 1
    old, new = comparison.old.sentences, comparison.new.sentences
    weights = {pair: count + likeness(old[pair[0]], new[pair[1]]) for pair, count in shared.items()}
    if len(old) <= SEARCHED and len(new) <= SEARCHED:
        for before in old:
            for after in new:
                like = likeness(before, after) if before.part is after.part else 0.0
                if like >= ALIKE:
                    weights.setdefault((before.index, after.index), like)
    return greedy(weights)


def greedy(weights: dict[tuple[int, int], float]) -> dict[int, int]:
    """The heaviest pairs first, each index once."""
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for one, other in sorted(weights, key=lambda pair: (-weights[pair], pair)):
        if one not in chosen and other not in taken:
            chosen[one] = other
            taken.add(other)
    return chosen
