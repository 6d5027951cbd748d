"""What an article is about: the stems that its headline and first sentences dwell on, names above all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from worker.model import Part

if TYPE_CHECKING:
    from worker.core.revisions.context import Sentence, Version
    from worker.core.revisions.words import Lexicon, Token

MOST = 40  # terms of an article
READ = 24  # sentences: what follows is background
SHORTEST = 3  # letters
EVENT = 0.6  # "killed" hardly tells stories apart
MARK = "^"  # before names, which are compared apart from the other words
REPEATED = 0.25  # for each further mention, up to twice the weight


def terms(version: Version, lexicon: Lexicon) -> dict[str, float]:
    """Stem → weight, the heaviest first; names bear a mark."""
    weights: dict[str, float] = {}
    seen: Counter[str] = Counter()
    names = {
        token.stem
        for sentence in version.sentences
        if sentence.part is Part.TEXT
        for token in sentence.tokens[1:]
        if token.capital and token.word not in lexicon.weekdays and token.word not in lexicon.months
    }
    for sentence in version.sentences[:READ]:
        for token in sentence.tokens:
            if telling(token, lexicon):
                term = MARK + token.stem if token.stem in names else token.stem
                weight = position(sentence) * (EVENT if term in lexicon.concepts else 1.0)
                seen[term] += 1
                weights[term] = max(weights.get(term, 0.0), weight)
    full = {word: weight * min(2.0, 1 + REPEATED * (seen[word] - 1)) for word, weight in weights.items()}
    return dict(sorted(full.items(), key=lambda item: (-item[1], item[0]))[:MOST])


def telling(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word may tell one story from another."""
    word = token.word.replace("\u2019", "'").removesuffix("'s")
    return (
        token.mention < 0
        and len(word) >= SHORTEST
        and word.isalpha()
        and word not in lexicon.stopwords
        and word not in lexicon.reporting
        and word not in lexicon.weekdays
        and word not in lexicon.months
        and token.stem not in lexicon.time_stems
    )


def position(sentence: Sentence) -> float:
    """Headlines name the event, leads too, background comes last."""
    if sentence.part is Part.TITLE:
        return 2.0
    if sentence.span.paragraph == 0:
        return 1.5
    return 1.0 if sentence.span.paragraph < 3 else 0.5  # noqa: PLR2004
