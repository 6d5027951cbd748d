"""The JSON form of a figure, shared by commands, the comparison and the site; fields are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal

    from worker.model import Figure


def number_to_json(value: Decimal | None) -> int | float | None:
    """A plain number: an integer where the value is one, so that 2300 is not printed as 2300.0."""
    if value is None:
        return None
    integral = value.to_integral_value()
    return int(integral) if value == integral else float(value)


def figure_to_json(figure: Figure) -> dict[str, Any]:
    """The public fields first, in the order they were promised; then what more is known, null where it is not.

    `change` holds old and new of "from 55 to 44" as figures; `conversion` the same quantity in another unit.
    """
    return {
        "low": number_to_json(figure.low),
        "high": number_to_json(figure.high),
        "bound": figure.bound.value,
        "unit": figure.unit,
        "noun": figure.noun,
        "subject": figure.subject,
        "sentence": figure.sentence,
        "start": figure.start,
        "end": figure.end,
        "part": figure.part.value,
        "hedge": figure.hedge,
        "attribution": figure.attribution,
        "dimension": figure.dimension,
        "per": figure.per,
        "place": figure.place,
        "period": figure.period,
        "conversion": figure_to_json(figure.conversion) if figure.conversion else None,
        "change": [figure_to_json(part) for part in figure.change],
    }
