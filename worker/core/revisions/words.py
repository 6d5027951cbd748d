"""Words and sentences of an article, and what the language's lexicon knows of them.

Everything here is linear in its input: each pattern reads a character once or twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = Path(__file__).parent

WORD = re.compile(r"[^\W_]+(?:[-'\u2019.&][^\W_]+)*|[^\w\s]")
PARAGRAPH = re.compile(r"[^\n]+")
# A full stop ends a sentence when white space and something that can begin one follow.
SENTENCE_END = re.compile(r"[.!?…]+[\"'\u201d\u2019)\]]*\s+(?=[\"'\u201c\u2018(\[]*[A-ZÀ-Þ0-9£$€])")
# Titles, ranks and months that newspapers shorten; a single capital before the stop is an initial.
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Hon|Sr|Jr|St|Mt|Ft|Gen|Lt|Col|Maj|Capt|Sgt|Cpl|Brig|Adm|Cmdr|Gov|Sen|Rep|Pres|Supt|Insp"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|No|Nos|vs|approx|Co|Corp|Inc|Ltd|U\.S|U\.N|U\.K|E\.U)"
    r"|(?:^|[\s(\"\u201c])[A-Z])\.$"
)
LONGEST_ABBREVIATION = 8
YEAR = re.compile(r"(?:1[89]|20)\d\d$")
VOWEL = re.compile("[aeiouy]")
# As good as a stemmer for telling which words of two versions of one article are one (measured on rewrites).
FIRST_LETTERS = 6
WORDS_KNOWN = 32_768  # of which what the lexicon says is remembered: all that a newsroom uses in a month


class Span(NamedTuple):
    """A sentence: offsets from the start of its part, and which paragraph it stands in."""

    start: int
    end: int
    paragraph: int


def sentence_spans(text: str) -> Iterator[Span]:
    """Sentences in order, without the white space around them."""
    for number, paragraph in enumerate(PARAGRAPH.finditer(text)):
        begin, stop = paragraph.span()
        for match in SENTENCE_END.finditer(text, begin, stop):
            mark = match.start() + 1
            before = text[max(begin, mark - LONGEST_ABBREVIATION) : mark]
            if before[-1] == "." and ABBREVIATION.search(before):
                continue
            if span := trimmed(text, begin, match.end(), number):
                yield span
            begin = match.end()
        if span := trimmed(text, begin, stop, number):
            yield span


def trimmed(text: str, start: int, end: int, paragraph: int) -> Span | None:
    """The span without outer white space; None when nothing is left."""
    piece = text[start:end].rstrip()
    body = piece.lstrip()
    return Span(start + len(piece) - len(body), start + len(piece), paragraph) if body else None


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A light stem of an English word: possessive, plural, past and -ing endings go."""
    word = word.replace("\u2019", "'").removesuffix("'s").strip("'")
    if len(word) <= 3:  # noqa: PLR2004 -- shorter words carry no ending: "was", "gas"
        return word
    for ending, rest in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending):
            return word.removesuffix(ending) + rest
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) > 2 and VOWEL.search(root):  # noqa: PLR2004 -- "bed", "king"
            word = root[:-1] if root[-1] == root[-2] and root[-1] not in "lse" else root
            break
    return word.removesuffix("e") if len(word) > 3 else word  # noqa: PLR2004 -- "die", "use"


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What the words of one language mean to the comparison; see the data file beside this module."""

    concepts: Mapping[str, str]  # stem → concept
    homonyms: frozenset[str]  # words that share the stem of a concept and do not name it
    concept_units: Mapping[str, frozenset[str]]  # concept → unit classes it is measured in
    nouns: Mapping[str, str]  # stem of a noun → its group
    topics: Mapping[str, str]  # stem → the word that stands for it and its synonyms
    contrasts: Mapping[str, tuple[str, int]]  # stem → the contrast and its member
    sides: Mapping[str, int]  # stem of a source → its side
    stopwords: frozenset[str]
    reporting: frozenset[str]
    cumulative: frozenset[str]
    estimates: frozenset[str]
    since: frozenset[str]
    as_of: frozenset[str]
    definite: frozenset[str]
    supposing: frozenset[str]
    extending: frozenset[str]
    limits: frozenset[str]
    baseline_before: frozenset[str]
    baseline_pairs: frozenset[tuple[str, ...]]
    baseline_after: frozenset[str]
    numbering: frozenset[str]
    past: frozenset[str]
    now: frozenset[str]
    superseded: frozenset[str]
    revised: frozenset[str]
    told: frozenset[str]
    known: frozenset[str]
    beginning: frozenset[str]
    denying: frozenset[str]
    denying_pairs: frozenset[tuple[str, ...]]
    change_verbs: frozenset[str]
    moves: frozenset[str]
    change_after: frozenset[str]
    owner_behind: frozenset[str]
    pronouns: frozenset[str]
    part_of: frozenset[str]
    including: frozenset[str]
    more: frozenset[str]
    rates: frozenset[str]
    weekdays: frozenset[str]
    months: Mapping[str, str]  # any spelling → first three letters
    relative_days: frozenset[str]
    half_days: frozenset[str]
    hours: frozenset[str]
    articles: frozenset[str]
    yardsticks: frozenset[str]
    openers: frozenset[str]  # that make a span of the unit behind them: "last" in "last year"
    ago: frozenset[str]  # that make a distance of the words before them
    earlier: frozenset[str]  # that do so behind a unit of time
    time_stems: frozenset[str]
    temporal: frozenset[str]  # all words that dates are made of, but for years
    earlier_match: frozenset[str]  # beside a result: that of another match
    same_match: frozenset[str]  # that of an earlier minute of it
    notice: re.Pattern[str]
    notice_words: frozenset[str]  # one of which every notice has
    furniture: re.Pattern[str]
    furniture_words: frozenset[str]
    withdrawal: re.Pattern[str]
    doubt: re.Pattern[str]
    numeral_words: frozenset[str]
    measure_words: frozenset[str]
    vague_amounts: frozenset[str]  # words that stand where a number was
    unit_words: Mapping[str, frozenset[str]]  # kind of unit → words that stand for such a figure

    def topic(self, root: str) -> str:
        """What a stem is compared by: "inspect" for inspectors and inspections."""
        return self.topics.get(root) or root[:FIRST_LETTERS]

    def singular(self, word: str) -> str:
        """The group of a noun, or its own stem: "men" and "man" compare equal."""
        return self.nouns.get(word, word)


class Token(NamedTuple):
    """A word or mark of a sentence; a figure is one token."""

    word: str  # lower case
    stem: str
    topic: str  # what it is compared by: that of its synonyms, or the first letters of its stem
    capital: bool
    mention: int = -1  # which figure of the sentence; -1 for a word
    topical: bool = False  # a word that says what the sentence is about: no mark and no stopword
    temporal: bool = False  # may be a date or a part of one
    concept: str | None = None  # event or state that it names
    telling: bool = False  # topical, or names a concept
    naming: bool = False  # has a capital, and is no day or month


class Words(dict[str, Token]):
    """What a lexicon says of each word as printed; remembered, for a look into a dictionary is all that most cost."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, raw: str) -> Token:
        if len(self) >= WORDS_KNOWN:
            self.clear()
        found = self[raw] = token(raw, self._lexicon)
        return found

    def cut(self, text: str, start: int, end: int) -> list[Token]:
        """The words and marks of a part of a text."""
        return list(map(self.__getitem__, WORD.findall(text, start, end)))


@lru_cache(maxsize=8)
def words_of(lexicon: Lexicon) -> Words:
    """The words that were met so far, of one lexicon."""
    return Words(lexicon)


def token(raw: str, lexicon: Lexicon) -> Token:
    """A word as printed, with what the lexicon says of it."""
    word = raw.lower()
    root = stem(word)
    plain = without_possessive(word)
    topical = word[0].isalnum() and word not in lexicon.stopwords
    concept = lexicon.concepts.get(root) if word not in lexicon.homonyms else None
    return Token(
        word,
        root,
        lexicon.topic(root),
        raw[0].isupper(),
        topical=topical,
        temporal=plain in lexicon.temporal or YEAR.match(plain) is not None,
        concept=concept,
        telling=topical or concept is not None,
        naming=raw[0].isupper() and word not in lexicon.weekdays and word not in lexicon.months,
    )


def without_possessive(word: str) -> str:
    """The word of "Monday's"."""
    return word.replace("\u2019", "'").removesuffix("'s")


def has_lexicon(language: str) -> bool:
    """Whether there is a lexicon of a BCP 47 language."""
    name = f"{language.partition('-')[0].lower()}.toml"
    return name.isascii() and name[:-5].isalpha() and (FOLDER / name).is_file()


@lru_cache(maxsize=8)
def lexicon(language: str) -> Lexicon:
    """The lexicon of a BCP 47 language; one that has none gets the English one, which then seldom applies."""
    name = language.partition("-")[0].lower() if has_lexicon(language) else "en"
    return built(name)


@lru_cache(maxsize=8)
def built(name: str) -> Lexicon:
    """The lexicon in the data file of this name."""
    import tomllib  # noqa: PLC0415 -- a tenth of what importing this costs, and most who import it compare nothing

    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    fields = {**of_meanings(data), **of_bounds(data), **of_roles(data), **of_time(data["time"]), **of_passages(data)}
    return Lexicon(**fields)


def of_meanings(data: Mapping[str, Any]) -> dict[str, Any]:
    """What words stand for."""
    return {
        "concepts": {stem(word): concept for concept, words in data["concepts"].items() for word in words.split()},
        "homonyms": word_set(data["homonyms"]["words"]),
        "earlier_match": word_set(data["series"]["earlier_match"]),
        "same_match": word_set(data["series"]["same_match"]),
        "concept_units": {concept: frozenset(units) for concept, units in data["concept_units"].items()},
        "nouns": {stem(word): group for group, words in data["nouns"].items() for word in words.split()},
        "topics": topics_of(data["topics"]["groups"]),
        "contrasts": {
            stem(word): (name, number)
            for name, members in data["contrasts"].items()
            for number, member in enumerate(members)
            for word in member.split()
        },
        "sides": {stem(word): number for number, words in enumerate(data["sides"].values()) for word in words.split()},
        "stopwords": word_set(data["stopwords"]["words"]),
        "reporting": word_set(data["reporting"]["words"]),
    }


def of_bounds(data: Mapping[str, Any]) -> dict[str, Any]:
    """Words beside totals, estimates and bounds."""
    cumulative, bounds = data["cumulative"], data["bounds"]
    return {
        "cumulative": word_set(cumulative["words"]),
        **{key: word_set(cumulative[key]) for key in ("estimates", "since", "as_of")},
        **{key: word_set(bounds[key]) for key in ("definite", "supposing", "extending", "limits")},
        "numbering": word_set(data["counting"]["numbering"]),
    }


ROLE_WORDS = ("past", "now", "superseded", "revised", "told", "known", "beginning", "denying")


def of_roles(data: Mapping[str, Any]) -> dict[str, Any]:
    """Words that tell what a figure does in its sentence, and whose it is."""
    baseline, delta, owners, part = data["baseline"], data["delta"], data["owners"], data["part"]
    return {
        **{f"baseline_{key}": word_set(baseline[key]) for key in ("before", "after")},
        "baseline_pairs": pair_set(baseline["pairs"]),
        **{
            key: word_set(baseline[key])
            for key in ("past", "now", "superseded", "revised", "told", "known", "beginning", "denying")
        },
        "denying_pairs": pair_set(baseline["denying_pairs"]),
        "change_verbs": word_set(delta["verbs"]),
        "moves": word_set(delta["moves"]),
        "change_after": word_set(delta["after"]),
        "owner_behind": word_set(owners["behind"]),
        "pronouns": word_set(owners["pronouns"]),
        "part_of": word_set(part["of"]),
        "including": word_set(part["including"]),
        "more": word_set(part["more"]),
        "rates": word_set(part["rates"]),
    }


def of_time(time: Mapping[str, Any]) -> dict[str, Any]:
    """Words of dates and clock times."""
    names = ("weekdays", "half_days", "hours", "articles", "yardsticks", "openers", "ago", "earlier")
    sets = {name: word_set(time[name]) for name in names}
    months = {month: month[:3] for month in time["months"].split()}
    relative = word_set(time["relative"])
    return {
        **sets,
        "months": months,
        "relative_days": relative,
        "time_stems": frozenset(stem(word) for word in time["units"].split()),
        "temporal": relative.union(months, *(sets[name] for name in names if name not in {"articles", "yardsticks"})),
    }


def of_passages(data: Mapping[str, Any]) -> dict[str, Any]:
    """What opens a correction, belongs to the page, or takes a figure back."""
    corrections, withdrawal = data["corrections"], data["withdrawal"]
    return {
        "notice": re.compile(f"{corrections['openers']}|{corrections['phrases']}", re.IGNORECASE),
        "notice_words": word_set(corrections["words"]),
        "furniture": re.compile(data["furniture"]["line"], re.IGNORECASE),
        "furniture_words": word_set(data["furniture"]["words"]),
        "withdrawal": re.compile(rf"\b(?:{'|'.join(withdrawal['cues'])})\b", re.IGNORECASE),
        "doubt": re.compile(rf"\b(?:{'|'.join(withdrawal['doubts'])})\b", re.IGNORECASE),
        "numeral_words": word_set(withdrawal["numeral_words"]),
        "measure_words": word_set(withdrawal["measure_words"]),
        "vague_amounts": word_set(withdrawal["vague_amounts"]),
        "unit_words": {kind: word_set(words) for kind, words in withdrawal["unit_words"].items()},
    }


def pair_set(pairs: str) -> frozenset[tuple[str, ...]]:
    """Pairs of words, each joined by a hyphen."""
    return frozenset(tuple(pair.split("-", 1)) for pair in pairs.split())


def topics_of(groups: str) -> dict[str, str]:
    """Stem → first word of its group; a word of several groups belongs to the first."""
    topics: dict[str, str] = {}
    for group in groups.splitlines():
        words = group.split()
        for word in words:
            topics.setdefault(stem(word), words[0])
    return topics


def word_set(words: str) -> frozenset[str]:
    """The words of a line of the lexicon."""
    return frozenset(words.split())
