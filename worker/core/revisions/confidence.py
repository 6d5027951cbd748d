"""From log-odds to a confidence that means what it says.

Platt scaling (1999): a logistic curve for each kind, over the log-odds of pairs that the weights had not been fitted to
(`tests/eval/fitting.py`). `tests/eval/test_revisions.py` prints the curve and holds a ceiling over its error.
"""

from __future__ import annotations

import math
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.withdrawals import Withdrawal

# Below this confidence a likely revision is not reported but listed among the abstentions, with its evidence.
ABSTAIN_BELOW = 0.6
# Slope and shift of the curve for each kind of revision.
CURVES: dict[str, tuple[float, float]] = {
    kind: (line[0], line[1])
    for kind, line in tomllib.loads((files(__package__) / "weights.toml").read_text(encoding="utf-8"))[
        "confidence"
    ].items()
}


def of_pair(found: Evidence) -> float:
    """How likely a pair with this evidence is one figure, reported differently."""
    return logistic(found.odds, CURVES["requalified" if found.equal else "revised"])


def of_withdrawal(item: Withdrawal) -> float:
    """How likely the old figure was withdrawn."""
    return logistic(item.score, CURVES["withdrawn"])


def logistic(score: float, curve: tuple[float, float]) -> float:
    """The probability on a curve."""
    slope, shift = curve
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, slope * score + shift))))
