# ruff: noqa: PLR2004 - sizes of small windows, digits of printed numbers
# ruff: noqa: RUF001, RUF002 - dashes, minus and multiplication signs as they are printed
# ruff: noqa: PLR0911 - each return is one rule of a list, the first that knows wins
"""From a number to a quantity: sign, unit, ranges ("$3-5 billion"), changes ("from 55 to 44"), shares, scores."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from worker.core.figures import numerals, units
from worker.core.figures.tokens import DASHES

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.numerals import Numeral
    from worker.core.figures.tokens import Tokens

SCORE = "score"
_SCORE_DIGITS = 3
_INHERITS_BELOW = Decimal(1000)
_ROUND = frozenset(Decimal(n) for n in (5, 10, 20, 100, 1000))  # wholes of a share


class Quantity(NamedTuple):
    """A value with its unit: tokens [start, end)."""

    low: Decimal
    high: Decimal | None  # None for vague plurals
    start: int
    end: int
    number_end: int  # behind the number alone: a noun may start here
    symbol: str | None = None
    dimension: str | None = None
    per: str | None = None
    vague: bool = False
    part: bool = False
    digits: bool = False
    plain: bool = False
    scaled: bool = False
    mantissa: Decimal = Decimal(0)  # before scale words: the first of "3-5 billion" shares the scale of the second
    parts: tuple[Quantity, ...] = ()  # old and new of "from A to B"
    opened: bool = False  # "between" or "from" before `start` belongs to it


def read(t: Tokens, i: int, lex: Lexicon) -> Quantity | None:
    """The quantity that starts with the number at token i, None where there is none."""
    first = _single(t, i, lex)
    if first is None:
        return None
    return _score(t, first, lex) or _share(t, first, lex) or _range(t, first, lex) or first


def _single(t: Tokens, i: int, lex: Lexicon) -> Quantity | None:
    number = numerals.parse(t, i, lex)
    if number is None:
        return None
    number, negative = _signed(t, number, lex)
    found = units.read(t, number, lex)
    value = number.value
    scale = Decimal(1)
    if found:
        value = value * found.factor + found.add
        scale = found.factor
    sign = -1 if negative or (found and _sign_before_money(t, found.start)) else 1
    start = found.start if found else number.start
    return Quantity(
        low=sign * value,
        high=None if number.vague else sign * value,
        start=start - (1 if sign < 0 and not negative else 0),
        end=found.end if found else number.end,
        number_end=number.end,
        symbol=(found.symbol or None) if found else None,
        dimension=(found.dimension or None) if found else None,
        per=found.per if found else None,
        vague=number.vague,
        part=number.part,
        digits=number.digits,
        plain=number.plain,
        scaled=number.scaled or scale > 1,
        mantissa=_mantissa(t, number, lex),
    )


def _mantissa(t: Tokens, number: Numeral, lex: Lexicon) -> Decimal:
    """The first number word or literal alone: 5 of "5 billion"."""
    if number.plain:
        return number.value
    if number.digits:
        return numerals.literal(t.raw[number.start + (t.raw[number.start] in DASHES)], lex) or number.value
    word = t.low[number.start]
    return Decimal(lex.small.get(word) or lex.tens.get(word) or 0)


def _signed(t: Tokens, number: Numeral, lex: Lexicon) -> tuple[Numeral, bool]:
    """Take a minus before the number: "-5", "−3", "minus 12", "minus-130", "$-50.8bn"."""
    i = number.start
    before = t.raw[i - 1]
    if before in DASHES:
        if t.low[i - 2] in lex.minus and t.glued(i - 1):
            return number._replace(start=i - 2), True
        if t.glued(i) and number.digits and (not t.glued(i - 1) or t.raw[i - 2] in {"(", "$", "€", "£", "/"}):
            return number._replace(start=i - 1), True
        if before == "-" and number.digits and units.temperature_ahead(t, number.end, lex):
            return number._replace(start=i - 1), True
    if (
        t.low[i - 1] in lex.minus
        and not lex.hedges.before(t.low, i)
        and (number.digits or lex.names.at(t.low, number.end))
    ):
        return number._replace(start=i - 1), True
    return number, False


def _sign_before_money(t: Tokens, start: int) -> bool:
    """Tell whether "-$5m" stands there."""
    return (
        t.raw[start - 1] in DASHES
        and t.glued(start)
        and not t.glued(start - 1)
        and start > 0
        and not t.raw[start][:1].isdecimal()
    )


# --- scores and shares -----------------------------------------------------------------------------


def _score(t: Tokens, first: Quantity, lex: Lexicon) -> Quantity | None:
    """Read "3-1" of a match; what is counted or measured behind it makes it a range instead."""
    j = first.end
    if not (first.plain and first.digits) or t.raw[j] not in DASHES or not (t.glued(j) and t.glued(j + 1)):
        return None
    second = t.raw[j + 1]
    if not second.isdecimal() or max(len(second), len(t.raw[j - 1])) > _SCORE_DIGITS or first.symbol:
        return None
    if not _is_score(t, first, j, lex):
        return None
    end = j + 2
    return Quantity(first.low, Decimal(second), first.start, end, end, symbol=SCORE, dimension=SCORE, digits=True)


def _is_score(t: Tokens, first: Quantity, j: int, lex: Lexicon) -> bool:
    second = Decimal(t.raw[j + 1])
    behind = t.low[j + 2]
    if (
        t.raw[j + 2] in {"%", "$", "°", "-", "/"}
        or behind in lex.scales
        or lex.names.at(t.low, j + 2)
        or lex.symbols.at(t.raw, j + 2)
    ):
        return False
    around = {*t.low[max(0, first.start - 6) : first.start], *t.low[j + 2 : j + 6]}
    if first.low >= second:
        return True
    return bool(around & lex.words["scores.words"]) and behind not in lex.words["nouns.people"]


def _share(t: Tokens, first: Quantity, lex: Lexicon) -> Quantity | None:
    """Read "one in five", "1 in 20" as a fraction."""
    j = first.end
    if first.low == 1 and t.raw[j].isalpha() and t.low[j + 1] in lex.words["numerals.share"]:
        j += 1  # "one train in ten"
    if first.symbol or t.low[j] not in lex.words["numerals.share"] or first.low <= 0 or first.part:
        return None
    if not (t.raw[j + 1][:1].isdecimal() or t.low[j + 1] in lex.starters) or (
        t.low[j] in lex.words["numerals.of"] and first.low != 1
    ):
        return None
    whole = numerals.parse(t, j + 1, lex)
    if (
        whole is None
        or whole.vague
        or whole.value <= first.low
        or units.read(t, whole, lex)
        or (whole.plain and 1900 < whole.value < 2100)
    ):
        return None
    if first.low > 3 and whole.value not in _ROUND:
        return None
    value = first.low / whole.value
    return Quantity(value, value, first.start, whole.end, whole.end, part=True)


# --- ranges ----------------------------------------------------------------------------------------


def _range(t: Tokens, first: Quantity, lex: Lexicon) -> Quantity | None:
    """Join a second number behind "to", "-", "and" (after "between") into one quantity."""
    step = _link(t, first, lex)
    if not step or first.vague:
        return None
    opener = _opener(t, first.start, lex)
    k = first.end + step
    second = _second(t, k, lex)
    if second is None or second.vague or (second.part and not first.part):
        return None
    joined = _joined(first, second, loose=opener != "" or t.raw[first.end] in DASHES)
    if joined is None or not (opener or _is_range(t, joined, first, second, lex)):
        return None
    changed = opener == "from" and (joined.low > second.low or not _spans(t, first.start, joined, lex))
    low, high = sorted((joined.low, second.low))
    return joined._replace(
        low=low,
        high=high,
        opened=opener != "",
        parts=(joined._replace(high=joined.low, end=first.end), second) if changed else (),
    )


def _spans(t: Tokens, start: int, joined: Quantity, lex: Lexicon) -> bool:
    """Tell whether "from A to B" is an extent ("prices range from") rather than old and new."""
    return joined.dimension == units.AGE or not lex.words["ranges.spans"].isdisjoint(t.low[max(0, start - 4) : start])


def _link(t: Tokens, first: Quantity, lex: Lexicon) -> int:
    """Tokens between the two numbers of a range at the end of the first; 0 where nothing links."""
    j = first.end
    sign, word = t.raw[j], t.low[j]
    if sign in DASHES:
        if t.low[j + 1] in lex.words["ranges.openers_hyphen"] and t.raw[j + 2] == "-":
            return 3
        spaced = not t.glued(j) and not t.glued(j + 1)
        if t.glued(j) == t.glued(j + 1):
            return 1 if not spaced or sign in {"-", "–"} else 0
        return 1 if t.glued(j + 1) and _closes(t, first, j + 1, lex) else 0
    if sign == "/" and t.glued(j) and t.glued(j + 1) and first.dimension == units.MONEY:
        return 1
    if word in lex.words["ranges.to"]:
        return 2 if t.low[j + 1] in lex.words["ranges.fillers"] else 1
    if word in lex.words["ranges.and"] and _opener(t, first.start, lex) == "between":
        return 2 if t.low[j + 1] in lex.words["ranges.fillers"] else 1
    return 1 if word in lex.words["ranges.soft"] and not first.symbol and not first.digits else 0


def _closes(t: Tokens, first: Quantity, k: int, lex: Lexicon) -> bool:
    """Tell whether "-300mm" behind "75" closes a range rather than being negative."""
    second = _second(t, k, lex)
    return (
        second is not None
        and second.low > first.low
        and second.dimension not in {None, units.RATIO, units.MONEY, "temperature"}
    )


def _opener(t: Tokens, start: int, lex: Lexicon) -> str:
    """Which word opens a range before token `start`: "between", "from" or none; a hedge may stand between."""
    for j in (start - 1, start - 2):
        if t.low[j] in lex.words["ranges.openers"]:
            return "between"
        if t.low[j] in lex.words["ranges.openers_from"]:
            return "from"
        if t.low[j] not in lex.words["ranges.between_opener"]:
            return ""
    return ""


def _second(t: Tokens, k: int, lex: Lexicon) -> Quantity | None:
    """The second number, behind a currency sign or a minus if there is one."""
    for i in range(k, k + 4):
        if (
            t.raw[i][:1].isdecimal()
            or (t.raw[i][:1] == "." and len(t.raw[i]) > 1)
            or t.low[i] in lex.starters
            or t.low[i] in lex.articles
        ):
            quantity = _single(t, i, lex)
            return quantity if quantity and quantity.start == k else None
        if (
            t.raw[i][-1:] not in "$€£¥-−="
            and t.raw[i] not in lex.signs
            and t.low[i] not in lex.minus
            and t.raw[i].upper() not in lex.sign_words
        ):
            return None
    return None


def _joined(first: Quantity, second: Quantity, *, loose: bool) -> Quantity | None:
    """The first quantity with what it takes over from the second: unit, scale; None where the two do not fit."""
    low = first.low
    if (
        second.scaled
        and not first.scaled
        and abs(first.low) < _INHERITS_BELOW
        and second.mantissa
        and abs(first.low) <= second.mantissa
    ):
        low = first.low * (second.high or second.low) / second.mantissa
    symbol, dimension, per = second.symbol or first.symbol, second.dimension or first.dimension, second.per or first.per
    if first.symbol and second.symbol and first.symbol != second.symbol:
        return None
    if first.symbol and not second.symbol and not loose and first.dimension != units.MONEY:
        return None
    return first._replace(
        low=low, high=low, end=second.end, number_end=second.number_end, symbol=symbol, dimension=dimension, per=per,
        scaled=second.scaled, digits=second.digits, part=first.part or second.part, plain=False,
    )  # fmt: skip


def _signed_money(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a currency stands before its number."""
    return not t.raw[q.start][:1].isdecimal() and t.low[q.start] not in lex.starters


def _is_range(t: Tokens, joined: Quantity, first: Quantity, second: Quantity, lex: Lexicon) -> bool:
    """Tell a range from two figures that happen to stand beside each other."""
    link = t.low[first.end]
    if link in lex.words["ranges.soft"]:
        return second.low == first.low + 1 or (first.low < second.low <= 2 * first.low and not second.digits)
    if link in lex.words["ranges.to"]:
        if not lex.words["ranges.not_opened"].isdisjoint(t.low[max(0, first.start - 2) : first.start]):
            return False
        if first.symbol and t.low[first.start - 1] in lex.words["ranges.not_after"]:
            return False  # "fell $2.31 to $78.40"
        if not first.symbol and second.dimension == units.MONEY and _signed_money(t, second, lex):
            return False  # "sixfold to $3.7 billion"
        return joined.low < second.low or bool(first.symbol and first.symbol == second.symbol)
    if not t.glued(first.end):
        return joined.low < second.low
    return joined.low < second.low or bool(joined.symbol)
