# ruff: noqa: PLR2004 - sizes of small windows, digits of printed numbers
# ruff: noqa: RUF001 - dashes, minus and multiplication signs as they are printed
# ruff: noqa: PLR0911 - each return is one rule of a list, the first that knows wins
"""What is not a figure, decided before numbers are read: dates, times, years, names, codes, phones, scores, furniture.

Each rule looks at a few tokens around a number and says where the thing that is no figure ends; the
first that knows it wins. `skip` is the only entrance.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from worker.core.figures import dates, names, nouns, units
from worker.core.figures.lexicon import VULGAR
from worker.core.figures.tokens import DASHES

if TYPE_CHECKING:
    from worker.core.figures.lexicon import Lexicon
    from worker.core.figures.tokens import Tokens

_CHUNK = re.compile(r"\S+")
_DOTTED = re.compile(r"\.\w")  # found far faster than an address, and in few sentences
_ADDRESS = re.compile(r"://|^10\.\d{4,9}/|^www\.|\w@\w|\w\.(?:com|org|net|gov|edu|co|int|info)\b")
_ID_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?")
_LIST_NUMBER = re.compile(r"\s*(?:[(\[]?\d{1,3}[.)\]]|[•*–-]\s*\d{1,2}[.)])\s+\S")
_ENTRY_TIME = re.compile(r"\W*(?:[01]?\d|2[0-3])[.:][0-5]\d\s*(?:[ap]\.?m\b\.?)?\s+[\"'“‘]?[A-Z]")  # of a live blog
_VERSION = re.compile(r"\d+(?:\.\d+){2,}$")

PHONE_DIGITS = 7


class Blocked:
    """Character spans of a sentence in which no number is a figure."""

    __slots__ = ("_spans",)

    def __init__(self, text: str, *, first: bool) -> None:
        spans = []
        if "@" in text or "/" in text or "www." in text or _DOTTED.search(text):
            spans += [m.span() for m in _CHUNK.finditer(text) if _ADDRESS.search(m.group())]
        if "-" in text or "/" in text:
            spans += [m.span() for m in _ID_TIME.finditer(text)]
        if first and (m := _LIST_NUMBER.match(text) or _ENTRY_TIME.match(text)):
            spans.append((m.start(), m.end() - 1))
        self._spans = spans

    def __contains__(self, at: int) -> bool:
        return any(a <= at < b for a, b in self._spans)


def skip(t: Tokens, i: int, lex: Lexicon, blocked: Blocked) -> int:
    """Where what is no figure at token i ends (a token index); 0 when token i may start a figure."""
    if t.start[i] in blocked:
        return i + 1
    if t.raw[i][-1].isdecimal():
        return _digits(t, i, lex)
    return _word(t, i, lex)


def _digits(t: Tokens, i: int, lex: Lexicon) -> int:
    for rule in (_glued_letters, dates.date, _verse, dates.clock, _ordinal, _phone, _coded, dates.year, names.name):
        end = rule(t, i, lex)
        if end:
            return end
    return 0


# --- glued: "XC40", "F-16", "5G", "49ers", "22nd" -----------------------------------------------


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
    if before == "+" and t.glued(i - 1):  # "P5+1"
        return i + 1
    return i + 1 if before in {"#", "№", "@", "_", "'"} and not t.raw[i - 2][-1:].isdecimal() else 0


def _money_letters(t: Tokens, i: int, lex: Lexicon) -> bool:
    word = t.raw[i - 1]
    if len(word) == 1 or word in lex.words["money.short"]:  # "Q2", "N95", "PS5" are names, "R500" and "PS2.7m" money
        return word in lex.signs and (len(t.raw[i]) > 2 or t.raw[i + 1] in lex.suffixes)
    if word in lex.signs or word.upper() in lex.codes or t.raw[i - 2] + word in lex.signs:
        return True
    if word[:1] in "mMkKbB" and word[1:].upper() in lex.codes:
        return True
    return word.lower() in lex.words["names.glued"]


def _verse(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read chapter and verse of a holy book: "Psalm 23:4", "John 3:16-18"."""
    if t.low[i - 1] not in lex.words["names.books"] or not t.raw[i].isdecimal():
        return 0
    if t.raw[i + 1] != ":" or not t.glued(i + 1) or not t.raw[i + 2].isdecimal():
        return 0
    return i + 5 if t.raw[i + 3] in DASHES and t.raw[i + 4].isdecimal() else i + 3


def _ordinal(t: Tokens, i: int, lex: Lexicon) -> int:
    if t.low[i + 1] in lex.words["literals.ordinals"] and t.glued(i + 1):
        return i + 2
    return 0


# --- phones, codes ------------------------------------------------------------------------------


def _phone(t: Tokens, i: int, lex: Lexicon) -> int:
    """Groups of digits that together are a telephone number: "+44 20 7946 0958", "555-0134", "(202) 555-0147"."""
    groups, j, seps = [t.raw[i]], i + 1, []
    while t.raw[j + 1].isdecimal() and (t.raw[j] in {"-", ".", ")"}) and len(groups) < 6 and t.glued(j):
        seps.append(t.raw[j])
        groups.append(t.raw[j + 1])
        j += 2
    plus = t.raw[i - 1] == "+" and t.glued(i)
    if plus or t.low[i - 1] in lex.words["names.phone_words"] or t.low[i - 2] in lex.words["names.phone_words"]:
        while t.raw[j].isdecimal() and len(groups) < 6:
            groups.append(t.raw[j])
            j += 1
    digits = sum(len(g) for g in groups)
    if not all(g.isdecimal() for g in groups) or len(groups) == 1:
        return 0
    if plus and digits >= PHONE_DIGITS:
        return j
    if len(groups) == 2 and (len(groups[0]), len(groups[1])) in {(3, 4), (5, 6)} and seps == ["-"]:
        return (
            j if groups[1] < groups[0] or groups[1][0] == "0" or t.low[i - 1] in lex.words["names.phone_words"] else 0
        )
    long = digits >= PHONE_DIGITS and len(groups) > 2
    return j if long or (digits >= PHONE_DIGITS and t.low[i - 1] in lex.words["names.phone_words"]) else 0


def _chain(t: Tokens, i: int) -> int:
    """Where three or more numbers joined by hyphens end: formations, codes ("4-4-2"); 0 for fewer."""
    j = i
    while t.raw[j + 1] in DASHES and t.raw[j + 2].isdecimal() and t.glued(j + 1) and t.glued(j + 2):
        j += 2
    return j + 1 if j > i + 2 else 0


def _coded(t: Tokens, i: int, lex: Lexicon) -> int:
    """Version numbers, long identifiers, digits with letters of no unit behind them ("5G", "49ers", "21a")."""
    return _chain(t, i) or _fixed(t, i, lex) or _zeroed(t, i) or _lettered(t, i, lex)


def _fixed(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "2-in-1", "3-for-1", "24/7", "4K", "7-Eleven", "2.4.1"."""
    text = t.raw[i]
    if t.raw[i + 1] == "-" and t.low[i + 2] in lex.words["names.chained"] and t.raw[i + 3] == "-":
        return i + 5
    if t.raw[i + 1] == "-" and t.low[i + 2] in lex.words["ranges.openers_hyphen"] and _falls(text, t.raw[i + 4]):
        return i + 5
    if _VERSION.match(text) and len(text) - text.count(".") < 9:
        return i + 1
    three = "".join(t.raw[i : i + 3])
    if three in lex.words["names.slashed"] or three in lex.words["names.glued_words"]:
        return i + 3
    pair = t.glued(i + 1) and text + t.raw[i + 1] in lex.words["names.glued_words"]
    return i + 2 if pair and not nouns.plural_ahead(t, i + 2, lex) else 0


def _falls(first: str, second: str) -> bool:
    """Tell whether "2-to-1" is a ratio: as a range it would fall."""
    return first.isdecimal() and second.isdecimal() and len(second) < 4 and int(second) < int(first)


def _zeroed(t: Tokens, i: int) -> int:
    """Read "007", "0630", "020 7946 0018": what starts with nought counts nothing."""
    text = t.raw[i]
    if len(text) == 1 or text[0] != "0" or not text.isdecimal():
        return 0
    j = i + 1
    while t.raw[j].isdecimal() and j < i + 5:
        j += 1
    return j


def _lettered(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "5G", "49ers", "21a"; units, scales, money and ages are no such letters."""
    after = t.raw[i + 1]
    if not t.glued(i + 1) or not after[:1].isalpha() or after in VULGAR or lex.group in t.raw[i]:
        return 0
    if units.ahead(t, i + 1, lex) or after in lex.suffixes or lex.ages_after.at(t.low, i + 1):
        return 0
    if after in lex.signs or after.upper() in lex.codes or after[1:] in lex.codes:
        return 0
    known = t.low[i + 1] in lex.words["names.glued_after"] or t.low[i + 1] in lex.words["dates.clock_halves"]
    return 0 if known else i + 2


# --- number words -------------------------------------------------------------------------------


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
    if t.capital(i) and not t.title_case() and (_inside_name(t, i, lex) if i else _opens_name(t, lex)):
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
    if before in lex.words["dates.clock_past"] and t.low[i - 2] in lex.words["dates.clock_parts"]:  # "half past six"
        return i + 1
    if after in lex.words["dates.clock_after"] and after not in lex.words["dates.clock_soft"]:
        return i + 2
    return _one(t, i, lex) if lex.small.get(word) == 1 else _quarter_of_year(t, i, lex)


def _quarter_of_year(t: Tokens, i: int, lex: Lexicon) -> int:
    """Read "third-quarter sales", "a third quarter of losses": which quarter, not a third of one."""
    quarters = lex.words["numerals.quarters"]
    period = i + 1 + (t.low[i + 1] == "-")
    return period + 1 if t.low[i] in lex.fractions and t.low[i] not in quarters and t.low[period] in quarters else 0


def _opens_name(t: Tokens, lex: Lexicon) -> bool:
    """Tell whether a sentence opens with a name such as "Three Mile Island"."""
    return t.capital(1) and t.capital(2) and lex.names.at(t.low, 1) is not None


def _inside_name(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether a capitalised number word belongs to a name: "World War Two", "Big Ten", "Seven Network"."""
    if (
        t.raw[i - 1] in {".", ":", "?", "!", '"', "”", "“", "(", "-", "–", "—", "…"}
        or t.low[i] in lex.words["zero.determiner"]
    ):
        return False
    return (names.capitalised(t, i - 1) and i > 1) or t.capital(i + 1) or t.low[i + 1] in {"", ".", ","}


def _worded_day(t: Tokens, i: int, lex: Lexicon) -> bool:
    return t.low[i] in lex.small and (dates.is_month(t, i + 1, lex) and t.capital(i + 1))


def _one_of_many(t: Tokens, i: int, lex: Lexicon) -> bool:
    """Tell whether "one" goes on as a number: "one and a half", "one in five", "that one of the computers"."""
    after, then = t.low[i + 1], t.low[i + 2]
    if after in lex.joiners:
        return then in lex.articles or t.low[i + 3] in lex.fractions
    if after in lex.words["numerals.point"]:
        return then in lex.small
    if after in lex.words["ranges.to"] or after in lex.words["ranges.soft"]:  # "one to two billion"
        return t.raw[i + 2][:1].isdecimal() or then in lex.starters
    if after in lex.words["numerals.of"]:
        return t.low[i - 1] in lex.words["names.one_pronouns"] or t.low[i - 1] not in lex.words["names.one_before"]
    return after in lex.words["numerals.share"] and (t.raw[i + 2][:1].isdecimal() or then in lex.starters)


def _one(t: Tokens, i: int, lex: Lexicon) -> int:
    """Skip "one" where it counts nothing: "no one", "one another", "the one who", "one day"."""
    before, after = t.low[i - 1], t.low[i + 1]
    if _one_of_many(t, i, lex):
        return 0
    if t.raw[i + 1] == "-" and t.glued(i + 1) and t.low[i + 2] in lex.fractions:
        return 0
    if t.raw[i + 1] == "-" and t.glued(i + 1):
        return (
            0
            if t.low[i + 2] in lex.words["names.one_hyphen"] or lex.names.at(t.low, i + 2) or lex.money.at(t.low, i + 2)
            else i + 2
        )
    if after in lex.hundred or after in lex.scales or after in lex.fractions:
        return 0
    if before in lex.words["names.one_victims"] and after not in lex.words["names.one_after"]:
        return 0
    if before in lex.words["names.one_before"] or after in lex.words["names.one_after"]:
        return i + 1
    if units.ahead(t, i + 1, lex):
        return 0
    if before in lex.words["names.one_at"] and after in lex.words["names.one_moment"]:
        return i + 1
    if t.low[i - 2] in lex.articles and before not in lex.words["words.stop"]:  # "a solid one"
        return i + 1
    return 0 if nouns.after(t, i + 1, lex, one=True, part=False) else i + 1
