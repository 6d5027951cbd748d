"""How much of a text was found, and how much was found besides.

The rule of the article extraction benchmark (scrapinghub/article-extraction-benchmark): 4-grams of `\\w+` tokens as a
multiset; true and false positives and false negatives normalised per page; mean precision and mean recall over pages;
F1 of the two means. Both sides are brought to NFC first: some publishers serve decomposed umlauts, which `\\w+` splits.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from statistics import fmean

_TOKEN = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
LENGTH = 4


def shingles(text):
    tokens = _TOKEN.findall(unicodedata.normalize("NFC", text))
    return Counter(tuple(tokens[i : i + LENGTH]) for i in range(max(1, len(tokens) - LENGTH + 1)))


def numbers(text):
    return Counter(_NUMBER.findall(text))


@dataclass(frozen=True)
class Score:
    """Of texts, and of the numbers in them."""

    pages: int
    precision: float
    recall: float
    figure_recall: float
    figure_leak: float  # share of the numbers found that are not the article's

    @property
    def f1(self):
        return 2 * self.precision * self.recall / (self.precision + self.recall)

    def __str__(self):
        return (
            f"{self.pages} pages: F1 {self.f1:.4f} (precision {self.precision:.4f}, recall {self.recall:.4f}), "
            f"figure recall {self.figure_recall:.4f}, leak {self.figure_leak:.4f}"
        )


def score(pairs):
    """The score of (expected, found) pairs of texts."""
    rates = [_rates(shingles(expected), shingles(found)) for expected, found in pairs]
    wanted = [(numbers(expected), numbers(found)) for expected, found in pairs]
    hits = sum((a & b).total() for a, b in wanted)
    return Score(
        pages=len(pairs),
        precision=fmean(p for p, _ in rates),
        recall=fmean(r for _, r in rates),
        figure_recall=hits / sum(a.total() for a, _ in wanted),
        figure_leak=1 - hits / sum(b.total() for _, b in wanted),
    )


def _rates(expected, found):
    hits = (expected & found).total()
    return (hits / found.total() if found else 0.0, hits / expected.total() if expected else 0.0)
