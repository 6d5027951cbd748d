"""From log-odds to a confidence that means what it says.

Platt scaling (1999): a logistic curve for each kind, fitted to the pairs of `tests/eval/gold` and the shared ones (248
pairs, 380 candidates) and held back a little, since those pairs were looked at while the rules were written. Measured
there: of 7 candidates below 0.65 none was right, of 30 with 0.65 to 0.8 93 %, of 71 with 0.8 to 0.95 94 %, of 272
above that 99 %; on 32 further stories, on first sight, 94 % of 62 above 0.65.
`tests/eval/test_revisions.py` prints the curve and holds a ceiling over the calibration error.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.withdrawals import Withdrawal

# Below this confidence a likely revision is not reported but listed among the abstentions, with its evidence.
ABSTAIN_BELOW = 0.65
# Slope and shift of the curve over the score.
REVISED = 0.35, 0.4
REQUALIFIED = 0.45, -2.0  # hedges change with the wording: the same value needs more to be the same figure, hedged anew
WITHDRAWN = 1.2, -0.8


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
