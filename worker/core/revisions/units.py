"""Which figures may be compared by value: same unit, or two units of one dimension."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from worker.core.figures.lexicon import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from worker.core.revisions.context import Mention
    from worker.model import Figure

# Dimensions whose units newspapers convert into one another; "8 km" and "5 miles" may be one figure.
CONVERTED = frozenset(
    {"length", "area", "volume", "mass", "time", "age", "speed", "temperature", "energy", "power", "pressure"}
)
SCORE = "score"  # the dimension of a match's score, whose sides are compared apart from other counts
CURRENCY = re.compile("[A-Z]{3}")
EXACT = Decimal("0.000001")
# "8 km (5 miles)" rounds each side to a whole number, so a conversion of a small distance may be 7 % off.
ROUNDED = Decimal("0.07")
ROUNDED_SHARE = Decimal("0.015")  # a third is 33 %
ROUNDED_DEGREES = Decimal("0.02")
STEPS = 20  # buckets of values for each power of ten: neighbours differ by up to a quarter
NOTHING = -1_000_000  # the bucket of zero


@lru_cache(maxsize=1024)
def measure(unit: str | None) -> tuple[str, Decimal] | None:
    """The dimension and the factor to its base unit, for units that are converted; 0 for temperatures."""
    known = load("en").units.get(unit) if unit else None  # measures are the same in every language
    if known is None:
        return None
    if known.symbol in {"pp", "bp"}:
        return "points", known.factor
    if known.symbol == "%":
        return "%", Decimal(1)
    if known.dimension not in CONVERTED:
        return None
    return "time" if known.dimension == "age" else known.dimension, known.factor


def scale(figure: Figure) -> tuple[str, Decimal] | None:
    """As `measure`, for a figure: a fraction of a whole ("a fifth") is so many percent."""
    if figure.unit is None and 0 < figure.low < 1 and figure.noun != "point":
        return "%", Decimal(100)
    return measure(figure.unit)


def unit_class(figure: Figure) -> str:
    """The name of what a figure measures; its unit itself where nothing is converted into it, "" for counts."""
    known = scale(figure)
    return known[0] if known else SCORE if figure.dimension == SCORE else figure.unit or ""


@lru_cache(maxsize=1024)
def kind_of(unit: str) -> str:
    """What the words for a withheld figure of this unit class are filed under."""
    if unit in {"%", "pp"}:
        return "share"
    return "money" if CURRENCY.fullmatch(unit) else unit


def same_value(old: Figure, new: Figure) -> bool:
    """Whether two figures of one unit class have the same value, conversions and spellings aside."""
    if old.unit == new.unit and old.low == new.low and old.high == new.high:
        return True
    one, two = scale(old), scale(new)
    if old.unit == new.unit or one is None or two is None or one[0] != two[0]:
        return close(old.low, new.low, EXACT) and close_or_none(old.high, new.high, EXACT)
    for figure, other in ((old.conversion, new), (new.conversion, old)):
        if figure and figure.unit == other.unit:  # "8 km (5 miles)" says itself how many miles it is
            return close(figure.low, other.low, EXACT) and close_or_none(figure.high, other.high, EXACT)
    if one[0] == "temperature":
        return close(celsius(old.low, old.unit), celsius(new.low, new.unit), ROUNDED_DEGREES)
    tolerance = EXACT if one[0] in {"time", "points"} else ROUNDED_SHARE if one[0] == "%" else ROUNDED
    high = old.high * one[1] if old.high is not None else None, new.high * two[1] if new.high is not None else None
    return close(old.low * one[1], new.low * two[1], tolerance) and close_or_none(*high, tolerance)


def celsius(value: Decimal, unit: str | None) -> Decimal:
    """Degrees Celsius."""
    if unit == "°F":
        return (value - 32) * 5 / 9
    return value - Decimal("273.15") if unit == "K" else value


def rounds(rounded: Decimal, exact: Decimal) -> bool:
    """Whether one value is the other one to fewer digits: 2,100 and 3,000 are 2,140 and 2,940, 92 is not 95."""
    step = Decimal(1).scaleb(int(rounded.normalize().as_tuple().exponent))
    return rounded != exact and abs(rounded - exact) < step


def close(one: Decimal, two: Decimal, tolerance: Decimal) -> bool:
    """Equal within a relative tolerance."""
    return abs(one - two) <= tolerance * max(abs(one), abs(two))


def close_or_none(one: Decimal | None, two: Decimal | None, tolerance: Decimal) -> bool:
    """Both absent, or close."""
    return one is two is None if one is None or two is None else close(one, two, tolerance)


def magnitude(figure: Figure) -> float:
    """The power of ten of the low end in its base unit; 0 for zero and what is below."""
    return placed(figure)[0]


def placed(figure: Figure) -> tuple[float, int]:
    """Its magnitude, and its bucket among `Values`."""
    size = in_base(figure)
    if not size:
        return 0.0, NOTHING
    power = math.log10(abs(size))
    return power if size > 0 else 0.0, round(power * STEPS)


def in_base(figure: Figure) -> Decimal:
    """The low end in the base unit of its dimension, as printed where there is none."""
    known = scale(figure)
    return figure.low * known[1] if known and known[1] else figure.low


def in_unit_of(figure: Figure, other: Figure) -> Figure:
    """The figure in the unit of another one of its unit class; unchanged where no factor is known."""
    one, two = scale(figure), scale(other)
    if figure.unit == other.unit or not one or not two or one[0] != two[0] or not one[1] or not two[1]:
        return figure
    factor = one[1] / two[1]
    high = None if figure.high is None else figure.high * factor
    return replace(figure, low=figure.low * factor, high=high, unit=other.unit)


def value_key(figure: Figure) -> tuple[str | None, Decimal, Decimal | None]:
    """What figures of one value and unit have in common; conversions are not seen."""
    return figure.unit, figure.low, figure.high


class Values:
    """Figures by value, to find those that are equal or close without looking at all of them."""

    LOOKED_AT = 64  # of one bucket; a text with more figures of one value is no article

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._mentions = list(mentions)

    @cached_property
    def _buckets(self) -> dict[tuple[str, int], list[Mention]]:
        buckets: dict[tuple[str, int], list[Mention]] = {}
        for mention in self._mentions:
            bucket = buckets.setdefault((mention.unit, mention.bucket), [])
            if len(bucket) < self.LOOKED_AT:
                bucket.append(mention)
        return buckets

    @cached_property
    def _amounts(self) -> set[tuple[Decimal, Decimal | None]]:
        return {
            (mention.figure.low, mention.figure.high)
            for mention in self._mentions
            if kind_of(mention.unit) == "money" or mention.figure.low % 1
        }

    def has_amount(self, figure: Figure) -> bool:
        """Whether an amount of money or a fractional number has this value, whatever its unit."""
        return (figure.low, figure.high) in self._amounts

    def near(self, mention: Mention) -> Iterator[Mention]:
        """Those of the same unit class whose value may be within 7 %."""
        for number in (mention.bucket, mention.bucket - 1, mention.bucket + 1):
            yield from self._buckets.get((mention.unit, number), ())
