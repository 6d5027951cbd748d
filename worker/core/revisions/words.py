"""Words and sentences of an article, and what the language's lexicon knows of them.

Everything here is linear in its input: each pattern reads a character once or twice.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
# As good as a stemmer for telling which words of two versions of one article are one (measured on rewrites).
FIRST_LETTERS = 6


@dataclass(frozen=True, slots=True)
class Span:
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
            if ABBREVIATION.search(text[max(begin, mark - LONGEST_ABBREVIATION) : mark]):
                continue
            yield from trimmed(text, begin, match.end(), number)
            begin = match.end()
        yield from trimmed(text, begin, stop, number)


def trimmed(text: str, start: int, end: int, paragraph: int) -> Iterator[Span]:
    """The span without outer white space; nothing when nothing is left."""
    piece = text[start:end]
    body = piece.strip()
    if body:
        first = start + len(piece) - len(piece.lstrip())
        yield Span(first, first + len(body), paragraph)


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
        if root != word and len(root) > 2 and re.search("[aeiouy]", root):  # noqa: PLR2004 -- "bed", "king"
            word = root[:-1] if root[-1] == root[-2] and root[-1] not in "lse" else root
            break
    return word.removesuffix("e") if len(word) > 3 else word  # noqa: PLR2004 -- "die", "use"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the words of one language mean to the comparison; see the data file beside this module."""

    concepts: Mapping[str, str]  # stem → concept
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
    weekdays: frozenset[str]
    months: Mapping[str, str]  # any spelling → first three letters
    relative_days: frozenset[str]
    half_days: frozenset[str]
    hours: frozenset[str]
    articles: frozenset[str]
    yardsticks: frozenset[str]
    time_stems: frozenset[str]
    notice: re.Pattern[str]
    furniture: re.Pattern[str]
    withdrawal: re.Pattern[str]
    numeral_words: frozenset[str]
    measure_words: frozenset[str]
    unit_words: Mapping[str, frozenset[str]]  # kind of unit → words that stand for such a figure

    def topic(self, root: str) -> str:
        """What a stem is compared by: "inspect" for inspectors and inspections."""
        return self.topics.get(root) or root[:FIRST_LETTERS]

    def singular(self, word: str) -> str:
        """The group of a noun, or its own stem: "men" and "man" compare equal."""
        return self.nouns.get(word, word)


def has_lexicon(language: str) -> bool:
    """Whether there is a lexicon of a BCP 47 language."""
    name = f"{language.partition('-')[0].lower()}.toml"
    return name.isascii() and name[:-5].isalpha() and (files(__package__) / name).is_file()


@lru_cache(maxsize=8)
def lexicon(language: str) -> Lexicon:
    """The lexicon of a BCP 47 language; one that has none gets the English one, which then seldom applies.

    Long because it names every field once.
    """
    name = f"{language.partition('-')[0].lower()}.toml" if has_lexicon(language) else "en.toml"
    data = tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))
    corrections, withdrawal, time = data["corrections"], data["withdrawal"], data["time"]
    return Lexicon(
        concepts={stem(word): concept for concept, words in data["concepts"].items() for word in words.split()},
        concept_units={concept: frozenset(units) for concept, units in data["concept_units"].items()},
        nouns={stem(word): group for group, words in data["nouns"].items() for word in words.split()},
        topics=topics_of(data["topics"]["groups"]),
        contrasts={
            stem(word): (name, number)
            for name, members in data["contrasts"].items()
            for number, member in enumerate(members)
            for word in member.split()
        },
        sides={stem(word): number for number, words in enumerate(data["sides"].values()) for word in words.split()},
        stopwords=word_set(data["stopwords"]["words"]),
        reporting=word_set(data["reporting"]["words"]),
        cumulative=word_set(data["cumulative"]["words"]),
        estimates=word_set(data["cumulative"]["estimates"]),
        since=word_set(data["cumulative"]["since"]),
        as_of=word_set(data["cumulative"]["as_of"]),
        definite=word_set(data["bounds"]["definite"]),
        supposing=word_set(data["bounds"]["supposing"]),
        extending=word_set(data["bounds"]["extending"]),
        limits=word_set(data["bounds"]["limits"]),
        baseline_before=word_set(data["baseline"]["before"]),
        baseline_pairs=frozenset(tuple(pair.split("-", 1)) for pair in data["baseline"]["pairs"].split()),
        baseline_after=word_set(data["baseline"]["after"]),
        numbering=word_set(data["counting"]["numbering"]),
        past=word_set(data["baseline"]["past"]),
        now=word_set(data["baseline"]["now"]),
        superseded=word_set(data["baseline"]["superseded"]),
        denying=word_set(data["baseline"]["denying"]),
        denying_pairs=frozenset(tuple(pair.split("-", 1)) for pair in data["baseline"]["denying_pairs"].split()),
        change_verbs=word_set(data["delta"]["verbs"]),
        moves=word_set(data["delta"]["moves"]),
        change_after=word_set(data["delta"]["after"]),
        owner_behind=word_set(data["owners"]["behind"]),
        pronouns=word_set(data["owners"]["pronouns"]),
        part_of=word_set(data["part"]["of"]),
        including=word_set(data["part"]["including"]),
        more=word_set(data["part"]["more"]),
        weekdays=word_set(time["weekdays"]),
        months={month: month[:3] for month in time["months"].split()},
        relative_days=word_set(time["relative"]),
        half_days=word_set(time["half_days"]),
        hours=word_set(time["hours"]),
        articles=word_set(time["articles"]),
        yardsticks=word_set(time["yardsticks"]),
        time_stems=frozenset(stem(word) for word in time["units"].split()),
        notice=re.compile(f"{corrections['openers']}|{corrections['phrases']}", re.IGNORECASE),
        furniture=re.compile(data["furniture"]["line"], re.IGNORECASE),
        withdrawal=re.compile(rf"\b(?:{'|'.join(withdrawal['cues'])})\b", re.IGNORECASE),
        numeral_words=word_set(withdrawal["numeral_words"]),
        measure_words=word_set(withdrawal["measure_words"]),
        unit_words={kind: word_set(words) for kind, words in withdrawal["unit_words"].items()},
    )


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
