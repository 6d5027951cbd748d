"""What a revision means: how the new interval lies to the old one, which way and how far the value moved.

A bounded figure stands for an interval: "at least 12" for [12, ∞), "up to 4" for (-∞, 4], "about 120" for 120 ± 10 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from worker.core.revisions.units import in_unit_of, same_value
from worker.model import Bound

if TYPE_CHECKING:
    from worker.model import Figure

INFINITE = Decimal("Infinity")
# How far from the printed number an "about" or "nearly" may be: newspapers round to one or two digits.
ABOUT = Decimal("0.1")
SLIGHT, LARGE = Decimal("0.02"), Decimal("0.2")


class Relation(StrEnum):
    """How the new interval lies to the old one."""

    SAME = "same"  # value, unit and bound
    REFORMATTED = "reformatted"  # the same value in another unit
    REFINED = "refined"  # the new one lies inside the old one: "at least 12" became 31, "15 to 20" became 17
    WIDENED = "widened"  # the old one lies inside the new one
    CONTRADICTED = "contradicted"  # the new one denies something that the old one said


class Direction(StrEnum):
    """Which way the value moved."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Materiality(StrEnum):
    """How much a reader of the old version was misled."""

    NONE = "none"  # only bound or wording
    SLIGHT = "slight"  # refined, or less than 2 %
    NOTABLE = "notable"
    LARGE = "large"  # by a fifth or more


@dataclass(frozen=True, slots=True)
class Change:
    """From one value to another, in the unit of the old figure; the middle of a range counts."""

    direction: Direction
    absolute: Decimal
    relative: Decimal | None  # of the old value; None where that is zero


def interval(figure: Figure) -> tuple[Decimal, Decimal]:
    """The values that a figure allows, both ends included."""
    low, high = figure.low, figure.low if figure.high is None else figure.high
    margin = abs(figure.low) * ABOUT
    match figure.bound:
        case Bound.AT_LEAST | Bound.MORE_THAN | Bound.VAGUE:
            return low, INFINITE
        case Bound.AT_MOST | Bound.LESS_THAN:
            return -INFINITE, high
        case Bound.ABOUT:
            return low - margin, high + margin
        case Bound.NEARLY:
            return low - margin, high
        case Bound.EXACT:
            return low, high


def relation(old: Figure, new: Figure) -> Relation:
    """How the new figure's interval lies to the old one's; a conversion is compared in the old unit."""
    if same_value(old, new) and old.bound is new.bound:
        return Relation.SAME if old.unit == new.unit else Relation.REFORMATTED
    new = in_unit_of(new, old)
    (old_low, old_high), (new_low, new_high) = interval(old), interval(new)
    if old_low <= new_low and new_high <= old_high:
        return Relation.REFINED
    if new_low <= old_low and old_high <= new_high:
        return Relation.WIDENED
    return Relation.CONTRADICTED


def change(old: Figure, new: Figure) -> Change:
    """Direction and size."""
    before, after = middle(old), middle(in_unit_of(new, old))
    if same_value(old, new):
        return Change(Direction.NONE, Decimal(0), Decimal(0))
    absolute = after - before
    direction = Direction.UP if absolute > 0 else Direction.DOWN if absolute < 0 else Direction.NONE
    return Change(direction, absolute, absolute / abs(before) if before else None)


def middle(figure: Figure) -> Decimal:
    """The middle of a range, the low end of a vague plural, the value otherwise."""
    return figure.low if figure.high is None else (figure.low + figure.high) / 2


def materiality(old: Figure, new: Figure) -> Materiality:
    """By the relative change; what the old bound allowed is never large."""
    moved = change(old, new)
    if moved.direction is Direction.NONE:
        return Materiality.NONE
    size = abs(moved.relative) if moved.relative is not None else LARGE
    if size < SLIGHT:
        return Materiality.SLIGHT
    return Materiality.LARGE if size >= LARGE else Materiality.NOTABLE
