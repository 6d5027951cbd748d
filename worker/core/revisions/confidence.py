"""From log-odds to a confidence that means what it says.

Platt scaling (1999): a logistic curve for each kind, over the log-odds of pairs that neither weights nor rules were
made for (`tests/eval/fitting.py`). `tests/eval/test_revisions.py` holds a ceiling over its error on other such pairs.
"""

from __future__ import annotations

import math
from math import prod
from typing import TYPE_CHECKING

from worker.core.revisions.weights import FITTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.withdrawals import Withdrawal
    from worker.model import Revision

# Below this confidence a likely revision is not reported but listed among the abstentions, with its evidence. Most
# versions revise nothing, and many that revise one figure revise more: one that stands alone must be surer. By answers
# of weights that had not seen the pairs: F1 0.904 and 135 of 149 clean with one bar for all, 0.907 and 142 with these.
ABSTAIN_BELOW, ABSTAIN_ALONE_BELOW = 0.45, 0.85
# Slope and shift of the curve for each kind of revision.
CURVES: dict[str, tuple[float, float]] = {kind: (line[0], line[1]) for kind, line in FITTED["confidence"].items()}


def of_pair(found: Evidence) -> float:
    """How likely a pair with this evidence is one figure, reported differently."""
    return logistic(found.odds, CURVES["requalified" if found.equal else "revised"])


def of_withdrawal(items: Sequence[Withdrawal]) -> float:
    """How likely the old figure was withdrawn: by a sentence that says so, or by one that tells the same without it.

    The likeliest of each count, as they do in the model that their weights are fitted by.
    """
    best = {item.said: item.score for item in sorted(items, key=lambda item: item.score)}
    return logistic(math.log(math.fsum(map(math.exp, best.values()))), CURVES["withdrawn"])


def reported(found: Sequence[Revision]) -> list[bool]:
    """Which of the revisions found between two versions are sure enough to be reported, by what the others are.

    What the new version itself declares to be a correction needs no company.
    """
    doubts = [1 - revision.confidence for revision in found]
    return [
        revision.confidence >= needed(1.0 if revision.declared else 1 - prod(doubts[:at] + doubts[at + 1 :]))
        for at, revision in enumerate(found)
    ]


def needed(company: float) -> float:
    """The confidence needed, by how likely the versions revise another figure."""
    return ABSTAIN_ALONE_BELOW - (ABSTAIN_ALONE_BELOW - ABSTAIN_BELOW) * company


def logistic(score: float, curve: tuple[float, float]) -> float:
    """The probability on a curve."""
    slope, shift = curve
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, slope * score + shift))))
