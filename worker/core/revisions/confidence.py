"""From log-odds to a confidence that means what it says.

Platt scaling (1999): a logistic curve for each kind, fitted to 340 pairs (those of `tests/eval/gold`, the shared ones
and the development half of pairs that another hand wrote without seeing the code).
`tests/eval/test_revisions.py` prints the curve and holds a ceiling over the calibration error.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.withdrawals import Withdrawal

# Below this confidence a likely revision is not reported but listed among the abstentions, with its evidence.
ABSTAIN_BELOW = 0.6
# Slope and shift of the curve over the score.
REVISED = 0.33, 1.2
REQUALIFIED = 0.77, -2.2  # hedges change with the wording: the same value needs more to be the same figure, hedged anew
WITHDRAWN = 0.9, 0.05


def of_pair(found: Evidence) -> float:
    """How likely a pair with this evidence is one figure, reported differently."""
    return logistic(found.score, REQUALIFIED if found.equal else REVISED)


def of_withdrawal(item: Withdrawal) -> float:
    """How likely the old figure was withdrawn."""
    return logistic(item.score, WITHDRAWN)


def logistic(score: float, curve: tuple[float, float]) -> float:
    """The probability on a curve."""
    slope, shift = curve
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, slope * score + shift))))
