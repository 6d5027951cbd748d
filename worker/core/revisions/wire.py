"""The JSON form of a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worker.core.figures.wire import figure_to_json
from worker.core.revisions.semantics import change, materiality, relation

if TYPE_CHECKING:
    from decimal import Decimal

    from worker.model import Revision


def revision_to_json(revision: Revision) -> dict[str, Any]:
    """A revision as the commands print it; `relation`, `direction` and the changes are null when withdrawn.

    `absolute` is in the unit of the old figure, `relative` is a share of the old value (0.5: half as much again).
    """
    old, new = revision.old, revision.new
    moved = change(old, new) if new is not None else None
    return {
        "kind": revision.kind.value,
        "old": figure_to_json(old),
        "new": None if new is None else figure_to_json(new),
        "confidence": round(revision.confidence, 3),
        "declared": revision.declared,
        "relation": None if new is None else relation(old, new).value,
        "direction": None if moved is None else moved.direction.value,
        "absolute": None if moved is None else plain(moved.absolute),
        "relative": None if moved is None or moved.relative is None else round(float(moved.relative), 4),
        "materiality": None if new is None else materiality(old, new).value,
        "because": revision.because,
    }


def plain(value: Decimal) -> int | float:
    """A JSON number: whole numbers without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)
