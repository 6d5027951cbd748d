"""The words of one language, read once from the data files beside this module.

The grammar asks for word classes and phrase tables; it knows no word of any language itself.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from worker.core.figures.tokens import split

FOLDER = Path(__file__).parent
LANGUAGES = tuple(sorted(p.stem for p in FOLDER.glob("??.toml")))

V = TypeVar("V")


class Phrases(Generic[V]):
    """Phrases to values, found forwards from their first token or backwards from their last, longest first."""

    __slots__ = ("_first", "_last")

    def __init__(self, table: dict[tuple[str, ...], V]) -> None:
        self._first: dict[str, list[tuple[int, tuple[str, ...], V]]] = {}
        self._last: dict[str, list[tuple[int, tuple[str, ...], V]]] = {}
        for words, value in sorted(table.items(), key=lambda item: -len(item[0])):
            self._first.setdefault(words[0], []).append((len(words), words, value))
            self._last.setdefault(words[-1], []).append((len(words), words, value))

    def at(self, tokens: list[str], i: int) -> tuple[int, V] | None:
        """The longest phrase that starts at token i: its length in tokens, its value."""
        for length, words, value in self._first.get(tokens[i], ()):
            if length == 1 or tuple(tokens[i : i + length]) == words:
                return length, value
        return None

    def shorter(self, tokens: list[str], i: int, than: int) -> tuple[int, V] | None:
        """The longest phrase that starts at token i and has fewer than `than` tokens."""
        for length, words, value in self._first.get(tokens[i], ()):
            if length < than and tuple(tokens[i : i + length]) == words:
                return length, value
        return None

    def before(self, tokens: list[str], i: int) -> tuple[int, V] | None:
        """The longest phrase that ends before token i: its length in tokens, its value."""
        for length, words, value in self._last.get(tokens[i - 1], ()):
            if length == 1 or (i >= length and tuple(tokens[i - length : i]) == words):
                return length, value
        return None


@dataclass(frozen=True, slots=True)
class Unit:
    """What a value is measured in."""

    symbol: str  # "km", "%", ISO 4217 code
    name: str  # in words, singular
    dimension: str  # "length", "money", "ratio"…; "age" for the age of somebody
    factor: Decimal  # to the base unit of the dimension; 0 where there is none


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The words of one language, by what the grammar does with them."""

    language: str
    group: str
    point: str
    # numerals
    zeros: frozenset[str]
    folds: dict[str, int]
    small: dict[str, int]
    tens: dict[str, int]
    hundred: frozenset[str]
    scales: dict[str, Decimal]
    suffixes: dict[str, Decimal]
    fractions: dict[str, int]
    joiners: frozenset[str]
    tens_joiners: frozenset[str]  # between tens and units ("treinta y uno")
    minus: frozenset[str]
    articles: frozenset[str]
    half: frozenset[str]
    vague: dict[str, Decimal]
    vague_first: dict[str, Decimal]
    starters: frozenset[str]
    # bounds
    hedges: Phrases[str]
    hedges_after: Phrases[str]
    # units
    units: dict[str, Unit]
    names: Phrases[Unit]
    symbols: Phrases[Unit]
    money: Phrases[str]
    signs: dict[str, str]
    sign_tails: frozenset[str]  # last tokens of signs
    sign_words: frozenset[str]  # letters that may open money, in capitals
    codes: frozenset[str]
    money_parts: dict[str, Decimal]
    ages_after: Phrases[bool]
    ages_before: Phrases[bool]
    # every other list of words, as "section.key"
    words: dict[str, frozenset[str]]
    irregular: dict[str, str]
    plurals: tuple[tuple[str, str], ...]  # endings of plurals and what the singular has instead, longest first
    no_plurals: tuple[str, ...]  # endings that only look like one
    adverbs: tuple[str, ...]  # endings of adverbs
    participles: tuple[str, ...]  # endings of participles
    persons: frozenset[str]  # nouns for people, singular
    head_first: bool  # the counted noun stands before what describes it
    # the first run of letters of each of `starters`, in ASCII; see `may_number`
    first_letters: frozenset[bytes]

    def may_number(self, text: str) -> bool:
        """Tell, much faster than by tokens, whether a text has a digit or may have a number word."""
        if _NUMERIC.search(text):
            return True
        return not self.first_letters.isdisjoint(_letters(text))


def _letters(text: str) -> list[bytes]:
    """The runs of ASCII letters of a text, in small letters; any other character is a gap."""
    return text.lower().encode("ascii", "replace").translate(_GAPS).split()


@lru_cache(maxsize=64)
def load(language: str) -> Lexicon:
    """The lexicon of a language ("en", "en-GB"); of English where there is none."""
    code = language.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0].lower()
    return _lexicon(code if code in LANGUAGES else "en")


@cache  # by the languages there are, not by what a page calls its own
def _lexicon(code: str) -> Lexicon:
    return _build(code, _read(code))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _ending(pair: str) -> tuple[str, str]:
    plural, _, one = pair.partition(":")
    return plural, one


def _phrases(text: str) -> list[tuple[str, ...]]:
    return [split(p.strip().lower()) for p in text.replace("\n", "").split("|") if p.strip()]


def _all_words(raw: dict[str, Any]) -> dict[str, frozenset[str]]:
    return {
        f"{section}.{key}": _words(value)
        for section, table in raw.items()
        if isinstance(table, dict)
        for key, value in table.items()
        if isinstance(value, str)
    }


def _build(language: str, raw: dict[str, Any]) -> Lexicon:
    units, names, symbols = _units(raw)
    signs, codes = _signs(), _words(_read("money")["codes"])
    fields = {**_numerals(raw), **_bounds(raw), **_nouns(raw)}
    return Lexicon(
        language=language,
        group=raw["literals"]["group"],
        point=raw["literals"]["point"],
        units=units,
        names=names,
        symbols=symbols,
        money=Phrases({p: code for code, text in raw["currencies"].items() if code != "parts" for p in _phrases(text)}),
        signs=signs,
        sign_tails=frozenset(split(sign)[-1] for sign in signs),
        codes=codes,
        first_letters=frozenset(_letters(word)[0] for word in fields["starters"] if word not in VULGAR),
        sign_words=codes | {"US", "Y", "HK", "A", "C", "NZ"},
        money_parts={w: Decimal(n) for w, n in raw["currencies"]["parts"].items()},
        words=dict.fromkeys(_all_words(_read("en")), frozenset()) | _all_words(raw),
        **fields,
    )


def _numerals(raw: dict[str, Any]) -> dict[str, Any]:
    """Number words, and what a number may start with."""
    numerals, vague = raw["numerals"], raw["vague"]
    small = {w: n for n, w in enumerate(numerals["units"].split(), 1)} | numerals.get("values", {})
    tens = {w: 10 * n for n, w in enumerate(numerals["tens"].split(), 2)}
    folds = {w + end: n for w, n in {**small, **tens}.items() for end in numerals["fold"].split()}
    keys = ("hundred", "joiners", "minus", "articles", "half")
    tables: dict[str, Any] = {
        "folds": folds,
        "small": small,
        "tens": tens,
        "scales": {w: Decimal(n) for w, n in numerals["scales"].items()},
        "fractions": numerals["fractions"],
        "vague": {w: Decimal(n) for w, n in vague.items() if not isinstance(n, dict)},
        "vague_first": {w: Decimal(n) for w, n in vague["tens"].items()},
    }
    zeros = _words(numerals["zero"])
    alone = zeros | _words(numerals["hundred"]) | _words(raw["zero"]["determiner"]) | _words(raw["ages"]["tail"])
    return {
        **tables,
        **{key: _words(numerals[key]) for key in keys},
        "zeros": zeros,
        "suffixes": {w: Decimal(n) for w, n in numerals["suffixes"].items()},
        "tens_joiners": _words(numerals.get("tens_joiners", "")),
        "starters": alone.union(VULGAR, *tables.values()) - _words(numerals["articles"]),
    }


def _bounds(raw: dict[str, Any]) -> dict[str, Any]:
    """Hedges and the words around ages."""
    hedges, ages = raw["hedges"], raw["ages"]
    return {
        "hedges": Phrases({p: bound for bound, text in hedges["before"].items() for p in _phrases(text)}),
        "hedges_after": Phrases({p: bound for bound, text in hedges["after"].items() for p in _phrases(text)}),
        "ages_after": Phrases(dict.fromkeys(_phrases(ages["after"]), True)),
        "ages_before": Phrases(dict.fromkeys(_phrases(ages["before"]), True)),
    }


def _nouns(raw: dict[str, Any]) -> dict[str, Any]:
    """Forms of nouns and of the words beside them."""
    nouns, words = raw["nouns"], raw["words"]
    return {
        "irregular": nouns["irregular"],
        "plurals": tuple(_ending(pair) for pair in nouns["endings"].split()),
        "no_plurals": tuple(nouns["no_endings"].split()),
        "adverbs": tuple(words["adverb_endings"].split()),
        "participles": tuple(words["participles"].split()),
        "persons": frozenset(nouns["persons"].split()),
        "head_first": nouns.get("head_first", False),
    }


VULGAR = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8", "⅒": "1/10",
}  # fmt: skip

_NUMERIC = re.compile(rf"[\d{''.join(VULGAR)}]")
_GAPS = bytes(byte if chr(byte).isalpha() else ord(" ") for byte in range(128)).ljust(256)


def _signs() -> dict[str, str]:
    """Money signs as printed; those with "$" also in any case ("us$", "c$")."""
    money = _read("money")
    signs: dict[str, str] = money["signs"]
    signs |= {code: code for code in money["codes"].split()}
    with_dollar = {s: c for s, c in signs.items() if "$" in s}
    lower = {s.lower(): c for s, c in with_dollar.items() if len(s) > 2 or s == "C$"}  # noqa: PLR2004 - "a $5 bill"
    return signs | lower | {s.upper(): c for s, c in with_dollar.items()}


def _units(raw: dict[str, Any]) -> tuple[dict[str, Unit], Phrases[Unit], Phrases[Unit]]:
    units: dict[str, Unit] = {}
    names: dict[tuple[str, ...], Unit] = {}
    symbols: dict[tuple[str, ...], Unit] = {}
    named: dict[str, list[tuple[str, ...]]] = {s: _measure_names(text) for s, text in raw["measures"].items()}
    for dimension, table in _read("measures").items():
        for symbol, (factor, *printed) in table.items():
            mine = named.get(symbol, [])
            unit = Unit(
                symbol, " ".join(mine[0]).replace(" - ", "-") if mine else symbol, dimension, Decimal(str(factor))
            )
            units[symbol] = unit
            names |= dict.fromkeys(mine, unit)
            symbols |= {split(p): unit for p in printed}
    ratios = raw["percent"]
    for key, symbol in (("words", "%"), ("points", "pp"), ("basis", "bp"), ("permille", "‰")):
        names |= dict.fromkeys(_phrases(ratios[key]), units[symbol])
    return units, Phrases(names), Phrases(symbols)


def _measure_names(text: str) -> list[tuple[str, ...]]:
    """Names apart by "|", or by blanks where all are single words; "square mile" also as "square-mile"."""
    plain = _phrases(text if "|" in text else text.replace(" ", "|"))
    return plain + [tuple(" - ".join(p).split()) for p in plain if len(p) > 1 and "-" not in p]
