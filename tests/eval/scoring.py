"""Precision, recall and F1 of predicted revisions against gold pairs.

A revision is right when kind and values are: `revised` by old and new low and high, `requalified` by both
bounds too, `withdrawn` by the old value alone. So the right ones are the overlap of two multisets of keys.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

KINDS = ("revised", "requalified", "withdrawn")


def key(revision):
    """What must agree, from the JSON form of a revision; values to six digits."""
    old, new = revision["old"], revision["new"]
    if revision["kind"] == "withdrawn":
        return ("withdrawn", *ends(old))
    if revision["kind"] == "requalified":
        return ("requalified", *ends(old), *ends(new), old["bound"], new["bound"])
    return (revision["kind"], *ends(old), *ends(new))


def ends(figure):
    return tuple(None if figure.get(end) is None else f"{float(figure[end]):.6g}" for end in ("low", "high"))


@dataclass
class Score:
    gold: Counter[str] = field(default_factory=Counter)
    predicted: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    negatives: int = 0
    clean: int = 0

    def add(self, expected, found):
        wanted, got = Counter(map(key, expected)), Counter(map(key, found))
        for tally, keys in ((self.gold, wanted), (self.predicted, got), (self.right, wanted & got)):
            for one, count in keys.items():
                tally[one[0]] += count
                tally["all"] += count
        if not expected:
            self.negatives += 1
            self.clean += not found

    def f1(self, kind):
        total = self.gold[kind] + self.predicted[kind]
        return 2 * self.right[kind] / total if total else 1.0

    def clean_share(self):
        return self.clean / self.negatives if self.negatives else 1.0

    def __str__(self):
        parts = [f"{kind} {self.f1(kind):.3f} ({self.gold[kind]})" for kind in (*KINDS, "all")]
        return f"{', '.join(parts)}, clean {self.clean}/{self.negatives}"


def score(pairs, compare):
    """Scores by "": all pairs, and by each class and difficulty; `compare` makes JSON revisions of a gold pair."""
    scores: defaultdict[str, Score] = defaultdict(Score)
    for pair in pairs:
        found = compare(pair)
        for group in ("", pair["class"], pair["difficulty"]):
            scores[group].add(pair["expected"], found)
    return scores


def answers(pairs, compare):
    """(confidence, whether it was right) of every revision that was reported."""
    for pair in pairs:
        wanted = Counter(map(key, pair["expected"]))
        for revision in sorted(compare(pair), key=lambda revision: -revision["confidence"]):
            one = key(revision)
            yield revision["confidence"], wanted[one] > 0
            wanted[one] -= 1


def reliability(found, edges=(0.0, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)):
    """Bands of confidence: (how many, their mean confidence, the share that was right)."""
    bands = []
    for low, high in pairwise(edges):
        band = [(confidence, right) for confidence, right in found if low <= confidence < high]
        if band:
            confidences, rights = zip(*band, strict=True)
            bands.append((len(band), sum(confidences) / len(band), sum(rights) / len(band)))
    return bands


def calibration_error(bands):
    """Expected calibration error: the mean distance between confidence and share, weighed by the size of the band."""
    total = sum(count for count, _, _ in bands)
    return sum(count * abs(confidence - share) for count, confidence, share in bands) / total


def overstated(bands):
    """The part of the calibration error that comes of bands whose confidence is too high."""
    total = sum(count for count, _, _ in bands)
    return sum(count * max(0.0, confidence - share) for count, confidence, share in bands) / total
