# ruff: noqa: PLR2004 - sizes of small windows, digits of printed numbers
# ruff: noqa: RUF001, RUF002 - dashes, minus and multiplication signs as they are printed
# ruff: noqa: PLR0911 - each return is one rule of a list, the first that knows wins
"""The grammar of numbers: digits and words to `Decimal`.

Knows separators, scale words and glued suffixes, "and a half", fractions, dozens, vague plurals, powers of ten.
What the words are is in the lexicon; what is not a number at all was decided before (`vetoes`).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from worker.core.figures.lexicon import VULGAR

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

MAX_DIGITS = 15  # significant; more are identifiers, and SQLite keeps no more
MAX_LITERAL = 40  # characters of one printed number
_THOUSAND = Decimal(1000)
_SCORE = Decimal(20)
_HUNDRED = Decimal(100)
_GROUPED = {
    ",": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$"),
    ".": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?$"),
}
_OTHER_POINT = re.compile(r"\d{1,6}[.,]\d{1,2}$")
_PLAIN = {".": re.compile(r"\d*\.\d+$"), ",": re.compile(r"\d+,\d+$")}
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


class Numeral(NamedTuple):
    """A number as read: tokens [start, end)."""

    value: Decimal
    start: int
    end: int
    digits: bool = False  # written in digits
    plain: bool = False  # one bare integer: no separator, no scale; may be a year or a name
    scaled: bool = False  # ends in a scale word or suffix
    vague: bool = False  # "dozens": the value is the smallest it can mean
    part: bool = False  # a fraction


def literal(text: str, lex: Lexicon) -> Decimal | None:
    """The value of printed digits; None where separators make no number, or too many digits make an identifier.

    Separators follow the language ("1,200.5" in English, "1.200,5" in Spanish); where both stand and only the
    other reading makes sense ("1.200,5" in an English text), that one is taken.
    """
    if text.isdigit():
        return (
            Decimal(text)
            if len(text) <= MAX_DIGITS or len(text.lstrip("0")) <= MAX_DIGITS < MAX_LITERAL > len(text)
            else None
        )
    if len(text) > MAX_LITERAL:
        return None
    plain = _canonical(text, lex.group, lex.point)
    if plain is None and lex.group in text and lex.point in text:
        plain = _canonical(text, lex.point, lex.group)
    if plain is None:
        return None
    value = Decimal(plain)
    return value if len(value.as_tuple().digits) <= MAX_DIGITS else None


def _canonical(text: str, group: str, point: str) -> str | None:
    if _GROUPED[group].match(text) or _PLAIN[point].match(text):
        return text.replace(group, "").replace(point, ".")
    return None


def parse(t: Tokens, i: int, lex: Lexicon) -> Numeral | None:
    """Read the longest number that starts at token i."""
    number = _digits(t, i, lex) if t.raw[i][-1:].isdecimal() else _worded(t, i, lex)
    return number and _tail(t, number, lex)


# --- digits ----------------------------------------------------------------------------------------


def _digits(t: Tokens, i: int, lex: Lexicon) -> Numeral | None:
    text, end = _spaced_groups(t, i)
    value = literal(text, lex)
    if value is None:
        value = _other_point(t, text, i, end, lex)
    if value is None:
        return None
    plain = end == i + 1 and text.isdigit()
    if t.raw[end] in {"×", "x", "X", "*"} and t.raw[end + 1] == "10":
        return _power(t, Numeral(value, i, end, digits=True))
    if t.raw[end] in {"/", "⁄"}:
        return _slashed(t, i, value, lex) or Numeral(value, i, end, digits=True, plain=plain)
    if plain and t.raw[end].isdecimal() and t.raw[end + 1] in {"/", "⁄"} and t.glued(end + 1):  # "1 1/2"
        fraction = _slashed(t, end, Decimal(t.raw[end]) if len(t.raw[end]) < MAX_DIGITS else value, lex)
        if fraction and fraction.value < 1:
            return Numeral(value + fraction.value, i, fraction.end, digits=True)
    if t.raw[end] in VULGAR:
        return Numeral(value + _vulgar(t.raw[end]), i, end + 1, digits=True)
    return Numeral(value, i, end, digits=True, plain=plain)


def _other_point(t: Tokens, text: str, i: int, end: int, lex: Lexicon) -> Decimal | None:
    """The value of "12,50 percent" in an English text: one or two decimals behind the other sign, where units stand."""
    if not _OTHER_POINT.match(text) or lex.group not in text:
        return None
    sign = t.raw[end] in lex.signs or t.raw[end] in {"%", "°"} or t.raw[i - 1] in lex.signs
    counted = sign or t.raw[end] in lex.codes or lex.names.at(t.low, end) or lex.money.at(t.low, end)
    return Decimal(text.replace(lex.group, ".")) if counted else None


def _spaced_groups(t: Tokens, i: int) -> tuple[str, int]:
    """Join "2 300 000", "2'300'000" and "80, 000": one to three digits, then groups of exactly three."""
    text, j = t.raw[i], i + 1
    if len(text) > 3 or not text.isdecimal() or text[0] == "0":
        return text, j
    while len(t.raw[j]) == 3 and t.raw[j].isdecimal() and t.start[j] == t.end[j - 1] + 1:
        text, j = text + t.raw[j], j + 1
    while t.raw[j] == "'" and t.glued(j) and t.glued(j + 1) and len(t.raw[j + 1]) == 3 and t.raw[j + 1].isdecimal():
        text, j = text + t.raw[j + 1], j + 2
    if j == i + 1 and t.raw[j] == "," and t.raw[j + 1] == "000" and t.glued(j):
        return text + "000", j + 2
    return text, j


def _power(t: Tokens, mantissa: Numeral) -> Numeral:
    """Read the exponent of "1.99×10−30", "3 x 10^8", "10⁸"."""
    j = mantissa.end + 2
    sign = 1
    if t.raw[j] == "^":
        j += 1
    if t.raw[j] in {"-", "−", "–"}:
        sign, j = -1, j + 1
    exponent = t.raw[j].translate(_SUPERSCRIPT)
    if j == mantissa.end + 2 and not t.glued(j):
        return mantissa
    if not exponent.lstrip("-").isdecimal() or len(exponent) > 2:
        return mantissa
    return mantissa._replace(value=mantissa.value.scaleb(sign * int(exponent)), end=j + 1)


def _slashed(t: Tokens, i: int, top: Decimal, lex: Lexicon) -> Numeral | None:
    """Read "1/4": small, and less than one; "6.4/10" and "84/91" are two numbers."""
    if not (t.glued(i + 1) and t.glued(i + 2) and t.raw[i + 2].isdecimal() and len(t.raw[i + 2]) <= 3):
        return None
    bottom = literal(t.raw[i + 2], lex)
    if (
        not bottom
        or (bottom not in DENOMINATORS and t.low[i + 3] not in lex.words["numerals.of"])
        or not 0 < top < bottom
        or top != top.to_integral_value()
    ):
        return None
    return Numeral(top / bottom, i, i + 3, digits=True, part=True)


DENOMINATORS = frozenset(
    Decimal(n) for n in (2, 3, 4, 8, 16, 32, 64)
)  # that news prints with a slash; 5 and 10 are ratings


def _vulgar(sign: str) -> Decimal:
    top, bottom = VULGAR[sign].split("/")
    return Decimal(top) / Decimal(bottom)


# --- words -----------------------------------------------------------------------------------------


def _worded(t: Tokens, i: int, lex: Lexicon) -> Numeral | None:
    word = t.low[i]
    if word in VULGAR:
        return Numeral(_vulgar(word), i, i + 1, part=True)
    if word in lex.vague or word in lex.vague_first:
        return None if _leads_to_scale(t, i, lex) else _vague(t, i, lex)
    if word in lex.half:
        return Numeral(Decimal("0.5"), i, i + 1, part=True)
    if word in lex.folds:
        return Numeral(Decimal(lex.folds[word]), i, i + 1)
    if word in lex.zeros:
        return Numeral(Decimal(0), i, i + 1)
    if word in lex.scales or word in lex.hundred:
        several = _several(t, i, lex)
        if several:
            return Numeral(2 * (lex.scales.get(word) or _HUNDRED), i - several, i + 1, vague=True)
    if word in lex.articles:
        return _after_article(t, i, lex)
    return _in_scores(t, _sequence(t, i, lex), lex)


def _in_scores(t: Tokens, number: Numeral | None, lex: Lexicon) -> Numeral | None:
    """Read "three score men", "three score and ten"."""
    if number is None or t.low[number.end] not in lex.words["numerals.score"] or number.value >= _SCORE:
        return number
    j = number.end + 1
    if t.low[j] not in lex.words["numerals.score_of"]:
        return number
    more = _sequence(t, j + 1, lex) if t.low[j] in lex.joiners else None
    if more and more.value < _SCORE:
        return Numeral(number.value * _SCORE + more.value, number.start, more.end)
    return Numeral(number.value * _SCORE, number.start, j)


def _leads_to_scale(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Whether a couple is one of dozens or hundreds, which are read from there."""
    if t.low[i] not in lex.words["numerals.couple"]:
        return False
    word = t.low[i + 1 + (t.low[i + 1] in lex.words["numerals.of"])]
    return word in lex.scales or word in lex.hundred


def _several(t: Tokens, i: int, lex: Lexicon) -> int:
    """Tokens before a scale word that make it vague: "several hundred", "a couple of dozen"."""
    if t.low[i - 1] in lex.words["numerals.several"]:
        return 1
    of = t.low[i - 1] in lex.words["numerals.of"]
    return 1 + of if t.low[i - 1 - of] in lex.words["numerals.couple"] else 0


def _after_article(t: Tokens, i: int, lex: Lexicon) -> Numeral | None:
    """Read "a dozen", "a hundred and fifty", "a third"."""
    word = t.low[i + 1]
    if word in lex.scales or word in lex.hundred:
        one = _sequence(t, i + 1, lex)
        return one and one._replace(start=i)
    if word in lex.half:
        return Numeral(Decimal("0.5"), i, i + 2, part=True)
    if word in lex.fractions:
        return Numeral(1 / Decimal(lex.fractions[word]), i, i + 2, part=True)
    return None


def _sequence(t: Tokens, i: int, lex: Lexicon) -> Numeral | None:
    """Add up "two million three hundred and four thousand twenty-three"; None where no number word stands."""
    total = group = Decimal(0)
    j, last, scaled = i, _START, False
    while True:
        word = t.low[j]
        kind, amount = _classify(word, lex)
        if kind == _NONE or not _FOLLOWS[last] & kind:
            step = _joiner(t, j, last, lex)
            if not step:
                break
            j += step
            continue
        if kind == _HUNDREDS:
            group = max(group, Decimal(1)) * _HUNDRED
        elif kind == _SCALE and amount > total > 0:  # "two lakh crore", "a hundred thousand million"
            total, group = (total + group) * amount, Decimal(0)
        elif kind == _SCALE:
            total, group = total + max(group, Decimal(1)) * amount, Decimal(0)
        else:
            group += amount
        scaled = kind == _SCALE
        last, j = kind, j + 1
    if last == _START:
        return None
    return Numeral(total + group, i, j, scaled=scaled, plain=j == i + 1 and not scaled)


_NONE, _START, _UNITS, _TEENS, _TENS, _HUNDREDS, _SCALE, _CENTURIES = 0, 1, 2, 4, 8, 16, 32, 64
_FOLLOWS = {
    _START: _UNITS | _TEENS | _TENS | _HUNDREDS | _SCALE | _CENTURIES,
    _UNITS: _HUNDREDS | _SCALE,
    _TEENS: _HUNDREDS | _SCALE,
    _TENS: _UNITS | _HUNDREDS | _SCALE,
    _HUNDREDS: _UNITS | _TEENS | _TENS | _SCALE,
    _SCALE: _UNITS | _TEENS | _TENS | _HUNDREDS | _SCALE | _CENTURIES,
    _CENTURIES: _UNITS | _TEENS | _TENS | _SCALE,
}


def _classify(word: str, lex: Lexicon) -> tuple[int, Decimal]:
    if word in lex.small:
        amount = lex.small[word]
        if amount >= 100:  # "quinientos": a word for several hundreds
            return _CENTURIES, Decimal(amount)
        return (_UNITS if amount < 10 else _TEENS), Decimal(amount)
    if word in lex.tens:
        return _TENS, Decimal(lex.tens[word])
    if word in lex.hundred:
        return _HUNDREDS, _HUNDRED
    if word in lex.scales:
        return _SCALE, lex.scales[word]
    return _NONE, Decimal(0)


def _joiner(t: Tokens, j: int, last: int, lex: Lexicon) -> int:
    """Tokens to skip between two words of one number: a glued hyphen, or "and" behind a hundred or a scale."""
    if last == _START:
        return 0
    kind, _ = _classify(t.low[j + 1], lex)
    if t.raw[j] == "-" and t.glued(j) and t.glued(j + 1):
        return 1 if _FOLLOWS[last] & kind else 0
    if t.low[j] in lex.tens_joiners and last == _TENS and kind == _UNITS:
        return 1
    if t.low[j] in lex.joiners and last & (_HUNDREDS | _SCALE) and kind & (_UNITS | _TEENS | _TENS):
        after, _ = _classify(t.low[j + 2], lex)
        return 0 if last == _SCALE and after & (_SCALE | _HUNDREDS) else 1
    return 0


def _vague(t: Tokens, i: int, lex: Lexicon) -> Numeral:
    """Read "dozens", "tens of thousands", "hundreds of millions"."""
    first, of = t.low[i], lex.words["numerals.of"]
    value = lex.vague.get(first) or lex.vague_first[first]
    if first not in lex.vague_first or t.low[i + 1] not in of or t.low[i + 2] not in lex.vague:
        return Numeral(value, i, i + 1, vague=True)
    scale = _vague(t, i + 2, lex)  # of which the table holds twice the word: "thousands" are at least 2,000
    return Numeral(lex.vague_first[first] * scale.value / 2, i, scale.end, vague=True)


# --- what may follow either ------------------------------------------------------------------------


def _tail(t: Tokens, number: Numeral, lex: Lexicon) -> Numeral | None:
    """Apply suffixes, scale words, "and a half" and denominators behind a number."""
    if number.vague:
        return number
    number = _worded_decimals(t, number, lex)
    j = number.end
    if number.digits and not number.part:
        number = _scale_words(t, _suffix(t, number, lex), lex)
        j = number.end
    if number.part:
        return _part_of_scale(t, number, lex)
    number = _and_a_half(t, number, lex)
    return _denominator(t, number, lex) if number.end == j else _scale_words(t, number, lex)


def _suffix(t: Tokens, number: Numeral, lex: Lexicon) -> Numeral:
    """Apply a glued suffix ("1.5bn", "25k"); which of them mean units instead is for `units` to say."""
    j = number.end
    factor = lex.suffixes.get(t.raw[j])
    if factor is None or not t.glued(j) or (t.glued(j + 1) and t.raw[j + 1].isalnum()):
        return number
    if t.raw[j] in lex.words["numerals.sure"]:
        return number._replace(value=number.value * factor, end=j + 1, scaled=True, plain=False)
    return number


def _scale_words(t: Tokens, number: Numeral, lex: Lexicon) -> Numeral:
    """Multiply by the scale words behind digits: "1.2 million", "3 lakh crore", "4-million"."""
    while True:
        j = number.end + (1 if t.raw[number.end] == "-" and t.glued(number.end) and t.glued(number.end + 1) else 0)
        word = t.low[j]
        factor = lex.scales.get(word) or (_HUNDRED if word in lex.hundred else None)
        if factor is None or (t.glued(j) and t.raw[j - 1] != "-"):
            return number
        number = number._replace(value=number.value * factor, end=j + 1, scaled=True, plain=False)


def _part_of_scale(t: Tokens, number: Numeral, lex: Lexicon) -> Numeral:
    """Read "half a million", "a quarter of a million", "half a dozen", "three quarters billion"."""
    j = number.end
    if t.low[j] in lex.words["numerals.of"]:
        j += 1
    article = t.low[j] in lex.articles
    word = t.low[j + article]
    factor = lex.scales.get(word) or (_HUNDRED if word in lex.hundred else None)
    if factor is None or (j > number.end and not article):
        return number
    return number._replace(value=number.value * factor, end=j + article + 1, scaled=True, part=False)


def _worded_decimals(t: Tokens, number: Numeral, lex: Lexicon) -> Numeral:
    """Read "thirty-seven point five", "one point two five"."""
    j = number.end
    if number.digits or number.part or t.low[j] not in lex.words["numerals.point"]:
        return number
    printed = ""
    while len(printed) < MAX_DIGITS and (digit := _digit(t.low[j + 1], lex)):
        printed, j = printed + digit, j + 1
    if not printed:
        return number
    number = number._replace(value=number.value + Decimal(f"0.{printed}"), end=j + 1, plain=False)
    return _scale_words(t, number, lex)


def _digit(word: str, lex: Lexicon) -> str:
    if word in lex.zeros:
        return "0"
    amount = lex.small.get(word, 10)
    return str(amount) if amount < 10 else ""


def _and_a_half(t: Tokens, number: Numeral, lex: Lexicon) -> Numeral:
    """Read "two and a half", "four-and-a-half", "a million and a half", "three and three quarters"."""
    low, j = t.low, number.end
    hyphen = low[j] == "-" and t.glued(j)
    words = [low[j + 1], low[j + 3], low[j + 5]] if hyphen else [low[j], low[j + 1], low[j + 2]]
    below = 2 if words[2] in lex.half else lex.fractions.get(words[2], 0)
    above = 1 if words[1] in lex.articles else lex.small.get(words[1], 0)
    if words[0] not in lex.joiners or not 0 < above < below:
        return number
    unit = lex.scales.get(low[number.end - 1], Decimal(1)) if number.scaled else Decimal(1)
    part = Decimal(above) / below * unit
    return number._replace(value=number.value + part, end=j + (6 if hyphen else 3), plain=False)


def _denominator(t: Tokens, number: Numeral, lex: Lexicon) -> Numeral | None:
    """Read "two-thirds", "three quarters"; a number that runs into an ordinal ("twenty-first") is none."""
    j = number.end
    hyphen = t.raw[j] == "-" and t.glued(j) and t.glued(j + 1)
    word = t.low[j + hyphen]
    if number.digits or word in lex.half:
        return number
    below = lex.fractions.get(word)
    if hyphen and below is None and word in lex.words["numerals.ordinals"]:
        return None
    if below is None or (number.value >= below and not hyphen):
        return number
    if number.value > 1 and not word.endswith(tuple(lex.words["numerals.plural"])):
        return None if hyphen and number.value >= 20 else number
    part = number._replace(value=number.value / below, end=j + hyphen + 1, part=True, plain=False)
    return _part_of_scale(t, part, lex)
