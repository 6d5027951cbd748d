# ruff: noqa: PLR2004 - sizes of small windows and of printed codes

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

ITEM = 6  # tokens between the numbers of a list
FEW = 4  # digits of a number that can be a name


def name(t: Tokens, i: int, lex: Lexicon) -> int:
    """The token behind a name that holds the number at token i, 0 where it may count something."""
    return _announced(t, i, lex) or _indexed(t, i, lex) or _bracketed(t, i) or _placed(t, i, lex) or _branded(t, i, lex)


def _announced(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "Resolution 2728", "No. 4", "Gate 4 and 5", "the Group of 20"."""
    before = t.low[i - 1]
    if t.raw[i - 1] == "." and t.low[i - 2] + "." in lex.words["names.before"]:
        before = t.low[i - 2] + "."
    if before in lex.words["numerals.of"] and t.low[i - 2] in lex.words["names.groups"] and t.capital(i - 2):
        return i + 1
    if t.low[i - 2] in lex.words["names.before"] and t.raw[i - 1].isupper() and len(before) <= 3:  # "Flight QR 417"
        return i + 1
    if before in lex.words["names.phone_words"] and t.raw[i] in lex.words["names.emergency"]:
        return i + 1
    if before not in lex.words["names.before"] or _measured(t, i, lex) or _is_rank(t, i, before, lex):
        return 0
    if t.raw[i - 1].islower() and len(before) > 3 and nouns.plural_ahead(t, i + 1, lex, lower=True):
        return 0  # "in the district 9 people died"
    return _rest_of_name(t, i, lex)


def _is_rank(t: Tokens, i: int, before: str, lex: Lexicon) -> bool:
    """Tell whether a place that was reached is told ("peaked at number 28"): a tally, unlike "the number 10 shirt"."""
    if before not in lex.words["names.ranks"]:
        return False
    j = i - 2 - (t.raw[i - 1] == ".")
    j -= t.low[j] in lex.words["names.rank_at"]
    return t.low[j] in lex.words["names.reached"]


def _indexed(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "the FTSE 100", "the S&P 500"."""
    if not _short(t.raw[i]) or t.raw[i + 1] == "%":
        return 0
    letters = "".join(t.raw[max(0, i - 3) : i]).removeprefix("The").removeprefix("the")
    return i + 1 if t.low[i - 1] in lex.words["names.indices"] or letters in lex.words["names.indices_cased"] else 0


def _bracketed(t: Tokens, i: int) -> int:
    """Read "[12]", "Prescott (4)", the tie-break of "7-6 (4)"; other brackets may hold a figure."""
    if t.raw[i - 1] not in {"(", "["} or t.raw[i + 1] not in {")", "]"}:
        return 0
    broken = t.raw[i - 2].isdecimal() and t.raw[i - 3] in DASHES
    return i + 1 if broken or t.raw[i - 1] == "[" or (_short(t.raw[i]) and capitalised(t, i - 2)) else 0


def _placed(t: Tokens, i: int, lex: Lexicon) -> int:
    return i + 1 if _address(t, i, lex) or _postcode(t, i) else 0


def _branded(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "iPhone 15", "the Big 12", "Leopard 2s", "737 Max"."""
    if t.low[i + 1] in lex.words["names.models"]:
        return i + 2
    if not capitalised(t, i - 1):
        return 0
    if t.low[i + 1] in lex.words["literals.decade"] and t.glued(i + 1):
        return i + 2
    if not _short(t.raw[i]) or t.title_case() or not _named(t, i, lex):
        return 0
    return 0 if _listed(t, i) else i + 1


def _listed(t: Tokens, i: int) -> bool:
    """Tell whether a name with its number is one of several: "Liberals 37 seats, Labor 19, Nationals 4"."""
    if not _ends_item(t, i):
        return False
    j = i - 1
    while j > 0 and capitalised(t, j - 1):
        j -= 1
    others = (k for k in range(max(1, j - ITEM), min(t.count, i + ITEM)) if k != i and t.raw[k].isdecimal())
    return (j == 0 or t.raw[j - 1] in {",", ";", ":"} or t.low[j - 1] == "and") and any(
        capitalised(t, k - 1) and t.low[k - 1] != t.low[i - 1] for k in others
    )


def _ends_item(t: Tokens, i: int) -> bool:
    return t.raw[i + 1] in {",", ";", ".", ""} or t.low[i + 1] == "and"


def _short(text: str) -> bool:
    return len(text) <= FEW and text.isdecimal()


def _measured(t: Tokens, i: int, lex: Lexicon) -> bool:
    return (
        t.raw[i + 1] == "%"
        or ("." in t.raw[i] and t.low[i - 1] not in lex.words["names.versions"])
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
    if t.low[j] in lex.words["numerals.of"] and t.raw[j + 1].isdecimal() and not nouns.plural_ahead(t, j + 2, lex):
        return j + 2  # "page 3 of 9"
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
        or lex.ages_before.before(t.low, i)
        or before.endswith(lex.adverbs)
        or before in lex.words["hedges.transparent"]
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
        or (t.raw[i + 1] in DASHES and t.glued(i + 1) and t.raw[i + 2][:1].isdecimal())
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
