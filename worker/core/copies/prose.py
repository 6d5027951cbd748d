"""An article's running text as sentences of comparable words: what an editor's hand leaves of a text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 100_000  # characters looked at; the longest article of the corpus has 32,000
SHINGLE = 3  # words; two edits in a sentence of twenty leave two thirds of them
MASK = "0"  # stands for any figure

# Chinese and Japanese write no blanks: each character is a word.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+(?:[.,:'\u2019]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?\u2026\u0964\u06d4])[\"'\u201d\u2019\u00bb)\]]*\s+|(?<=[\u3002\uff01\uff1f])")
_ENDED = re.compile(r"[.!?\u2026\u0964\u06d4\u3002\uff01\uff1f:;][\"'\u201d\u2019\u00bb\u300d)\]]*$")
_FEWEST_WORDS = 4  # what is shorter is a label, not a sentence
# A dot behind one of these ends no sentence; enough of them that most sentences are cut alike.
_ABBREVIATION = re.compile(r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Col|Sgt|Lt|Gov|Sen|Rep|No|vs|bzw|ca|Nr|Sr|Sra|M))\.$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, masked and as it was."""

    words: tuple[str, ...]  # lower case, figures masked
    spelt: tuple[str, ...]  # the same words as printed

    def shingles(self) -> frozenset[tuple[str, ...]]:
        """Its runs of three words; of a shorter sentence, the whole."""
        last = max(1, len(self.words) - SHINGLE + 1)
        return frozenset(self.words[i : i + SHINGLE] for i in range(last))


@dataclass(frozen=True, slots=True)
class Prose:
    """The sentences of a text in order, without what is no sentence: lists, labels, teasers without a full stop."""

    sentences: tuple[Sentence, ...]

    @property
    def length(self) -> int:
        """In words."""
        return sum(len(sentence.words) for sentence in self.sentences)


def read(text: str) -> Prose:
    """Take a text (paragraphs separated by a blank line) apart."""
    paragraphs = (p.strip() for p in text[:LONGEST].split("\n"))
    sentences = (s for p in paragraphs if _ENDED.search(p) for s in _sentences(p))
    return Prose(tuple(s for s in sentences if len(s.words) >= _FEWEST_WORDS))


def _sentences(paragraph: str) -> list[Sentence]:
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(paragraph):
        if pieces and _ABBREVIATION.search(pieces[-1]):
            pieces[-1] += f" {piece}"
        else:
            pieces.append(piece)
    return [_sentence(piece) for piece in pieces]


def _sentence(text: str) -> Sentence:
    spelt = tuple(_WORD.findall(unicodedata.normalize("NFKC", text)))
    return Sentence(tuple(MASK if is_figure(word) else word.casefold() for word in spelt), spelt)


def is_figure(word: str) -> bool:
    """Whether a word has a digit in it."""
    return any(c.isdigit() for c in word)
