# ruff: noqa: RUF001, RUF002 - dashes, minus and multiplication signs as they are printed
# ruff: noqa: PLR2004 - lengths of printed dates, and centuries
# ruff: noqa: PLR0911 - each return is one rule of a list, the first that knows wins
"""Dates, years and clock times: numbers that say when. Each function gives the token behind them, 0 for none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worker.core.figures import nouns, units
from worker.core.figures.tokens import DASHES

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

_NUMERIC_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d\d)$|\d{4}([./-])\d{1,2}\2\d{1,2}$")
YEAR_LOW, YEAR_HIGH = 1000, 2199
DAYS = 31


def is_month(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether token i names a month; "may" and "march" need a capital, or "on" before them."""
    word = t.low[i]
    if word not in lex.words["dates.months"]:
        return False
    return (
        word not in lex.words["dates.ambiguous"] or t.capital(i) or t.low[i - 1] in lex.words["dates.ambiguous_after"]
    )


def _is_day(t: Tokens, i: int) -> bool:
    text = t.raw[i]
    return text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= DAYS


def date(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read a date around the number at token i."""
    return _month_day(t, i, lex) or _day_month(t, i, lex) or _weekday_day(t, i, lex) or _numeric_date(t, i)


def _month_day(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "March 7", "Sept. 20-24", "March 3 and 4, 2020", "March 2020"."""
    j = i - 1
    if t.raw[j] == "," and looks_like_year(t.raw[i]) and is_month(t, j - 1, lex):
        return i + 1
    if t.raw[j] == "." and len(t.raw[j - 1]) <= 4:
        j -= 1
    if j < 0 or not is_month(t, j, lex):
        return 0
    if looks_like_year(t.raw[i]):
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
        if t.raw[j] not in DASHES and (
            (after.isalpha() and after not in lex.words["words.stop"]) or after in {"%", "-"}
        ):
            break
        j += 2
    if t.raw[j] == "," and looks_like_year(t.raw[j + 1]):
        return j + 2
    return j + 1 if looks_like_year(t.raw[j]) else j


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
        is_month(t, j, lex)
        or (t.low[j] in lex.words["dates.ambiguous"] and t.low[i - 1] in lex.words["dates.ambiguous_after"])
    ):
        return 0
    j += 1 + (t.raw[j + 1] == ".")
    j += t.low[j] in lex.words["numerals.of"] and looks_like_year(t.raw[j + 1])
    if t.raw[j] in {"-", ","} and looks_like_year(t.raw[j + 1]):
        j += 1
    return j + 1 if looks_like_year(t.raw[j]) else j


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


# --- years --------------------------------------------------------------------------------------


def looks_like_year(text: str) -> bool:
    """Tell whether digits can be a year at all."""
    return len(text) == 4 and text.isdecimal() and YEAR_LOW <= int(text) <= YEAR_HIGH


def year(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "2019", "2018/19", "the 1990s", "'90s", "1200 BC"."""
    text = t.raw[i]
    if len(text) == 2 and t.raw[i - 1] == "'" and t.glued(i) and t.raw[i + 1] != "'":
        return i + 1
    if t.low[i + 1] in lex.words["literals.decade"] and t.glued(i + 1) and text.endswith("0"):
        return i + 2
    if t.low[i + 1] in lex.words["dates.eras"] and not t.glued(i + 1) and t.raw[i + 1][:1].isupper():
        return i + 2
    if t.low[i - 1] in lex.words["dates.eras"] and t.capital(i - 1):
        return i + 1
    if not looks_like_year(text):
        return 0
    if _year_range(t, i):
        return i + 3
    return i + 1 if _is_year(t, i, lex) else 0


def _year_range(t: Tokens, i: int) -> bool:
    """Tell whether "2008-2009", "2018/19", "2002–03" starts at token i."""
    if not (t.raw[i + 1] in DASHES or t.raw[i + 1] == "/") or not t.raw[i + 2].isdecimal():
        return False
    second = t.raw[i + 2]
    if int(t.raw[i]) < 1500:
        return False
    if looks_like_year(second):
        return int(second) > int(t.raw[i]) and (t.glued(i + 1) == t.glued(i + 2))
    return len(second) == 2 and t.glued(i + 1) and t.glued(i + 2)


def _is_year(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Decide for a bare number of four digits: a year unless words around it count or measure something."""
    if t.raw[i + 1] == "'" and t.glued(i + 1):  # "2009's Coraline"
        return True
    if _quantified(t, i, lex):
        return False
    before, after = t.low[i - 1], t.low[i + 1]
    if before in lex.words["ranges.and"] and looks_like_year(t.raw[i - 2]):
        return t.low[i - 3] in lex.words["ranges.openers"] or not nouns.plural_ahead(t, i + 1, lex, lower=True)
    counted = nouns.plural_ahead(t, i + 1, lex, lower=True) or after in lex.words["nouns.people"]
    dated = before in lex.words["dates.year_before"]
    year = int(t.raw[i])
    if counted:
        return _year_of_things(year, before, dated=dated, hedged=lex.hedges.before(t.low, i) is not None)
    return year >= 1800 or (dated and (year >= 1500 or before not in lex.words["dates.weak_before"]))


def _year_of_things(year: int, before: str, *, dated: bool, hedged: bool) -> bool:
    """Tell "the 2018 results" from "2000 people": a year where it is recent and no round number."""
    if year < 1500:
        return False
    if dated:
        return year % 100 != 0 or (year == 2000 and not hedged) or before in {"the", "a"}
    return year % 50 != 0 and 1900 <= year <= 2050


def _quantified(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether a hedge, a unit or a total makes four digits a quantity."""
    before, after = t.low[i - 1], t.low[i + 1]
    if before in lex.words["numerals.of"] and t.low[i - 2] in lex.words["dates.amounts"]:
        return True
    if after in lex.words["ranges.to"] and looks_like_year(t.raw[i + 2]):
        return nouns.plural_ahead(t, i + 3, lex, lower=True)
    if before in lex.words["dates.never_after"] or t.raw[i - 1] in lex.signs or after in lex.scales:
        return True
    if t.raw[i + 1] in {"%", "°", "×", "+"} or units.ahead(t, i + 1, lex):
        return True
    return lex.hedges.before(t.low, i) is not None and before not in lex.words["dates.year_before"]


# --- clock times --------------------------------------------------------------------------------


def clock(t: Tokens, i: int, lex: Lexicon) -> int:
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
    if len(text) == 4 and text.isdecimal():
        return int(text) < 2400 and int(text[2:]) < 60 and t.low[i + 1] not in lex.words["dates.clock_halves"]
    hour = text.split(".")[0]
    return (
        t.low[i + 1] in lex.words["dates.clock_halves"] and len(hour) <= 2 and len(text) <= 5 and int(hour or 24) < 24
    )
