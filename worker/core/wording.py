"""How texts, numbers and figures are put before people, on pages and on terminals."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from worker.model import Bound

if TYPE_CHECKING:
    from worker.model import Figure, Revision, RevisionRow

BOUND_WORDS = {
    Bound.EXACT: "",
    Bound.AT_LEAST: "at least ",
    Bound.MORE_THAN: "more than ",
    Bound.AT_MOST: "up to ",
    Bound.LESS_THAN: "less than ",
    Bound.ABOUT: "about ",
    Bound.NEARLY: "nearly ",
    Bound.VAGUE: "some ",
}
SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
SHORT_DIGITS = 3  # a number is said in millions if it needs no more decimals than this, so nothing is rounded away
DECIMALS = 6
PLURALS = {"year": "years", "month": "months", "week": "weeks", "day": "days"}
# Marks and joiners that Arabic, Persian and Indic words need; <bdi> keeps their effect inside.
NEEDED = "\u200c\u200d\u200e\u200f\u061c"
# Where a line may break; without a meaning of their own.
HINTS = "\u00ad\u200b\u2060\ufeff"
PICTURES = 0x2400  # Unicode's block of pictures of the control characters
SYMBOLS = {"\t": " ", "\x7f": "\u2421", **dict.fromkeys(HINTS, "")}


def visible(text: str) -> str:
    """Text in which nothing hides or reorders the rest (Unicode TR 36): control characters are shown as symbols."""
    return "".join(c if c.isprintable() or c == "\n" or c in NEEDED else _symbol(c) for c in text)


def _symbol(character: str) -> str:
    if character in SYMBOLS:
        return SYMBOLS[character]
    if character < " ":
        return chr(PICTURES + ord(character))
    match unicodedata.category(character):
        case "Zs":
            return " "
        case "Cs":  # half a character, which no encoding can carry
            return "\ufffd"
        case "Cn" | "Co":  # younger than this Python's tables, or of a private font
            return character
        case _:
            return f"[U+{ord(character):04X}]"


def value(figure: Figure) -> str:
    """A figure in few words: "at least 2,300", "20 to 25%", "USD 1.2 billion"."""
    size = number(figure.low)
    if figure.high is None:
        size += " or more"
    elif figure.high != figure.low:
        size += f" to {number(figure.high)}"
    return f"{BOUND_WORDS[figure.bound]}{_with_unit(size, figure.unit)}"


def _with_unit(size: str, unit: str | None) -> str:
    if unit is None:
        return size
    if len(unit) == 3 and unit.isupper():  # noqa: PLR2004 - the length of an ISO 4217 code, which goes first
        return f"{unit} {size}"
    if unit == "%":
        return f"{size}%"
    return f"{size} {PLURALS.get(unit, unit) if size != '1' else unit}"


def number(size: Decimal) -> str:
    """With thousands separators, or in millions where that rounds nothing away; to DECIMALS places (a third)."""
    for scale, word in SCALES:
        short = size / scale
        shifted = short.scaleb(SHORT_DIGITS)
        if abs(short) >= 1 and shifted == shifted.to_integral_value():
            return f"{_digits(short)} {word}"
    return _digits(size)


def _digits(size: Decimal, decimals: int = DECIMALS) -> str:
    # Not by round(): that raises for numbers longer than the 28 digits of the decimal context.
    return f"{size:,.{decimals}f}".rstrip("0").rstrip(".")


def difference(row: Revision | RevisionRow) -> str | None:
    """How far the value moved: "+430 (+18.7%)"; None where that is not one number."""
    old, new = row.old, row.new
    if new is None or old.low == new.low or old.low != old.high or new.low != new.high or old.unit != new.unit:
        return None
    moved = new.low - old.low
    sign = "+" if moved > 0 else "\u2212"  # the minus sign
    said = f"{sign}{number(abs(moved))}"
    if old.unit == "%":
        return f"{said} point{'' if abs(moved) == 1 else 's'}"
    return said if old.low <= 0 else f"{said} ({sign}{_digits(abs(moved) * 100 / old.low, 1)}%)"
