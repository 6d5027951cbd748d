"""From log-odds to a calibrated confidence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from worker.core.revisions.evidence import Evidence
    from worker.core.revisions.withdrawals import Withdrawal

PAIR_SLOPE, PAIR_SHIFT = 0.5, 0.5
WITHDRAWAL_SLOPE, WITHDRAWAL_SHIFT = 0.6, -0.6


def of_pair(found: Evidence) -> float:
    """How likely a pair with this evidence is one figure (Platt scaling: a logistic curve over the score)."""
    return logistic(PAIR_SLOPE * found.score - PAIR_SHIFT)


def of_withdrawal(item: Withdrawal) -> float:
    """How likely the old figure was withdrawn."""
    return logistic(WITHDRAWAL_SLOPE * item.score + WITHDRAWAL_SHIFT)


def logistic(odds: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
