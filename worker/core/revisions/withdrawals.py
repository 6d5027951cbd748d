"""Figures that the new version takes back, or tells the story around without."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from worker.core.revisions.evidence import likeness
from worker.core.revisions.units import Values, kind_of, same_value
from worker.core.revisions.weights import FITTED
from worker.model import Part

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from worker.core.revisions.context import Mention, Sentence, Version
    from worker.core.revisions.matching import Alignment
    from worker.core.revisions.words import Lexicon

FEW = 3  # things that a rewrite may leave uncounted
# Likeness from which a sentence tells the same without the figure, or with "several" or "a large sum" in its place.
TOLD_ANYWAY, TOLD_VAGUELY = 0.8, 0.5
# Sentences looked at for each figure; an article that takes back more than these is none.
RETRACTIONS = 24
SHARE_OF_WORDS, SHARE_TOLD_VAGUELY = 0.8, 0.5  # of the words beside the figure that this sentence must have


# Log-odds of each observation (`tests/eval/fitting.py`).
WEIGHTS: dict[str, float] = FITTED["withdrawals"]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An old figure, the new sentence that speaks for its withdrawal, and what speaks for it."""

    old: Mention
    sentence: Sentence
    observed: dict[str, float]  # how much of each observation
    said: bool  # the sentence says that a figure was taken back

    @property
    def score(self) -> float:
        """The log-odds."""
        return fsum(WEIGHTS[name] * amount for name, amount in self.observed.items())


def considered(
    missing: Sequence[Mention],
    new: Version,
    alignment: Alignment,
    weights: Mapping[str, float],
    lexicon: Lexicon,
) -> Iterator[list[Withdrawal]]:
    """For each unmatched old figure that the new version may withdraw, the sentences that may do so.

    A passage that is gone withdraws nothing.
    """
    values = Values(new.mentions)
    partnered = {id(found.new) for found in alignment.chosen if found.equal}
    gone = [m for m in missing if m.figure.part is Part.TEXT and not still_reported(m, values, partnered)]
    if not gone:
        return
    fresh = [sentence for sentence in new.sentences if not sentence.repeated]
    said = [(sentence, cue) for sentence in fresh if sentence.part is Part.TEXT and (cue := cue_of(sentence, lexicon))]
    index = by_word(fresh)
    successors: dict[int, list[int]] = defaultdict(list)
    for one, other in alignment.ties:
        successors[one].append(other)
    for mention in gone:
        place = mention.sentence.index
        here = {index for near in (place - 1, place, place + 1) for index in successors[near][:RETRACTIONS]}
        found = [taken_back(mention, sentence, cue, here, weights, lexicon) for sentence, cue in said[:RETRACTIONS]]
        found += [told_without(mention, sentence, lexicon) for sentence in alike(mention, index)]
        if items := [item for item in found if item]:
            yield items


def cue_of(sentence: Sentence, lexicon: Lexicon) -> str:
    """How a sentence speaks of taking back: outright, or in words that also mean other things; else empty."""
    if lexicon.withdrawal.search(sentence.text):
        return "outright"
    return "in passing" if lexicon.doubt.search(sentence.text) else ""


def by_word(sentences: Sequence[Sentence]) -> dict[str, list[Sentence]]:
    """The first sentences that have each stem."""
    index: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        for word in sentence.bag:
            if len(index[word]) < RETRACTIONS:
                index[word].append(sentence)
    return index


def alike(mention: Mention, index: Mapping[str, list[Sentence]]) -> Iterable[Sentence]:
    """New sentences that have one of the three rarest words of the figure's sentence, each once."""
    rarest = sorted(mention.sentence.bag, key=lambda word: (-mention.sentence.bag[word], word))[:3]
    return {sentence.index: sentence for word in rarest for sentence in index.get(word, ())}.values()


def still_reported(mention: Mention, values: Values, partnered: Container[int]) -> bool:
    """Whether the new version has the value under the same unit and no other noun, and not as another figure's.

    `partnered` are the `id`s of those that are other figures of the old version.
    """
    for other in values.near(mention):
        if not same_value(mention.figure, other.figure):
            continue
        same_noun = mention.noun == other.noun or (mention.group is not None and mention.group == other.group)
        same_concept = mention.concept == other.concept
        if id(other) in partnered:
            if same_noun and same_concept:
                return True
        elif (same_noun or None in {mention.noun, other.noun}) and (
            same_concept or None in {mention.concept, other.concept}
        ):
            return True
    return False


def taken_back(  # noqa: PLR0917 -- as said below
    mention: Mention,
    sentence: Sentence,
    cue: str,
    here: Iterable[int],
    weights: Mapping[str, float],
    lexicon: Lexicon,
) -> Withdrawal | None:
    """A sentence that takes a figure back and speaks of what this one counts.

    `cue` is how it does (`cue_of`), `here` are the sentences, by index, that tell the figure's passage.
    """
    words = {*mention.words, mention.topic} if mention.topic else set(mention.words)
    shared = words & sentence.bag.keys()
    spoken = {token.word for token in sentence.tokens}
    concept = mention.concept is not None and any(
        lexicon.concepts.get(token.stem) == mention.concept for token in sentence.tokens
    )
    group = mention.group is not None and any(
        lexicon.nouns.get(token.stem) == mention.group for token in sentence.tokens
    )
    noun = group or (mention.topic is not None and mention.topic in sentence.bag)
    aged = mention.figure.dimension == "age"
    unit = bool(spoken & lexicon.unit_words.get("age" if aged else kind_of(mention.unit), frozenset()))
    source = any(token.stem in mention.sources for token in sentence.tokens)
    if not (shared or concept or noun or unit or source) or (aged and not unit):
        return None
    share = fsum(weights.get(word, 1.0) for word in shared) / (fsum(weights.get(word, 1.0) for word in words) or 1.0)
    observed = {
        cue: 1.0,
        "concept": float(concept),
        "noun": float(noun),
        "shared words": share,
        "a number named": float(bool(spoken & lexicon.measure_words)),
        "unit": float(unit),
        "source": float(source),
        "in its place": float(any(abs(sentence.index - index) <= 1 for index in here)),
    }
    return Withdrawal(mention, sentence, {name: amount for name, amount in observed.items() if amount}, said=True)


def paraphrases(new: Sentence, old: Sentence, lexicon: Lexicon) -> bool:
    """Whether a sentence has words of number that the old one lacks: "a quarter", "an hour and a half", "both"."""
    words = {token.word for token in new.tokens if token.mention < 0}
    before = {token.word for token in old.tokens if token.mention < 0}
    return any(word in lexicon.numeral_words or word[0].isdigit() for word in words - before)


def told_without(mention: Mention, sentence: Sentence, lexicon: Lexicon) -> Withdrawal | None:
    """A sentence that tells the same in nearly the same words and leaves the figure out."""
    if not mention.words or sentence.part is not mention.sentence.part or stays(mention, sentence):
        return None
    like = likeness(mention.sentence, sentence)
    vague = bool((sentence.spoken - mention.sentence.spoken) & lexicon.vague_amounts)
    if like < (TOLD_VAGUELY if vague else TOLD_ANYWAY) or paraphrases(sentence, mention.sentence, lexicon):
        return None
    share = sum(weight for word, weight in mention.words.items() if word in sentence.bag) / (mention.mass or 1.0)
    if share < (SHARE_TOLD_VAGUELY if vague else SHARE_OF_WORDS):
        return None
    observed = {"told without": 1.0, "alike": like, "words kept": share, "vague instead": float(vague)}
    return Withdrawal(mention, sentence, {name: amount for name, amount in observed.items() if amount}, said=False)


def stays(mention: Mention, sentence: Sentence) -> bool:
    """Whether a sentence has as many figures of this unit as before, or this value, or one that needs no number."""
    if not mention.unit and mention.figure.low <= FEW:
        return True  # "its three reservoirs are" becomes "its reservoirs are" for no reason
    kept = [other for other in sentence.mentions if other.unit == mention.unit]
    return len(kept) >= sum(other.unit == mention.unit for other in mention.sentence.mentions) or any(
        other.figure.low == mention.figure.low for other in sentence.mentions
    )
