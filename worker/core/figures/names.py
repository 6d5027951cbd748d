# ruff: noqa: PLR2004 - sizes of small windows and of printed codes
# ruff: noqa: PLR0911 - each return is one rule of a list, the first that knows wins
"""Numbers that name something: "Resolution 2728", "Gate 4", "FTSE 100", "221 Baker Street", "the Big 12".

Each function gives the token behind the name, 0 for none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from worker.core.figures import nouns, units
from worker.core.figures.tokens import DASHES

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

FEW = 4  # digits of a number that can be a name


def name(t: Tokens, i: int, lex: Lexicon) -> int:
    """Numbers that name something: "Resolution 2728", "Gate 4", "FTSE 100", "221 Baker Street", "the Big 12"."""
    text, before = t.raw[i], t.low[i - 1]
    if t.raw[i - 1] == "." and t.low[i - 2] + "." in lex.words["names.before"]:
        before = t.low[i - 2] + "."
    if before in lex.words["numerals.of"] and t.low[i - 2] in lex.words["names.groups"] and t.capital(i - 2):
        return i + 1
    if before in lex.words["names.before"] and not _measured(t, i, lex):
        return _rest_of_name(t, i, lex)
    if (
        before in lex.words["names.indices"]
        or "".join(t.raw[max(0, i - 3) : i]).removeprefix("The").removeprefix("the") in lex.words["names.indices_cased"]
    ):
        return i + 1 if text.isdecimal() and len(text) <= FEW and t.raw[i + 1] != "%" else 0
    if _address(t, i, lex) or _postcode(t, i):
        return i + 1
    if t.raw[i - 1] in {"(", "["} and t.raw[i + 1] in {")", "]"}:
        return i + 1 if t.raw[i - 1] == "[" or (text.isdecimal() and len(text) <= FEW and capitalised(t, i - 2)) else 0
    if t.low[i + 1] in lex.words["literals.decade"] and t.glued(i + 1) and capitalised(t, i - 1):  # "14 Leopard 2s"
        return i + 2
    if text.isdecimal() and len(text) <= FEW and capitalised(t, i - 1) and not t.title_case():
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


def _rest_of_name(t: Tokens, i: int, lex: Lexicon) -> int:
    """Also skip "3888-2" and "4, 5 and 6" behind the word that names."""
    j = i + 1
    while t.raw[j] in DASHES and t.glued(j) and t.glued(j + 1) and t.raw[j + 1].isdecimal():
        j += 2
    while (t.raw[j] == "," or t.low[j] in lex.words["ranges.linkers"]) and t.raw[j + 1].isdecimal():
        if nouns.plural_ahead(t, j + 2, lex) or units.ahead(t, j + 2, lex) or t.raw[j + 2] == "%":
            break
        j += 2
    return j


def capitalised(t: Tokens, i: int) -> bool:
    """Tell whether token i is a word with a capital letter."""
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
    return len(t.raw[i]) == 5 and t.raw[i].isdecimal() and len(before) == 2 and before.isupper() and before.isalpha()


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
        or (t.raw[i + 1] in DASHES and t.glued(i + 1))
    ):
        return False
    if t.raw[i - 1] in lex.words["names.before_capital"]:
        return True
    if (
        t.raw[i + 1] in lex.signs
        or units.ahead(t, i + 1, lex)
        or after in lex.scales
        or lex.ages_after.at(t.low, i + 1)
    ):
        return False
    return not nouns.plural_ahead(t, i + 1, lex, lower=True)
