# ruff: noqa: PLR2004 - sizes of small windows, digits of printed numbers
# ruff: noqa: RUF001 - dashes, minus and multiplication signs as they are printed
"""What a number is measured in: money, percent, measures, ages, and rates ("$80 a barrel")."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from worker.core.figures import nouns

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon, Unit
    from worker.core.figures.numerals import Numeral
    from worker.core.figures.tokens import Tokens

_LIKELY_MONEY = 1000  # from here on "pounds" are money rather than weight
_WEAK = 100  # "won", "real": currencies only of larger numbers
_INCH = Decimal("0.0001")  # of a foot
_MILLION = Decimal(1_000_000)
MONEY, AGE, RATIO = "money", "age", "ratio"
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_LONE_LETTERS = frozenset("mglLWVht")  # symbols of one letter that may stand apart from their number


class Reading(NamedTuple):
    """A unit as read: the tokens it takes are [number start, end)."""

    symbol: str
    dimension: str
    start: int
    end: int
    factor: Decimal = Decimal(1)  # what a suffix or a scale between number and unit multiplies the value by
    add: Decimal = Decimal(0)  # what follows the unit: "3 dollars 50 cents"
    per: str | None = None


def read(t: Tokens, number: Numeral, lex: Lexicon) -> Reading | None:
    """The unit around a number, None for a bare count."""
    found = _before(t, number, lex) or _after(t, number, lex)
    if found is None:
        return None
    return _with_rate(t, found, lex)


# --- money before the number -----------------------------------------------------------------------


def sign_before(t: Tokens, i: int, lex: Lexicon) -> tuple[str, int] | None:
    """The currency whose sign or code ends before token i, and the token where it starts."""
    last = t.raw[i - 1]
    if i - 1 < t.floor:
        return None
    if last == "=" and t.glued(i):  # "Y=100", how some agencies type the yen sign
        return ("JPY", i - 2) if t.raw[i - 2] in {"Y", "¥"} else None
    if not (last in lex.sign_tails or last.upper() in lex.codes or last in lex.words["money.lower_codes"]):
        return _mega(t, i, lex)
    for length in (4, 3, 2):
        code = lex.signs.get("".join(t.raw[i - length : i])) if i >= length else None
        if code and (last == "$" or t.start[i - 1] - t.end[i - length] < length):
            return code, i - length
    return _one_token_sign(t, i, lex)


def _one_token_sign(t: Tokens, i: int, lex: Lexicon) -> tuple[str, int] | None:
    last = t.raw[i - 1]
    code = lex.signs.get(last)
    if code is None:
        return (lex.signs[last.upper()], i - 1) if last in lex.words["money.lower_codes"] else None
    if (
        last.isalpha()
        and last.isascii()
        and last not in lex.codes
        and not t.glued(i)
        and last not in lex.words["money.apart"]
    ):
        return None  # letters such as "R" or "K" mean money only where they touch the number
    if last in lex.words["money.never"] or last in lex.words["money.code_words"]:
        return None
    return code, i - 1


def _mega(t: Tokens, i: int, lex: Lexicon) -> tuple[str, int] | None:
    last = t.raw[i - 1]
    if len(last) == 4 and last[0] == "M" and last[1:] in lex.codes:
        return last, i - 1
    return None


def _before(t: Tokens, number: Numeral, lex: Lexicon) -> Reading | None:
    found = sign_before(t, number.start, lex)
    if found is None:
        return None
    code, start = found
    factor, end = Decimal(1), number.end
    if code not in lex.codes and code[0] == "M":
        code, factor = code[1:], _MILLION
    suffix = lex.suffixes.get(t.raw[end])
    if suffix and t.glued(end) and not number.scaled:
        factor, end = suffix, end + 1
    if code == "USD" or code.endswith("D"):
        end += t.raw[end] in {"US", "USD"}
        code, end = _country_behind(t, code, end, lex)
    again = lex.money.at(t.low, end)  # "$5 million dollars"
    end += again[0] if again else 0
    return Reading(code, MONEY, start, end, factor)


def _country_behind(t: Tokens, code: str, end: int, lex: Lexicon) -> tuple[str, int]:
    """Read "$5m Australian", "$20 CAD"."""
    if t.raw[end] in lex.codes and t.raw[end].endswith("D"):
        return t.raw[end], end + 1
    return code, end


# --- behind the number -----------------------------------------------------------------------------


def _after(t: Tokens, number: Numeral, lex: Lexicon) -> Reading | None:
    j = number.end
    j += t.raw[j] in {"-", "–"} and t.glued(j) and t.glued(j + 1)
    j += number.scaled and t.low[j] in lex.words["numerals.unit_of"]
    return (
        _age(t, number, j, lex)
        or _suffixed(t, number, lex)
        or _money(t, number, j, lex)
        or _measure(t, number, j, lex)
        or _bracketed(t, number, lex)
        or _primes(t, number)
    )


def _age(t: Tokens, number: Numeral, j: int, lex: Lexicon) -> Reading | None:
    if t.low[j] in lex.words["ages.units"]:
        k = j + 1
        k += t.raw[k] == "-"
        if t.low[k] in lex.words["ages.tail"] or (t.low[k], t.low[k + 1]) == ("of", "age"):
            unit = lex.names.at(t.low, j)
            end = k + 1 + (t.low[k] == "of")
            return Reading(unit[1].symbol if unit else "year", AGE, number.start, end)
    found = lex.ages_after.at(t.low, j)
    return Reading("year", AGE, number.start, j + found[0]) if found else None


def _suffixed(t: Tokens, number: Numeral, lex: Lexicon) -> Reading | None:
    """Settle what "m", "b", "t" behind digits mean: "1.2m tons" and "4.3M sales" are millions, "37m" are metres."""
    j = number.end
    factor = lex.suffixes.get(t.raw[j])
    if factor is None or number.scaled or not number.digits or t.raw[j] in lex.words["numerals.only_money"]:
        return None
    money = lex.money.at(t.low, j + 1)
    sign = t.raw[j + 1] in lex.signs and t.raw[j + 1] not in lex.words["money.never"] and not t.raw[j + 1].islower()
    if money:
        return Reading(money[1], MONEY, number.start, j + 1 + money[0], factor)
    if sign and (t.glued(j) or t.raw[j].isupper()):
        return Reading(lex.signs[t.raw[j + 1]], MONEY, number.start, j + 2, factor)
    if not t.glued(j) and (len(t.raw[j]) > 1 or not t.raw[j].isupper()):
        return None
    return _scaled_count(t, number, j, factor, lex)


def _scaled_count(t: Tokens, number: Numeral, j: int, factor: Decimal, lex: Lexicon) -> Reading | None:
    measure = _unit_at(t, j + 1, lex)
    if measure and t.raw[j] != "t":
        return Reading(measure[1].symbol, measure[1].dimension, number.start, j + 1 + measure[0], factor)
    if (t.raw[j] in {"M", "B", "b"} and t.glued(j)) or (t.raw[j] != "t" and nouns.plural_ahead(t, j + 1, lex)):
        return Reading("", "", number.start, j + 1, factor)
    return None


def _money(t: Tokens, number: Numeral, j: int, lex: Lexicon) -> Reading | None:
    found = lex.money.at(t.low, j)
    if found:
        length, code = found
        if t.low[j] in lex.words["money.weak"] and number.value < _WEAK:
            return None
        if t.low[j - 1] in lex.words["money.indian"] and code == "rupee":
            code = "INR"
        end, scale = _scale_behind(t, j + length, number, lex)
        add, end = _small_change(t, end, code, lex)
        return Reading(code, MONEY, number.start, end, scale, add)
    if t.low[j] in lex.words["money.pounds"] and _pounds_are_money(t, number, lex):
        return Reading("GBP", MONEY, number.start, j + 1)
    return _sign_after(t, number, j, lex)


def _scale_behind(t: Tokens, end: int, number: Numeral, lex: Lexicon) -> tuple[int, Decimal]:
    """Read "75 USD million"."""
    if not number.scaled and t.low[end] in lex.scales:
        return end + 1, lex.scales[t.low[end]]
    return end, Decimal(1)


def _pounds_are_money(t: Tokens, number: Numeral, lex: Lexicon) -> bool:
    if number.scaled or number.value >= _LIKELY_MONEY:
        return not any(w in lex.words["money.weight_words"] for w in t.low[: t.count])
    return any(w in lex.words["money.context"] for w in t.low[max(0, number.start - 12) : number.end + 6])


def _sign_after(t: Tokens, number: Numeral, j: int, lex: Lexicon) -> Reading | None:
    sign = t.raw[j]
    joined = lex.signs.get(sign + t.raw[j + 1]) if t.glued(j + 1) else None
    if joined:  # "10 US$", "100 ரூ"
        return None if _belongs_to_next(t, j + 1) else Reading(joined, MONEY, number.start, j + 2)
    code = lex.signs.get(sign)
    if code is None and len(sign) == 4 and sign[0] == "M" and sign[1:] in lex.codes:
        return Reading(sign[1:], MONEY, number.start, j + 1, _MILLION)
    if code is None and sign in lex.words["money.lower_codes"]:
        code = "CNY" if sign == "rmb" else sign.upper()
    if (
        code is None
        or sign in lex.words["money.not_after"]
        or (sign in lex.words["money.code_words"] and not number.scaled)
        or _belongs_to_next(t, j)
    ):
        return None
    end, scale = _scale_behind(t, j + 1, number, lex)
    add, end = _small_change(t, end, code, lex)
    return Reading(code, MONEY, number.start, end, scale, add)


def _belongs_to_next(t: Tokens, j: int) -> bool:
    """Tell whether a sign stands before the next number: "rmb 10 usd 20", "5 €6"."""
    return t.raw[j + 1][:1].isdecimal() and t.glued(j + 1) and not t.glued(j)


def _small_change(t: Tokens, end: int, code: str, lex: Lexicon) -> tuple[Decimal, int]:
    """Read "50 cents" or a bare "50" behind "3 dollars"."""
    from worker.core.figures import numerals  # noqa: PLC0415 - each reads what the other starts

    j = end + (t.low[end] in lex.joiners)
    if (
        code in lex.money_parts
        or not t.raw[j]
        or t.raw[j][0] in ".,"
        or not (t.raw[j][0].isdecimal() or t.low[j] in lex.starters)
    ):
        return Decimal(0), end
    small = numerals.parse(t, j, lex)
    if small is None or small.value >= 100 or small.vague or small.part:
        return Decimal(0), end
    part = lex.money.at(t.low, small.end)
    if part and part[1] in lex.money_parts:
        return small.value * lex.money_parts[part[1]], small.end + part[0]
    last = t.raw[small.end] in {"", ".", ",", "?", "!"}
    return (
        (small.value / 100, small.end)
        if last and small.plain | (not small.digits) and small.value > 9
        else (Decimal(0), end)
    )


def _unit_at(t: Tokens, j: int, lex: Lexicon) -> tuple[int, Unit] | None:
    return lex.symbols.at(t.raw, j) or lex.names.at(t.low, j)


def _measure(t: Tokens, number: Numeral, j: int, lex: Lexicon) -> Reading | None:
    found = lex.names.at(t.low, j)
    if t.low[j] in lex.words["money.inch"] and t.low[number.start - 1] in lex.words["money.foot"]:
        return Reading("in", "length", number.start, j + 1)
    symbol = lex.symbols.at(t.raw, j)
    if symbol and symbol[0] > 1 and not t.glued(j + 1) and t.raw[j + 1].isdecimal():  # "12 ft 2 in" is no "ft2"
        symbol = lex.symbols.shorter(t.raw, j, symbol[0])
    if symbol and (found is None or symbol[0] > found[0]):
        found = symbol if _stands(t, j, symbol[0], lex) else found
    if found is None:
        return None
    length, unit = found
    if t.low[j] in lex.words["money.weak_units"] and nouns.plural_ahead(t, j + length, lex):
        return None
    end = j + length
    if unit.symbol == "ft" and t.raw[end] == "-" and t.glued(end) and t.raw[end + 1].isdecimal():  # "6-foot-5"
        inches = (Decimal(t.raw[end + 1]) / 12).quantize(_INCH) if len(t.raw[end + 1]) <= 2 else Decimal(0)
        return Reading(unit.symbol, unit.dimension, number.start, end + 2, add=inches)
    return Reading(unit.symbol, unit.dimension, number.start, j + length)


def _stands(t: Tokens, j: int, length: int, lex: Lexicon) -> bool:
    """Tell whether a printed symbol is one: letters that are words, too, must touch their number."""
    text = t.raw[j]
    if length > 1 or t.glued(j) or not text.isalpha():
        return True
    if t.low[j] in lex.words["money.word_symbols"]:
        return False
    if text in {"C", "F"}:  # "100 C or 212 F"
        return t.raw[j + 1] in {"", ".", ",", ";", ")"} or t.low[j + 1] in lex.words["words.stop"]
    return len(text) > 1 or text in _LONE_LETTERS


def _bracketed(t: Tokens, number: Numeral, lex: Lexicon) -> Reading | None:
    """Read "20 (kg)"."""
    j = number.end
    close = _BRACKETS.get(t.raw[j])
    found = _unit_at(t, j + 1, lex) if close else None
    if not found or t.raw[j + 1 + found[0]] != close:
        return None
    return Reading(found[1].symbol, found[1].dimension, number.start, j + 2 + found[0])


def _primes(t: Tokens, number: Numeral) -> Reading | None:
    """Read "30'" as feet where the apostrophe closes no quotation."""
    j = number.end
    if t.raw[j] == "'" and t.glued(j) and t.glued(j + 1) and t.raw[j + 1].isdecimal() and len(t.raw[j + 1]) <= 2:
        inches = (Decimal(t.raw[j + 1]) / 12).quantize(_INCH)  # 5'10"
        return Reading("ft", "length", number.start, j + 2 + (t.raw[j + 2] in {'"', "″"}), add=inches)
    if t.raw[j] == "'" and number.digits and t.glued(j) and t.text.count("'") == 1:
        return Reading("ft", "length", number.start, j + 1)
    return None


# --- rates -----------------------------------------------------------------------------------------


def _with_rate(t: Tokens, found: Reading, lex: Lexicon) -> Reading:
    per = rate(t, found.end, lex) or _rate_behind_of(t, found.end, lex)
    return found._replace(per=per[0], end=per[1]) if per else found


def _rate_behind_of(t: Tokens, j: int, lex: Lexicon) -> tuple[str, int] | None:
    """The rate behind what is measured: "2.4 billion gallons of jet fuel a year"; the words between stay outside."""
    if t.low[j] not in lex.words["numerals.of"]:
        return None
    for k in range(j + 1, j + 5):
        per = rate(t, k, lex)
        if per:
            return per[0], j
        if not t.raw[k].isalpha() or t.low[k] in lex.words["words.stop"]:
            return None
    return None


def rate(t: Tokens, j: int, lex: Lexicon) -> tuple[str, int] | None:
    """The thing per which something is counted, and the token behind it: "a barrel", "per sq m", "- a - share"."""
    k = j
    dashes = t.raw[k] == "-"
    k += dashes
    if t.low[k] not in lex.words["rates.per"]:
        return None
    k += 1
    k += dashes and t.raw[k] == "-"
    strict = t.low[k - 1] not in lex.words["rates.strong"]
    if t.low[k + 1] in lex.words["rates.not_before"]:
        return None
    found = _unit_at(t, k, lex)
    if found and (not strict or t.low[k] in lex.words["rates.things"]):
        return found[1].name, k + found[0]
    if t.low[k] in lex.words["rates.things"]:
        return t.low[k], k + 1
    return None


def temperature_ahead(t: Tokens, j: int, lex: Lexicon) -> bool:
    """Tell whether a unit of temperature starts at token j."""
    found = _unit_at(t, j, lex)
    return found is not None and found[1].dimension == "temperature"


def ahead(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether a unit or a currency starts at token i, or behind a hyphen there."""
    j = i + (t.raw[i] == "-")
    found = lex.names.at(t.low, j) or lex.money.at(t.low, j)
    if found:
        return True
    symbol = lex.symbols.at(t.raw, i)
    return bool(symbol) and (len(t.raw[i]) > 1 or t.glued(i) or not t.raw[i].isalpha())
