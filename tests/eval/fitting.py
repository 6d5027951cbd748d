"""Fits what an observation weighs when two figures are compared, and what a score means: writes `weights.toml`.

    python -m tests.eval.fitting            (numpy and scipy, in an environment of their own, on PYTHONPATH)

The model is a conditional logit (McFadden, 1974). A figure of one version chooses among the figures of the other,
nobody being one of the choices; both versions choose. Which choice is right follows from the revisions that the
development sets expect (`gold/pairs.jsonl`, `gold/blind-pairs.jsonl`, the shared pairs where they are present), so
where a value stands several times, any of its places is right. Equal and changed values have weights of their own:
what makes two places that print the same number one figure is not what makes 12 the successor of 7.

Weights are drawn towards those that were set by hand (`PRIOR`), as far as `LAMBDA` says; sets that were left out,
each judged by weights fitted to the others, score alike from 0.5 to 8.

The curves from log-odds to confidence are fitted to every second of the unseen pairs: rules were written while looking
at the others, so even those of a set that was left out are answered better than news is. Kinds with few answers there
are joined by the answers of the sets that were left out. What the curves promise is tested on the other half of the
unseen pairs.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from tests.eval.scoring import Score, ends, key
from worker.core.revisions import confidence, evidence, withdrawals
from worker.core.revisions.comparison import Comparison, compare_in_full
from worker.core.revisions.wire import revision_to_json
from worker.model import Part, Text

GOLD = Path(__file__).parent / "gold"
SETS = {
    "own": GOLD / "pairs.jsonl",
    "blind": GOLD / "blind-pairs.jsonl",
    "newsroom": GOLD / "newsroom-pairs.jsonl",
    "desk": GOLD / "desk-pairs.jsonl",
    "shared": Path(__file__).parents[3] / "shared" / "revision-pairs" / "pairs.jsonl",
}
UNSEEN = GOLD / "unseen-pairs.jsonl"  # nothing but the curves is fitted to these, and to one half of them
ENOUGH = 60  # answers for a curve of their own
TARGET = Path(evidence.__file__).with_name("weights.toml")
UNBENT = (1.0, 0.0)  # the curve that leaves log-odds as they are
SIDES = (("old", "new"), ("new", "old"))  # who chooses, and whom
LAMBDA = 3.0
WITHDRAWALS_HOLD = 0.3  # the same for withdrawals, of which there are 44
REVISED_COUNT = 2.0  # what a figure that was revised counts for; ten times as many were not
EQUAL = " ="  # marks the weight that equal values have beyond that of changed ones
ALIKE = 0.25  # likeness of two sentences below which equal values may be chance
# Fitted once to synthetic pairs (figures altered, cut and added), then set by hand; what is not named starts at 0.
PRIOR = {
    "prior": -4.4, "same sentence": 8.0, "other place in it": -6.0, "sentence": 2.0, "words": 2.9, "no words": -0.8,
    "noun group": 0.6, "other noun": -3.1, "other people": -1.0, "sole": 1.8, "age of another": -3.0, "place": 0.5,
    "other place": -2.0, "sole concept": 0.4, "anchor": 0.6, "other unit": -0.8, "concept": 0.4, "first": 1.2,
    "other concept": -7.0, "other weak concept": -1.3, "contrast": -3.1, "names": 0.8, "other names": -1.3,
    "other period": -9.1, "year on one side": -2.3, "role": -3.9, "rate or change": -2.1, "superseded": -5.8,
    "owner": 0.9, "other owner": -1.4, "owners crossed": -7.9, "part": -1.2, "more": -0.8, "source": -1.2,
    "noun beside": -0.8, "other side": -7.0, "value": 5.4, "digit": 0.9, "magnitude": -2.4, "close": 1.0,
    "title": 0.5, "other part": -2.0, "still shown": -0.7, "tied": 1.8, "beside tied": 0.3, "declared": 4.0,
    "old value declared": 1.5, "replaces": 4.0, "other clock": -6.0, "next report": -20.0, "other month": -9.1,
    "other month told": -1.0, "old value stays": -1.0, "old value dated": -1.0, "new value known": -1.0,
    "told of another day": -2.0, "of its day": -1.5, "rate against count": -12.0, "old value beside": -3.0,
    "swapped": -8.0, "lead retold": -2.0,
    "history": -1.0, "nearest word crossed": -1.0,
}  # fmt: skip


# Set by hand.
WITHDRAWAL_PRIOR = {
    "outright": -3.0, "in passing": -4.5, "concept": 2.5, "noun": 1.5, "shared words": 3.0, "a number named": 1.2,
    "unit": 2.0, "source": 1.0, "in its place": 1.5, "told without": -4.0, "alike": 4.0, "words kept": 2.0,
    "vague instead": 2.0,
}  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A figure's candidates in the other version."""

    observed: list[dict[str, float]]  # of each candidate: how much of each observation
    right: list[bool]
    nobody: bool  # whether to choose nobody is right
    count: float


def pairs() -> list[tuple[str, dict[str, Any]]]:
    """Set and pair, of the sets that are here."""
    found = []
    for name, path in SETS.items():
        if path.exists():
            found += [(name, json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    return found


def compared(pair: dict[str, Any]) -> Comparison:
    return compare_in_full(Text(**pair["old"]), Text(**pair["new"]))


def amounts(found: evidence.Evidence) -> dict[str, float]:
    """How much of each observation there is: what it weighs in the sum, by what all of it weighs."""
    weights = evidence.EQUAL if found.equal else evidence.CHANGED
    observed = {name: value / weights[name] for name, value in found.observed.items()} | {"prior": 1.0}
    return observed | {name + EQUAL: value for name, value in observed.items()} if found.equal else observed


def choices(pair: dict[str, Any]) -> list[Choice]:
    """What each figure of both versions may choose from, and what would be right."""
    whole = compared(pair)
    expected = [
        (item["kind"], ends(item["old"]), ends(item["new"]) if item["new"] else None) for item in pair["expected"]
    ]
    found: list[Choice] = []
    places = [
        Counter(value(m) for m in version.mentions if m.figure.part is Part.TEXT and not m.sentence.repeated)
        for version in (whole.old, whole.new)
    ]
    for side, (mine, _) in enumerate(SIDES):
        groups: dict[int, list[evidence.Evidence]] = {}
        for item in whole.alignment.weighed:
            groups.setdefault(id(getattr(item, mine)), []).append(item)
        for group in groups.values():
            right = rightly(group, side, expected, places)
            if right is not None:
                found.append(right)
    return found


def rightly(group, side, expected, places) -> Choice | None:
    """The choice of one figure; None where no candidate is right, because the right one was not read."""
    mine, theirs = SIDES[side]
    mention = getattr(group[0], mine)
    own = value(mention)
    stated = [item for item in expected if item[1 + side] == own]
    partners = {item[2 - side] for item in stated if item[0] == "revised"}
    gone = side == 0 and any(item[0] == "withdrawn" for item in stated)
    equal = [item.equal for item in group]
    revised = [value(getattr(item, theirs)) in partners for item in group]
    either = [one or other for one, other in zip(equal, revised, strict=True)]
    changed = bool(partners or gone)
    if mention.figure.part is Part.TITLE:
        right, nobody = either, not partners or not any(either)
    elif changed and places[side][own] > len(stated):
        right, nobody = either, True
    elif changed:
        right, nobody = revised, gone
        if not any(right) and not nobody:
            return None
    elif any(equal) and not is_of_another(own, side, stated, expected, places):
        right, nobody = equal, by_chance(group)
    else:
        right, nobody = [False] * len(group), True
    return Choice([amounts(item) for item in group], right, nobody, REVISED_COUNT if changed else 1.0)


def is_of_another(own, side, stated, expected, places) -> bool:
    """Whether the only place of this value in the other version is that of a figure which was revised from or to it."""
    return (
        not stated
        and places[1 - side][own] == 1
        and any(item[2 - side] == own for item in expected if item[0] != "requalified")
    )


def by_chance(group: list[evidence.Evidence]) -> bool:
    """Whether nothing but the value says that the best of several equal ones is the same figure."""
    best = max((item for item in group if item.equal), key=lambda item: item.score)
    observed = amounts(best)
    return observed.get("sentence", 0) < ALIKE and not observed.keys() & {"same sentence", "own words"}


def withdrawals_of(pair: dict[str, Any]) -> list[Choice]:
    """Which sentence, if any, withdraws each figure that has no partner; where one does, any of them is right."""
    gone = {ends(item["old"]) for item in pair["expected"] if item["kind"] == "withdrawn"}
    found: list[Choice] = []
    for items in compared(pair).taken_back:
        right = value(items[0].old) in gone
        found.append(Choice([item.observed for item in items], [right] * len(items), not right, 1.0))
    return found


def value(mention) -> tuple[str | None, ...]:
    figure = mention.figure
    low, high = ends({"low": figure.low, "high": figure.high})
    return low, high


def fit(found: list[Choice], prior: dict[str, float], names: list[str], hold: float = LAMBDA) -> dict[str, float]:
    """The weights that make the right choices likeliest."""
    index = {name: number for number, name in enumerate(names)}
    rows = [(number, item, good) for number, one in enumerate(found) for item, good in zip(one.observed, one.right)]  # noqa: B905
    table = np.zeros((len(rows), len(names)))
    for row, (_, item, _) in enumerate(rows):
        for name, amount in item.items():
            table[row, index[name]] = amount
    of, good = np.array([row[0] for row in rows]), np.array([row[2] for row in rows])
    nobody, count = np.array([one.nobody for one in found]), np.array([one.count for one in found])
    start = np.array([prior.get(name, 0.0) for name in names])

    def loss(weights):
        scores = table @ weights
        top = np.zeros(len(found))
        np.maximum.at(top, of, scores)
        each, none = np.exp(scores - top[of]), np.exp(-top)
        every = none + np.bincount(of, each, len(found))
        rights = np.maximum(np.where(nobody, none, 0) + np.bincount(of, each * good, len(found)), 1e-300)
        slope = table.T @ (count[of] * (each / every[of] - np.where(good, each / rights[of], 0)))
        away = weights - start
        return (count * np.log(every / rights)).sum() + hold * away @ away, slope + 2 * hold * away

    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return dict(zip(names, map(float, best.x), strict=True))


def use(weights: dict[str, float]) -> None:
    """Make the comparison weigh by them."""
    for name in evidence.CHANGED:
        evidence.CHANGED[name] = away_from_zero(weights[name])
        evidence.EQUAL[name] = away_from_zero(weights[name] + weights[name + EQUAL])


def use_withdrawals(found: list[Choice]) -> None:
    """Fit what speaks for a withdrawal, once the pairs are chosen, and make the comparison weigh by it."""
    fitted = fit(found, WITHDRAWAL_PRIOR, list(WITHDRAWAL_PRIOR), WITHDRAWALS_HOLD)
    withdrawals.WEIGHTS.update({name: round(weight, 2) for name, weight in fitted.items()})


def away_from_zero(weight: float) -> float:
    """Rounded as it is stored; never 0, so that `amounts` can tell how much of the observation there was."""
    return round(weight, 2) or 0.01


def curve(answers: list[tuple[float, bool]]) -> tuple[float, float]:
    """Slope and shift of a logistic curve over log-odds (Platt, 1999), drawn a little towards 1 and 0.

    A ceiling as a third number came out as 1: the surest answers are not wrong more often than such a curve has it.
    """

    def loss(line):
        slope, shift = line
        total = sum(math.log1p(math.exp(-(1 if good else -1) * (slope * odds + shift))) for odds, good in answers)
        return total + 2 * (slope - 1) ** 2 + 0.5 * shift**2

    best = minimize(loss, (1.0, 0.0), method="Nelder-Mead")
    return round(float(best.x[0]), 2), round(float(best.x[1]), 2)


def answers_of(pair: dict[str, Any], kept: dict[str, list[tuple[float, bool]]]) -> None:
    """Add the log-odds of what was found in a pair, and whether it was right, by kind."""
    whole = compared(pair)
    wanted = Counter(map(key, pair["expected"]))
    for revision in sorted(whole.revisions + whole.abstained, key=lambda item: -item.confidence):
        one = key(revision_to_json(revision))
        kept[revision.kind.value].append((revision.confidence, wanted[one] > 0))
        wanted[one] -= 1


def calibrated(kept: dict[str, list[tuple[float, bool]]]) -> dict[str, tuple[float, float]]:
    """The curve of each kind, from half of the unseen pairs; `kept` are answers of sets that were left out."""
    fresh: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in kept}
    for line in UNSEEN.read_text(encoding="utf-8").splitlines()[::2]:
        answers_of(json.loads(line), fresh)
    curves = {}
    for kind, answers in fresh.items():
        some = answers if len(answers) >= ENOUGH else answers + kept[kind]
        curves[kind] = curve([(math.log(p / (1 - p)), good) for p, good in some])
    return curves


def main() -> None:
    names = list(evidence.CHANGED)
    names += [name + EQUAL for name in names]
    data = pairs()
    use({name: PRIOR.get(name, 0.0) for name in names})
    found = [choices(pair) for _, pair in data]
    curves = confidence.CURVES.copy()
    confidence.CURVES.update(dict.fromkeys(curves, UNBENT))
    kept: dict[str, list[tuple[float, bool]]] = {kind: [] for kind in curves}
    for left_out in sorted({name for name, _ in data}):
        others = [number for number, (name, _) in enumerate(data) if name != left_out]
        use(fit([one for number in others for one in found[number]], PRIOR, names))
        use_withdrawals([one for number in others for one in withdrawals_of(data[number][1])])
        for name, pair in data:
            if name == left_out:
                answers_of(pair, kept)
    use(fit([one for some in found for one in some], PRIOR, names))
    use_withdrawals([one for _, pair in data for one in withdrawals_of(pair)])
    curves = calibrated(kept)
    write(curves)
    confidence.CURVES.update(curves)
    for name in SETS:
        score = Score()
        for of, pair in data:
            if of == name:
                score.add(pair["expected"], [revision_to_json(item) for item in compared(pair).revisions])
        print(name, score)


def write(curves: dict[str, tuple[float, float]]) -> None:
    """The weights and curves as the comparison reads them."""
    lines = [
        "# Written by tests/eval/fitting.py, which says how.",
        "# Log-odds that an observation adds, where the values of two figures differ and where they are equal.",
        "[observations]",
    ]
    lines += [
        f'"{name}" = {{ changed = {weight:.2f}, equal = {evidence.EQUAL[name]:.2f} }}'
        for name, weight in evidence.CHANGED.items()
    ]
    lines += ["", "# The same for a sentence that withdraws a figure.", "[withdrawals]"]
    lines += [f'"{name}" = {weight:.2f}' for name, weight in withdrawals.WEIGHTS.items()]
    lines += ["", "# Slope and shift of the logistic curve from log-odds to confidence.", "[confidence]"]
    lines += [f"{kind} = [{slope}, {shift}]" for kind, (slope, shift) in curves.items()]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
