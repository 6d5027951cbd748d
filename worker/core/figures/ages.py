# ruff: noqa: PLR2004 - sizes of small windows, and ages
"""The age of somebody: "aged 25", "Ann Poe, 34,", "people over 65", "a year old"."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from worker.core.figures import names, nouns, units
from worker.core.figures.quantities import Quantity

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

_ONE = Decimal(1)
YOUNGEST_PARENT = 16  # years; below, "a mother of six" tells of children
OLDEST = 119  # years; the oldest person whose age is proved lived to 122


def year_old(t: Tokens, i: int, lex: Lexicon) -> Quantity | None:
    """Read "a year old", "a century old": the article is the number."""
    unit = i - 1 - (t.raw[i - 1] == "-")
    found = lex.names.at(t.low, unit) if t.low[unit - 1] in lex.articles and unit > 0 else None
    if found is None or found[1].dimension != "time":
        return None
    return Quantity(_ONE, _ONE, unit - 1, i + 1, unit, symbol=found[1].symbol, dimension=units.AGE)


def is_age(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a bare number is an age: "aged 25", "at the age of 91", "Jamie Armstrong, 25, said"."""
    if _of_a_group(t, q, lex):
        return True
    if q.high is None or not 0 <= q.low <= OLDEST or q.part or q.low != q.low.to_integral_value():
        return False
    start = q.start - (1 if q.opened else 0)
    spoken = start - (t.low[start - 1] in lex.words["ages.between"])
    if lex.ages_before.before(t.low, start) or lex.ages_before.before(t.low, spoken):
        return True
    if q.plain and t.low[q.start - 1] == "of" and _of_one(t, q, lex):
        return True
    return q.plain and t.raw[q.start - 1] == "," and _apposed(t, q, lex)


def _of_one(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a number behind a person and "of" is an age: "a teacher of 51 and a girl of 17"."""
    if q.low < 3 or t.low[q.start - 3] not in lex.words["ages.articles"]:
        return False
    who = nouns.singular(t.low[q.start - 2], lex)
    if who not in lex.words["ages.persons"] | lex.words["nouns.persons"]:
        return False
    if who in lex.words["ages.parents"] and q.low < YOUNGEST_PARENT:  # "a father of three drowned"
        return False
    behind = t.low[q.end]
    if not behind[:1].isalpha() or behind in lex.words["words.stop"] | lex.joiners:
        return True
    # "a woman of 44 died", but "a man of 15 goals", "of five children", "of 40 hectares"
    return nouns.singular(behind, lex) == behind and not lex.names.at(t.low, q.end)


def _apposed(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a number between commas is the age of the person before: "Ann Poe, 34,", "her sons, 6 and 9,"."""
    before, closed = q.start - 2, t.raw[q.end] in {",", ".", ")", "", ";"}
    if nouns.singular(t.low[before], lex) in lex.words["ages.persons"]:
        return closed or (t.low[q.end] in lex.joiners and t.raw[q.end + 1].isdecimal())
    if closed and q.low >= 3 and names.capitalised(t, before):
        return t.low[before] not in lex.words["dates.months"]
    return t.raw[q.end] == "," and q.low >= 16 and t.low[before - 1] in lex.words["ages.articles"]  # "the pilot, 58,"


def _of_a_group(t: Tokens, q: Quantity, lex: Lexicon) -> bool:
    """Tell whether a limit is one of age: "people over 65"."""
    if not (q.digits and q.plain and 3 <= q.low <= OLDEST) or nouns.after(t, q.end, lex, one=False, part=False):
        return False
    if t.low[q.start - 1] in lex.words["ages.groups"]:  # "those 12 and older"
        return t.low[q.end + 1] in lex.words["ages.group_hedges"] and t.low[q.end] in lex.joiners
    return t.low[q.start - 1] in lex.words["ages.group_hedges"] and t.low[q.start - 2] in lex.words["ages.groups"]
