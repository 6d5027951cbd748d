"""Precision, recall and F1 of predicted revisions against gold pairs.

A revision is right when kind and values are: `revised` by old and new low and high, `requalified` by both
bounds too, `withdrawn` by the old value alone. So the right ones are the overlap of two multisets of keys.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

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
