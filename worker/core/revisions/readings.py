"""Figures as the comparison needs them: what one reading holds together is taken apart, what repeats is left out."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from worker.core.revisions.units import SCORE, in_unit_of, unit_class

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from worker.model import Figure

BY = re.compile(r"\bby\s+$", re.IGNORECASE)
# "by 31,000 to 548,000" tells a change and a level; the range of a change ("by 3 to 5 percent") is never so wide.
WIDE = Decimal(4)
IN_BRACKETS = re.compile(r"\s*\([^()]{0,40}$")
COMPOUNDED = frozenset({"time", "length", "mass"})
AND = re.compile(r",?\s*(?:and\s+)?|-")
JOINED = re.compile(r"\s+(?:and|or)\s+$")
NEARBY = 12  # characters looked at before a figure


def readings(figures: Sequence[Figure], text: str) -> Iterator[Figure]:
    """The figures of one part in order, one for each reported quantity."""
    previous: Figure | None = None
    figures = compounded(figures, text)
    for number, figure in enumerate(figures):
        if previous is not None and is_conversion(previous, figure, text):
            continue
        following = figures[number + 1] if number + 1 < len(figures) else None
        yield from apart(with_unit_of(figure, following, text), text)
        previous = figure


def compounded(figures: Sequence[Figure], text: str) -> list[Figure]:
    """One figure in the smaller unit for "2 hours and 40 minutes", "6 feet 2 inches"."""
    found: list[Figure] = []
    for figure in figures:
        whole = found[-1] if found else None
        if whole is not None and is_rest_of(whole, figure, text):
            value = in_unit_of(whole, figure).low + figure.low
            found[-1] = replace(whole, low=value, high=value, unit=figure.unit, end=figure.end)
        else:
            found.append(figure)
    return found


def is_rest_of(whole: Figure, rest: Figure, text: str) -> bool:
    """Whether a figure is the smaller part of the one before it: the minutes of its hours."""
    if None in {whole.unit, rest.unit} or whole.unit == rest.unit or whole.dimension not in COMPOUNDED:
        return False
    if whole.dimension != rest.dimension or not (whole.low == whole.high and rest.low == rest.high):
        return False
    return bool(AND.fullmatch(text[whole.end : rest.start])) and 0 < in_unit_of(rest, whole).low < 1


def is_conversion(previous: Figure, figure: Figure, text: str) -> bool:
    """Whether a figure stands in the brackets that convert the one before: the inches of "1.2 metres (3 feet 11)"."""
    known = unit_class(figure)
    between = text[previous.end : figure.start]
    return bool(known and known == unit_class(previous) and IN_BRACKETS.fullmatch(between))


def with_unit_of(figure: Figure, following: Figure | None, text: str) -> Figure:
    """In "34 and 21 millimetres" both are millimetres."""
    if following is None or figure.unit is not None or figure.noun is not None or following.unit is None:
        return figure
    if following.dimension in {None, "money", SCORE} or not JOINED.fullmatch(text[figure.end : following.start]):
        return figure
    return replace(figure, unit=following.unit, dimension=following.dimension)


def apart(figure: Figure, text: str) -> tuple[Figure, ...]:
    """Old and new of "from 55 to 44", change and level of "by 31,000 to 548,000", either side's of the score "2-1"."""
    if figure.change:
        return figure.change
    if figure.high is None or (figure.high == figure.low and figure.dimension != SCORE):
        return (figure,)
    wide = 0 < figure.low * WIDE <= figure.high and BY.search(text[max(0, figure.start - NEARBY) : figure.start])
    if not wide and figure.dimension != SCORE:
        return (figure,)
    unit = None if figure.dimension == SCORE else figure.unit
    first = replace(figure, high=figure.low, unit=unit)
    return first, replace(figure, low=figure.high, unit=unit, start=last_number(figure, text))


def last_number(figure: Figure, text: str) -> int:
    """Where the second number of a pair starts."""
    printed = text[figure.start : figure.end]
    numbers = [match.start() for match in re.finditer(r"\d[\d.,]*", printed)]
    return figure.start + (numbers[-1] if numbers else 0)
