"""What is not a figure, decided before numbers are read: dates, times, years, names, codes, phones, scores, furniture.

Each rule looks at a few tokens around a number and says where the thing that is no figure ends; the
first that knows it wins. `skip` is the only entrance.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worker.core.figures.lexicon import VULGAR

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

DASHES = frozenset("-–—−‒")
_WEB = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\S+|\b[\w-]+\.(?:com|org|net|gov|edu|co|int|info)(?:\.[a-z]{2})?(?:/\S*)?\b"
)
_ID_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?")
_NUMERIC_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)$|\d{4}([./-])\d{1,2}\2\d{1,2}$")
_LIST_NUMBER = re.compile(r"\s*(?:[(\[]?\d{1,3}[.)\]]|[•*–-]\s*\d{1,2}[.)])\s+\S")
_VERSION = re.compile(r"\d+(?:\.\d+){2,}$")
_PHONE = re.compile(r"\+?[\d(][\d\s().-]*\d")

YEAR_LOW, YEAR_HIGH = 1000, 2199
DAYS = 31
PHONE_DIGITS = 7
FEW = 4  # digits of a number that can be a name


class Blocked:
    """Character spans of a sentence in which no number is a figure."""

    __slots__ = ("_spans",)

    def __init__(self, text: str, *, first: bool) -> None:
        spans = []
        if "://" in text or "@" in text or "www." in text or _DOTTED.search(text):
            spans += [m.span() for m in _WEB.finditer(text)]
        if "-" in text or "/" in text:
            spans += [m.span() for m in _ID_TIME.finditer(text)]
        if first and (m := _LIST_NUMBER.match(text)):
            spans.append((m.start(), m.end() - 1))
        self._spans = spans

    def __contains__(self, at: int) -> bool:
        return any(a <= at < b for a, b in self._spans)


_DOTTED = re.compile(r"\w\.(?:com|org|net|gov|edu|co|int|info)\b")


def skip(t: Tokens, i: int, lex: Lexicon, blocked: Blocked) -> int:
    """Where what is no figure at token i ends (a token index); 0 when token i may start a figure."""
    if t.start[i] in blocked:
        return i + 1
    if t.raw[i][-1].isdecimal():
        return _digits(t, i, lex)
    return _word(t, i, lex)


def _digits(t: Tokens, i: int, lex: Lexicon) -> int:
    for rule in (_glued_letters, _date, _clock, _ordinal, _phone, _coded, _year, _name):
        end = rule(t, i, lex)
        if end:
            return end
    return 0


# --- glued: "XC40", "F-16", "5G", "49ers", "22nd" ----------------------------------------------------


def _glued_letters(t: Tokens, i: int, lex: Lexicon) -> int:
    before = t.raw[i - 1]
    if not t.glued(i) or not before:
        return 0
    if before[-1].isalpha() and before not in VULGAR:
        return 0 if _money_letters(t, i, lex) and not (t.glued(i - 1) and t.raw[i - 2] == "-") else i + 1
    if before in DASHES and t.glued(i - 1) and t.raw[i - 2][-1:].isalpha():
        word = t.low[i - 2]
        if word in lex.minus or word in lex.words["names.prefixes"] or word in lex.words["ranges.openers_hyphen"]:
            return 0
        return i + 1 if before == "-" or t.capital(i - 2) else 0
    if before in {"/", ".", ":"} and t.glued(i - 1) and t.raw[i - 2][-1:].isalnum() and t.raw[i - 2][-1:].isalpha():
        return i + 1
    return i + 1 if before in {"#", "№", "@", "_", "'"} and not t.raw[i - 2][-1:].isdecimal() else 0


def _money_letters(t: Tokens, i: int, lex: Lexicon) -> bool:
    word = t.raw[i - 1]
    if len(word) == 1 or word in lex.words["money.short"]:  # "Q2", "N95", "PS5" are names, "R500" and "PS2.7m" money
        return word in lex.signs and (len(t.raw[i]) > 2 or t.raw[i + 1] in lex.suffixes)  # noqa: PLR2004
    if word in lex.signs or word.upper() in lex.codes or t.raw[i - 2] + word in lex.signs:
        return True
    if word[:1] in "mMkKbB" and word[1:].upper() in lex.codes:
        return True
    return word.lower() in lex.words["names.glued"]


def _ordinal(t: Tokens, i: int, lex: Lexicon) -> int:
    if t.low[i + 1] in lex.words["literals.ordinals"] and t.glued(i + 1):
        return i + 2
    return 0


# --- dates -----------------------------------------------------------------------------------------


def _is_month(t: Tokens, i: int, lex: Lexicon) -> bool:
    word = t.low[i]
    if word not in lex.words["dates.months"]:
        return False
    return (
        word not in lex.words["dates.ambiguous"] or t.capital(i) or t.low[i - 1] in lex.words["dates.ambiguous_after"]
    )


def _is_day(t: Tokens, i: int) -> bool:
    text = t.raw[i]
    return text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= DAYS  # noqa: PLR2004 - digits of a day


def _date(t: Tokens, i: int, lex: Lexicon) -> int:
    return _month_day(t, i, lex) or _day_month(t, i, lex) or _weekday_day(t, i, lex) or _numeric_date(t, i)


def _month_day(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "March 7", "Sept. 20-24", "March 3 and 4, 2020", "March 2020"."""
    j = i - 1
    if t.raw[j] == "," and _looks_like_year(t.raw[i]) and _is_month(t, j - 1, lex):
        return i + 1
    if t.raw[j] == "." and len(t.raw[j - 1]) <= 4:  # noqa: PLR2004 - "Sept."
        j -= 1
    if j < 0 or not _is_month(t, j, lex):
        return 0
    if _looks_like_year(t.raw[i]):
        return i + 1
    if not _is_day(t, i) or t.low[i + 1] in lex.words["percent.words"] or t.raw[i + 1] == "%":
        return 0
    return _after_day(t, i + 1, lex)


def _after_day(t: Tokens, j: int, lex: Lexicon) -> int:
    """Tokens behind a month and a day that still are the date: more days, the year."""
    if t.low[j] in lex.words["literals.ordinals"] and t.glued(j):
        j += 1
    while (t.raw[j] in DASHES or t.low[j] in lex.words["dates.between_days"]) and _is_day(t, j + 1):
        after = t.low[j + 2]
        if t.raw[j] not in DASHES and (after.isalpha() and after not in lex.words["words.stop"] or after in {"%", "-"}):
            break
        j += 2
    if t.raw[j] == "," and _looks_like_year(t.raw[j + 1]):
        return j + 2
    return j + 1 if _looks_like_year(t.raw[j]) else j


def _day_month(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "7 March", "7th of March", "10-12 March 2020", "between 3 and 5 May"."""
    if not _is_day(t, i):
        return 0
    j = i + 1
    if t.low[j] in lex.words["literals.ordinals"] and t.glued(j):
        j += 1
    if (t.raw[j] in DASHES or t.low[j] in lex.words["dates.between_days"]) and _is_day(t, j + 1):
        j += 2
        if t.low[j] in lex.words["literals.ordinals"] and t.glued(j):
            j += 1
    if t.low[j] in lex.words["numerals.of"]:
        j += 1
    if t.raw[j] == "-" and t.glued(j) and t.glued(j + 1):
        j += 1
    if not (
        _is_month(t, j, lex)
        or (t.low[j] in lex.words["dates.ambiguous"] and t.low[i - 1] in lex.words["dates.ambiguous_after"])
    ):
        return 0
    j += 1 + (t.raw[j + 1] == ".")
    if t.raw[j] in {"-", ","} and _looks_like_year(t.raw[j + 1]):
        j += 1
    return j + 1 if _looks_like_year(t.raw[j]) else j


def _weekday_day(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "Friday 9", "Monday 12:"."""
    if t.low[i - 1] in lex.words["dates.weekdays"] and _is_day(t, i) and t.capital(i - 1):
        after = t.low[i + 1]
        return i + 1 if not after.isalpha() or after in lex.words["words.stop"] else 0
    return 0


def _numeric_date(t: Tokens, i: int) -> int:
    if _NUMERIC_DATE.match(t.raw[i]):
        return i + 1
    if (
        t.raw[i + 1] in {"/", "-"}
        and t.raw[i + 3] == t.raw[i + 1]
        and t.glued(i + 1)
        and t.glued(i + 2)
        and t.glued(i + 4)
    ):
        text = "".join(t.raw[i : i + 5])
        return i + 5 if _NUMERIC_DATE.match(text) else 0
    return 0


# --- years -----------------------------------------------------------------------------------------


def _looks_like_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and YEAR_LOW <= int(text) <= YEAR_HIGH  # noqa: PLR2004 - digits of a year


def _year(t: Tokens, i: int, lex: Lexicon) -> int:
    text = t.raw[i]
    if len(text) == 2 and t.raw[i - 1] == "'" and t.glued(i) and t.raw[i + 1] != "'":  # noqa: PLR2004 - "'90s"
        return i + 1
    if t.low[i + 1] in lex.words["literals.decade"] and t.glued(i + 1) and text.endswith("0"):
        return i + 2
    if t.low[i + 1] in lex.words["dates.eras"] and not t.glued(i + 1) and t.raw[i + 1][:1].isupper():
        return i + 2
    if t.low[i - 1] in lex.words["dates.eras"] and t.capital(i - 1):
        return i + 1
    if not _looks_like_year(text):
        return 0
    if _year_range(t, i):
        return i + 3
    return i + 1 if _is_year(t, i, lex) else 0


def _year_range(t: Tokens, i: int) -> bool:
    """Tell whether "2008-2009", "2018/19", "2002–03" starts at token i."""
    if not (t.raw[i + 1] in DASHES or t.raw[i + 1] == "/") or not t.raw[i + 2].isdecimal():
        return False
    second = t.raw[i + 2]
    if int(t.raw[i]) < 1500:  # noqa: PLR2004 - before, ranges of four digits are counts
        return False
    if _looks_like_year(second):
        return int(second) > int(t.raw[i]) and (t.glued(i + 1) == t.glued(i + 2))
    return len(second) == 2 and t.glued(i + 1) and t.glued(i + 2)  # noqa: PLR2004 - "03"


def _is_year(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Decide for a bare number of four digits: a year unless words around it count or measure something."""
    year = int(t.raw[i])
    before, after = t.low[i - 1], t.low[i + 1]
    if before in lex.words["numerals.of"] and t.low[i - 2] in lex.words["dates.amounts"]:
        return False
    if (
        before in lex.words["ranges.and"]
        and _looks_like_year(t.raw[i - 2])
        and t.low[i - 3] in lex.words["ranges.openers"]
    ):
        return True
    if after in lex.words["ranges.to"] and _looks_like_year(t.raw[i + 2]) and _counted_ahead(t, i + 3, lex):
        return False
    if _is_unit_ahead(t, i + 1, lex) or before in lex.words["dates.never_after"] or t.raw[i - 1] in lex.signs:
        return False
    if t.raw[i + 1] == "'" and t.glued(i + 1):  # "2009's Coraline"
        return True
    if lex.hedges.before(t.low, i) and before not in lex.words["dates.year_before"]:
        return False
    if t.raw[i + 1] in {"%", "°"} or t.low[i + 1] in lex.scales or t.raw[i + 1] in {"×", "+"}:
        return False
    counted = _counted_ahead(t, i + 1, lex) or after in lex.words["nouns.people"]
    if year < 1500:  # noqa: PLR2004 - older years come with an era, "in" or "between"
        return before in lex.words["dates.year_before"] and not counted and before not in {"a", "the", "to"}
    if counted and before not in lex.words["dates.year_before"]:
        return year % 50 != 0 and 1900 <= year <= 2050  # noqa: PLR2004 - "2018 results"
    if counted:
        return not (year % 100 == 0 and year != 2000) or before in {"the", "a"}  # noqa: PLR2004
    return year >= 1800 or before in lex.words["dates.year_before"]  # noqa: PLR2004


def _plural(word: str, lex: Lexicon) -> bool:
    if word in lex.irregular:
        return True
    return (
        len(word) > 3
        and word.endswith(tuple(lex.words["numerals.plural"]))
        and word not in lex.words["words.not_plural"]
        and not word.endswith("ss")
    )  # noqa: PLR2004


def _is_unit_ahead(t: Tokens, i: int, lex: Lexicon) -> bool:
    j = i + (t.raw[i] == "-")
    found = lex.names.at(t.low, j) or lex.money.at(t.low, j)
    if found:
        return True
    symbol = lex.symbols.at(t.raw, i)
    return bool(symbol) and (len(t.raw[i]) > 1 or t.glued(i) or not t.raw[i].isalpha())


# --- clock times -----------------------------------------------------------------------------------


def _clock(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "22:00", "5:25 a.m.", "2 pm", "0630 GMT", "10.45pm", "1:36.6", "9 to 5"."""
    j = i + 1
    colon = t.raw[j] == ":" and t.glued(j) and t.glued(j + 1) and t.raw[j + 1][:2].isdecimal() and len(t.raw[j + 1]) > 1
    if colon:
        j += 2
        while t.raw[j] == ":" and t.glued(j) and t.raw[j + 1][:1].isdecimal():
            j += 2
        return j + (t.low[j] in lex.words["dates.clock_after"])
    if t.low[j] in lex.words["dates.clock_after"] and _clock_like(t, i, lex):
        return j + 1
    k = j + 1
    if (
        (t.raw[j] in DASHES or t.low[j] in lex.words["ranges.linkers"])
        and t.low[k + 1] in lex.words["dates.clock_halves"]
        and t.raw[k][:1].isdecimal()
    ):
        return k + 2
    return 0


def _clock_like(t: Tokens, i: int, lex: Lexicon) -> bool:
    text = t.raw[i]
    if len(text) == 4 and text.isdecimal():  # noqa: PLR2004 - "0630 GMT"
        return int(text) < 2400 and int(text[2:]) < 60 and t.low[i + 1] not in lex.words["dates.clock_halves"]  # noqa: PLR2004
    hour = text.split(".")[0]
    return t.low[i + 1] in lex.words["dates.clock_halves"] and len(hour) <= 2 and len(text) <= 5 and int(hour) <= 24  # noqa: PLR2004


# --- phones, codes ---------------------------------------------------------------------------------


def _phone(t: Tokens, i: int, lex: Lexicon) -> int:
    """Groups of digits that together are a telephone number: "+44 20 7946 0958", "555-0134", "(202) 555-0147"."""
    groups, j, seps = [t.raw[i]], i + 1, []
    while t.raw[j + 1].isdecimal() and (t.raw[j] in {"-", ".", ")"}) and len(groups) < 6 and t.glued(j):  # noqa: PLR2004
        seps.append(t.raw[j])
        groups.append(t.raw[j + 1])
        j += 2
    plus = t.raw[i - 1] == "+" and t.glued(i)
    if plus or t.low[i - 1] in lex.words["names.phone_words"] or t.low[i - 2] in lex.words["names.phone_words"]:
        while t.raw[j].isdecimal() and len(groups) < 6:  # noqa: PLR2004
            groups.append(t.raw[j])
            j += 1
    digits = sum(len(g) for g in groups)
    if not all(g.isdecimal() for g in groups) or len(groups) == 1:
        return 0
    if plus and digits >= PHONE_DIGITS:
        return j
    if len(groups) == 2 and (len(groups[0]), len(groups[1])) in {(3, 4), (5, 6)} and seps == ["-"]:  # noqa: PLR2004
        return (
            j if groups[1] < groups[0] or groups[1][0] == "0" or t.low[i - 1] in lex.words["names.phone_words"] else 0
        )
    long = digits >= PHONE_DIGITS and len(groups) > 2  # noqa: PLR2004
    return j if long or (digits >= PHONE_DIGITS and t.low[i - 1] in lex.words["names.phone_words"]) else 0


def _chain(t: Tokens, i: int) -> int:
    """Where three or more numbers joined by hyphens end: formations, codes ("4-4-2"); 0 for fewer."""
    j = i
    while t.raw[j + 1] in DASHES and t.raw[j + 2].isdecimal() and t.glued(j + 1) and t.glued(j + 2):
        j += 2
    return j + 1 if j > i + 2 else 0


def _coded(t: Tokens, i: int, lex: Lexicon) -> int:
    """Version numbers, long identifiers, digits with letters of no unit behind them ("5G", "49ers", "21a")."""
    text = t.raw[i]
    chain = _chain(t, i)
    if chain:
        return chain
    if _VERSION.match(text) and len(text) - text.count(".") < 9:  # noqa: PLR2004
        return i + 1
    if t.raw[i + 1] == "/" and "".join(t.raw[i : i + 3]) in lex.words["names.slashed"]:
        return i + 3
    after = t.raw[i + 1]
    if len(text) > 1 and text[0] == "0" and text.isdecimal():  # "007", "0630"
        return i + 1
    if not t.glued(i + 1) or not after[:1].isalpha() or after in VULGAR or lex.group in text:
        return 0
    known = (
        lex.symbols.at(t.raw, i + 1)
        or lex.names.at(t.low, i + 1)
        or after in lex.suffixes
        or lex.money.at(t.low, i + 1)
    )
    if (
        known
        or after in lex.signs
        or after.upper() in lex.codes
        or lex.ages_after.at(t.low, i + 1)
        or after[1:] in lex.codes
    ):
        return 0
    return (
        0
        if t.low[i + 1] in lex.words["names.glued_after"] or t.low[i + 1] in lex.words["dates.clock_halves"]
        else i + 2
    )


# --- names -----------------------------------------------------------------------------------------


def _name(t: Tokens, i: int, lex: Lexicon) -> int:
    """Numbers that name something: "Resolution 2728", "Gate 4", "FTSE 100", "221 Baker Street", "the Big 12"."""
    text, before = t.raw[i], t.low[i - 1]
    if t.raw[i - 1] == "." and t.low[i - 2] + "." in lex.words["names.before"]:
        before = t.low[i - 2] + "."
    if before in lex.words["numerals.of"] and t.low[i - 2] in lex.words["names.groups"] and t.capital(i - 2):
        return i + 1
    if before in lex.words["names.before"] and not _measured(t, i, lex):
        return _rest_of_name(t, i)
    if (
        before in lex.words["names.indices"]
        or "".join(t.raw[max(0, i - 3) : i]).removeprefix("The").removeprefix("the") in lex.words["names.indices_cased"]
    ):
        return i + 1 if text.isdecimal() and len(text) <= FEW and t.raw[i + 1] != "%" else 0
    if _address(t, i, lex) or _postcode(t, i):
        return i + 1
    if t.raw[i - 1] in {"(", "["} and t.raw[i + 1] in {")", "]"}:
        return i + 1 if t.raw[i - 1] == "[" or (text.isdecimal() and len(text) <= FEW and _capitalised(t, i - 2)) else 0
    if t.low[i + 1] in lex.words["literals.decade"] and t.glued(i + 1) and _capitalised(t, i - 1):  # "14 Leopard 2s"
        return i + 2
    if text.isdecimal() and len(text) <= FEW and _capitalised(t, i - 1) and not t.title_case():
        return i + 1 if _named(t, i, lex) else 0
    return 0


def _measured(t: Tokens, i: int, lex: Lexicon) -> bool:
    return (
        t.raw[i + 1] == "%"
        or "." in t.raw[i]
        or "," in t.raw[i]
        or t.low[i + 1] in lex.scales
        or t.low[i + 1] in lex.words["percent.words"]
    )


def _rest_of_name(t: Tokens, i: int) -> int:
    """Also skip "3888-2" and "4, 5 and 6" behind the word that names."""
    j = i + 1
    while t.raw[j] in DASHES and t.glued(j) and t.glued(j + 1) and t.raw[j + 1].isdecimal():
        j += 2
    return j


def _capitalised(t: Tokens, i: int) -> bool:
    return i >= 0 and t.capital(i) and t.raw[i].replace("'", "").isalpha()


def _address(t: Tokens, i: int, lex: Lexicon) -> bool:
    if not t.raw[i].isdecimal() or not (t.capital(i + 1) or t.raw[i + 1] in DASHES):
        return False
    j = i + 1
    if t.raw[j] in DASHES and t.raw[j + 1].isdecimal():
        j += 2
    for k in range(j, j + 4):
        if not t.capital(k):
            return False
        if t.low[k] in lex.words["names.after"] and k > j:
            return True
    return False


def _postcode(t: Tokens, i: int) -> bool:
    """A state and five digits: "PA 23456"."""
    before = t.raw[i - 1]
    return len(t.raw[i]) == 5 and t.raw[i].isdecimal() and len(before) == 2 and before.isupper() and before.isalpha()  # noqa: PLR2004


def _named(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Decide for digits behind a capitalised word: part of a name unless something is counted or measured."""
    before, after = t.low[i - 1], t.low[i + 1]
    if (
        lex.hedges.before(t.low, i)
        or before in lex.words["words.stop"]
        or before in lex.words["words.verbs"]
        or before in lex.words["dates.weekdays"]
    ):
        return False
    if (
        t.raw[i - 1] in lex.signs
        or t.raw[i - 1].upper() in lex.codes
        or t.raw[i - 1][1:] in lex.codes
        or t.raw[i + 1] == "%"
        or t.raw[i + 1] in DASHES
        and t.glued(i + 1)
    ):
        return False
    if t.raw[i - 1] in lex.words["names.before_capital"]:
        return True
    if (
        t.raw[i + 1] in lex.signs
        or _is_unit_ahead(t, i + 1, lex)
        or after in lex.scales
        or lex.ages_after.at(t.low, i + 1)
    ):
        return False
    return not _counted_ahead(t, i + 1, lex)


def _counted_ahead(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether a plural follows within three words, all in lower case."""
    for k in range(i, i + 3):
        word = t.raw[k]
        if not word[:1].islower() or t.low[k] in lex.words["words.stop"] or t.low[k] in lex.words["words.verbs"]:
            return False
        if _plural(t.low[k], lex):
            return True
    return False


# --- number words ----------------------------------------------------------------------------------


def _word(t: Tokens, i: int, lex: Lexicon) -> int:
    word, before, after = t.low[i], t.low[i - 1], t.low[i + 1]
    if before in lex.words["names.number_words_before"] and word in lex.small:
        return i + 1
    if (
        before == "-"
        and t.glued(i)
        and t.glued(i - 1)
        and t.raw[i - 2][-1:].isalpha()
        and t.low[i - 2] not in lex.words["ranges.openers_hyphen"]
    ):
        article = t.low[i - 2] in lex.articles and t.raw[i - 3] != "-"
        return i + 1 if t.low[i - 2] not in lex.minus and not article else 0
    if t.capital(i) and i > 0 and not t.title_case() and _inside_name(t, i, lex):
        return i + 1
    if _worded_day(t, i, lex):
        return i + 1
    if (
        before in lex.words["names.ends"]
        and after not in lex.words["ranges.words"]
        and (not after.isalpha() or after in lex.words["words.stop"])
    ):
        return i + 1
    if (word in lex.scales or word in lex.hundred) and before not in lex.words["numerals.before_scale"]:
        return i + 1
    if after in lex.words["dates.clock_after"] and after not in lex.words["dates.clock_soft"]:
        return i + 2
    return _one(t, i, lex) if lex.small.get(word) == 1 else 0


def _inside_name(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether a capitalised number word belongs to a name: "World War Two", "Big Ten", "Seven Network"."""
    if (
        t.raw[i - 1] in {".", ":", "?", "!", '"', "”", "“", "(", "-", "–", "—", "…"}
        or t.low[i] in lex.words["zero.determiner"]
    ):
        return False
    return _capitalised(t, i - 1) and i > 1 or t.capital(i + 1) or t.low[i + 1] in {"", ".", ","}


def _worded_day(t: Tokens, i: int, lex: Lexicon) -> bool:
    return t.low[i] in lex.small and (_is_month(t, i + 1, lex) and t.capital(i + 1))


def _one_of_many(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether "one" goes on as a number: "one and a half", "one in five", "that one of the computers"."""
    after, then = t.low[i + 1], t.low[i + 2]
    if after in lex.joiners:
        return then in lex.articles
    if after in lex.words["numerals.of"]:
        return t.low[i - 1] in lex.words["names.one_pronouns"] or t.low[i - 1] not in lex.words["names.one_before"]
    return after in lex.words["numerals.share"] and (t.raw[i + 2][:1].isdecimal() or then in lex.starters)


def _one(t: Tokens, i: int, lex: Lexicon) -> int:
    """Skip "one" where it counts nothing: "no one", "one another", "the one who", "one day"."""
    before, after = t.low[i - 1], t.low[i + 1]
    if _one_of_many(t, i, lex):
        return 0
    if t.raw[i + 1] == "-" and t.glued(i + 1) and t.low[i + 2] not in lex.fractions:
        return (
            0
            if t.low[i + 2] in lex.words["names.one_hyphen"] or lex.names.at(t.low, i + 2) or lex.money.at(t.low, i + 2)
            else i + 2
        )
    if after in lex.hundred or after in lex.scales or after in lex.fractions:
        return 0
    if before in lex.words["names.one_before"] or after in lex.words["names.one_after"]:
        return i + 1
    return 0 if after.isalpha() and after not in lex.words["names.one_stop"] else i + 1
