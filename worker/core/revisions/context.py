"""A version cut into sentences, each with its figures masked, and each figure in its surroundings.

Two figures are the same reported figure when their surroundings agree; values are compared afterwards.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from worker.core import strikes
from worker.core.revisions.readings import readings
from worker.core.revisions.units import Values, placed, unit_class, value_key
from worker.core.revisions.words import Lexicon, Span, Token, sentence_spans, words_of
from worker.model import Bound, Figure, Part, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from worker.core.revisions.periods import Date

    ValueKey = tuple[str | None, Decimal, Decimal | None]
    Known = dict[tuple[str, tuple[int, ...]], "Wording"]
FIGURE = "#"
# Groups of nouns for people: a rewrite calls the same ones pupils, children or victims.
PEOPLE = frozenset(
    [
        "person",
        "child",
        "pupil",
        "officer",
        "worker",
        "passenger",
        "protester",
        "migrant",
        "crew",
        "patient",
        "fighter",
        "soldier",
        "suspect",
    ]
)
# An entry of a live blog opens with its time or, at a match, its minute, often set in bold or behind a dash.
ENTRY_TIME = re.compile(
    r"^\W*(?:day \d+\W+)?"
    r"(?:\d{1,2}[:.]\d\d(?:\s*[ap]\.?m\b\.?)?|\d{1,2}\s*[ap]\.?m\b\.?|\d{1,3}(?:\+\d{1,2})?['\u2019]?(?=\W*\*))"
    r"(?:\s+[A-Z]{2,4}\b)?(?:\W*(?:[-–—:|*]|$)|[ \t.,]+(?-i:[\"'“‘]?[A-Z]))",  # noqa: RUF001
    re.IGNORECASE | re.MULTILINE,
)
LIVE_TITLE = re.compile(
    r"\blive\b(?!\s+(?:in|on|at|with))|\bas it happened\b|\bminute by minute\b|\blive updates\b", re.IGNORECASE
)
LIVE_ENTRIES = 2
JOINERS = "-'\u2019.&"  # inside a word
REST_OF_WORD = re.compile(rf"[^\W_]*(?:[{JOINERS}][^\W_]+)*")
LONGEST_FURNITURE = 200  # characters of a line of page furniture


class Role(StrEnum):
    """What a figure does in its sentence."""

    LEVEL = "level"  # how much there is
    CHANGE = "change"  # by how much it rose or fell
    BASELINE = "baseline"  # what it is measured against
    SUPERSEDED = "superseded"  # what was reported before


@dataclass(eq=False)
class Wording:
    """What the words of a sentence alone tell; most sentences stand in both versions, which share it.

    What not every comparison asks of a sentence is found when it is asked.
    """

    tokens: list[Token]
    places: list[int]  # of its figures among the tokens
    mask: tuple[str, ...]  # stems in order, figures masked
    spoken: frozenset[str]  # its words, to see at once which it does not have
    opens_notice: bool
    furniture: bool  # of the page, not of the story
    form: int = -1  # sentences of one mask have one form: comparing long masks again and again is quadratic
    dates: tuple[list[Date], set[str]] | None = None  # as `periods.dates_in` tells them; None until it was asked
    rarity: Mapping[str, float] = field(default_factory=dict)  # topic stem → weight, of both versions

    @cached_property
    def topics(self) -> dict[str, None]:
        """Its topic stems, in order: sums of floats must not depend on the hash seed."""
        return dict.fromkeys([token.topic for token in self.tokens if token.topical])

    @cached_property
    def bag(self) -> dict[str, float]:
        """Topic stems → weight."""
        return {word: self.rarity[word] for word in self.topics}

    @cached_property
    def weight(self) -> float:
        """Sum of weights."""
        return sum(self.bag.values())

    @cached_property
    def norm(self) -> float:
        """Sum of squared weights."""
        return sum([weight * weight for weight in self.bag.values()])

    @cached_property
    def names(self) -> list[str]:
        """Stems that are capitalised inside it, those of days and months aside."""
        return [token.stem for token in self.tokens[1:] if token.naming]


@dataclass(slots=True, eq=False)
class Sentence:
    """A sentence of a version."""

    span: Span
    part: Part
    text: str
    index: int  # in the version, the title's first
    wording: Wording
    tokens: list[Token]  # of the wording
    spoken: frozenset[str]  # of the wording
    mentions: list[Mention] = field(default_factory=list)
    notice: bool = False  # belongs to a correction notice
    furniture: bool = False  # of the page, not of the story
    repeated: bool = False  # the other version has this very sentence
    years: frozenset[str] = frozenset()  # that its version names anywhere
    owners: frozenset[str | None] = frozenset()  # of its figures
    superseded: frozenset[ValueKey] = frozenset()  # values that it names as reported before
    baselines: frozenset[ValueKey] = frozenset()  # undated values that it measures others against

    @property
    def bag(self) -> dict[str, float]:
        """Topic stems → weight."""
        return self.wording.bag


@dataclass(slots=True, eq=False)
class Mention:
    """One place where a version reports a figure, with what its surroundings say of it."""

    figure: Figure
    sentence: Sentence
    slot: int  # which figure of its sentence
    at: int  # its token
    order: int  # which figure of the version
    unit: str  # only figures of one unit class are compared: "%", a currency, a dimension, "" for counts
    log: float = 0.0  # power of ten of its value
    bucket: int = 0  # of that power, in steps
    digits: int = 1  # significant ones of its value
    noun: str | None = None  # stem of the counted noun
    group: str | None = None  # of that noun, where the lexicon has one
    topic: str | None = None  # of that noun
    kind: str = ""  # its noun or unit: what could be mistaken for it
    peers: int = 1  # values of its kind in the version, those of repeated sentences left out
    fellows: int = 1  # values of its concept and unit there
    concept: str | None = None
    concept_distance: int = 99
    first: bool = False  # the first of its concept and unit in the text
    borrowed: bool = False  # noun and concept are those of the figure before
    words: dict[str, float] = field(default_factory=dict)  # topic stems near the figure → nearness, then weight
    mass: float = 0.0  # sum of these weights
    own: dict[str, float] = field(default_factory=dict)  # topics nearer to it than to others of its unit → rarity
    own_mass: float = 0.0  # sum of these rarities
    nearest: str | None = None  # the nearest of its own topics
    others: frozenset[str] = frozenset()  # topics nearer to others of its unit in the sentence
    stale: bool = False  # an entry of a live blog that a newer one, above it, brings up to date
    times: int = 1  # how often its version has this value
    contrasts: dict[str, int] = field(default_factory=dict)
    names: frozenset[str] = frozenset()  # capitalised words of its clause
    owner: str | None = None  # stem of the name that the clause is about: "Finch" in "Selma Finch had 4,790"
    subject: str | None = None  # topic of the first word that carries one in its sentence, a figure before it aside
    depth: float = 0.0  # how far down the version it stands, from 0 to 1
    period: dict[str, str] = field(default_factory=dict)  # what dates the figure itself: kind of date → date
    told_of: dict[str, str] = field(default_factory=dict)  # the date that its paragraph named last, before its sentence
    running: bool = False  # a total at the time of writing, whatever day stands beside it
    sources: frozenset[str] = frozenset()  # stems of who says so
    standing: bool = False  # such a total whatever the report is about; "rose to 41,000" may be one month's
    counted_since: bool = False  # since a date, or this year: no single month's
    side: int | None = None  # of a dispute that its source is on
    role: Role = Role.LEVEL
    bound: Bound | None = None  # that it is held to; None where its words leave that open
    part: bool = False  # "33 of them"
    rate: bool = False  # per so many others, or per time
    more: bool = False  # "another 30"


@dataclass(slots=True)
class Version:
    """The sentences of a version and its figures, both in reading order."""

    sentences: list[Sentence]
    mentions: list[Mention]  # without those of correction notices
    declared: frozenset[ValueKey]  # values that correction notices name
    live: bool  # entries under clock times
    body: Values  # figures of its text
    days: frozenset[str] = frozenset()  # that its first sentences tell of
    months: frozenset[str] = frozenset()  # months, quarters and years there

    def corrects(self, figure: Figure) -> bool:
        """Whether a correction notice names this value, its unit or none ("gave his age as 34")."""
        unit, low, high = value_key(figure)
        return (unit, low, high) in self.declared or (None, low, high) in self.declared


@dataclass(frozen=True, slots=True)
class Reading:
    """How the words of a sentence are read, and the sentences read before: the other version repeats most of them."""

    lexicon: Lexicon
    wordings: Known


def read_version(text: Text, figures: Sequence[Figure], lexicon: Lexicon, known: Known) -> Version:
    """Put each figure into its sentence; figures of correction notices are kept apart.

    `known` remembers the wordings of sentences, most of which the other version repeats.
    """
    reading = Reading(lexicon, known)
    sentences = [*split(text.title, Part.TITLE, figures, 0, reading)]
    sentences += split(strikes.masked(text.text), Part.TEXT, figures, len(sentences), reading)
    mark_notices(sentences)
    mentions = [mention for sentence in sentences for mention in sentence.mentions]
    for order, mention in enumerate(mentions):
        mention.order = order
        mention.depth = order / len(mentions)
        mention.log, mention.bucket = placed(mention.figure)
        mention.digits = len(mention.figure.low.normalize().as_tuple().digits)
    told = [mention for mention in mentions if not (mention.sentence.notice or mention.sentence.furniture)]
    return Version(
        sentences,
        told,
        frozenset(value_key(mention.figure) for mention in mentions if mention.sentence.notice),
        is_live(text),
        Values(mention for mention in told if mention.figure.part is Part.TEXT),
    )


def is_live(text: Text) -> bool:
    """Whether a version is a live blog: entries under their times, which stay when newer ones are added."""
    entries = sum(1 for _ in islice(ENTRY_TIME.finditer(text.text), LIVE_ENTRIES))
    return entries == LIVE_ENTRIES or (entries > 0 and LIVE_TITLE.search(text.title) is not None)


def split(text: str, part: Part, figures: Sequence[Figure], first: int, reading: Reading) -> Iterator[Sentence]:
    """The sentences of one part with their figures; a figure belongs to the sentence in which it starts."""
    spans = list(sentence_spans(text))
    starts = [span.start for span in spans]
    inside: dict[int, list[Figure]] = defaultdict(list)
    if spans:
        for figure in readings([figure for figure in figures if figure.part is part], text):
            inside[max(0, bisect_right(starts, figure.start) - 1)].append(figure)
    for number, span in enumerate(spans):
        its = sorted(inside[number], key=lambda figure: figure.start) if number in inside else []
        words = text[span.start : span.end]
        wording = worded(words, text, span, its, reading)
        sentence = Sentence(span, part, words, first + number, wording, wording.tokens, wording.spoken)
        for slot, (figure, at) in enumerate(zip(its, wording.places, strict=True)):
            sentence.mentions.append(Mention(figure, sentence, slot, at, 0, unit_class(figure)))
        yield sentence


def worded(words: str, text: str, span: Span, figures: Sequence[Figure], reading: Reading) -> Wording:
    """The wording of a sentence of a text, which may have been read before."""
    key = (words, tuple([figure.start - span.start for figure in figures]))
    wording = reading.wordings.get(key)
    if wording is None:
        wording = reading.wordings[key] = read_sentence(words, text, span, figures, reading.lexicon)
    return wording


def read_sentence(words: str, text: str, span: Span, figures: Sequence[Figure], lexicon: Lexicon) -> Wording:
    """The tokens of a sentence, and whether it opens a notice or is page furniture, which few words do."""
    tokens, places = tokens_of(text, span, figures, lexicon)
    spoken = frozenset([one.word for one in tokens])
    opens = not spoken.isdisjoint(lexicon.notice_words) and lexicon.notice.search(words) is not None
    furniture = (
        len(words) <= LONGEST_FURNITURE
        and not spoken.isdisjoint(lexicon.furniture_words)
        and lexicon.furniture.search(words) is not None
    )
    return Wording(tokens, places, tuple([one.stem for one in tokens]), spoken, opens, furniture)


def tokens_of(text: str, span: Span, figures: Sequence[Figure], lexicon: Lexicon) -> tuple[list[Token], list[int]]:
    """The tokens of a sentence with its figures masked, and where these stand among them.

    A word that a figure is a part of goes with it: the "old" of "12-year-old".
    """
    words = words_of(lexicon)
    tokens: list[Token] = []
    places: list[int] = []
    at = span.start
    for figure in figures:
        if at < figure.start:
            tokens += words.cut(text, at, begin_of_word(text, at, figure.start))
        places.append(len(tokens))
        tokens.append(masked(len(places) - 1))
        at = max(at, figure.end)
        if text[at - 1].isalnum():
            at = REST_OF_WORD.match(text, at).end()  # type: ignore[union-attr]  # it matches nothing, too
    tokens += words.cut(text, at, span.end)
    return tokens, places


def begin_of_word(text: str, first: int, at: int) -> int:
    """Where the word begins that goes on at an offset; the offset itself where none does."""
    before = text[at - 1]
    if not (before.isalnum() or (before in JOINERS and text[at - 2].isalnum() and text[at].isalnum())):
        return at
    while at > first and (text[at - 1].isalnum() or text[at - 1] in JOINERS):
        at -= 1
    return at


@lru_cache(maxsize=256)
def masked(slot: int) -> Token:
    """The token of a figure of a sentence."""
    return Token(FIGURE, FIGURE, FIGURE, capital=False, mention=slot)


def number_forms(wordings: Iterable[Wording]) -> None:
    """Give wordings of the same mask the same number."""
    forms: dict[tuple[str, ...], int] = {}
    for wording in wordings:
        wording.form = forms.setdefault(wording.mask, len(forms))


def mark_notices(sentences: Sequence[Sentence]) -> None:
    """A correction notice runs from the sentence that opens it to the end of its paragraph.

    Page furniture that got into the text ("4 min read · 12 comments") is set apart in the same way; a title is neither.
    """
    open_paragraph = -1
    for sentence in sentences:
        if sentence.part is Part.TITLE:
            continue
        sentence.furniture = sentence.wording.furniture
        if sentence.wording.opens_notice:
            open_paragraph = sentence.span.paragraph
        sentence.notice = sentence.span.paragraph == open_paragraph
